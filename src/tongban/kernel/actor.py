"""Who acts: the one description of a person, program or clock that every command takes first."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

ActorKind = Literal["citizen", "staff", "client", "system", "visitor"]


class Role(StrEnum):
    """What a post lets its holder do inside its organisation and division."""

    WINDOW_CLERK = "window_clerk"
    CASE_OFFICER = "case_officer"
    SECTION_HEAD = "section_head"
    LEADER = "leader"
    CATALOGUE_EDITOR = "catalogue_editor"
    LEGAL_REVIEWER = "legal_reviewer"
    DIRECTORY_REVIEWER = "directory_reviewer"
    SUPERVISOR = "supervisor"
    IT_ADMIN = "it_admin"


ROLE_NAMES: dict[str, str] = {
    Role.WINDOW_CLERK: "窗口人员",
    Role.CASE_OFFICER: "承办人",
    Role.SECTION_HEAD: "审核人",
    Role.LEADER: "审批人",
    Role.CATALOGUE_EDITOR: "事项管理员",
    Role.LEGAL_REVIEWER: "法制审核员",
    Role.DIRECTORY_REVIEWER: "目录审核员",
    Role.SUPERVISOR: "监察员",
    Role.IT_ADMIN: "系统管理员",
}


@dataclass(frozen=True, slots=True)
class AppointmentRef:
    """A post that the actor holds now, by appointment or by delegation.

    `id` is the appointment's key, `delegated_from` the account that delegated it (None if held directly).
    """

    id: int
    role: str
    post_title: str
    organisation_id: int
    organisation_name: str
    division_code: str
    delegated_from: int | None = None


@dataclass(frozen=True, slots=True)
class PrincipalRef:
    """A natural person who authorised the actor (授权代办): key of the person and of the mandate, and whether it
    covers giving an application up, which takes a special authority.
    """

    person_id: int
    mandate_id: int
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, with everything that policy needs, as of the moment of the act.

    `person_id`, `company_ids` and `principals` are whom a citizen may act for; `client_id` and `scopes` belong to
    programs.
    """

    kind: ActorKind
    account_id: int | None = None
    name: str = ""
    appointments: tuple[AppointmentRef, ...] = ()
    client_id: int | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)
    person_id: int | None = None
    company_ids: tuple[int, ...] = ()
    principals: tuple[PrincipalRef, ...] = ()

    @property
    def ref(self) -> str:
        """Name the actor without personal data, as events carry it: `staff:12`, `client:3`, `system:clock`."""
        if self.kind == "system":
            return f"system:{self.name or 'clock'}"
        if self.kind == "client":
            return f"client:{self.client_id}"
        if self.kind == "visitor":
            return "visitor:anonymous"
        return f"{self.kind}:{self.account_id}"

    @property
    def is_system(self) -> bool:
        """Whether the program itself acts (a clock, a job, the command line)."""
        return self.kind == "system"

    @property
    def person_ids(self) -> tuple[int, ...]:
        """The natural persons whom a citizen may act for: oneself first, then those who authorised it."""
        own = () if self.person_id is None else (self.person_id,)
        return own + tuple(one.person_id for one in self.principals)

    def mandate_of(self, person_id: int | None) -> PrincipalRef | None:
        """The authorisation by that person; None where there is none, or the actor is that person."""
        return next((one for one in self.principals if one.person_id == person_id), None)

    def has_scope(self, scope: str) -> bool:
        """Whether a program was granted this scope."""
        return self.kind == "client" and scope in self.scopes

    def roles(self) -> frozenset[str]:
        """Every role that the actor holds somewhere."""
        return frozenset(appointment.role for appointment in self.appointments)


#: The program itself.
SYSTEM = Actor(kind="system", name="clock")
#: Somebody who has not logged in.
VISITOR = Actor(kind="visitor")
