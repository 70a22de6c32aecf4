"""What a measurement stands on: a city with sample cases, a system with a token, a clerk with a session."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from tongban.base import moment
from tongban.cases import commands as cases
from tongban.cases.models import Case
from tongban.catalogue.models import Implementation
from tongban.catalogue.queries import implementations_of
from tongban.config.rehearsal.prepare import prepare as prepare_city
from tongban.config.rehearsal.samples import samples_of
from tongban.directory.models import Organisation
from tongban.identity import commands as identity
from tongban.identity.models import Account, ApiClient
from tongban.identity.queries import accounts_with, actor_of_token
from tongban.kernel.actor import SYSTEM, Actor

#: The item that is filed: its materials are made from the form or already in the licence library.
ITEM = "resident-pension-enrolment"
_CLIENT = "基准测试"
_SCOPES = ("cases:submit", "cases:track")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Who measures, and one sample case for each body that implements the item."""

    token: str
    client_id: int
    session_key: str
    #: A case in the inbox of whoever has the session.
    desk_case_no: str
    samples: tuple[Case, ...]
    #: A filing as JSON text; the task code stands as "@TASK".
    filing: str
    #: The file with the system's token.
    kept: Path

    @property
    def task_codes(self) -> list[str]:
        """Codes of the item at each body."""
        return [one.implementation.task_code for one in self.samples]


def prepare(pack: Path, *, kept: Path) -> Stage:
    """Load the city, file one case a body through the ordinary command, and log a clerk in. Safe to repeat.

    `kept`: file in which the system's token is kept between runs, so that it stays the one that filed the cases.
    """
    prepare_city(pack)
    body = Organisation.objects.filter(kind="department").order_by("pk").first()
    if body is None:
        raise LookupError("the city has no department")
    client, token = _client(body, kept)
    actor = Actor(kind="client", client_id=client.pk, name=client.name, scopes=frozenset(_SCOPES))
    filing = _filing(pack)
    samples = tuple(_sample(actor, filing, one.task_code) for one in _implementations())
    account, case = _receptionist(samples)
    return Stage(
        token=token,
        client_id=client.pk,
        session_key=_session_of(account),
        desk_case_no=case.case_no,
        samples=samples,
        filing=json.dumps(filing, ensure_ascii=False),
        kept=kept,
    )


def _implementations() -> list[Implementation]:
    return sorted(implementations_of(ITEM), key=lambda one: one.task_code)[:16]


def _client(body: Organisation, kept: Path) -> tuple[ApiClient, str]:
    """The system that files: the one of the run before, or a new one."""
    token = kept.read_text(encoding="ascii") if kept.exists() else ""
    known = actor_of_token(token) if token else None
    if known is not None and known.client_id is not None:
        return ApiClient.objects.get(pk=known.client_id), token
    valid_to = moment.today() + timedelta(days=365)
    client, token = identity.issue_api_client(
        SYSTEM, name=_CLIENT, organisation=body, scopes=_SCOPES, valid_to=valid_to
    )
    kept.touch(mode=0o600)
    kept.write_text(token, encoding="ascii")
    return client, token


def _filing(pack: Path) -> dict[str, Any]:
    sample = next(one for one in samples_of(pack) if one.slug == ITEM)
    given = sample.applicant
    return {
        "task_code": "@TASK",
        "applicant": {
            "kind": "person",
            "name": given["name"],
            "document_kind": "111",
            "document_number": given["document_number"],
            "phone": sample.phone,
            "address": "株洲市渌口区津口路128号",
        },
        "service": {"address": "株洲市渌口区津口路128号", "phone": sample.phone, "electronic_consent": True},
        "answers": dict(sample.answers),
        "form": dict(sample.form),
        "signature": {"method": "基准测试"},
    }


def _sample(actor: Actor, filing: Mapping[str, Any], task_code: str) -> Case:
    # A database of an older program has samples of another form: those stay, and new ones are filed.
    form = hashlib.sha256(json.dumps(filing, sort_keys=True).encode()).hexdigest()[:16]
    done = cases.file_by_system(
        actor=actor,
        key=f"sample-{form}-{task_code}",
        filing=cases.Filing(
            task_code=task_code,
            applicant=cases.Applicant(**filing["applicant"]),
            service=cases.Service(**filing["service"]),
            answers=filing["answers"],
            form=filing["form"],
            signature=filing["signature"],
        ),
    )
    return Case.objects.select_related("implementation").get(case_no=done["case_no"])


def _receptionist(samples: Sequence[Case]) -> tuple[Account, Case]:
    """Somebody whose inbox one of the samples is in, and that sample."""
    for case in samples:
        for role in ("window_clerk", "case_officer"):
            found = accounts_with(role, case.organisation_id)
            if found:
                return found[0], case
    raise LookupError("nobody of the demonstration may receive the item")


def _session_of(account: Account) -> str:
    """Open a session as log-in with the second factor would."""
    session = SessionStore()
    session.update({
        SESSION_KEY: str(account.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: account.get_session_auth_hash(),
        AUTHENTICATION_METHODS_SESSION_KEY: [{"method": "password", "at": 0}, {"method": "mfa", "at": 0}],
        "account_authentication_methods_user": str(account.pk),
    })  # fmt: skip
    session.create()
    return str(session.session_key)
