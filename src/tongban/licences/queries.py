"""Reads of licences."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from tongban.base import keys
from tongban.base.reading import Asked, Prepared
from tongban.kernel.codes import document_kinds
from tongban.kernel.problems import NotFound
from tongban.licences.models import Licence, LicenceType

_PLAIN_KINDS = frozenset({document_kinds.RESIDENT_ID, document_kinds.USCC})


def holder_code_of(document_kind: str, number: str) -> str:
    """Return the code under which a holder's licences are found: the number itself for persons and organisations of
    China, else with the kind of document before it, because numbers of different kinds may be equal.
    """
    code = "".join(number.split()).upper()
    return code if not code or document_kind in _PLAIN_KINDS else f"{document_kind}:{code}"


def holder_index(holder_code: str) -> bytes:
    """Return the blind index of what `holder_code_of` gave."""
    return keys.blind("licence-holder", holder_code)


def licence_type(code: str) -> LicenceType:
    """Return the type with this code of 21 characters.

    Raises:
        NotFound: there is none.
    """
    found = LicenceType.objects.filter(code=code).first()
    if found is None:
        raise NotFound("这种证照")
    return found


def held_by(holder_code: str, *, type_code: str = "") -> list[Licence]:
    """Return every licence of a holder, whatever its status, newest first; `holder_code` is from `holder_code_of`."""
    if not holder_code:
        return []
    found = _HELD.rows(holder=holder_index(holder_code))
    return [one for one in found if not type_code or one.type_id == type_code]


_HELD = Prepared(
    lambda holder: (
        Licence.objects.filter(holder_index=holder)
        .select_related("type", "document")
        .order_by("-issued_on", "-version", "-id")[:500]
    )
)


def of_case(case_no: str) -> list[Licence]:
    """Return the licences issued in a case."""
    if not case_no:
        return []
    return _OF_CASE.rows(case_no=case_no)


def ask_of_case(case_no: str) -> Asked:
    """What `of_case` reads, to be read ahead with other things of a page."""
    return _OF_CASE.asked(case_no=case_no)


_OF_CASE = Prepared(
    lambda case_no: Licence.objects.filter(case_no=case_no).select_related("type", "document").order_by("id")
)


def by_identifier(licence_id: str) -> Licence:
    """Return the licence with this identifier.

    Raises:
        NotFound: there is none.
    """
    found = Licence.objects.select_related("type", "document", "issuer").filter(licence_id=licence_id.strip()).first()
    if found is None:
        raise NotFound("这份证照")
    return found


def versions(licence: Licence) -> list[Licence]:
    """Return all versions of a licence, the first one first."""
    same = Q(type_id=licence.type_id, issuer_code=licence.issuer_code, serial=licence.serial)
    return list(Licence.objects.filter(same).select_related("type", "document").order_by("version"))


def metadata(licence: Licence) -> dict[str, Any]:
    """Return the metadata of GB/T 36903 under its column names, with personal data in clear: for the holder, the body
    and whoever may read it there. Days are YYYYMMDD.
    """
    kinds = {"111": "公民身份号码", "001": "统一社会信用代码"}
    standard = {
        "ZZBS": licence.licence_id,
        "ZZMC": licence.type.name,
        "ZZLXDM": licence.type_id,
        "ZZBH": licence.number,
        "ZZBB": f"{licence.version:03}",
        "ZZBFRQ": f"{licence.issued_on:%Y%m%d}",
        "ZZYXQQSRQ": f"{licence.valid_from:%Y%m%d}",
        "ZZYXQJZRQ": f"{licence.valid_to:%Y%m%d}" if licence.valid_to else "99991231",
        "ZZBFJG": licence.issuer_name,
        "ZZBFJGDM": licence.issuer_code,
        "ZZDYJG": licence.type.definer_name,
        "ZZDYJGDM": licence.type_id[:18],
        "GXSDBM": licence.division_code[:6],
        "CZZT": licence.holder_name,
        "CZZTDM": licence.holder_code,
        "CZZTDMLX": kinds.get(licence.holder_code_type) or document_kinds.document_kind(licence.holder_code_type).name,
        "CZZTDMLXDM": licence.holder_code_type,
        "GLSXDM": licence.item_code,
        "ZZZT": licence.status,
        "ZZZTMS": licence.status_text or licence.get_status_display(),
        "CJSJ": licence.created_at.strftime("%Y%m%d%H%M%S"),
    }
    return standard | {f"KZ_{label}": value for label, value in licence.fields.items()}
