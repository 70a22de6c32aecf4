"""Each record of a file against the directory and the catalogue: what it would change. Reads, never writes."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from tongban.catalogue import checking
from tongban.catalogue.base_elements import LOCKED, locked_faults
from tongban.catalogue.commands import contents
from tongban.catalogue.commands.publishing import digest_of
from tongban.catalogue.definition import Definition
from tongban.catalogue.exchange.findings import Finding, errors
from tongban.catalogue.exchange.record import Record
from tongban.catalogue.faults import Fault
from tongban.catalogue.importing.report import Act, FieldChange, Outcome, changes, words
from tongban.catalogue.importing.starting import Starts, new_elements
from tongban.catalogue.models import BaseItem, Implementation
from tongban.catalogue.policy import may_edit_directory, may_edit_for
from tongban.catalogue.rules import faults
from tongban.directory.models import Organisation
from tongban.kernel.actor import Actor
from tongban.kernel.codes import CodeError, task_code, uscc

_SLUG: Final = re.compile(r"[a-z][a-z0-9-]{1,59}")
_STATES: Final = {state.value: state.label for state in Implementation.State}
#: A body's names nearest to one that is not in the directory.
_NEAR: Final = 1


@dataclass
class Planned:
    """One record, understood: the body, the item as it stands (None: new), and what it is to become."""

    record: Record
    body: Organisation
    act: Act
    definition: Definition | None = None
    item: Implementation | None = None
    base: BaseItem | None = None
    #: Of a new entry of the directory.
    elements: Mapping[str, Any] | None = None
    state: str | None = None
    changes: tuple[FieldChange, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """What the report says of it."""
        name = self.definition.name if self.definition else str(self.record.values.get("definition.name") or "")
        return Outcome(
            row=self.record.place.row,
            task_code=self.record.task_code,
            name=name,
            organisation=self.body.name,
            act=self.act,
            changes=self.changes,
        )


@dataclass
class Planner:
    """Plans the records of one file for one actor; `division` bounds the bodies that may occur."""

    actor: Actor
    division: str = ""
    _bodies: dict[str, Organisation] = field(default_factory=dict)
    _bases: dict[str, BaseItem] = field(default_factory=dict)
    #: Elements of entries that this file brings, and at which levels it runs them.
    _made: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _levels: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _slugs: dict[str, str] = field(default_factory=dict)
    _templates: dict[tuple[int, str], Mapping[str, Any]] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _starts: Starts = field(default_factory=Starts)

    def prepare(self, records: Sequence[Record]) -> list[Finding]:
        """Read what all records refer to; gives what is wrong with them in themselves."""
        found: list[Finding] = []
        bodies = Organisation.objects.select_related("division")
        codes = {record.organisation for record in records} | {code for one in records for code in _named(one)}
        self._bodies = {row.code: row for row in bodies.filter(code__in=codes)}
        for record in records:
            found.extend(self._complete(record))
            if record.organisation in self._bodies:
                code = str(record.values.get("definition.catalog_code") or "")
                self._levels[code].add(self._level(self._bodies[record.organisation]))
        bases = BaseItem.objects.filter(catalog_code__in=list(self._levels))
        self._bases = {row.catalog_code: row for row in bases}
        wanted = {str(record.base.get("slug") or "") for record in records}
        self._slugs = dict(BaseItem.objects.filter(slug__in=wanted).values_list("slug", "catalog_code"))
        return found

    def plan(self, records: Sequence[Record], *, lock: bool = False) -> tuple[list[Planned], list[Finding]]:
        """What the records would change, and what stands in the way; those with errors are planned as refused."""
        rows = Implementation.objects.filter(task_code__in=[record.task_code for record in records])
        if lock:
            list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
        items = {row.task_code: row for row in rows.select_related("current", "base")}
        others = Implementation.objects.filter(
            base__catalog_code__in={str(one.values.get("definition.catalog_code")) for one in records},
            organisation__code__in={one.organisation for one in records},
        )
        running = {(row.base_id, row.organisation_id): row.task_code for row in others}
        planned: list[Planned] = []
        found: list[Finding] = []
        for record in records:
            body = self._bodies.get(record.organisation)
            if body is None:
                name = str(record.values.get("organisation_name") or record.organisation)
                planned.append(Planned(record, Organisation(name=name), "refused"))
                continue
            one = Planned(record, body, "refused", item=items.get(record.task_code))
            wrong = list(self._one(one, running))
            if errors(wrong):
                one.act = "refused"
            found.extend(wrong)
            planned.append(one)
        return planned, found

    def _complete(self, record: Record) -> Iterable[Finding]:
        """Put in the codes that follow from others, and find what is wrong with body and code."""
        code = record.organisation
        body = self._bodies.get(code)
        if body is None:
            yield record.finding("organisation", "组织机构目录里没有这个实施主体", self._near(record), value=code)
            return
        if code not in self._told:
            self._told.add(code)
            yield from _pseudo(record, body)
        level, base = self._level(body), str(record.values.get("definition.catalog_code") or record.task_code[19:31])
        stated = record.values.get("level")
        if stated and stated != level:
            hint = f"{body.name}在{body.division.name}，层级填 {level}，或者整列留空"
            yield record.finding("level", "行使层级与实施主体所在的层级不一致", hint, value=str(stated))
        record.values.setdefault("definition.catalog_code", base)
        record.values["level"] = level
        if not record.task_code:
            try:
                record.values["task_code"] = task_code.make(code, level, base)
            except CodeError as error:
                yield record.finding("catalog_code", f"不能组成实施编码：{error}", "核对基本编码", value=base)
        elif len(record.task_code) == 31 and record.task_code != f"{code}{level}{base}":
            hint = f"应当是 {code}{level}{base}（实施主体编码 18 位、层级 1 位、基本编码 12 位），或者留空"
            yield record.finding("task_code", "实施编码与实施主体、层级、基本编码不一致", hint, value=record.task_code)
        if not may_edit_for(self.actor, body.pk, body.division_id):
            yield record.finding(
                "organisation", "这个机构的事项不由您编制", "只导入您负责的机构的事项", value=body.name
            )
        elif self.division and not body.division_id.startswith(self.division.rstrip("0")):
            hint = f"这次只导入区划 {self.division} 里的机构"
            yield record.finding("organisation", "实施主体不在指定的区划里", hint, value=body.name)

    def _level(self, body: Organisation) -> str:
        return contents.level_of(body.division)

    def _near(self, record: Record) -> str:
        """The body that was probably meant: by its name, else by a code of which one character differs."""
        name = str(record.values.get("organisation_name") or "")
        if name:
            names = dict(Organisation.objects.filter(valid_to=None).values_list("name", "code"))
            near = difflib.get_close_matches(name, names, n=_NEAR, cutoff=0.5)
            if near:
                return f"最接近的是“{near[0]}”，编码 {names[near[0]]}"
        codes = dict(Organisation.objects.filter(valid_to=None).values_list("code", "name"))
        near = difflib.get_close_matches(record.organisation, codes, n=_NEAR, cutoff=0.8)
        return f"最接近的是 {near[0]}（{codes[near[0]]}）" if near else "先在组织机构目录里建立这个机构"

    def _one(self, one: Planned, running: Mapping[tuple[int, int], str]) -> Iterable[Finding]:
        record, item = one.record, one.item
        code = str(record.values.get("definition.catalog_code") or "")
        one.base = item.base if item else self._bases.get(code)
        one.state = record.state
        if item is None and one.base is not None:
            other = running.get((one.base.pk, one.body.pk))
            if other:
                hint = f"已有的实施编码是 {other}"
                yield record.finding("task_code", "这个机构已经实施这个事项，编码不同", hint, value=record.task_code)
                return
        content, more = self._content(one)
        yield from more
        current = item.current if item else None
        definition = checking.parsed(content)
        if definition is None:
            yield from _told(record, content, checking.check(content))
            return
        one.definition = definition
        if current is not None and current.digest == digest_of(definition):
            one.act = "unchanged" if one.state in (None, item and item.state) else "state"
            yield from self._standing(one)
            return
        wrong = [*faults(definition), *self._locked(one, content)]
        yield from _told(record, content, wrong)
        yield from self._references(one)
        if not wrong:
            one.act = "changed" if current else "new"
            one.changes = changes(current.definition, definition.digestible()) if current else ()
        yield from self._standing(one)

    def _content(self, one: Planned) -> tuple[dict[str, Any], list[Finding]]:
        """The definition that the record makes of what is there, and of what a new item begins with."""
        record = one.record
        if one.item is not None and one.item.current is not None:
            return record.definition(one.item.current.definition), []
        start: Mapping[str, Any] = {}
        if one.base is not None:
            key = (one.base.pk, self._level(one.body))
            if key not in self._templates:
                self._templates[key] = contents.template(one.base, key[1])
            start = {**self._templates[key], **{name: one.base.elements[name] for name in LOCKED if one.base.elements}}
        made, lacking = self._starts.fill(record.definition(start), one.body)
        if not lacking:
            return made, []
        names = "、".join(lacking)
        hint = "导入以后在编制工作台核对补充"
        return made, [record.finding("", f"文件没有写{names}，用了缺省的", hint, severity="warning")]

    def _locked(self, one: Planned, content: Mapping[str, Any]) -> Iterable[Any]:
        """Where the item differs from its entry of the directory; an entry that is not there yet is made of it."""
        definition = one.definition
        assert definition is not None
        if one.base is not None:
            yield from self._taken_up(one)
            yield from locked_faults(definition, one.base.elements)
            return
        code = definition.catalog_code
        if code in self._made:
            one.elements = self._made[code]
            yield from locked_faults(definition, one.elements)
            return
        if not may_edit_directory(self.actor, f"{one.body.division_id[:4]}00000000"):
            yield Fault("base.unknown", "catalog_code", "基本目录里没有这个编码；新的目录事项由市级编制人员先建立")
            return
        slug = str(one.record.base.get("slug") or f"item-{code.lower()}")
        if not _SLUG.fullmatch(slug) or self._slugs.get(slug, code) != code:
            yield Fault("base.slug", "slug", "事项标识要用小写字母、数字和连字符，以字母开头，不能与别的事项相同")
            return
        self._slugs[slug] = code
        try:
            one.elements = self._made[code] = new_elements(content, tuple(self._levels[code]))
        except ValidationError:
            yield Fault("base.elements", "catalog_code", "事项名称、类型、设定依据组不成基本目录要素，请核对")

    def _taken_up(self, one: Planned) -> Iterable[Any]:
        base = one.base
        assert base is not None
        if one.item is not None:
            return
        if base.state != BaseItem.State.ACTIVE:
            yield Fault("base.state", "catalog_code", "这个目录事项已经暂停或者取消，不能新增实施清单")
        if self._level(one.body) not in base.elements.get("levels", ()):
            yield Fault("base.level", "level", "基本目录没有把这个事项放到这一层级办理；先变更基本目录")

    def _references(self, one: Planned) -> Iterable[Finding]:
        """Bodies that the definition names exist."""
        for path, code in _units(one.definition):
            if code not in self._bodies:
                found = Organisation.objects.select_related("division").filter(code=code).first()
                if found is None:
                    yield one.record.finding(path, "组织机构目录里没有这个机构", "核对统一社会信用代码", value=code)
                    continue
                self._bodies[code] = found

    def _standing(self, one: Planned) -> Iterable[Finding]:
        """Whether the state that the file states can follow on the one that the item has."""
        item, state = one.item, one.state
        is_over = item is not None and item.state == Implementation.State.CANCELLED and state != "active"
        if is_over and (one.act == "changed" or state == "suspended"):
            hint = "要恢复的，事项状态填 1（在用）；不恢复的，删去这一行"
            yield one.record.finding("task_code", "这个事项已经取消", hint, value=one.record.task_code)
        if item is None and state == "cancelled":
            hint = "不用导入的，删去这一行"
            yield one.record.finding("state", "新的事项不能一来就是取消", hint, value=_STATES["cancelled"])


def _named(record: Record) -> list[str]:
    found = record.values.get("definition.window_organisations")
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _units(definition: Definition | None) -> Iterable[tuple[str, str]]:
    if definition is None:
        return
    for code in definition.window_organisations:
        yield "window_organisations", code
    for number, step in enumerate(definition.steps):
        if step.unit:
            yield f"steps.{number}.unit", step.unit


def _pseudo(record: Record, body: Organisation) -> Iterable[Finding]:
    """A credit code that no register gave out: said, and let through (domain.md 3.1)."""
    try:
        is_pseudo = uscc.parse(body.code, allow_pseudo=True).pseudo
    except CodeError:
        is_pseudo = True
    if is_pseudo:
        message, hint = "统一社会信用代码的校验码不对，是自编的代码", "向机构编制部门核实后更正；不影响这次导入"
        yield record.finding("organisation", message, hint, severity="warning", value=body.code)
    elif body.sample_code:
        message, hint = "统一社会信用代码是示例代码", "正式使用前换成机构真实的代码；不影响这次导入"
        yield record.finding("organisation", message, hint, severity="warning", value=body.code)


def _told(record: Record, content: Mapping[str, Any], wrong: Iterable[Any]) -> Iterable[Finding]:
    """Faults of the definition at their cells."""
    for fault in wrong:
        hint, said = f"规则 {fault.code}", words(tuple(fault.path.split(".")))
        yield record.finding(fault.path, fault.message, hint, value=_value(content, fault.path), words=said)


def _value(content: Any, path: str) -> str:
    here = content
    for step in path.split("."):
        if isinstance(here, Mapping):
            here = here.get(step)
        elif isinstance(here, list) and step.isdigit() and int(step) < len(here):
            here = here[int(step)]
        else:
            return ""
    return here if isinstance(here, str) else ""
