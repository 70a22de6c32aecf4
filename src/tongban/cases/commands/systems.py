"""Filing by another system over the API: one call, one case, however often it is repeated."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction

from tongban.base import idempotency
from tongban.cases.applicants import Applicant, Service
from tongban.cases.commands.drafts import attach, save_answers, save_form, save_service, start_client_draft
from tongban.cases.commands.submitting import look_over, submit
from tongban.cases.queries.access import access_draft
from tongban.cases.signing import SignatureProof
from tongban.catalogue.queries import current_version
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
    asked = json.dumps(asdict(filing), sort_keys=True, ensure_ascii=False, default=str)
    fingerprint = hashlib.sha256(asked.encode()).hexdigest()
    answer: dict[str, Any] = idempotency.once(
        actor=actor, key=key, fingerprint=fingerprint, work=lambda: _file(actor, filing)
    )
    return answer


@transaction.atomic
def _file(actor: Actor, filing: Filing) -> dict[str, Any]:
    version = current_version(filing.task_code)
    draft = start_client_draft(actor=actor, version_id=version.pk, applicant=filing.applicant)
    draft_id = draft.public_id
    save_answers(actor=actor, draft_id=draft_id, answers=filing.answers)
    save_form(actor=actor, draft_id=draft_id, data=filing.form, partial=False)
    for material_key, ids in filing.materials.items():
        for one in ids:
            attach(actor=actor, draft_id=draft_id, material_key=material_key, file=open_file(actor, _uuid(one)))
    save_service(actor=actor, draft_id=draft_id, service=filing.service)
    application = look_over(access_draft(actor, draft_id))
    proof = SignatureProof(method="client", sha256=application.sha256, evidence=dict(filing.signature))
    done = submit(actor=actor, draft_id=draft_id, proof=proof)
    return {"case_no": done.case.case_no, "query_password": done.query_password, "state": str(done.case.state)}


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound("这个文件", code="file_not_found") from None
