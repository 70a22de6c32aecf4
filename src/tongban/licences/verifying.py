"""How a licence stands when its code is verified: its own status and validity, not only its paper."""

from __future__ import annotations

import datetime as dt

from tongban.documents.models import Document
from tongban.documents.registries import DocumentVerifier, Standing
from tongban.kernel.chinese import mask_id
from tongban.licences.models import Licence


class LicenceVerifier(DocumentVerifier):
    """Answers for documents of the kind `licence`."""

    def standing(self, document: Document, on: dt.date) -> Standing | None:
        licence = Licence.objects.select_related("type").filter(document=document).first()
        return standing(licence, on) if licence is not None else None


def standing(licence: Licence, on: dt.date) -> Standing:
    """Return how a licence stands on a day (Shanghai)."""
    facts = (
        ("证照编号", _number(licence)),
        ("有效期限", _period(licence)),
        ("电子证照标识", licence.licence_id),
    )
    if licence.status != Licence.Status.VALID:
        words = licence.status_text if licence.status == Licence.Status.OTHER else licence.get_status_display()
        code = {"02": "detained", "05": "lapsed"}.get(licence.status, "ended")
        return Standing(code, f"已{words}" if len(words) == 2 else words, valid=False, facts=facts, note=_note(licence))
    if licence.valid_to is not None and on > licence.valid_to:
        return Standing(
            "expired", "已过有效期", valid=False, facts=facts, note="该证照的有效期限已经届满，不能再使用。"
        )
    if on < licence.valid_from:
        return Standing("pending", "尚未生效", valid=False, facts=facts, note="该证照的有效期限还没有开始。")
    return Standing("valid", "有效", valid=True, facts=facts)


def _number(licence: Licence) -> str:
    """The number as a stranger may see it: where it is a person's own (居民身份证), starred."""
    own = licence.holder_code_type != "001" and licence.number == licence.holder_code
    return mask_id(licence.number) if own else licence.number


def _note(licence: Licence) -> str:
    if licence.status == Licence.Status.DETAINED:
        return "该证照已被暂扣，暂扣期间不能使用。"
    if licence.status == Licence.Status.LAPSED:
        return "该证照已经失效或者已经换发，请核验新的证照。"
    return "该证照不再有效，不能使用。如有疑问，请联系发证机关。"


def _period(licence: Licence) -> str:
    start, end = licence.valid_from, licence.valid_to
    words = f"{start.year}年{start.month}月{start.day}日至"
    return words + (f"{end.year}年{end.month}月{end.day}日" if end else "长期")
