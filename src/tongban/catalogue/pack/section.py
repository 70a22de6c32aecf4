"""The catalogue's section of the city pack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from tongban.base.pack import Changes, Document, Finding, Pack, PackSection, findings, parse
from tongban.catalogue.base_elements import locked_faults
from tongban.catalogue.definition import Definition
from tongban.catalogue.faults import Fault
from tongban.catalogue.forms import validate
from tongban.catalogue.pack import loading
from tongban.catalogue.pack.expansion import Body, Expansion
from tongban.catalogue.pack.remarks import remarks
from tongban.catalogue.pack.shapes import ItemShape, SampleShape
from tongban.catalogue.rules import faults
from tongban.catalogue.situation import relevant_answers, walk
from tongban.kernel.actor import Actor

ITEMS = "items/*.yaml"
SAMPLES = "samples/*.yaml"
_PLAN = "catalogue.plan"


@dataclass(frozen=True)
class PlannedItem:
    """One item file, read: its shape and the definition of each body."""

    shape: ItemShape
    bodies: tuple[tuple[Body, Definition], ...]


class CatalogueSection(PackSection):
    """Service items and sample applications. Defines `item` (slug) for later sections."""

    name = "catalogue"
    title = "事项"
    order = 50
    files = (ITEMS, SAMPLES)
    #: 3: the rows by which items are found keep how everyday words sound.
    revision = 3

    def check(self, pack: Pack) -> Iterable[Finding]:
        """Everything wrong with the items, each at its line; an item with a fault cannot be published."""
        planned: list[PlannedItem] = []
        codes: dict[str, str] = {}
        for file in pack.matching(ITEMS):
            document = pack.yaml(file)
            if document is None:
                continue
            item, found = _read(pack, document)
            yield from found
            if item is None:
                continue
            if not pack.define("item", item.shape.slug, item):
                yield document.finding(("slug",), f"事项 {item.shape.slug} 写了两次", "每个事项一个文件")
            code = str(item.shape.definition.get("catalog_code"))
            if code in codes:
                yield document.finding(("definition", "catalog_code"), f"基本编码 {code} 与 {codes[code]} 重复", "核对")
            codes[code] = file
            planned.append(item)
        pack.define(_PLAN, _PLAN, planned)
        for file in pack.matching(SAMPLES):
            yield from _check_sample(pack, file)

    def remarks(self, pack: Pack) -> Iterable[str]:
        """How many items there are at which level, and how complete their guides are."""
        return remarks(pack.resolve(_PLAN, _PLAN) or [])

    def load(self, pack: Pack, actor: Actor) -> Changes:
        """Bring items, implementations and versions to what the pack says; what is gone is cancelled."""
        planned = pack.resolve(_PLAN, _PLAN)
        if planned is None:
            list(self.check(pack))
            planned = pack.resolve(_PLAN, _PLAN) or []
        return loading.load(planned, actor)


def _read(pack: Pack, document: Document) -> tuple[PlannedItem | None, list[Finding]]:
    shape, found = parse(document, ItemShape)
    if shape is None:
        return None, found
    expansion = Expansion(pack, document, shape)
    bodies: list[tuple[Body, Definition]] = []
    wrong: list[Finding] = []
    seen: list[Mapping[str, Any]] = []
    for body in expansion.bodies():
        raw = expansion.definition(body)
        try:
            definition = Definition.model_validate(raw)
        except ValidationError as error:
            wrong = findings(document, error, Definition, ("definition",))
            break
        if body.overrides not in seen:  # bodies under the same overrides differ in names only
            seen.append(body.overrides)
            first = bodies[0][1] if bodies else definition
            wrong.extend(_fault(document, fault) for fault in faults(definition))
            wrong.extend(_fault(document, fault) for fault in locked_faults(definition, first.model_dump(mode="json")))
            wrong.extend(_licence_types(pack, document, definition))
        bodies.append((body, definition))
    every = [*found, *expansion.findings, *wrong]
    return (None if every else PlannedItem(shape, tuple(bodies))), list(dict.fromkeys(every))


def _fault(document: Document, fault: Fault) -> Finding:
    steps: list[str | int] = ["definition"]
    steps.extend(int(part) if part.isdigit() else part for part in fault.path.split("."))
    return document.finding(steps, fault.message, f"规则 {fault.code}")


def _licence_types(pack: Pack, document: Document, definition: Definition) -> Iterator[Finding]:
    """References to licence types that no section defined; a pack without licence types is not checked."""
    if not pack.names("licence_type"):
        return
    used: list[tuple[tuple[str | int, ...], str | None]] = [
        (("definition", "materials", number, "licence_type"), material.licence_type)
        for number, material in enumerate(definition.materials)
    ]
    used.append((("definition", "result", "licence_type"), definition.result.licence_type))
    for path, code in used:
        if code and pack.resolve("licence_type", code) is None:
            yield pack.unknown("licence_type", code, document, path, "证照类型")


def _check_sample(pack: Pack, file: str) -> Iterator[Finding]:
    document = pack.yaml(file)
    if document is None:
        return
    shape, found = parse(document, SampleShape)
    yield from found
    slug = file.rpartition("/")[2].removesuffix(".yaml")
    item = pack.resolve("item", slug)
    if item is None:
        yield pack.unknown("item", slug, document, (), "事项")
        return
    if shape is not None and item.bodies:
        yield from _sample_faults(document, shape, item.bodies[0][1])


def _sample_faults(document: Document, shape: SampleShape, definition: Definition) -> Iterator[Finding]:
    if not walk(definition, shape.answers).finished:
        yield document.finding(("answers",), "示例没有把情形问题答完，或者答到了不能申请的地方")
    if relevant_answers(definition, shape.answers) != shape.answers:
        yield document.finding(("answers",), "示例里有问不到的问题", "删去多余的答案")
    for path, message in validate(definition.form, shape.form, answers=shape.answers).items():
        at: list[Any] = ["form", *(int(part) if part.isdigit() else part for part in path.split("."))]
        yield document.finding(at, message)
