"""The guide of an item as a page shows it: five facts, conditions, materials, flow, fees, law, questions, remedies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongban.catalogue.condition_words import when_words
from tongban.catalogue.definition import Definition, Faq, Fee, Law, Limit, Material, Step, Stop
from tongban.catalogue.flow_picture import Picture, flow_picture
from tongban.catalogue.forms.blanks import SAMPLED, paper_kind
from tongban.catalogue.models import ItemVersion
from tongban.catalogue.queries import terms
from tongban.catalogue.words import (
    DELIVERIES,
    HANDLE_FORMS,
    KINDS,
    SCOPES,
    count_words,
    fee_words,
    limit_words,
    source_words,
    targets_words,
    visits_words,
)
from tongban.directory.models import Organisation, Place
from tongban.kernel.money import yuan


@dataclass(frozen=True)
class Fact:
    """One of the five facts on top: 谁能办、几天、跑几次、多少钱、在哪办."""

    key: str
    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class MaterialRow:
    """One material as the guide lists it; `exempt`: not handed in where the licence library has it."""

    number: int
    material: Material
    count: str
    source: str
    exempt: bool
    #: In which situation it is asked for, in words; empty: in every one.
    when: str
    #: Which blank paper can be printed, see `forms.blanks`; empty for none.
    paper: str

    @property
    def conditional(self) -> bool:
        """Whether only some situations ask for it."""
        return self.material.when is not None

    @property
    def sampled(self) -> bool:
        """Whether a filled sample can be printed."""
        return self.paper in SAMPLED

    @property
    def hint(self) -> str:
        """What helps to prepare it."""
        return self.material.accept_standard or self.material.fill_note


@dataclass(frozen=True)
class FlowStep:
    """One step with its unit and days; `paused`: its time is not counted in the limit."""

    name: str
    unit: str
    days: str
    paused: bool = False


@dataclass(frozen=True)
class FlowStage:
    """Steps that run at the same time; one step in most stages."""

    steps: tuple[FlowStep, ...]

    @property
    def parallel(self) -> bool:
        """Whether several units work at once."""
        return len(self.steps) > 1


@dataclass(frozen=True)
class FeeRow:
    """One fee in words."""

    fee: Fee
    amount: str
    when: str


@dataclass(frozen=True)
class Guide:
    """Everything that the guide's page, print and API show of one version."""

    task_code: str
    name: str
    kind: str
    organisation: str
    sample_code: bool
    official_code: bool
    version: int
    published_at: datetime
    facts: tuple[Fact, ...]
    definition: Definition
    conditions: tuple[str, ...]
    stops: tuple[tuple[str, Stop], ...]
    materials: tuple[MaterialRow, ...]
    stages: tuple[FlowStage, ...]
    fees: tuple[FeeRow, ...]
    laws: tuple[Law, ...]
    faq: tuple[Faq, ...]
    places: tuple[Place, ...]
    handle_forms: tuple[str, ...]
    deliveries: tuple[str, ...]
    scope: str
    remedies: str
    online: bool
    takes_cases: bool
    state_reason: str
    sample_fields: tuple[str, ...]
    material_counts: Mapping[str, int] = field(default_factory=dict)
    clock: tuple[terms.Term, ...] = ()
    handling_items: tuple[terms.HandlingRow, ...] = ()
    running: terms.Running | None = None
    ways_to_contest: tuple[terms.Remedy, ...] = ()
    #: Places of the body itself, besides the windows.
    body_places: tuple[Place, ...] = ()

    @property
    def picture(self) -> Picture:
        """The flow as a picture."""
        return flow_picture(self.stages)


def guide(version: ItemVersion) -> Guide:
    """The guide of a version; two queries beside those that fetched it (places, other units)."""
    item = version.implementation
    it = version.parsed
    named = Q(code__in=it.windows) | Q(organisation=item.organisation_id)
    known = tuple(Place.objects.filter(named).select_related("division").order_by("division_id", "name"))
    places = tuple(one for one in known if one.code in it.windows)
    materials = _materials(it)
    return Guide(
        task_code=item.task_code,
        name=it.name,
        kind=str(KINDS[it.kind]),
        organisation=item.organisation.name,
        sample_code=item.organisation.sample_code,
        official_code=item.base.official_code,
        version=version.number,
        published_at=version.published_at,
        facts=_facts(it, places),
        definition=it,
        conditions=it.conditions,
        stops=tuple((option.label, option.stop) for q in it.questions for option in q.options if option.stop),
        materials=materials,
        stages=_stages(it, item.organisation.short_name or item.organisation.name),
        fees=tuple(FeeRow(fee, f"{yuan(fee.amount_fen)}/{fee.unit}", when_words(it, fee.when)) for fee in it.fee),
        laws=it.legal_basis,
        faq=it.faq,
        places=places,
        handle_forms=tuple(str(HANDLE_FORMS[one]) for one in it.handle_forms),
        deliveries=tuple(str(DELIVERIES[one]) for one in it.delivery) if it.result.kind != "none" else (),
        scope=str(SCOPES[it.cross_region_scope]) if it.cross_region_scope else "",
        remedies=_remedies(it),
        online=_online(it),
        takes_cases=item.takes_cases,
        state_reason="" if item.takes_cases else item.state_reason,
        sample_fields=tuple(item.base.sample_fields),
        material_counts=_counts(materials),
        clock=terms.clock(it),
        handling_items=terms.handling_items(it),
        running=terms.running(it),
        ways_to_contest=terms.remedies(it),
        body_places=tuple(one for one in known if one.code not in it.windows),
    )


