"""Everything that can be read, by everybody: pages, files, counts, the API; and no page shows a case that it denies."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.security.test_addresses import (
    ANYBODY,
    MINE,
    MINE_ON,
    NOBODYS,
    OPEN,
    PARAMETERS,
    TABLE,
    TOKEN,
    ask,
    told,
    values_of,
)
from tests.security.test_addresses import CITIZENS as CITIZENS_ONLY
from tests.security.test_addresses import STAFF as STAFF_ONLY
from tongban.base import moment
from tongban.cases.models import Case
from tongban.cases.queries import cases_of
from tongban.directory.models import Organisation
from tongban.identity import commands as identity
from tongban.identity.queries import actor_of_token
from tongban.kernel.actor import SYSTEM, Actor

STAFF = (
    "clerk", "officer", "head", "leader", "other_clerk", "other_officer", "other_leader", "editor", "reviewer",
    "supervisor", "admin",
)  # fmt: skip
CITIZENS = ("citizen", "other_citizen", "operator")
#: Systems by what their tokens are good for; `filer` filed the citizen's finished case, `other_filer`
#: did not; `handler` acts in the name of the officer's post.
SYSTEMS = {
    "filer": ["cases:submit", "cases:track"],
    "other_filer": ["cases:submit", "cases:track", "events:read"],
    "reader": ["items:read"],
    "handler": ["cases:handle"],
    "reporter": ["cases:exchange"],
}
#: Who reads the drafts of items: those who write and review them, and who watches.
DRAFTS = ("editor", "reviewer", "supervisor")
FILERS = ("filer", "other_filer")
PEOPLE = (*CITIZENS, *STAFF)
EVERYBODY = ("visitor", *PEOPLE, *SYSTEMS)


@pytest.fixture
def everybody(things: dict[str, Any], browser: Callable[..., Client], cast: Any) -> dict[str, tuple[Client, Actor]]:
    """A client and the actor behind it for each of the cast."""
    found = {who: (browser(who), getattr(cast, who)) for who in ("visitor", *CITIZENS, *STAFF)}
    body = Organisation.objects.get(pk=things["done"].case.organisation_id)
    for who, scopes in SYSTEMS.items():
        row, token = identity.issue_api_client(
            SYSTEM, name=who, organisation=body, scopes=scopes, valid_to=moment.today() + timedelta(days=1)
        )
        actor = actor_of_token(token)
        assert actor is not None
        headers = {"Authorization": f"Bearer {token}"}
        if who == "handler":
            post = next(one for one in cast.officer.appointments if one.organisation_id == body.pk)
            identity.bind_client_post(SYSTEM, client_id=row.pk, appointment_id=post.id)
            headers["Tongban-Post"], actor = str(post.id), cast.officer
        found[who] = (Client(raise_request_exception=False, headers=headers), actor)
        if who == "filer":
            for name in ("done", "asked"):
                Case.objects.filter(pk=things[name].case.pk).update(client_id=row.pk)
    return found


#: Not even the log-in page comes.
NOTHING = "404 404 404 404 404 404 404"
#: Who reads an address whose row in the table of addresses says more than this.
BY_ROW = {
    OPEN: EVERYBODY, ANYBODY: PEOPLE, CITIZENS_ONLY: CITIZENS, STAFF_ONLY: STAFF, MINE: ("citizen",),
    MINE_ON: (), NOBODYS: (), TOKEN: (), NOTHING: (), "": (),
}  # fmt: skip
#: Address -> who reads it, where it is not everybody of a kind. Whoever is not named is sent to the log-in or finds
#: nothing. The things asked for are the citizen's and the filer's, of the county's market regulation; the bill is the
#: operator's, the window's draft the clerk's.
FOOD = ("clerk", "officer", "head", "leader", "supervisor")
RECEPTION = ("clerk", "officer", "head", "other_clerk", "other_officer")
OPINIONS = ("officer", "head", "leader", "other_officer", "other_leader")
READ_ITEMS = ("editor", "reviewer", "supervisor")
READERS: dict[str, tuple[str, ...]] = {
    "account_login": ("visitor", *SYSTEMS),
    "account_password_login": ("visitor", *SYSTEMS),
    "account_signup": ("visitor", *SYSTEMS),
    "account_logout": PEOPLE,
    "mfa_reauthenticate": STAFF,
    "mfa_authenticate": (),
    "mfa_activate_totp": (),
    "mfa_deactivate_totp": (),
    "account_real_name": (),
    "account_company": ("citizen",),
    "account_handover": ("admin",),
    "account_mandates_window": ("clerk", "other_clerk"),
    "partners:webhooks": ("admin",),
    "partners:webhook": ("admin",),
    "files_serve": ("citizen", *FOOD),
    "files_page": ("citizen", *FOOD),
    "files_upload_picture": (),
    "documents:pdf": ("citizen", *FOOD),
    "payments_bill": ("operator", "other_clerk"),
    "desk:home": (),
    "desk:panel": tuple(dict.fromkeys((*RECEPTION, *OPINIONS))),
    "cases:case": FOOD,
    "cases:print": FOOD,
    "cases:archive": ("officer", "head", "other_officer"),
    "cases:team": ("head", "leader", "other_leader"),
    "cases:phrases": OPINIONS,
    "catalogue:change": DRAFTS,
    "catalogue:change_form": DRAFTS,
    "catalogue:change_form_try": DRAFTS,
    "catalogue:change_section": DRAFTS,
    "catalogue:import": ("editor",),
    "cases:exchange": ("supervisor",),
    "cases:exchange_batch": ("supervisor",),
    "catalogue:items": READ_ITEMS,
    "catalogue:bases": READ_ITEMS,
    "catalogue:base": READ_ITEMS,
    "catalogue:deviations": READ_ITEMS,
    "catalogue:questions": READ_ITEMS,
    "catalogue:item": READ_ITEMS,
    "catalogue:orders": READ_ITEMS,
    "catalogue:order": READ_ITEMS,
    "catalogue:lists": READ_ITEMS,
    "catalogue:list": READ_ITEMS,
    "cases:window": RECEPTION,
    "cases:window_start": ("clerk", "officer", "head"),
    "cases:window_draft": ("clerk",),
    "cases:window_submit": ("clerk",),
    "portal:guide_version": (),  # the one in force is the guide itself
    "portal:track_view": (),
    "api-v1:file_case": FILERS,
    "api-v1:list_cases": FILERS,
    "api-v1:list_todo": FILERS,
    "api-v1:read_case": ("filer",),
    "api-v1:list_handed_in": ("filer",),
    "api-v1:download_copies": ("filer",),
    "api-v1:read_correction": ("filer",),
    "api-v1:submit_correction": ("filer",),
    "api-v1:list_reusable_in_correction": ("filer",),
    "api-v1:list_documents": ("filer",),
    "api-v1:read_document": ("filer",),
    "api-v1:read_delivery": ("filer",),
    "api-v1:list_licences": ("filer",),
    "api-v1:list_bills": ("filer",),
    "api-v1:list_messages": ("filer",),
    "api-v1:list_events": ("other_filer",),
    "api-v1:add_webhook": ("other_filer",),
    "api-v1:list_webhooks": ("other_filer",),
    "api-v1:read_handled": ("handler",),
    "api-v1:list_inbox": ("handler",),
    "api-v1:list_bills_at_desk": ("handler",),
    "api-v1:read_opinion": ("handler",),
    "api-v1:save_opinion": ("handler",),
    "api-v1:list_step_files": ("handler",),
    "api-v1:attach_to_step": ("handler",),
    "api-v1:read_dossier": ("handler",),
    "api-v1:list_absences": ("handler",),
    "api-v1:add_absence": ("handler",),
    "api-v1:list_notes": ("handler",),
    "api-v1:write_note": ("handler",),
    "api-v1:list_mentions": ("handler",),
    "api-v1:list_phrases": ("handler",),
    "api-v1:add_phrase": ("handler",),
    "api-v1:read_given": ("handler",),
    "api-v1:list_exchange_rows": ("reporter",),
    "api-v1:read_difference": (),  # asked without the two versions
    "api-v1:api-root": (),
}
#: Who is asked for more before it is given: a copy with a watermark says what it is for, a difference of what.
ASKED_WHY = {
    "api-v1:copy_material": ("handler",),
    "api-v1:copy_document": ("handler",),
    "api-v1:read_difference": EVERYBODY,
}


def readers_of(name: str) -> set[str]:
    """Who reads an address.

    Raises:
        KeyError: the address has a row of its own kind, and none here.
    """
    if name in READERS:
        return set(READERS[name])
    return set(BY_ROW[TABLE[name].get("GET", "")])


def test_every_address_says_who_reads_it():
    assert set(READERS) <= set(PARAMETERS)
    assert not [name for name in PARAMETERS if name not in READERS and TABLE[name].get("GET", "") not in BY_ROW]


def numbers_in(answer: Any, known: set[str]) -> set[str]:
    """The case numbers that a page, a file or an answer carries, also those that are drawn in groups."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode(errors="ignore")
    flat = re.sub(r"<[^>]*>|\s", "", text)
    return {one for one in known if one in text or one in flat}


