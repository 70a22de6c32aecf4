"""What the window's pages post, as the values that commands take: parsing only."""

import uuid
from typing import Literal, cast

from django.http import QueryDict

from tongban.cases import commands, queries
from tongban.cases.models import Draft
from tongban.cases.web.reading import read_strokes
from tongban.cases.window_forms import form_schema
from tongban.catalogue import forms
from tongban.catalogue.models import Definition
from tongban.catalogue.queries import definition_of
from tongban.kernel.actor import Actor
from tongban.kernel.codes.document_kinds import USCC
from tongban.kernel.problems import NotFound

TEXT_MAX = 500


def applicant(body: QueryDict) -> commands.Applicant:
    """The applicant as typed; the command checks it."""
    if body.get("kind") == "company":
        return commands.Applicant(
            kind="company",
            name=_line(body, "name"),
            document_kind=USCC,
            document_number=_line(body, "document_number"),
            phone=_line(body, "phone"),
            address=_line(body, "address"),
            legal_representative=_line(body, "legal_representative"),
        )
    return commands.Applicant(
        kind="person",
        name=_line(body, "name"),
        document_kind=_line(body, "document_kind"),
        document_number=_line(body, "document_number"),
        phone=_line(body, "phone"),
        address=_line(body, "address"),
    )


def agent(body: QueryDict) -> commands.Agent | None:
    """The agent as typed; None where the applicant came in person."""
    if body.get("by_agent") != "yes":
        return None
    return commands.Agent(
        name=_line(body, "agent_name"),
        document_kind=_line(body, "agent_document_kind"),
        document_number=_line(body, "agent_document_number"),
        phone=_line(body, "agent_phone"),
        authority=_line(body, "agent_authority"),
    )


def save(actor: Actor, draft: Draft, body: QueryDict) -> Draft:
    """Keep everything on the page as it stands, right or not; the draft as it then is.

    Raises:
        Invalid: an answer that the guide does not offer.
        CaseRefusal: the draft was submitted already.
    """
    definition = definition_of(draft.item_version)
    draft_id = draft.public_id
    answers = _answers(definition, body)
    if answers:
        commands.save_answers(actor=actor, draft_id=draft_id, answers=answers)
    party = commands.Applicant.from_json(draft.applicant)
    schema = form_schema(definition.form, applicant=party, channel=draft.channel)
    commands.save_form(actor=actor, draft_id=draft_id, data=forms.clean(schema, body), partial=False)
    commands.save_service(actor=actor, draft_id=draft_id, service=_service(draft, body), partial=True)
    commands.note_paper(actor=actor, draft_id=draft_id, keys=body.getlist("paper"))
    return queries.access_draft(actor, draft_id)


def proof(body: QueryDict) -> commands.SignatureProof:
    """How the applicant signed: strokes of the pad, or a sheet of paper that stays in the file.

    Raises:
        Invalid: the strokes are broken.
    """
    evidence: dict[str, object] = {}
    strokes = read_strokes(body.get("strokes", ""))
    if strokes:
        evidence["strokes"] = [[[x, y] for x, y in stroke] for stroke in strokes]
    if body.get("paper_kept") == "yes":
        evidence["paper_kept"] = True
    return commands.SignatureProof(method="handwritten", sha256=body.get("sha256", ""), evidence=evidence)


def file_id(text: str) -> uuid.UUID:
    """The identifier of a file.

    Raises:
        NotFound: it is none.
    """
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound("这个文件", code="file_not_found") from None


def _answers(definition: Definition, body: QueryDict) -> dict[str, object]:
    found: dict[str, object] = {}
    for question in definition.questions:
        given = body.getlist(f"q.{question.key}")[: len(question.options) + 1]
        if given:
            found[question.key] = [str(one) for one in given] if question.multiple else str(given[-1])
    return found


def _service(draft: Draft, body: QueryDict) -> commands.Service:
    delivery = body.get("delivery", "")
    return commands.Service(
        address=_line(body, "service_address"),
        recipient=_line(body, "service_recipient") or draft.applicant["name"],
        phone=draft.applicant["phone"],
        electronic_consent=body.get("electronic_consent") == "yes",
        delivery=cast(Literal["electronic", "window", "mail"], delivery or "window"),
        zip_code=_line(body, "zip_code"),
        division=_line(body, "division"),
        investment_project_code=_line(body, "investment_project_code"),
    )


def _line(body: QueryDict, name: str) -> str:
    return " ".join(str(body.get(name, ""))[:TEXT_MAX].split())
