"""Visits of officers to the desk in tests: logged in with the second factor, forms posted as a browser posts them."""

from typing import TypeVar

from django.db.models import Model
from django.test import Client

from tongban.base import moment
from tongban.cases import inbox
from tongban.cases.models import Case, CaseStep, InboxEntry
from tongban.identity import queries as identity
from tongban.identity.models import Account
from tongban.identity.tests.cast import log_in
from tongban.kernel.actor import Actor

M = TypeVar("M", bound=Model)


def officer(login: str) -> Client:
    """A browser in which this member of staff is logged in."""
    return log_in(Client(), Account.objects.get(login=login))


def visitor_as(actor: Actor) -> Client:
    """A browser in which whoever this actor is, is logged in."""
    assert actor.account_id is not None
    return log_in(Client(), Account.objects.get(pk=actor.account_id))


def actor(login: str) -> Actor:
    return identity.actor_for(Account.objects.get(login=login), moment.now())


def copies(case: Case, count: int) -> list[str]:
    """So many more cases like this one, in the same inboxes; their numbers."""
    entries = list(InboxEntry.objects.filter(case=case, closed_at__isnull=True))
    steps = list(CaseStep.objects.filter(case=case))
    made = []
    for serial in range(count):
        new = Case.objects.get(pk=case.pk)
        new.case_no = f"{case.case_no[:-4]}{9000 + serial}"
        made.append(_again(new).case_no)
        for step in steps:
            _again(step, case=new)
        for entry in entries:
            step = CaseStep.objects.filter(case=new, state="open").first() if entry.step else None
            _again(entry, case=new, step=step, **inbox.shown(new, step))
    return made


def _again(row: M, **changes: object) -> M:
    row.pk = None
    row._state.adding = True
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row