def _facts(it: Definition, places: tuple[Place, ...]) -> tuple[Fact, ...]:
    where = _("网上") if _online(it) else ""
    halls = places[0].name if places else ""
    return (
        Fact("who", _("谁能办"), targets_words(it.service_targets), it.conditions[0]),
        Fact("days", _("几天"), limit_words(it.promised), _statutory_words(it)),
        Fact("visits", _("跑几次"), visits_words(it.onsite_visits), it.onsite_reason or _("全程网办")),
        Fact("fee", _("多少钱"), fee_words(it), it.fee[0].name if len(it.fee) == 1 else ""),
        Fact(
            "where",
            _("在哪办"),
            _("%(online)s，或%(hall)s") % {"online": where, "hall": halls} if where and halls else where or halls,
            str(SCOPES[it.cross_region_scope]) if it.cross_region_scope else "",
        ),
    )


def _statutory_words(it: Definition) -> str:
    if it.statutory.unit == "at_once":
        return ""
    return _("法定 %(limit)s") % {"limit": limit_words(it.statutory)}


def _online(it: Definition) -> bool:
    return bool({"web", "mobile"} & set(it.handle_forms))


def _materials(it: Definition) -> tuple[MaterialRow, ...]:
    return tuple(
        MaterialRow(
            number=number,
            material=material,
            count=count_words(material),
            source=source_words(material),
            exempt=material.licence_type is not None,
            when=when_words(it, material.when),
            paper=paper_kind(material),
        )
        for number, material in enumerate(it.materials, start=1)
    )


def _counts(materials: tuple[MaterialRow, ...]) -> dict[str, int]:
    """How many materials there are, are exempt, are made from the form, and are left to prepare."""
    exempt = sum(row.exempt for row in materials)
    generated = sum(row.material.generated_from_form for row in materials)
    return {
        "all": len(materials),
        "exempt": exempt,
        "generated": generated,
        "own": len(materials) - exempt - generated,
    }


def _stages(it: Definition, body: str) -> tuple[FlowStage, ...]:
    """Application, acceptance, the steps in order (parallel ones together), and delivery if there is a result."""
    codes = [step.unit for step in it.steps if step.unit]
    units = {row.code: row.short_name or row.name for row in Organisation.objects.filter(code__in=codes)}
    channels = _("网上或者窗口") if _online(it) else _("窗口")
    stages = [FlowStage((FlowStep(_("申请"), channels, _("随时")),))]
    if it.project_type == "promised":
        limit = Limit(amount=terms.ACCEPTANCE_WORKING_DAYS, unit="working_days")
        within = _("%(limit)s内") % {"limit": limit_words(limit)}
        stages.append(FlowStage((FlowStep(_("受理"), body, within),)))
    for rank in _ranks(it.steps):
        stages.append(FlowStage(tuple(_flow_step(step, units, body) for step in rank)))
        stages.extend(
            FlowStage((FlowStep(special.name, _special_note(special.counts_in_limit), limit_words(special.limit),
                                not special.counts_in_limit),))
            for special in it.special_procedures
            if special.during in {step.key for step in rank}
        )  # fmt: skip
    if it.result.kind != "none":
        stages.append(FlowStage((FlowStep(_("送达"), it.result.name, _delivery_words(it)),)))
    return tuple(stages)


def _ranks(steps: tuple[Step, ...]) -> list[list[Step]]:
    """Steps by how many must be done before them; a definition with a circle is refused before it gets here."""
    done: set[str] = set()
    waiting = list(steps)
    ranks: list[list[Step]] = []
    while waiting:
        ready = [step for step in waiting if set(step.after) <= done] or waiting
        ranks.append(ready)
        done.update(step.key for step in ready)
        waiting = [step for step in waiting if step.key not in done]
    return ranks


def _flow_step(step: Step, units: Mapping[str, str], body: str) -> FlowStep:
    unit = units.get(step.unit or "", body)
    return FlowStep(step.name, unit, limit_words(step.limit) if step.limit else "")


def _special_note(counts: bool) -> str:
    return _("需要时进行，计入时限") if counts else _("需要时进行，不计入时限")


def _delivery_words(it: Definition) -> str:
    if it.project_type == "instant":
        return _("当场")
    return _("10 个工作日内") if it.kind == "01" else ""


def _remedies(it: Definition) -> str:
    suit = it.remedies.suit_months
    months = ngettext("%(n)s 个月", "%(n)s 个月", suit) % {"n": suit}
    return _(
        "不服决定的，可以自知道之日起 %(days)s 日内向%(body)s申请行政复议，或者在 %(months)s内向%(court)s提起行政诉讼。"
    ) % {
        "days": it.remedies.review_days,
        "body": it.remedies.review_body,
        "months": months,
        "court": it.remedies.court,
    }
