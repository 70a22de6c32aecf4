"""What government already knows of an applicant, for the form: each value with its source and trust level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from tongban.base.web import formats
from tongban.cases.models import Draft
from tongban.catalogue.forms import Known, prefill
from tongban.catalogue.models import Definition
from tongban.identity.models import Account
from tongban.licences.queries import held_by, holder_code_of


def known_of(draft: Draft, definition: Definition) -> dict[str, Known]:
    """The known value of each field of the draft's form; identity and company data are locked, contacts are not."""
    sources = {**_person(draft), **_company(draft.applicant)}
    if any(str(field.get("x-prefill", "")).startswith("licence.") for field in _fields(definition)):
        sources |= _licences(draft.applicant)
    return prefill(definition.form, sources)


def locked_values(known: Mapping[str, Known]) -> dict[str, Any]:
    """Field to the value that stands whatever the page sends."""
    return {name: one.value for name, one in known.items() if one.locked}


def _fields(definition: Definition) -> list[Mapping[str, Any]]:
    return list(definition.form.get("properties", {}).values())


def _person(draft: Draft) -> dict[str, Known]:
    account: Account | None = draft.account
    found: dict[str, Known] = {}
    if account is None:
        return found
    if draft.agent:
        phone = str(draft.applicant.get("phone", ""))
        if phone:
            found["person.phone"] = Known(phone, _("取自委托人的实名信息，可以改"), "C", locked=False)
    elif account.phone:
        found["person.phone"] = Known(account.phone, _("取自您的账号，可以改"), "C", locked=False)
    if account.email and not draft.agent:
        found["person.email"] = Known(account.email, _("取自您的账号，可以改"), "C", locked=False)
    if draft.person is not None and (draft.person.assurance_level > 0 or draft.agent):
        source = _("取自授权委托") if draft.agent else _("取自实名核验")
        found["person.name"] = Known(draft.person.name, source, "A")
        found["person.document_number"] = Known(draft.person.document_number, source, "A")
        found["person.document_kind"] = Known(draft.person.document_kind, source, "A")
    return found


def _company(applicant: Mapping[str, Any]) -> dict[str, Known]:
    if applicant.get("kind") != "company":
        return {}
    source = _("取自法人库")
    return {
        "company.name": Known(applicant.get("name"), source, "A"),
        "company.uscc": Known(applicant.get("document_number"), source, "A"),
        "company.legal_representative": Known(applicant.get("legal_representative"), source, "A"),
        "company.address": Known(applicant.get("address"), _("取自法人库，可以改"), "A", locked=False),
    }


def _licences(applicant: Mapping[str, Any]) -> dict[str, Known]:
    code = holder_code_of(str(applicant.get("document_kind", "")), str(applicant.get("document_number", "")))
    found: dict[str, Known] = {}
    for licence in held_by(code):
        if not licence.is_live:
            continue
        words = {"name": licence.type.name, "day": formats.cn_date(licence.issued_on)}
        source = _("取自电子证照库：%(name)s，%(day)s签发") % words
        for label, value in licence.fields.items():
            found.setdefault(f"licence.{licence.type_id}.{label}", Known(value, source, "A"))
    return found
