"""Reads the organisations of a pack: expands the table of departments over the divisions."""

import string
from collections.abc import Iterator
from dataclasses import replace

from tongban.base.pack import Document, Pack, parse
from tongban.directory.pack.divisions import read_successions
from tongban.directory.pack.rows import DivisionRow, OrganisationRow, Plan
from tongban.directory.pack.shapes import (
    DepartmentShape,
    FormerShape,
    NamedShape,
    OrganisationHistoryShape,
    OrganisationsShape,
)
from tongban.directory.sample_codes import sample_code
from tongban.kernel.codes import division as codes
from tongban.kernel.codes import uscc

TABLE = "organisations.yaml"
HISTORY = "organisation-history.yaml"
CODES = "organisation-codes.csv"

_PLACEHOLDERS = {"city", "area", "town", "village", "stem"}


def read_organisations(pack: Pack, plan: Plan, city: str) -> None:
    """Fill the plan with the organisations of the pack; `city` is the code of the city's division, empty if unknown."""
    document = pack.yaml(TABLE, required=True)
    if document is None:
        return
    shape, found = parse(document, OrganisationsShape)
    plan.findings.extend(found)
    if shape is None or _wrong_patterns(document, plan) or city not in plan.divisions:
        return
    expansion = _Expansion(document, plan, city, shape)
    expansion.run()
    _read_history(pack, plan, shape)
    _read_codes(pack, plan)


def prefix(code: str) -> str:
    """How a division stands in references: 6 digits down to the county, 9 for a town, 12 for a village."""
    return codes.parse(code).short


def _wrong_patterns(document: Document, plan: Plan) -> bool:
    """Whether a name holds a placeholder that nobody fills; each is reported."""
    wrong = 0
    for path, text in _texts(document.data, ()):
        try:
            names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError:
            names = {text}
        for name in names - _PLACEHOLDERS:
            hint = "可以写 " + " ".join(f"{{{each}}}" for each in sorted(_PLACEHOLDERS))
            plan.findings.append(document.finding(path, f"不认识的占位符 {{{name}}}", hint))
            wrong += 1
    return wrong > 0


def _texts(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*path, number))


class _Expansion:
    """One run over the table: governments, departments, zones, then the centres of towns and villages."""

    def __init__(self, document: Document, plan: Plan, city: str, shape: OrganisationsShape) -> None:
        self.document = document
        self.plan = plan
        self.shape = shape
        self.city = plan.divisions[city]
        # Divisions that are no more have no bodies in the table; those stand in the history.
        self.by_level = {
            level: [row for row in plan.divisions.values() if row.level == level and row.valid_to is None]
            for level in ("county", "town", "village")
        }
        self.government = f"{prefix(city)}:{shape.governments.key}"

    def run(self) -> None:
        self._governments()
        for number, department in enumerate(self.shape.departments):
            self._department(number, department)
        for number, zone in enumerate(self.shape.zones):
            division = zone.ref.partition(":")[0].ljust(12, "0")
            path = ("zones", number, "ref")
            if division not in self.plan.divisions:
                self.plan.findings.append(self.document.finding(path, f"找不到区划 {division}", "核对引用的前缀"))
                continue
            named = NamedShape(name=zone.name, short_name=zone.short_name, registration=zone.registration)
            row = self.plan.divisions[division]
            self._add(path, row, zone.ref.partition(":")[2], named, "zone", self.government)
        if self.shape.centres is not None:
            self._centres()

    def _governments(self) -> None:
        governments = self.shape.governments
        self._add(("governments", "city"), self.city, governments.key, governments.city, "government", "")
        for county in self.by_level["county"]:
            path = ("governments", "county")
            self._add(path, county, governments.key, governments.county, "government", self.government)

    def _department(self, number: int, item: DepartmentShape) -> None:
        path = ("departments", number)
        named = NamedShape(name=item.city, short_name=item.short_name, registration=item.registration)
        self._add(path, self.city, item.key, named, item.kind, self.government)
        for county in self.by_level["county"]:
            pattern = item.in_districts if county.name.endswith("区") else item.county
            if pattern is None:
                continue
            above = f"{prefix(self.city.code)}:{item.key}" if item.vertical else self._government_of(county)
            short = NamedShape(name=pattern, short_name=pattern, registration=item.registration)
            self._add(path, county, item.key, short, item.kind, above)

    def _centres(self) -> None:
        centres = self.shape.centres
        assert centres is not None
        for town in self.by_level["town"]:
            above = self._government_of(self.plan.divisions[town.parent])
            self._add(("centres", "town"), town, centres.town.key, centres.town, "town_centre", above)
        for village in self.by_level["village"]:
            above = f"{prefix(village.parent)}:{centres.town.key}"
            self._add(("centres", "village"), village, centres.village.key, centres.village, "village_centre", above)

    def _government_of(self, county: DivisionRow) -> str:
        return f"{prefix(county.code)}:{self.shape.governments.key}"

    def _add(
        self, path: tuple[str | int, ...], division: DivisionRow, key: str, named: NamedShape, kind: str, parent: str
    ) -> None:
        ref = f"{prefix(division.code)}:{key}"
        if ref in self.plan.organisations:
            message = f"机构 {ref} 写了两次"
            self.plan.findings.append(self.document.finding(path, message, "同一区划里键不能重复"))
            return
        words = self._words(division)
        self.plan.organisations[ref] = OrganisationRow(
            ref=ref,
            code=sample_code(ref, named.registration),
            sample_code=True,
            name=named.name.format_map(words),
            short_name=named.short_name.format_map(words),
            kind=kind,
            division=division.code,
            parent=parent,
        )

    def _words(self, division: DivisionRow) -> dict[str, str]:
        """What the placeholders stand for in a body of this division."""
        words = {"city": self.city.name, "area": "", "town": "", "village": "", "stem": ""}
        here: DivisionRow | None = division
        while here is not None:
            if here.level == "village":
                words["village"] = village_name(here.name)
            elif here.level == "town":
                words["town"] = here.name
            elif here.level in {"county", "zone"}:
                words["area"] = here.name
                words["stem"] = stem(here.name)
            here = self.plan.divisions.get(here.parent)
        return words


