"""The only way to a case or a draft: absent and forbidden look the same."""

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tongban.cases.models import Case, CaseStep, Draft, InboxEntry
from tongban.catalogue.queries import definition_of, lent_to
from tongban.directory.queries import keys_of
from tongban.kernel.actor import Actor, Role
from tongban.kernel.problems import NotFound

#: Kind of an organisation that runs a hall of government services (政务服务中心).
HALL = "hall_authority"
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


def visible_to(actor: Actor) -> Q:
    """Which cases the actor may see, as a condition for lists, counts and exports alike."""
    if actor.is_system:
        return Q()
    if actor.kind == "client":
        return Q(client_id=actor.client_id) if actor.has_scope("cases:track") else Q(pk__in=[])
    if actor.kind == "citizen":
        mine = Q(account_id=actor.account_id, company__isnull=True)
        if actor.person_id:
            mine |= Q(person_id=actor.person_id, company__isnull=True)
        if actor.company_ids:
            mine |= Q(company_id__in=actor.company_ids)
        return mine
    if actor.kind == "staff":
        return _visible_to_staff(actor)
    return Q(pk__in=[])


def _visible_to_staff(actor: Actor) -> Q:
    working = {Role.WINDOW_CLERK, Role.CASE_OFFICER, Role.SECTION_HEAD, Role.LEADER}
    ids = {one.organisation_id for one in actor.appointments if one.role in working}
    entry = InboxEntry.objects.filter(case=OuterRef("pk"), organisation_id__in=ids)
    step = CaseStep.objects.filter(case=OuterRef("pk"), organisation_id__in=ids)
    seen = Q(organisation_id__in=ids) | Q(received_by_id__in=ids) | Q(Exists(entry)) | Q(Exists(step))
    # A window authorised in writing for an item takes corrections and hands out results of every case of it, though
    # its inbox holds only what was handed in there.
    seen |= Q(implementation_id__in=lent_to(ids))
    for one in actor.appointments:
        if one.role == Role.SUPERVISOR:
            seen |= Q(division__code__startswith=division_prefix(one.division_code))
    return seen


def cases_of(actor: Actor) -> QuerySet[Case]:
    """Every case that the actor may see."""
    return Case.objects.filter(visible_to(actor))


def access_case(actor: Actor, case_no: str, *, lock: bool = False) -> Case:
    """The case with this number, if the actor may see it; locked until the transaction ends where asked.

    Raises:
        NotFound: there is no such case, or it is not the actor's to see.
    """
    found = cases_of(actor).filter(case_no=case_no) if len(case_no) <= 50 else Case.objects.none()
    if lock:
        _wait_for(found)
    joined = found.select_related("item_version", "implementation", "organisation", "division", "received_by")
    case = joined.first()
    if case is None:
        raise NotFound(_("这个办件"), code="case_not_found")
    return case


def access_draft(actor: Actor, public_id: uuid.UUID | str, *, lock: bool = False) -> Draft:
    """The draft, if it is the actor's own (the applicant's, the clerk's or the system's that began it).

    Raises:
        NotFound: there is no such draft, or it is somebody else's.
    """
    missing = NotFound(_("这份暂存的申请"), code="draft_not_found")
    owner = _owner_of_draft(actor)
    try:
        wanted = uuid.UUID(str(public_id))
    except ValueError:
        raise missing from None
    if owner is None:
        raise missing
    found = Draft.objects.filter(owner, public_id=wanted)
    if lock:
        _wait_for(found)
    draft = found.select_related(*_WITH_DRAFT).first()
    if draft is None:
        raise missing
    return draft


def _wait_for(found: "QuerySet[Case] | QuerySet[Draft]") -> None:
    """Lock the rows before they are read: of one that was waited for, what is joined to it would be of before."""
    list(found.order_by("pk").select_for_update().values_list("pk", flat=True))


def _owner_of_draft(actor: Actor) -> Q | None:
    if actor.kind == "citizen":
        return Q(account_id=actor.account_id)
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
