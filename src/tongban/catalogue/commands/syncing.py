"""What another system (the province's) tells of its catalogue, record by record, in any order and however often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.db import connection, transaction
from pydantic import ValidationError

from tongban.base import moment
from tongban.catalogue import checking, dataver
from tongban.catalogue.base_elements import BaseElements
from tongban.catalogue.commands import bases, held, standing
from tongban.catalogue.commands.contents import level_of
from tongban.catalogue.commands.held import CatalogueRefusal
from tongban.catalogue.commands.publishing import new_place, put_in_force
from tongban.catalogue.dataver import DataVersion
from tongban.catalogue.definition import Definition
from tongban.catalogue.models import BaseItem, Implementation, SyncMark, SyncSource
from tongban.directory.models import Organisation
from tongban.identity.queries import covers
from tongban.kernel.actor import Actor
from tongban.kernel.codes import task_code as task_codes
from tongban.kernel.problems import Invalid, NotFound, Refusal

Outcome = Literal["inserted", "updated", "unchanged", "stale", "refused"]
SYNC_RECORDS_MAX: Final = 500
#: One call at a time: two that tell of the same entries in different orders would wait for each other.
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('tongban.catalogue.sync'))"
#: Of an implementation code as of ZWFW C0109-2018; codes of the first generation are not taken apart.
_CODE_LENGTH: Final = 31
#: 事项状态 of the exchange (domain.md 3.2): 1 in use, 2 suspended, 3 cancelled.
_STATES: Final = {
    "1": Implementation.State.ACTIVE,
    "2": Implementation.State.SUSPENDED,
    "3": Implementation.State.CANCELLED,
}


@dataclass(frozen=True, kw_only=True)
class SyncRecord:
    """One record: an implementation where a `task_code` is given, else an entry of the directory.

    `elements` may come with an implementation whose entry is not there yet. `task_state` None leaves the state as it
    is; a new one comes into use.
    """

    operation: Literal["I", "U", "D"]
    dataver: int | str
    catalog_code: str = ""
    task_code: str = ""
    #: Credit code of the body; empty: the first 18 characters of the implementation code.
    organisation_code: str = ""
    elements: Mapping[str, Any] | None = None
    definition: Mapping[str, Any] | None = None
    task_state: Literal["1", "2", "3"] | None = None
    reason: str = ""

    @property
    def code(self) -> str:
        """The code by which the record is known."""
        return self.task_code or self.catalog_code


@dataclass(frozen=True, kw_only=True)
class SyncOutcome:
    """What became of one record; `refusal` says why it was refused, with paths of faults in `fields`."""

    outcome: Outcome
    #: Number of the version in force; None where there is none.
    number: int | None = None
    refusal: Refusal | None = None


def sync_items(*, actor: Actor, records: Sequence[SyncRecord]) -> list[SyncOutcome]:
    """Take over what a bound system tells; each record stands or falls for itself, the answers come in their order.

    A record whose `dataver` is not newer than what the system told before changes nothing, so that a batch may be
    sent again and late ones do no harm. An update of something unknown inserts it; a deletion cancels.

    Raises:
        NotFound: the system is not bound as a source (`source_not_found`).
        Invalid: no records, or more than `SYNC_RECORDS_MAX` (`sync_size`).
    """
    if not 1 <= len(records) <= SYNC_RECORDS_MAX:
        raise Invalid(f"一次同步 1 至 {SYNC_RECORDS_MAX} 条记录。", code="sync_size")
    with transaction.atomic():
        source = _source(actor)
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
        found: dict[int, SyncOutcome] = {}
        for index in sorted(range(len(records)), key=lambda at: _order(records[at])):
            found[index] = _by_itself(actor, source, records[index])
        return [found[index] for index in range(len(records))]


def _source(actor: Actor) -> SyncSource:
    found = None
    if actor.has_scope("items:write"):
        found = SyncSource.objects.filter(client_id=actor.client_id, revoked_at__isnull=True).first()
    if found is None:
        raise NotFound("这个系统的事项同步登记", code="source_not_found")
    return found


def _order(record: SyncRecord) -> tuple[str, str]:
    """Entries before what bodies run, entry by entry."""
    return record.catalog_code or record.task_code[19:31], record.task_code


def _by_itself(actor: Actor, source: SyncSource, record: SyncRecord) -> SyncOutcome:
    try:
        with transaction.atomic():
            return _Taken(actor, source, record).outcome()
    except Refusal as refusal:
        return SyncOutcome(outcome="refused", refusal=refusal)


class _Taken:
    """One record being taken over."""

    def __init__(self, actor: Actor, source: SyncSource, record: SyncRecord) -> None:
        self.actor = actor
        self.source = source
        self.record = record
        self.state = "3" if record.operation == "D" else record.task_state
        self.why = record.reason.strip()[: bases.WHY_MAX]

    def outcome(self) -> SyncOutcome:
        """Take it over, unless something as new was told before."""
        if not self.record.code:
            raise Invalid("请写明基本编码或者实施编码。", fields={"task_code": "请填写"}, code="sync_code")
        version = dataver.read(self.record.dataver)
        if self.record.operation != "D" and self.record.elements is None and self.record.definition is None:
            raise Invalid("新增和更新要写 definition 或者 elements。", code="sync_content")
        if self.record.task_code:
            return self._implementation(version)
        return self._base(version)

    def _base(self, version: DataVersion) -> SyncOutcome:
        if not self.source.directory:
            raise CatalogueRefusal("sync_reach", "这个系统没有登记为基本目录的来源，不能同步目录事项。")
        code = self.record.catalog_code
        before = self._older(code, version)
        if before is not None:
            return SyncOutcome(outcome=before)
        base = BaseItem.objects.select_for_update().filter(catalog_code=code).first()
        outcome: Outcome = "unchanged"
        if self.record.operation != "D":
            base, outcome = self._with_elements(base, self._elements())
        if base is not None and self.state is not None and base.state != _STATES[self.state]:
            bases.stand(self.actor, base, _STATES[self.state], self._reason("目录事项"))
            outcome = "updated" if outcome == "unchanged" else outcome
        self._mark(code, version)
        return SyncOutcome(outcome=outcome, number=base.number if base else None)

    def _with_elements(self, base: BaseItem | None, elements: BaseElements) -> tuple[BaseItem, Outcome]:
        if base is None:
            return bases.make_base(self.actor, elements), "inserted"
        return base, "updated" if bases.put_base_in_force(self.actor, base, elements) else "unchanged"

    def _implementation(self, version: DataVersion) -> SyncOutcome:
        code = self.record.task_code
        body = self._body()
        before = self._older(code, version)
        if before is not None:
            return SyncOutcome(outcome=before)
        item = held.implementation(code) if Implementation.objects.filter(task_code=code).exists() else None
        outcome: Outcome = "unchanged"
        if self.record.operation != "D":
            item, outcome = self._put(body, item, version)
        if item is not None and self._stand(item):
            outcome = "updated" if outcome == "unchanged" else outcome
        self._mark(code, version)
        number = item.current.number if item is not None and item.current is not None else None
        return SyncOutcome(outcome=outcome, number=number)

    def _put(
        self, body: Organisation, item: Implementation | None, version: DataVersion
    ) -> tuple[Implementation, Outcome]:
        """The implementation with its definition in force, and whether that is new."""
        definition = self._definition()
        base = self._entry(definition.catalog_code, version)
        self._require_place(base, body, item)
        fresh = item is None or item.state == Implementation.State.CANCELLED
        if fresh:
            item = new_place(base, body, self.record.task_code)
        assert item is not None
        before = item.current_id
        put_in_force(self.actor, item, definition)
        if fresh:
            standing.set_active(self.actor, item)
            return item, "inserted"
        return item, "updated" if item.current_id != before else "unchanged"

    def _entry(self, code: str, version: DataVersion) -> BaseItem:
        """The entry of the directory, made or brought up to date by the elements that came with the record."""
        found = BaseItem.objects.filter(catalog_code=code).first()
        told = self.record.elements is not None and self.source.directory
        if told and self._older(code, version) is None:
            locked = BaseItem.objects.select_for_update().filter(catalog_code=code).first()
            found, _outcome = self._with_elements(locked, self._elements(code))
            self._mark(code, version)
        if found is None:
            raise CatalogueRefusal("base_unknown", f"基本目录里没有 {code}，请先同步目录事项，或者同时写 elements。")
        return found

    def _require_place(self, base: BaseItem, body: Organisation, item: Implementation | None) -> None:
        if item is not None and item.state != Implementation.State.CANCELLED:
            return
        if base.state != BaseItem.State.ACTIVE:
            raise CatalogueRefusal("base_not_active", "这个目录事项已经暂停或者取消，不能新增实施清单。")
        level = level_of(body.division)
        if level not in base.elements.get("levels", ()):
            raise CatalogueRefusal("level_not_allowed", "基本目录没有把这个事项放到这一层级办理。")
        code = self.record.task_code
        if len(code) == _CODE_LENGTH and code != task_codes.make(body.code, level, base.catalog_code):
            raise Invalid(
                "实施编码应由机构代码、行使层级和基本编码组成。", fields={"task_code": "不一致"}, code="sync_code"
            )
        other = base.implementations.filter(organisation=body).exclude(task_code=code).first()
        if other is not None:
            raise CatalogueRefusal("item_exists", f"这个机构已经用实施编码 {other.task_code} 实施这个事项。")

    def _stand(self, item: Implementation) -> bool:
        """Bring the state to what the record says; whether that changed anything."""
        wanted = _STATES[self.state] if self.state else item.state
        if item.state == wanted:
            return False
        if wanted == Implementation.State.CANCELLED:
            standing.set_cancelled(self.actor, item, self._reason("事项"))
            return True
        if wanted == Implementation.State.SUSPENDED:
            standing.set_suspended(self.actor, item, self._reason("事项"))
        else:
            standing.set_active(self.actor, item)
        return True

    def _body(self) -> Organisation:
        code = self.record.organisation_code or self.record.task_code[:18]
        body = Organisation.objects.select_related("division").filter(code=code).first()
        within = body is not None and (
            body.code in self.source.organisations
            or any(covers(one, body.division_id) for one in self.source.divisions)
        )
        if body is None or not within:
            raise NotFound("这个实施机构，或者它不在这个系统可以同步的范围内", code="body_not_found")
        if not self._is_of(body):
            raise Invalid(
                "实施编码不是这个机构的。", fields={"organisation_code": "与实施编码不一致"}, code="sync_code"
            )
        return body

    def _is_of(self, body: Organisation) -> bool:
        """Whether an implementation that is there already is this body's."""
        found = Implementation.objects.filter(task_code=self.record.task_code).first()
        return found is None or found.organisation_id == body.pk

    def _elements(self, code: str | None = None) -> BaseElements:
        try:
            elements = BaseElements.model_validate(self.record.elements)
        except ValidationError as error:
            fields = {".".join(["elements", *map(str, one["loc"])]): "没有填，或者填得不对" for one in error.errors()}
            raise Invalid("目录要素有误，请按提示修改。", fields=fields, code="item_faults") from error
        if elements.catalog_code != (code or self.record.catalog_code):
            raise Invalid(
                "目录要素里的基本编码与记录不一致。", fields={"elements.catalog_code": "不一致"}, code="base_code"
            )
        return elements

    def _definition(self) -> Definition:
        content = self.record.definition
        if content is None:
            raise Invalid("实施清单要写 definition。", fields={"definition": "请填写"}, code="sync_content")
        definition = checking.parsed(content)
        units = {step.unit for step in definition.steps if step.unit} if definition else set()
        known = set(Organisation.objects.filter(code__in=units).values_list("code", flat=True))
        found = checking.check(content, known)
        if definition is None or found:
            fields = {f"definition.{fault.path}": fault.message for fault in reversed(found)}
            raise Invalid("事项还不能发布，请按提示修改。", fields=fields, code="item_faults")
        return definition

    def _reason(self, what: str) -> str:
        return self.why or f"上级系统已{'取消' if self.state == '3' else '暂停'}这个{what}"

    def _older(self, code: str, version: DataVersion) -> Outcome | None:
        """How the record is answered where something as new was told before; None where it is news."""
        mark = SyncMark.objects.filter(source=self.source, code=code).first()
        if mark is None:
            return None
        if mark.form != version.form:
            raise CatalogueRefusal("dataver_form", "这条记录的数据版本先前是另一种写法（数字或者时间），请统一写法。")
        if mark.value == version.value:
            return "unchanged"
        return "stale" if mark.value > version.value else None

    def _mark(self, code: str, version: DataVersion) -> None:
        told = {"form": version.form, "value": version.value, "operation": self.record.operation, "at": moment.now()}
        SyncMark.objects.update_or_create(source=self.source, code=code, defaults=told)