def test_each_of_the_whole_cast_reads_what_the_table_says_and_no_case_of_others(things, everybody):
    known = set(Case.objects.values_list("case_no", flat=True))
    assert len(known) >= 3
    wrong = []
    for who, (client, actor) in everybody.items():
        own = set(cases_of(actor).values_list("case_no", flat=True))
        for name in PARAMETERS:
            answer = ask(client, "GET", reverse(name, kwargs=values_of(name, things)))
            may = who in readers_of(name)
            if (answer.status_code == 200) != may:
                wrong.append(f"{who}: {name} answered {told(answer)}, {'not 200' if may else 'to nobody'}")
            elif who in ASKED_WHY.get(name, ()):
                wrong += (
                    [] if told(answer) == "422" else [f"{who}: {name} answered {told(answer)}, and asked for nothing"]
                )
            elif not may and told(answer) not in {"L", "R", "401", "403", "404", "405"}:
                wrong.append(f"{who}: {name} answered {told(answer)}")
            elif may and numbers_in(answer, known) - own:
                wrong.append(f"{who}: {name} shows cases of others")
    assert not wrong, "\n".join(wrong)


def asked_of_lists(things: dict[str, Any]) -> Iterator[str]:
    """Addresses of lists and searches with all that may be asked of them, for everybody alike."""
    case = things["road"].case
    words = (case.case_no, case.case_no[-8:], case.item_name[:4], str(case.applicant["name"]), "陈桂兰")
    yield from (f"/desk/search/?q={one}" for one in words)
    for asked in (
        "due=late",
        "due=soon",
        "sort=-due",
        "sort=item",
        "kind=issue",
        "claimed=nobody",
        "org=1",
        "mine=1",
        "state=received",
    ):
        yield f"/desk/cases/?{asked}"
    yield from (f"/desk/team/?unit={number}" for number in range(1, 4))
    for party in ("self", f"company-{case.company_id}", f"person-{things['done'].case.person_id}"):
        yield from (f"/my/?for={party}&{more}" for more in ("", "phase=open", "phase=ended", f"q={case.case_no}"))
    yield from ("/api/v1/cases?size=100", "/api/v1/todo?size=100", "/api/v1/events?size=100", "/messages/")
    yield from (f"/api/v1/handling/inbox?{asked}" for asked in ("size=100", "sort=item", "claimed=nobody"))
    yield "/api/v1/handling/mentions"


def test_no_list_and_no_search_shows_a_case_whose_page_is_denied(things, everybody):
    known = set(Case.objects.values_list("case_no", flat=True))
    wrong, shown = [], 0
    for who, (client, actor) in everybody.items():
        own = set(cases_of(actor).values_list("case_no", flat=True))
        for address in asked_of_lists(things):
            answer = ask(client, "GET", address)
            if answer.status_code != 200:
                continue
            # What was asked for stands in the field of the search; only what is led to counts as shown.
            led_to = set(re.findall(r"(?:cases/|\"case_no\": ?\")([0-9A-Z]{30,50})", answer.content.decode()))
            shown += len(led_to)
            if led_to & known - own:
                wrong.append(f"{who}: {address}")
    assert not wrong, "\n".join(wrong)
    assert shown > 10
