"""Reads the divisions of a pack: the table, the history, the boundaries."""

from datetime import date
from typing import Any

from tongban.base.pack import Document, Pack, parse
from tongban.directory.models import Division
from tongban.directory.pack.rows import DivisionRow, Plan, SuccessionRow
from tongban.directory.pack.shapes import DivisionHistoryShape, SuccessionShape
from tongban.directory.succession import Arrow, closes_circle
from tongban.kernel.codes import division as codes

TABLE = "divisions.csv"
HISTORY = "division-history.yaml"
BOUNDARIES = "county-boundaries.geojson"
COLUMNS = ("code", "name", "level", "parent")


def read_divisions(pack: Pack, plan: Plan) -> None:
    """Fill the plan with the divisions of the pack."""
    table = pack.table(TABLE, COLUMNS, required=True)
    if table is not None:
        for number, row in enumerate(table.data):
            _read_row(table, number, row, plan)
        _check_parents(table, plan)
    history = pack.yaml(HISTORY)
    if history is not None:
        shape, found = parse(history, DivisionHistoryShape)
        plan.findings.extend(found)
        if shape is not None:
            _read_history(history, shape, plan)
    boundaries = pack.json(BOUNDARIES)
    if boundaries is not None:
        _read_boundaries(boundaries, plan)


def _read_row(table: Document, number: int, row: dict[str, str], plan: Plan) -> None:
    code = row["code"]
    try:
        parsed = codes.parse(code)
    except ValueError as error:
        plan.findings.append(table.finding((number, "code"), f"区划代码不对:{error}"))
        return
    if len(code) != 12:
        plan.findings.append(table.finding((number, "code"), f"{code} 不是 12 位", f"应为 {parsed.code12}"))
        return
    if not row["name"]:
        plan.findings.append(table.finding((number, "name"), f"{code} 没有名称", "必填"))
    if row["level"] not in Division.Level.values:
        allowed = "、".join(Division.Level.values)
        plan.findings.append(table.finding((number, "level"), f"不认识的级别“{row['level']}”", f"可以写 {allowed}"))
    elif row["level"] != parsed.level:
        message = f"{code} 按代码是 {parsed.level},这里写的是 {row['level']}"
        plan.findings.append(table.finding((number, "level"), message, "改级别或代码"))
    if code in plan.divisions:
        plan.findings.append(table.finding((number, "code"), f"{code} 写了两次", "每个区划只写一行"))
        return
    plan.divisions[code] = DivisionRow(code, row["name"], row["level"], row["parent"], internal=parsed.is_internal)


def _check_parents(table: Document, plan: Plan) -> None:
    for number, row in enumerate(table.data):
        if row["code"] in plan.divisions:
            _check_parent(table, (number, "parent"), plan.divisions[row["code"]], plan)


def _check_parent(document: Document, path: tuple[str | int, ...], row: DivisionRow, plan: Plan) -> None:
    expected = codes.parse(row.code).parent12 or ""
    if row.parent != expected:
        message = f"{row.code} 的上级写成“{row.parent}”"
        plan.findings.append(document.finding(path, message, f"按代码应为“{expected}”"))
    elif row.parent and row.parent not in plan.divisions:
        hint = f"在 {TABLE} 里补上，或改正代码"
        plan.findings.append(document.finding(path, f"找不到上级区划 {row.parent}", hint))


def _read_history(document: Document, shape: DivisionHistoryShape, plan: Plan) -> None:
    for number, item in enumerate(shape.divisions):
        path = ("divisions", number, "code")
        if item.code in plan.divisions:
            plan.findings.append(document.finding(path, f"{item.code} 已在 {TABLE} 里", "现行区划不要写在历史里"))
            continue
        row = DivisionRow(**item.model_dump())
        _check_history_code(document, path, row, plan)
        plan.divisions[item.code] = row
        _check_parent(document, ("divisions", number, "parent"), row, plan)
    for code, since in shape.since.items():
        _set_since(document, code, since, plan)
    plan.division_successions = read_successions(document, shape.successions, plan.divisions, "区划", plan)


