"""Who may do what to accounts and posts, as small predicates over the actor; no database."""

from __future__ import annotations

from tongban.kernel.actor import Actor, AppointmentRef, Role

#: Roles whose work needs personal data in clear.
CASEWORK_ROLES = frozenset({Role.WINDOW_CLERK, Role.CASE_OFFICER, Role.SECTION_HEAD, Role.LEADER})

#: What an API client may be allowed to do.
SCOPES = frozenset(
    {
        "items:read",
        "items:write",
        "cases:submit",
        "cases:track",
        "cases:handle",
        "cases:exchange",
        "events:read",
        "posts:manage",
    }
)

#: Posts in whose name an API client may act once one is bound to it, each with the scope that this asks for.
POST_SCOPES = {**dict.fromkeys(CASEWORK_ROLES, "cases:handle"), Role.IT_ADMIN: "posts:manage"}


def holds(actor: Actor, role: str, organisation_id: int) -> AppointmentRef | None:
    """Return the post by which the actor has that role in that organisation; held directly before delegated."""
    fitting = [ref for ref in actor.appointments if ref.role == role and ref.organisation_id == organisation_id]
    return min(fitting, key=lambda ref: ref.delegated_from is not None, default=None)


def covers(division_code: str, other_code: str) -> bool:
    """Whether a 12-digit division contains another or is it, by the levels in the code (domain.md 6.5)."""
    return other_code.startswith(_significant(division_code))


def _significant(code: str) -> str:
    for width in (2, 4, 6, 9):
        if not code[width:].strip("0"):
            return code[:width]
    return code


def may_in_division(actor: Actor, role: str, division_code: str) -> AppointmentRef | None:
    """Return the post by which the actor has that role over that division, the narrowest first."""
    fitting = [ref for ref in actor.appointments if ref.role == role and covers(ref.division_code, division_code)]
    return max(fitting, key=lambda ref: len(_significant(ref.division_code)), default=None)


def may_manage_posts(actor: Actor, division_code: str) -> bool:
    """Whether the actor may create posts, appoint and hand over there: IT staff of a division around it, the system."""
    return actor.is_system or may_in_division(actor, Role.IT_ADMIN, division_code) is not None


def may_unmask_persons(actor: Actor) -> bool:
    """Whether the actor's work gives a reason to see personal data in clear at all."""
    return any(ref.role in CASEWORK_ROLES for ref in actor.appointments)
