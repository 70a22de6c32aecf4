"""Whose cases somebody may report: a division with all below it, or one body. The one place that says so."""

from django.db.models import Q
from django.utils.translation import gettext as _

from tongban.cases.models import ExchangeBatch
from tongban.cases.queries.access import HALL, division_prefix
from tongban.directory.models import Division, Organisation
from tongban.identity.queries import organisation_of_client
from tongban.kernel.actor import Actor, Role
from tongban.kernel.problems import NotFound

#: Scope of a system that reports cases.
SCOPE = "cases:exchange"
#: Kinds of bodies that answer for their whole division.
_FOR_ALL = frozenset({HALL, "government"})
_DIVISION_LENGTH = 12


def reaches(actor: Actor) -> tuple[str, ...]:
    """What the actor may report, by code: staff as 监察 of a division, a system for its body, the program everything.

    Empty for everybody else. The cases are those that a supervisor of the division sees anyway (`queries.access`).
    """
    if actor.kind == "staff":
        codes = (one.division_code for one in actor.appointments if one.role == Role.SUPERVISOR)
        return tuple(dict.fromkeys(codes))
    if actor.has_scope(SCOPE):
        body = Organisation.objects.filter(pk=organisation_of_client(actor) or 0).first()
        return () if body is None else (body.division_id if body.kind in _FOR_ALL else body.code,)
    return ()


def reports(actor: Actor) -> bool:
    """Whether the actor may report at all; no statement for staff."""
    return actor.is_system or bool(reaches(actor))


def require_reach(actor: Actor, asked: str | None = None) -> str:
    """The reach that was asked for, else the actor's first one.

    Raises:
        NotFound: it is none of the actor's, or the actor has none.
    """
    missing = NotFound(_("数据汇聚"), code="exchange_not_found")
    if actor.is_system:
        if asked is None or not _known(asked):
            raise missing
        return asked
    mine = reaches(actor)
    if not mine or (asked is not None and asked not in mine):
        raise missing
    return asked or mine[0]


def _known(code: str) -> bool:
    return Division.objects.filter(pk=code).exists() or Organisation.objects.filter(code=code).exists()


def within(reach: str, prefix: str = "") -> Q:
    """The cases of a reach, as a condition on cases, or on what leads to one (`prefix` "case__")."""
    if len(reach) == _DIVISION_LENGTH:
        return Q(**{f"{prefix}division__code__startswith": division_prefix(reach)})
    return Q(**{f"{prefix}organisation__code": reach})


def access_batch(actor: Actor, number: str) -> ExchangeBatch:
    """The batch with this number, if it is of the actor's reach.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = ExchangeBatch.objects.filter(number=number[:40])
    if not actor.is_system:
        found = found.filter(reach__in=reaches(actor))
    batch = found.first()
    if batch is None:
        raise NotFound(_("这个批次"), code="batch_not_found")
    return batch
