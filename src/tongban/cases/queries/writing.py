"""What an officer is writing and the phrases to write it with."""

from dataclasses import dataclass

from django.db.models import F, Q

from tongban.base.reading import Asked, Prepared
from tongban.cases import policy
from tongban.cases.models import Case, OpinionDraft, Phrase
from tongban.kernel.actor import Actor

PHRASES_SHOWN_MAX = 100


@dataclass(frozen=True, kw_only=True)
class PhraseList:
    """The phrases of one owner: the actor (`organisation_id` None) or a unit; whether the actor may change them."""

    organisation_id: int | None
    name: str
    phrases: tuple[Phrase, ...]
    may_change: bool

    @property
    def field_id(self) -> str:
        """The id of the field in which a phrase is added."""
        return f"add-{self.organisation_id or 'own'}"


def opinion_drafts(actor: Actor, case: Case) -> dict[int, OpinionDraft]:
    """What the actor has written about open steps of the case and not yet given, by the step's key in the table."""
    if actor.kind != "staff":
        return {}
    return {one.step_id: one for one in _DRAFTS.rows(case=case.pk, author=actor.account_id or 0)}


def ask_opinion_drafts(actor: Actor, case: Case) -> tuple[Asked, ...]:
    """What `opinion_drafts` reads, to be read ahead with other things of a page."""
    return (_DRAFTS.asked(case=case.pk, author=actor.account_id or 0),) if actor.kind == "staff" else ()


_DRAFTS = Prepared(
    lambda case, author: OpinionDraft.objects.filter(step__case_id=case, step__state="open", author_id=author)
)


def phrases_for(actor: Actor, organisation_id: int | None = None) -> list[Phrase]:
    """Phrases to choose from: the actor's own first, then those of the actor's units (or of one unit); bounded."""
    units = policy.opinion_units(actor)
    if organisation_id is not None:
        units &= {organisation_id}
    if not policy.gives_opinions(actor):
        return []
    found = Phrase.objects.filter(Q(account_id=actor.account_id) | Q(organisation_id__in=units))
    return list(found.order_by(F("organisation_id").asc(nulls_first=True), "pk")[:PHRASES_SHOWN_MAX])


def phrase_lists(actor: Actor) -> list[PhraseList]:
    """The phrases by owner for the page where they are kept: the actor's own, then each unit's."""
    found = phrases_for(actor)
    names = {one.organisation_id: one.organisation_name for one in actor.appointments}
    own = PhraseList(
        organisation_id=None,
        name="",
        phrases=tuple(one for one in found if one.organisation_id is None),
        may_change=True,
    )
    units = [
        PhraseList(
            organisation_id=key,
            name=names[key],
            phrases=tuple(one for one in found if one.organisation_id == key),
            may_change=policy.heads(actor, key),
        )
        for key in sorted(policy.opinion_units(actor))
    ]
    return [own, *units]
