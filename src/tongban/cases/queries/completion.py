"""How a case ended: completion code, reason, and what was issued."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases.ends import ENDS, Certificate
from tongban.cases.models import Case, ForeignReport
from tongban.cases.queries.dossier import decision_of
from tongban.cases.states import ResultCode
from tongban.catalogue.queries import definition_of
from tongban.documents.queries import latest
from tongban.licences.models import Licence
from tongban.licences.queries import of_case


@dataclass(frozen=True, kw_only=True)
class Completion:
    """办结: code and name of the exchange dictionary, the reason or the certificates that the code needs."""

    code: str
    name: str
    reason: str = ""
    certificates: tuple[Certificate, ...] = ()


def completion_of(case: Case) -> Completion | None:
    """How the case ended; None while it runs. The caller found the case by `access_case`."""
    if not case.result_code:
        return None
    code = ResultCode(case.result_code)
    name = _(ENDS[code].name)
    if code == ResultCode.LICENCE:
        return Completion(code=code, name=name, certificates=certificates_of(case))
    decision = decision_of(case)
    # Withdrawals of before had their reason in the document alone, and needed none.
    reason = decision.reason if decision else _("申请人撤回申请。")
    return Completion(code=code, name=name, reason=reason)


def certificates_of(case: Case) -> tuple[Certificate, ...]:
    """The licences issued in the case; of an item without one, the decision itself (批准文件)."""
    if definition_of(case.item_version).runs_in is not None:
        reported = ForeignReport.objects.filter(hand_over__case=case, kind="result").order_by("seq")
        return tuple(certificate_reported(one) for one in reported)
    found = tuple(certificate_of(one) for one in of_case(case.case_no))
    paper = None if found else latest(case.subject, "granted")
    if paper is None:
        return found
    return (Certificate(name=paper.title, number=paper.number, valid_from=moment.local_date(paper.issued_at)),)


def certificate_reported(report: ForeignReport) -> Certificate:
    """Number and validity of a licence that the system in which the case is run issued."""
    content = report.content
    ends = content.get("valid_to")
    return Certificate(
        name=str(content.get("name", "")),
        number=str(content.get("number", "")),
        valid_from=moment.local_date(report.at),
        valid_to=date.fromisoformat(str(ends)) if ends else None,
    )


def certificate_of(licence: Licence) -> Certificate:
    """Number and validity of a licence."""
    return Certificate(
        name=licence.type.name, number=licence.number, valid_from=licence.valid_from, valid_to=licence.valid_to
    )
