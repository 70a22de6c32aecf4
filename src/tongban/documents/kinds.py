"""The table of legal documents: what each kind is called, how it is set, numbered and sealed, who reads it, how long
it is kept.

To add a legal document: a row here, a content class in `contents`, a template in `typst/`; see the how-to "add a
legal document".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tongban.documents import contents

Reader = Literal["applicant", "agent", "body"]
#: The applicant and the agent of the case, and the staff whom the case is open to.
PARTIES: frozenset[Reader] = frozenset({"applicant", "agent", "body"})
#: Those to whom a document is addressed, or who take it for them.
ADDRESSEES: frozenset[Reader] = frozenset({"applicant", "agent"})
#: Internal papers of the body.
INTERNAL: frozenset[Reader] = frozenset({"body"})
#: DA/T 85-2019: the retention periods of files of government services.
Retention = Literal["permanent", "30 years", "10 years"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of legal document."""

    key: str
    title: str
    #: File name in `typst/`.
    template: str
    content: type[contents.Content]
    #: The character for the kind within the number (株人社许「受」〔2026〕12号); empty: the kind has no 文号.
    number_word: str = ""
    sealed: bool = True
    readers: frozenset[Reader] = PARTIES
    retention: Retention = "30 years"
    #: The title where the item is not an administrative licence; empty: the same.
    other_title: str = ""
    #: Whether /verify/<code> shows it: internal papers are never shown in public.
    verifiable: bool = True

    def title_for(self, content: contents.Content) -> str:
        """Return the title the document carries."""
        if isinstance(content, contents.LicencePaper):
            return content.licence_name
        return self.title if content.permit or not self.other_title else self.other_title


_TABLE = (
    Kind("receipt", "收件凭证", "receipt.typ", contents.Receipt, "收"),
    Kind("acceptance", "受理通知书", "acceptance.typ", contents.Acceptance, "受"),
    Kind("correction", "补正告知书", "correction.typ", contents.Correction, "补"),
    Kind("acceptance_refusal", "不予受理决定书", "acceptance_refusal.typ", contents.AcceptanceRefusal, "不受"),
    Kind(
        "no_permit_needed",
        "不需要行政许可告知书",
        "no_permit_needed.typ",
        contents.NoPermitNeeded,
        "告",
        other_title="不需要办理告知书",
    ),
    Kind(
        "granted",
        "准予行政许可决定书",
        "granted.typ",
        contents.Granted,
        "准",
        retention="permanent",
        other_title="准予办理决定书",
    ),
    Kind(
        "refused",
        "不予行政许可决定书",
        "refused.typ",
        contents.Refused,
        "不准",
        retention="permanent",
        other_title="不予办理决定书",
    ),
    Kind("delivery_receipt", "送达回证", "delivery_receipt.typ", contents.DeliveryReceipt, "送"),
    Kind("service_notice", "送达公告", "service_notice.typ", contents.ServiceNotice, "公"),
    Kind("termination", "终止告知书", "termination.typ", contents.Termination, "终"),
    Kind(
        "approval_form",
        "行政审批呈批表",
        "approval_form.typ",
        contents.ApprovalForm,
        sealed=False,
        readers=INTERNAL,
        verifiable=False,
    ),
    Kind("application", "申请书", "application.typ", contents.Application, sealed=False),
    Kind("fee_notice", "缴费通知", "fee_notice.typ", contents.FeeNotice, "缴", retention="10 years"),
    Kind("licence", "电子证照", "licence.typ", contents.LicencePaper, retention="permanent"),
)

KINDS: dict[str, Kind] = {kind.key: kind for kind in _TABLE}
