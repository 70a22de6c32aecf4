"""Filing by another system over the API: one call, one case, however often it is repeated."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from typing import Any

from tongban.base import idempotency, writing
from tongban.cases.applicants import Applicant, Service
from tongban.cases.commands.drafts import check_own_upload, client_draft
from tongban.cases.commands.filling import check_material, put_answers, put_form, put_service
from tongban.cases.commands.submitting import check_complete, check_open, look_over_with, write_case
from tongban.cases.models import Draft, DraftMaterial
from tongban.cases.proofs import prove
from tongban.cases.signing import SignatureProof
from tongban.catalogue.models import Definition
from tongban.catalogue.queries import current_version, definition_of
from tongban.files.models import StoredFile
from tongban.files.queries import open_file
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound


@dataclass(frozen=True, kw_only=True)
class Filing:
    """An application as a system hands it in: files were uploaded before and are named by their identifiers."""

    task_code: str
    applicant: Applicant
    service: Service
    answers: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)
    #: Material key to file identifiers.
    materials: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: How the user signed in the other system, in its own words; kept with the signature.
    signature: Mapping[str, Any] = field(default_factory=dict)


def file_by_system(*, actor: Actor, key: str, filing: Filing) -> dict[str, Any]:
    """File an application for a system's user; the same key again gives the same answer and no second case.

    Returns `case_no`, `query_password`, `state`.

    Raises:
        Invalid: something is missing or wrong, or the key was used for another filing.
        NotFound: no such item or file, or the system has no scope `cases:submit`.
    """
    if not actor.has_scope("cases:submit"):
        raise NotFound("这个接口", code="scope_missing")
    asked = json.dumps(vars(filing), sort_keys=True, ensure_ascii=False, default=_plain)
    fingerprint = hashlib.sha256(asked.encode()).hexdigest()
    answer: dict[str, Any] = idempotency.once(
        actor=actor, key=key, fingerprint=fingerprint, work=lambda: _file(actor, filing), together=True
    )
    return answer


def _plain(value: Any) -> Any:
    return vars(value) if is_dataclass(value) else str(value)


def _file(actor: Actor, filing: Filing) -> dict[str, Any]:
    """Fill a draft in memory by the same rules as a person's, and write it with its case."""
    version = current_version(filing.task_code)
    definition = definition_of(version)
    draft = client_draft(actor, version, filing.applicant)
    check_open(draft)
    put_answers(draft, definition, filing.answers)
    put_form(draft, definition, filing.form, partial=False)
    handed_in = _handed_in(actor, draft, definition, filing.materials)
    put_service(draft, definition, filing.service, partial=False)
    application = look_over_with(draft, handed_in)
    check_complete(application)
    proof = SignatureProof(method="client", sha256=application.sha256, evidence=dict(filing.signature))
    evidence = prove(actor=actor, channel=draft.channel, proof=proof)
    draft.case = write_case(actor, application, proof, evidence)
    writing.create(draft)
    now = draft.created_at
    writing.create_all(DraftMaterial(draft=draft, key=key, file=file, added_at=now) for key, file in handed_in)
    return {
        "case_no": draft.case.case_no,
        "query_password": draft.case.query_password,
        "state": str(draft.case.state),
    }


def _handed_in(
    actor: Actor, draft: Draft, definition: Definition, materials: Mapping[str, Sequence[str]]
) -> list[tuple[str, StoredFile]]:
    found: list[tuple[str, StoredFile]] = []
    for key, ids in materials.items():
        for number, one in enumerate(dict.fromkeys(ids)):
            file = open_file(actor, _uuid(one))
            check_own_upload(actor, file)
            check_material(draft, definition, key, given=number)
            found.append((key, file))
    return found


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound("这个文件", code="file_not_found") from None