def stem(name: str) -> str:
    """The name without its kind, as branch offices bear it: 荷塘区 is 荷塘, 醴陵市 is 醴陵, 攸县 stays 攸县."""
    return name[:-1] if len(name) > 2 and name[-1] in "区县市" else name


def village_name(name: str) -> str:
    """The community or village without the committee: 东湖社区居委会 is 东湖社区, 荷塘铺村委会 is 荷塘铺村."""
    for committee, unit in (("居民委员会", "社区"), ("居委会", "社区"), ("村民委员会", "村"), ("村委会", "村")):
        if name.endswith(committee):
            stem = name.removesuffix(committee)
            return stem if stem.endswith((unit, "社区", "村")) else stem + unit
    return name


def _read_history(pack: Pack, plan: Plan, shape: OrganisationsShape) -> None:
    document = pack.yaml(HISTORY)
    if document is None:
        return
    history, found = parse(document, OrganisationHistoryShape)
    plan.findings.extend(found)
    if history is None:
        return
    for number, item in enumerate(history.former):
        _add_former(document, number, item, plan, shape)
    for ref, since in history.since.items():
        if ref in plan.organisations:
            plan.organisations[ref] = replace(plan.organisations[ref], valid_from=since)
        else:
            plan.findings.append(document.finding(("since", ref), f"找不到机构 {ref}", f"先写进 {TABLE}"))
    successions = read_successions(document, history.successions, plan.organisations, "机构", plan)
    plan.organisation_successions = successions


def _add_former(document: Document, number: int, item: FormerShape, plan: Plan, shape: OrganisationsShape) -> None:
    path = ("former", number, "ref")
    division = item.ref.partition(":")[0].ljust(12, "0")
    if division not in plan.divisions:
        plan.findings.append(document.finding(path, f"找不到区划 {division}", "撤销的区划写在 division-history.yaml"))
        return
    if item.ref in plan.organisations:
        plan.findings.append(document.finding(path, f"机构 {item.ref} 写了两次", "现行机构不要写在历史里"))
        return
    government = f"{division[:6]}:{shape.governments.key}"
    plan.organisations[item.ref] = OrganisationRow(
        ref=item.ref,
        code=sample_code(item.ref, item.registration),
        sample_code=True,
        name=item.name,
        short_name=item.short_name,
        kind=item.kind,
        division=division,
        parent=government if government in plan.organisations and government != item.ref else "",
        valid_from=item.valid_from,
        valid_to=item.valid_to,
    )


def _read_codes(pack: Pack, plan: Plan) -> None:
    """Put real credit codes in the place of sample codes."""
    document = pack.table(CODES, ("ref", "code"))
    owners = {row.code: row.ref for row in plan.organisations.values()}
    for number, item in enumerate(document.data if document else ()):
        assert document is not None
        ref, code = item["ref"], item["code"]
        if ref not in plan.organisations:
            plan.findings.append(document.finding((number, "ref"), f"找不到机构 {ref}", f"先写进 {TABLE}"))
            continue
        try:
            if uscc.parse(code, allow_pseudo=True).pseudo:
                message = f"{code} 的校验位不对，当作自编代码收下"
                plan.findings.append(document.finding((number, "code"), message, "核对赋码证书", "warning"))
        except ValueError as error:
            plan.findings.append(document.finding((number, "code"), f"统一社会信用代码不对:{error}"))
            continue
        if owners.get(code, ref) != ref:
            plan.findings.append(document.finding((number, "code"), f"{code} 已是 {owners[code]} 的代码", "核对"))
            continue
        owners[code] = ref
        plan.organisations[ref] = replace(plan.organisations[ref], code=code, sample_code=False)
