"""The only way to a case or a draft: absent and forbidden look the same."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tongban.base.reading import Prepared
from tongban.cases.models import Case, CaseStep, Draft, InboxEntry
from tongban.catalogue.queries import definition_of, lent_to
from tongban.directory.queries import keys_of
from tongban.kernel.actor import Actor, Role
from tongban.kernel.problems import NotFound

#: Kind of an organisation that runs a hall of government services (政务服务中心).
HALL = "hall_authority"
#: Posts that work on cases.
_WORKING = frozenset({Role.WINDOW_CLERK, Role.CASE_OFFICER, Role.SECTION_HEAD, Role.LEADER})
_NUMBER_MAX = 50
_WITH_CASE = (
    "item_version", "implementation", "organisation", "division", "received_by", "correction", "decision",
)  # fmt: skip
#: What every act on a draft looks at: read with it, in one statement.
_WITH_DRAFT = (
    "item_version__implementation__organisation",
    "item_version__implementation__division",
    "account",
    "person",
    "company",
    "client",
    "case",
)
#: Lengths at which a division code says something: province 2, city 4, county 6, town 9 digits.
_PREFIXES = (2, 4, 6, 9)


def division_prefix(code: str) -> str:
    """The part of a 12-digit division code that everything under it begins with."""
    for length in _PREFIXES:
        if not code[length:].strip("0"):
            return code[:length]
    return code


@dataclass(frozen=True, slots=True)
class Sight:
    """How far an actor sees: which of the rules below holds, and its values."""

    rule: Callable[..., Q]
    values: Mapping[str, Any]


def visible_to(actor: Actor) -> Q:
    """Which cases the actor may see, as a condition for lists, counts and exports alike."""
    sight = sight_of(actor)
    return sight.rule(**sight.values)


def sight_of(actor: Actor) -> Sight:
    """How far an actor sees, for statements that are compiled once."""
    if actor.is_system:
        return Sight(Q, {})
    if actor.kind == "client" and actor.has_scope("cases:track"):
        return Sight(_of_client, {"client": actor.client_id})
    if actor.kind == "citizen":
        whose = {"persons": list(actor.person_ids), "companies": list(actor.company_ids)}
        return Sight(_of_citizen, {"account": actor.account_id} | whose)
    if actor.kind == "staff":
        ids = {one.organisation_id for one in actor.appointments if one.role in _WORKING}
        watched = [one.division_code for one in actor.appointments if one.role == Role.SUPERVISOR]
        prefixes = [f"{division_prefix(code)}%" for code in watched]
        return Sight(_of_staff, {"bodies": list(ids), "lent": list(lent_to(ids)), "prefixes": prefixes})
    return Sight(_of_nobody, {})


def _of_nobody() -> Q:
    return Q(pk__in=[])


def _of_client(client: Any) -> Q:
    return Q(client_id=client)


def _of_citizen(account: Any, persons: Any, companies: Any) -> Q:
    """One's own, those of persons and companies one acts for today. Who filed for another sees it only as long."""
    mine = Q(account_id=account, person__isnull=True) | Q(person_id__any=persons)
    return Q(mine, company__isnull=True) | Q(company_id__any=companies)


def _of_staff(bodies: Any, lent: Any, prefixes: Any) -> Q:
    entry = InboxEntry.objects.filter(case=OuterRef("pk"), organisation_id__any=bodies)
    step = CaseStep.objects.filter(case=OuterRef("pk"), organisation_id__any=bodies)
    seen = Q(organisation_id__any=bodies) | Q(received_by_id__any=bodies) | Q(Exists(entry)) | Q(Exists(step))
    # A window authorised in writing for an item takes corrections and hands out results of every case of it, though
    # its inbox holds only what was handed in there.
    return seen | Q(implementation_id__any=lent) | Q(division__code__like_any=prefixes)


def cases_of(actor: Actor) -> QuerySet[Case]:
    """Every case that the actor may see."""
    return Case.objects.filter(visible_to(actor))


def access_case(actor: Actor, case_no: str, *, lock: bool = False) -> Case:
    """The case with this number, if the actor may see it; locked until the transaction ends where asked.

    Raises:
        NotFound: there is no such case, or it is not the actor's to see.
    """
    sight = sight_of(actor)
    case = None
    if len(case_no) <= _NUMBER_MAX:
        if lock:
            _LOCKED.rows(sight.rule, number=case_no, **sight.values)
        case = _JOINED.first(sight.rule, number=case_no, **sight.values)
    if case is None:
        raise NotFound(_("这个办件"), code="case_not_found")
    return case


def _numbered(rule: Callable[..., Q], number: Any, **values: Any) -> QuerySet[Case]:
    return Case.objects.filter(rule(**values), case_no=number)


#: What every act and page looks at, read with the case in one statement.
_JOINED: Prepared[Case] = Prepared(lambda *rule, **values: _numbered(*rule, **values).select_related(*_WITH_CASE))
#: Rows are locked before they are read: of one that was waited for, what is joined to it would be of before.
_LOCKED: Prepared[int] = Prepared(
    lambda *rule, **values: _numbered(*rule, **values).select_for_update(of=("self",)).values_list("pk", flat=True)
)


def access_draft(actor: Actor, public_id: uuid.UUID | str, *, lock: bool = False) -> Draft:
    """The draft, if it is the actor's own (the applicant's, the clerk's or the system's that began it).

    Raises:
        NotFound: there is no such draft, or it is somebody else's.
    """
    missing = NotFound(_("这份暂存的申请"), code="draft_not_found")
    try:
        wanted = uuid.UUID(str(public_id))
    except ValueError:
        raise missing from None
    found = drafts_of(actor).filter(public_id=wanted)
    if lock:
        # As for cases: locked before it is read.
        list(found.order_by("pk").select_for_update().values_list("pk", flat=True))
    draft = found.select_related(*_WITH_DRAFT).first()
    if draft is None:
        raise missing
    return draft


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    """Every draft that the actor writes."""
    owner = _owner_of_draft(actor)
    return Draft.objects.filter(owner) if owner is not None else Draft.objects.none()


def _owner_of_draft(actor: Actor) -> Q | None:
    if actor.kind == "citizen":
        return Q(account_id=actor.account_id) & _of_citizen(
            actor.account_id, list(actor.person_ids), list(actor.company_ids)
        )
    if actor.kind == "staff":
        return Q(clerk_id=actor.account_id)
    if actor.kind == "client":
        return Q(client_id=actor.client_id)
    return None


def window_ids(case: Case) -> frozenset[int]:
    """Bodies besides the implementing one that may receive and accept this case's item (written authorisation)."""
    return keys_of(definition_of(case.item_version).window_organisations)


def hall_ids(case: Case) -> frozenset[int]:
    """Those of `window_ids` that are halls: what is filed online comes to them, not to every village of the county."""
    return keys_of(definition_of(case.item_version).window_organisations, kind=HALL)
