"""What the window's pages show: contexts for their templates, nothing decided here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from tongban.cases import commands
from tongban.cases.applicants import PERSON_DOCUMENTS, Applicant, Service, ways_of_delivery
from tongban.cases.materials import MaterialState
from tongban.cases.models import Draft
from tongban.cases.papers import form_lines, limit_words
from tongban.cases.queries import Reusable
from tongban.cases.web.scanning import window_scanners
from tongban.cases.window_forms import form_schema
from tongban.catalogue import forms
from tongban.catalogue.models import Definition, ItemVersion, Question
from tongban.catalogue.queries import (
    address_choices,
    county_choices,
    definition_of,
    division_stated,
    fees_for,
    situation_words,
    walk,
)
from tongban.kernel import chinese
from tongban.kernel.actor import AppointmentRef
from tongban.kernel.codes import document_kinds
from tongban.kernel.problems import Refusal


@dataclass(frozen=True, kw_only=True)
class DraftRow:
    """One interrupted application."""

    draft_id: str
    item: str
    applicant: str
    begun_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class QuestionRow:
    """One question on the way, with what was chosen."""

    question: Question
    choices: list[tuple[str, str]]
    value: object
    #: Not yet answered: the ways on depend on it.
    open: bool

    @property
    def name(self) -> str:
        """The field's name on the page; those of the form have no point in them."""
        return f"q.{self.question.key}"


@dataclass(frozen=True, kw_only=True)
class MaterialRow:
    """One material of the list as the page shows it."""

    state: MaterialState
    error: str
    missing: bool
    #: What the applicant handed in before for a material of this name.
    earlier: tuple[Reusable, ...]


def draft_rows(drafts: list[Draft]) -> list[DraftRow]:
    """Drafts with the applicant's name masked: the screen stands on a counter."""
    return [
        DraftRow(
            draft_id=str(one.public_id),
            item=one.item_version.implementation.base.name,
            applicant=Applicant.from_json(one.applicant).masked_name,
            begun_at=one.created_at,
            updated_at=one.updated_at,
        )
        for one in drafts
    ]


def is_instant(version: ItemVersion) -> bool:
    """Whether the item is decided on the spot (即办件)."""
    return definition_of(version).project_type == "instant"


def start_context(
    version: ItemVersion, post: AppointmentRef, typed: QueryDict, refusal: Refusal | None = None
) -> dict[str, Any]:
    """The page that asks who applies."""
    definition = definition_of(version)
    persons = "person" in definition.service_targets
    companies = set(definition.service_targets) != {"person"}
    documents = [(code, document_kinds.DOCUMENT_KINDS[code].name) for code in PERSON_DOCUMENTS]
    return {
        "definition": definition,
        "organisation": version.implementation.organisation,
        "post": post,
        "task_code": version.implementation.task_code,
        "kinds": [
            one for one, shown in ((("person", _("个人")), persons), (("company", _("单位")), companies)) if shown
        ],
        "kind": typed.get("kind") or ("person" if persons else "company"),
        "documents": documents,
        "typed": typed,
        "refusal": refusal,
        "errors": refusal.fields if refusal else {},
        "promised": limit_words(definition.promised),
    }


def known_of(draft: Draft) -> dict[str, Any]:
    """What the clerk typed about the applicant, brought into the form so that it is not typed twice."""
    applicant = Applicant.from_json(draft.applicant)
    person = applicant.kind == "person"
    names = {
        "person.name": applicant.name if person else "",
        "person.phone": applicant.phone,
        "person.document_number": applicant.document_number if person else "",
        "company.name": "" if person else applicant.name,
        "company.uscc": "" if person else applicant.document_number,
        "company.legal_representative": applicant.legal_representative,
    }
    sources = {name: forms.Known(value, "", "B", locked=False) for name, value in names.items()}
    found = forms.prefill(definition_of(draft.item_version).form, sources)
    return {name: known.value for name, known in found.items()}


