"""Who tries every command, on what, and the table that says who may; rows stand in `test_matrix` and `matrix_service`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tongban.cases import commands
from tongban.cases.models import Draft
from tongban.cases.tests import story
from tongban.catalogue.models import ItemVersion
from tongban.directory.models import Organisation
from tongban.identity import commands as identity
from tongban.identity.queries import actor_of_token
from tongban.kernel.actor import SYSTEM, Actor

HUMANS = (
    "citizen", "other_citizen", "operator", "clerk", "officer", "head", "leader", "other_clerk", "other_officer",
    "other_leader", "editor", "reviewer", "supervisor", "admin", "system", "visitor",
)  # fmt: skip
CLIENTS = {
    "client": ["cases:submit", "cases:track"],
    "other_client": ["cases:submit", "cases:track"],
    "reader": ["items:read"],
    "exchanger": ["cases:exchange"],
}
#: Who sees the food case of the story without being able to do everything to it: refused with 403, not 404.
SEES = {"citizen", "clerk", "officer", "head", "leader", "supervisor", "system"}


class Scene:
    """A city with systems, one draft of each channel and one case, made anew for every row."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast
        body = Organisation.objects.get(ref="430212:sjj")
        self.actors: dict[str, Actor] = {name: getattr(cast, name) for name in HUMANS}
        for name, scopes in CLIENTS.items():
            _client, token = identity.issue_api_client(
                SYSTEM,
                name=name,
                organisation=self.version.implementation.organisation if name == "exchanger" else body,
                scopes=scopes,
                valid_to=date(2099, 12, 31),
            )
            actor = actor_of_token(token)
            assert actor is not None
            self.actors[name] = actor
        self.window = body
        self.citizen, self.clerk, self.client = (self.actors[name] for name in ("citizen", "clerk", "client"))

    @property
    def version(self) -> ItemVersion:
        found = story.implementation_for(story.sample()).current
        assert found is not None
        return found

    def draft(self) -> Draft:
        return story.draft(self.citizen)

    def window_draft(self) -> Draft:
        company = self.draft().applicant
        applicant = commands.Applicant.from_json({**company, "phone": ""})
        return story.window_draft(self.clerk, story.FOOD, applicant)

    def walk(self) -> story.Walk:
        return story.walk()


Attempt = Callable[[Actor], Any]


@dataclass(frozen=True)
class Row:
    """Who may, and what it takes: `stage` readies the scene and gives the attempt that everybody makes."""

    may: frozenset[str]
    stage: Callable[[Scene], Attempt]
    sees: frozenset[str] = frozenset()


ROWS: dict[str, Row] = {}


def row(*may: str, sees: set[str] | frozenset[str] = frozenset()) -> Callable[[Callable[[Scene], Attempt]], Any]:
    """Put the decorated stage into the table, under its name."""

    def put(stage: Callable[[Scene], Attempt]) -> Callable[[Scene], Attempt]:
        ROWS[stage.__name__] = Row(frozenset(may), stage, frozenset(sees))
        return stage

    return put


# Reception: window clerks authorised in writing, and officers of the body. 彭亮 (head) is an officer too.
RECEPTION = ("clerk", "officer", "head")
