"""Check any code by the name of its kind, without exceptions: for the command line, imports and interfaces."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from tongban.kernel.codes import (
    case_no,
    catalog_code,
    division,
    division_history,
    licence_id,
    org_code,
    resident_id,
    task_code,
    uscc,
)
from tongban.kernel.codes.errors import CodeError

Parts = dict[str, str]

#: Every kind of code that can be checked, with its Chinese name, in the order in which they are listed.
KINDS: Mapping[str, str] = {
    "uscc": "统一社会信用代码",
    "resident-id": "公民身份号码",
    "org-code": "组织机构代码",
    "division": "行政区划代码",
    "task-code": "实施编码",
    "catalog-code": "基本编码",
    "case-no": "办件编号",
    "licence-id": "电子证照标识",
}


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """What a check found; serialise it with `as_dict`."""

    #: One of `KINDS`.
    kind: str
    #: The value as it was given.
    value: str
    #: Whether it is a valid code.
    valid: bool
    #: The parts of a valid code by name, all as text, parts that a form lacks left out; `code` is the normalised whole.
    #: An invalid one has none, save `pseudo` = "true" for a credit code that differs only in its check.
    parts: Parts
    #: Chinese phrase that says what is wrong, `None` if valid.
    error: str | None = None
    #: Stable code of the error, such as `uscc.check-char`, `None` if valid.
    error_code: str | None = None
    #: Position of the wrong character in the normalised value, from 1, `None` if valid or not at one place.
    position: int | None = None
    #: What stands there.
    found: str | None = None
    #: What would be right.
    expected: str | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the check as plain types for JSON."""
        return asdict(self)


def check(kind: str, value: str, *, today: date | None = None) -> CodeCheck:
    """Check a value as a code of a kind; `today` (Asia/Shanghai) refuses a birth in the future, no clock is read.

    Raises:
        CodeError: `codes.unknown-kind` if the kind is none of `KINDS`; never for the value.
    """
    if kind not in KINDS:
        known = "、".join(KINDS)
        message = f"没有代码种类 {kind}，可用的有：{known}"
        raise CodeError(message, code="codes.unknown-kind", found=kind, expected=known)
    try:
        parts = _resident_id(value, today) if kind == "resident-id" else _READERS[kind](value)
    except CodeError as error:
        marks = {"pseudo": "true"} if kind == "uscc" and uscc.is_pseudo(value) else {}
        return CodeCheck(
            kind, value, False, marks, error.message, error.code, error.position, error.found, error.expected
        )
    return CodeCheck(kind, value, True, parts)


def _present(**parts: str | None) -> Parts:
    return {name: part for name, part in parts.items() if part is not None}


def _truth(*, truth: bool) -> str:
    return "true" if truth else "false"


def _uscc(value: str) -> Parts:
    code = uscc.parse(value)
    return _uscc_parts(code) | {"code": code.code, "check": code.check}


def _uscc_parts(code: uscc.Uscc) -> Parts:
    return {
        "registrar": code.registrar,
        "kind": code.kind,
        "division": code.division,
        "org_code": code.org_code,
        "org_code_fits": _truth(truth=code.org_code_fits),
    }


def _resident_id(value: str, today: date | None) -> Parts:
    resident = resident_id.parse(value, today=today)
    return {
        "code": resident.number,
        "written": resident.written,
        "holder": resident.holder,
        "holder_name": resident_id.HOLDER_NAMES[resident.holder],
        "address": resident.address,
        "birth_date": resident.birth_date.isoformat(),
        "serial": resident.serial,
        "gender": resident.gender,
        "check": resident.check,
    }


def _org_code(value: str) -> Parts:
    code = org_code.parse(value)
    return {"code": code.code, "written": code.written, "body": code.body, "check": code.check}


def _division(value: str) -> Parts:
    place = division.parse(value)
    known = division_history.record(place.code)
    urban = place.urban_class
    return _present(
        code=place.code,
        code12=place.code12,
        level=place.level,
        level_name=division.LEVEL_NAMES[place.level],
        province=place.province,
        parent=place.parent12,
        urban_class=urban,
        urban_class_name=division.URBAN_CLASS_NAMES[urban] if urban else None,
        internal=_truth(truth=place.is_internal),
        name=known.name if known else None,
        valid_from=known.valid_from.isoformat() if known and known.valid_from else None,
        valid_to=known.valid_to.isoformat() if known and known.valid_to else None,
        successor=known.successor if known else None,
    )


def _catalog_code(value: str) -> Parts:
    return _catalog_parts(catalog_code.parse(value))


def _catalog_parts(base: catalog_code.CatalogCode) -> Parts:
    return _present(
        code=base.code,
        generation=base.generation,
        region=base.region,
        task_type=base.task_type,
        task_type_name=catalog_code.TASK_TYPES.get(base.task_type),
        department=base.department,
        main_item=base.main_item,
        sub_item=base.sub_item,
        parent=base.parent,
    )


def _task_code(value: str) -> Parts:
    return _task_parts(task_code.parse(value))


def _task_parts(task: task_code.TaskCode) -> Parts:
    level = task.use_level
    base = {name: part for name, part in _catalog_parts(task.base).items() if name != "code"}
    return base | _present(
        code=task.code,
        form=task.form,
        implementation=task.implementation,
        uscc=task.uscc.code if task.uscc else None,
        division=task.division,
        org_code=task.org_code,
        use_level=level,
        use_level_name=task_code.USE_LEVELS[level] if level else None,
        catalog_code=task.base.code,
        handling_item=task.handling_item,
    )


def _case_no(value: str) -> Parts:
    number = case_no.parse(value)
    task = {name: part for name, part in _task_parts(number.task).items() if name != "code"}
    return task | {
        "code": number.code,
        "task_code": number.task.code,
        "date": number.day.isoformat(),
        "case_serial": number.serial,
    }


def _licence_id(value: str) -> Parts:
    licence = licence_id.parse(value)
    return {
        "code": licence.code,
        "type_code": licence.type_code,
        "definer": licence.definer,
        "type_serial": licence.type_serial,
        "issuer": licence.issuer,
        "serial": licence.serial,
        "version": licence.version,
        "check": licence.check,
    }


_READERS: dict[str, Callable[[str], Parts]] = {
    "uscc": _uscc,
    "org-code": _org_code,
    "division": _division,
    "task-code": _task_code,
    "catalog-code": _catalog_code,
    "case-no": _case_no,
    "licence-id": _licence_id,
}