def draft_context(
    draft: Draft,
    *,
    refusal: Refusal | None,
    material: str,
    checked: bool,
    earlier: Mapping[str, Sequence[Reusable]],
) -> dict[str, Any]:
    """The one page of an application at the window."""
    application = commands.look_over(draft)
    definition = application.definition
    applicant = Applicant.from_json(draft.applicant)
    schema = form_schema(definition.form, applicant=applicant, channel=draft.channel)
    ways = ways_of_delivery(definition.delivery, draft.channel)
    wrong = forms.validate(schema, draft.form, answers=draft.answers) if checked else {}
    service = Service.from_json({key: value for key, value in draft.service.items() if key != "paper"})
    unserved = service.problems(ways) if checked else {}
    at = walk(definition, draft.answers)
    rows = _material_rows(application, refusal, material, checked=checked, earlier=earlier)
    errors = _all_errors(application, at_question=_open_key(at), form=wrong, service=unserved, rows=rows)
    return {
        "draft": draft,
        "definition": definition,
        "organisation": draft.item_version.implementation.organisation,
        "questions": _questions(definition, draft),
        "stop": at.stop,
        "form": forms.form_view(
            schema, draft.form, answers=draft.answers, errors=wrong, divisions=address_choices(_city_of(draft))
        ),
        "materials": rows,
        "scanners": bool(window_scanners(draft)),
        "paper": draft.service.get("paper", []),
        "service": service,
        "service_errors": unserved,
        "counties": [("", _("不填")), *county_choices(_city_of(draft))],
        "deliveries": [(key, words) for key, words in _deliveries() if key in ways],
        "fees": fees_for(definition, draft.answers, draft.form),
        "refusal": refusal if not material else None,
        "errors": errors if checked else {},
        "promised": limit_words(definition.promised),
        "statutory": limit_words(definition.statutory),
        **_parties(draft),
    }


def letter_context(application: commands.Application, refusal: Refusal | None) -> dict[str, Any]:
    """The application as the applicant reads it before signing, with the digest of exactly these bytes."""
    draft, definition = application.draft, application.definition
    service = Service.from_json({key: value for key, value in draft.service.items() if key != "paper"})
    return {
        "draft": draft,
        "definition": definition,
        "organisation": draft.item_version.implementation.organisation,
        "situation": situation_words(definition, draft.answers),
        "lines": form_lines(definition, draft),
        "materials": [one for one in application.states if one.how not in {"missing", "optional"}],
        "service": service,
        "division": division_stated(service.division),
        "delivery": dict(_deliveries()).get(service.delivery, ""),
        "statement": commands.STATEMENT,
        "sha256": application.sha256,
        "refusal": refusal,
        "errors": refusal.fields if refusal else {},
        **_parties(draft),
    }


def _parties(draft: Draft) -> dict[str, Any]:
    applicant = Applicant.from_json(draft.applicant)
    agent = draft.agent or {}
    return {
        "applicant": applicant,
        "document_name": _document_name(applicant.document_kind),
        "masked_number": document_kinds.mask(applicant.document_kind, applicant.document_number),
        "masked_phone": chinese.mask_phone(applicant.phone) if applicant.phone else "",
        "agent": agent,
        "agent_document": _document_name(str(agent.get("document_kind", ""))),
        "agent_number": document_kinds.mask(str(agent["document_kind"]), str(agent["document_number"]))
        if agent
        else "",
    }


def _document_name(kind: str) -> str:
    found = document_kinds.DOCUMENT_KINDS.get(kind)
    return found.name if found else ""


def _deliveries() -> list[tuple[str, str]]:
    return [("electronic", _("网上下载电子件")), ("window", _("到窗口领取")), ("mail", _("邮寄到送达地址"))]


def _questions(definition: Definition, draft: Draft) -> list[QuestionRow]:
    at = walk(definition, draft.answers)
    asked = [*at.asked, *((at.question,) if at.question else ())]
    return [
        QuestionRow(
            question=one,
            choices=[(option.value, option.label) for option in one.options],
            value=draft.answers.get(one.key, ""),
            open=at.question is not None and one.key == at.question.key,
        )
        for one in asked
    ]


def _city_of(draft: Draft) -> str:
    """The 12-digit code of the city that the item's division lies in."""
    return draft.item_version.implementation.division_id[:4].ljust(12, "0")


def _open_key(at: Any) -> str:
    return str(at.question.key) if at.question else ""


def _material_rows(
    application: commands.Application,
    refusal: Refusal | None,
    material: str,
    *,
    checked: bool,
    earlier: Mapping[str, Sequence[Reusable]],
) -> list[MaterialRow]:
    return [
        MaterialRow(
            state=one,
            error=refusal.message if refusal and one.material.key == material else "",
            missing=checked and one.how == "missing",
            earlier=tuple(earlier.get(one.material.key, ())),
        )
        for one in application.states
    ]


def _all_errors(
    application: commands.Application,
    *,
    at_question: str,
    form: dict[str, str],
    service: dict[str, str],
    rows: list[MaterialRow],
) -> dict[str, str]:
    """Everything that stands in the way, by the name of the field that mends it."""
    found: dict[str, str] = {}
    if "questions" in application.problems:
        found[f"q.{at_question}" if at_question else "questions"] = application.problems["questions"]
    found |= form
    for row in rows:
        if row.missing:
            found[f"material-{row.state.material.key}"] = (
                _("还缺“%s”，请收材料或勾选已看原件。") % row.state.material.name
            )
    names = {"address": "service_address"}
    return found | {names.get(name, name): words for name, words in service.items()}