def _check_history_code(document: Document, path: tuple[str | int, ...], row: DivisionRow, plan: Plan) -> None:
    try:
        parsed = codes.parse(row.code)
    except ValueError as error:
        plan.findings.append(document.finding(path, f"区划代码不对:{error}"))
        return
    if parsed.is_internal != row.internal:
        hint = "第5位是字母 Z 的是内部代码，要写 internal: true;其他不写"
        plan.findings.append(document.finding(path, f"{row.code} 的 internal 与代码不符", hint))
    # Statistics gave the zone 430271 a county's number: a zone may stand where a county would.
    if parsed.level != row.level and (parsed.level, row.level) != ("county", "zone"):
        message = f"{row.code} 按代码是 {parsed.level},这里写的是 {row.level}"
        plan.findings.append(document.finding(path, message, "改级别或代码"))


def _set_since(document: Document, code: str, since: date, plan: Plan) -> None:
    row = plan.divisions.get(code)
    if row is None:
        plan.findings.append(document.finding(("since", code), f"找不到区划 {code}", f"先写进 {TABLE}"))
        return
    values = {name: getattr(row, name) for name in DivisionRow.__slots__}
    plan.divisions[code] = DivisionRow(**(values | {"valid_from": since}))


def read_successions(
    document: Document,
    items: tuple[SuccessionShape, ...],
    known: dict[str, Any],
    label: str,
    plan: Plan,
) -> list[SuccessionRow]:
    """The successions that lead somewhere: both ends known, one successor each, no gap and no circle."""
    rows: list[SuccessionRow] = []
    arrows: dict[str, Arrow[str]] = {}
    for number, item in enumerate(items):
        path = ("successions", number)
        problem = _wrong_with(item, known, arrows, label)
        if problem:
            plan.findings.append(document.finding((*path, problem[0]), problem[1], problem[2]))
            continue
        arrows[item.old] = Arrow(item.old, item.new, item.on)
        rows.append(SuccessionRow(item.old, item.new, item.on, item.basis))
    return rows


def _wrong_with(
    item: SuccessionShape, known: dict[str, Any], arrows: dict[str, Arrow[str]], label: str
) -> tuple[str, str, str] | None:
    for end in ("old", "new"):
        if getattr(item, end) not in known:
            return end, f"找不到{label} {getattr(item, end)}", "核对代码或引用"
    old, new = known[item.old], known[item.new]
    if item.old in arrows:
        return "old", f"{item.old} 有两个承继者", "每个只写一个"
    if closes_circle(item.old, item.new, arrows):
        return "new", f"{item.old} 与 {item.new} 互相承继，成了循环", "检查前后关系"
    if old.valid_to != item.on:
        return "on", f"{item.old} 的 valid_to 是 {old.valid_to or '空'},承继日期是 {item.on}", "两个日期应相同"
    if (new.valid_from and new.valid_from > item.on) or (new.valid_to and new.valid_to <= item.on):
        return "on", f"{item.new} 在 {item.on} 不存在，出现空档", "核对两者的起止日期"
    return None


def _read_boundaries(document: Document, plan: Plan) -> None:
    features = document.data.get("features") if isinstance(document.data, dict) else None
    if not isinstance(features, list):
        plan.findings.append(document.finding((), "不是 GeoJSON FeatureCollection", "最外层要有 features 列表"))
        return
    for number, feature in enumerate(features):
        code, polygons, problem = _boundary(feature)
        if problem is None and code not in plan.divisions:
            problem = f"边界的区划 {code or '(空)'} 不在 {TABLE} 里"
        if problem is not None:
            plan.findings.append(document.finding(("features", number), problem, "properties.code 和 geometry"))
        else:
            plan.boundaries[code] = polygons


def _boundary(feature: Any) -> tuple[str, list[Any], str | None]:
    """Code and polygons of a GeoJSON feature, or what is wrong with it."""
    if not isinstance(feature, dict):
        return "", [], "不是 GeoJSON Feature"
    properties, geometry = feature.get("properties"), feature.get("geometry")
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        return "", [], "缺少 properties 或 geometry"
    code, kind = str(properties.get("code", "")), geometry.get("type")
    polygons: Any = geometry.get("coordinates")
    if kind == "Polygon":
        polygons = [polygons]
    elif kind != "MultiPolygon":
        return code, [], f"{code} 的几何类型是 {kind},应为 Polygon 或 MultiPolygon"
    try:
        points = [point for polygon in polygons for ring in polygon for point in ring]
        good = all(-180 <= point[0] <= 180 and -90 <= point[1] <= 90 for point in points) and len(points) >= 3
    except (TypeError, IndexError):
        good = False
    return (code, polygons, None) if good else (code, [], f"{code} 的坐标不对，应为 [经度, 纬度]")
