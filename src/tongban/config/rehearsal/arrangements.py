"""What people of the demonstration city have arranged among themselves, by the commands of their pages.

A head shares a saved view with the unit, citizens authorise others, a system asks to be told and is not there.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from django.db import transaction

from tongban.base import moment
from tongban.config.rehearsal.demo import actor_of
from tongban.config.rehearsal.section import AgentShape, CasesShape, MandateShape, SubscriberShape, ViewShape
from tongban.desk import commands as desk
from tongban.directory.queries import organisation_by_ref
from tongban.identity import commands as identity
from tongban.identity.commands import DemoAccount, Named
from tongban.identity.models import Account, Company
from tongban.identity.queries import actor_of_token
from tongban.kernel.actor import SYSTEM
from tongban.kernel.problems import Invalid
from tongban.partners import commands as partners
from tongban.partners.models import WebhookMessage

#: How long ago it was arranged: the tries of a message, over three days, then lie in the past too.
_AGO: Final = timedelta(days=6)
_BEGINS: Final = time(9, 40)
_TERM: Final = timedelta(days=180)
_CLIENT_TERM: Final = timedelta(days=365)


def arrange(shape: CasesShape, accounts: Iterable[DemoAccount]) -> None:
    """Make everything arranged of the pack's part, each at its moment in the past days."""
    people = {one.login: one for one in accounts}
    begun = datetime.combine(moment.today() - _AGO, _BEGINS, moment.SHANGHAI)
    acts: list[Callable[[], object]] = [partial(_share, one, people) for one in shape.views]
    acts += [partial(_authorise, one, people) for one in shape.mandates]
    acts += [partial(_name_agent, one, people) for one in shape.agents]
    acts += [partial(_subscribe, one) for one in shape.subscribers]
    for number, act in enumerate(acts):
        with moment.freeze(begun + timedelta(minutes=7 * number)):
            act()


def _share(row: ViewShape, people: dict[str, DemoAccount]) -> None:
    actor = actor_of(_account(people[row.login]))
    view = desk.save_view(actor=actor, panel=row.panel, name=row.name, address=row.address)
    unit = organisation_by_ref(row.unit)
    desk.change_view(actor=actor, view_id=view.pk, name=row.name, organisation_id=unit.pk)


def _authorise(row: MandateShape, people: dict[str, DemoAccount]) -> None:
    """The one grants it and signs with the password, the other consents."""
    principal, agent = people[row.principal], _account(people[row.agent])
    mandate = identity.grant_mandate(
        actor_of(_account(principal)),
        agent=_named(agent),
        valid_to=_until(),
        may_withdraw=row.may_withdraw,
        method="password",
        secret=principal.password,
    )
    identity.confirm_mandate(actor_of(agent), mandate_id=mandate.pk)


def _name_agent(row: AgentShape, people: dict[str, DemoAccount]) -> None:
    head = people[row.head]
    identity.authorise_agent(
        actor_of(_account(head)),
        company_id=Company.objects.get(uscc=row.uscc).pk,
        agent=_named(_account(people[row.agent])),
        valid_to=_until(),
        method="password",
        secret=head.password,
    )


def _subscribe(row: SubscriberShape) -> None:
    """A system is told once and does not answer, until its message is given up; where its address may be written to."""
    try:
        with transaction.atomic():
            _client, token = identity.issue_api_client(
                SYSTEM,
                name=row.name,
                organisation=organisation_by_ref(row.organisation),
                scopes=["events:read"],
                valid_to=moment.today() + _CLIENT_TERM,
            )
            actor = actor_of_token(token)
            assert actor is not None
            endpoint, _secret = partners.add_webhook(actor=actor, url=row.url, kinds=row.kinds)
            message = partners.queue_ping(actor=actor, endpoint_id=endpoint.pk)
    except Invalid:
        # This installation writes to no address of this machine: then nobody is told here.
        return
    while message.state == WebhookMessage.State.WAITING:
        with moment.freeze(message.next_at):
            partners.deliver_next(endpoint_id=endpoint.pk)
        message.refresh_from_db()


def _until() -> date:
    return moment.today() + _TERM


def _account(person: DemoAccount) -> Account:
    return Account.objects.select_related("person").get(pk=person.account_id)


def _named(account: Account) -> Named:
    person = account.person
    assert person is not None
    return Named(document_kind=person.document_kind, document_number=person.document_number, name=person.name)
