"""Looking persons, accounts and companies up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Cast, Substr

from tongban.base import keys, moment
from tongban.base.models import Event
from tongban.base.paging import page
from tongban.base.reading import Asked, Prepared
from tongban.identity.models import Account, Company, Delegation, Mandate, Operator, Person, UnmaskLog
from tongban.identity.queries.actors import live_appointments, live_mandates, live_operators
from tongban.kernel.actor import Actor, Role
from tongban.kernel.paging import Page
from tongban.kernel.problems import NotFound

#: Mandates that a list shows; nobody is anybody's agent for more people than that.
MANDATES_MAX = 200


def document_index(document_kind: str, number: str) -> bytes:
    """Return the blind index of a document: kind and number together, because numbers of two kinds may be equal."""
    return keys.blind("document", f"{document_kind}:{keys.normalise('document', number)}")


def person_for_lookup(document_kind: str, number: str) -> Person | None:
    """Return the person with that document, or None."""
    return _WITH_DOCUMENT.first(index=document_index(document_kind, number))


_WITH_DOCUMENT = Prepared(lambda index: Person.objects.filter(document_index=index))


def citizen_by_phone(phone: str) -> Account | None:
    """Return the citizen's account with that phone, or None."""
    return Account.objects.filter(kind=Account.Kind.CITIZEN, phone_index=keys.blind("phone", phone)).first()


def login_name(text: str) -> str:
    """Return the login name that a person means by a phone or a name; one look-up whether it is known or not."""
    account = citizen_by_phone(text)
    return account.login if account is not None else text.strip().lower()


def account_of(actor: Actor) -> Account:
    """Return the actor's own account.

    Raises:
        NotFound: the actor is no account, or it was closed.
    """
    known = Account.objects.select_related("person").filter(is_active=True)
    account = known.filter(pk=actor.account_id).first() if actor.account_id is not None else None
    if account is None:
        raise NotFound("您的账号")
    return account


def person_of(actor: Actor) -> Person | None:
    """Return the citizen's real-named person, or None while not verified."""
    return Person.objects.filter(pk=actor.person_id).first() if actor.person_id else None


def companies_of(actor: Actor) -> list[Operator]:
    """Return the companies that the actor may act for today, with the authority."""
    if actor.account_id is None:
        return []
    return list(live_operators(moment.today()).filter(account_id=actor.account_id).order_by("company__name"))


def heads_company(actor: Actor, company_id: int) -> bool:
    """Whether the actor is the company's legal representative or owner today."""
    if actor.kind != "citizen" or actor.account_id is None:
        return False
    heads = [Operator.Role.LEGAL_REPRESENTATIVE, Operator.Role.OWNER]
    live = live_operators(moment.today()).filter(company_id=company_id, account_id=actor.account_id)
    return live.filter(role__in=heads).exists()


def agents_of_company(actor: Actor, company_id: int) -> tuple[Company, list[Operator]]:
    """Return a company that the actor heads, and the agents who may act for it today or later.

    Raises:
        NotFound: absent, or the actor is not its head.
    """
    if not heads_company(actor, company_id):
        raise NotFound("这家单位")
    rows = Operator.objects.filter(company_id=company_id, role=Operator.Role.AGENT, revoked_at__isnull=True)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=moment.today()))
    found = list(rows.select_related("account__person").order_by("-pk")[:MANDATES_MAX])
    return Company.objects.get(pk=company_id), found


def delegations_of(actor: Actor) -> list[Delegation]:
    """Return what the actor has lent to colleagues and not taken back, up to its last day."""
    if actor.account_id is None:
        return []
    rows = Delegation.objects.filter(
        appointment__account_id=actor.account_id, revoked_at=None, valid_to__gte=moment.today()
    )
    return list(rows.select_related("to_account", "appointment__post__organisation").order_by("-pk"))


def colleagues_of(actor: Actor) -> list[Account]:
    """Return the other staff with a live post in a body where the actor holds one directly: key, name, login."""
    return [account for asked in ask_colleagues(actor) for account in asked.rows()]


def ask_colleagues(actor: Actor) -> tuple[Asked, ...]:
    """What `colleagues_of` reads, to be read ahead with other things of a page."""
    if actor.account_id is None:
        return ()
    own = sorted({ref.organisation_id for ref in actor.appointments if ref.delegated_from is None})
    return (_COLLEAGUES.asked(day=moment.today(), bodies=own, but=actor.account_id),)


