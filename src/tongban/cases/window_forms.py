"""What a window may not insist on: nobody is sent away for want of a telephone or of a mainland identity card. Pure.

办事不得要求提供没有的东西: the guide's form asks every applicant for a mobile number and a citizen identity number; who
stands at the window without them gives what there is instead (domain: 窗口代录、证件类型).
"""

from collections.abc import Mapping
from typing import Any, Final

from tongban.cases.applicants import Applicant
from tongban.kernel.codes import document_kinds

#: Kinds whose numbers are citizen identity numbers.
_CITIZEN_KINDS: Final = frozenset({document_kinds.RESIDENT_ID, "112"})
_NUMBER_MAX: Final = 40


def form_schema(schema: Mapping[str, Any], *, applicant: Applicant, channel: str) -> dict[str, Any]:
    """The item's form as this applicant is asked to fill it; elsewhere than at a window it is the guide's own.

    Fields of the applicant's own telephone may stay empty where there is none; the field of the applicant's own
    identity number takes the number of the document that the clerk saw.
    """
    if channel != "window":
        return dict(schema)
    properties = {name: _field(field, applicant) for name, field in schema.get("properties", {}).items()}
    waived = {name for name, field in schema.get("properties", {}).items() if _is_waived(field, applicant)}
    required = [name for name in schema.get("required", ()) if name not in waived]
    return {**schema, "properties": properties, "required": required}


def _is_waived(field: Mapping[str, Any], applicant: Applicant) -> bool:
    return field.get("x-prefill") == "person.phone" and not applicant.phone


def _field(field: Mapping[str, Any], applicant: Applicant) -> Mapping[str, Any]:
    if _is_waived(field, applicant):
        return {key: value for key, value in field.items() if key != "x-required"}
    foreign = applicant.kind == "person" and applicant.document_kind not in _CITIZEN_KINDS
    if not foreign or field.get("x-prefill") != "person.document_number":
        return field
    kept = {key: value for key, value in field.items() if key not in {"format", "description"}}
    kind = document_kinds.document_kind(applicant.document_kind)
    return {**kept, "title": f"{kind.name}号码", "x-widget": "text", "maxLength": _NUMBER_MAX}