def _colleagues(day: Any, bodies: Any, but: Any) -> QuerySet[Account]:
    held = live_appointments(day).filter(post__organisation_id__any=bodies)
    found = Account.objects.filter(pk__in=held.values("account_id")).exclude(pk=but)
    return found.only("pk", "name", "login", "kind").order_by("login")


_COLLEAGUES = Prepared(_colleagues)


def access_company(actor: Actor, company_id: int) -> Company:
    """Return a company that the actor acts for.

    Raises:
        NotFound: absent, or the actor does not act for it.
    """
    company = Company.objects.filter(pk=company_id).first() if company_id in actor.company_ids else None
    if company is None:
        raise NotFound("这家单位")
    return company


def seen_by(actor: Actor, *, cursor: str | None = None) -> Page[UnmaskLog]:
    """Return who saw the actor's data in clear, the latest first.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    if actor.person_id is None:
        return Page([])
    return page(UnmaskLog.objects.filter(person_id=actor.person_id), order=("-id",), cursor=cursor)


def names_of(account_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of accounts, for time lines and lists that staff see: one query."""
    rows = Account.objects.filter(pk__in=set(account_ids)).only("pk", "name")
    return {account.pk: account.name for account in rows}


def names_in_chain(subject: str) -> dict[int, str]:
    """Return the names of the staff who acted in a chain of events, for whoever may see the events."""
    return dict(_IN_CHAIN.rows(subject=subject))


def ask_names_in_chain(subject: str) -> Asked:
    """What `names_in_chain` reads, to be read ahead with other things of a page."""
    return _IN_CHAIN.asked(subject=subject)


def _in_chain(subject: Any) -> QuerySet[Account, tuple[int, str]]:
    acted = Event.objects.filter(subject=subject, actor_ref__startswith=_STAFF)
    keys = acted.values(key=Cast(Substr("actor_ref", len(_STAFF) + 1), BigIntegerField()))
    return Account.objects.filter(pk__in=keys).values_list("pk", "name")


#: What `actor_ref` of staff begins with; the account's key follows.
_STAFF = "staff:"
_IN_CHAIN = Prepared(_in_chain)


def mandates_given(actor: Actor) -> list[Mandate]:
    """Return what the actor has authorised others to and has not ended, up to its last day, the latest first."""
    return _open_mandates(Q(principal_id=actor.person_id)) if actor.person_id is not None else []


def mandates_held(actor: Actor) -> list[Mandate]:
    """Return what others authorised the actor to, those too that wait for its consent, the latest first."""
    return _open_mandates(Q(agent_id=actor.person_id)) if actor.person_id is not None else []


def authority_by(actor: Actor, person_id: int) -> Mandate:
    """Return the live authority that this person gave the actor, with both persons.

    Raises:
        NotFound: there is none.
    """
    held = actor.mandate_of(person_id)
    found = Mandate.objects.select_related("principal", "agent").filter(pk=held.mandate_id).first() if held else None
    if found is None:
        raise NotFound("这位委托人")
    return found


def mandate_of_event(subject: str) -> Mandate:
    """Return the mandate whose chain this is ("mandate:12"), with both persons."""
    return Mandate.objects.select_related("principal", "agent").get(pk=int(subject.partition(":")[2]))


def may_act_for(person_id: int, account_id: int) -> bool:
    """Whether the account's person acts for that person today: is it, or was authorised by it."""
    agent = Account.objects.filter(pk=account_id).values_list("person_id", flat=True).first()
    if agent is None:
        return False
    live = live_mandates(moment.today())
    return agent == person_id or live.filter(principal_id=person_id, agent_id=agent).exists()


def accounts_of_person(person_id: int) -> list[Account]:
    """Return the open citizens' accounts of a person."""
    rows = Account.objects.filter(person_id=person_id, kind=Account.Kind.CITIZEN, is_active=True)
    return list(rows.order_by("pk"))


def mandates_at_window(actor: Actor, document_kind: str, number: str) -> list[Mandate]:
    """Return the open mandates of the person with that document that were recorded at the actor's windows."""
    windows = [one.organisation_id for one in actor.appointments if one.role == Role.WINDOW_CLERK]
    person = person_for_lookup(document_kind, number)
    return _open_mandates(Q(principal=person, seen_at_body__in=windows)) if person is not None else []


def _open_mandates(whose: Q) -> list[Mandate]:
    rows = Mandate.objects.filter(whose, ended_at__isnull=True, valid_to__gte=moment.today())
    return list(rows.select_related("principal", "agent", "seen_at_body").order_by("-pk")[:MANDATES_MAX])
