"""Pydantic models over pack files: errors come back as findings in Chinese with file and line."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from tongban.base.pack.located import Document, Finding

M = TypeVar("M", bound=BaseModel)


class Shape(BaseModel):
    """The shape of a value in a pack file: frozen, and a key that is not written here is an error.

    Codes written without quotation marks are read as text all the same.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


_MESSAGES = {
    "missing": "缺少“{name}”",
    "extra_forbidden": "不认识“{name}”",
    "string_type": "应为文字",
    "string_pattern_mismatch": "格式不对",
    "string_too_short": "不能为空或太短",
    "string_too_long": "文字太长，最多 {max_length} 个字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "dict_type": "应为键值对",
    "mapping_type": "应为键值对",
    "model_type": "应为键值对",
    "model_attributes_type": "应为键值对",
    "date_type": "应为日期",
    "date_parsing": "应为日期",
    "date_from_datetime_parsing": "应为日期",
    "literal_error": "不在允许的值之内",
    "enum": "不在允许的值之内",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不得大于 {le}",
}


def parse(document: Document, model: type[M], at: Sequence[str | int] = ()) -> tuple[M | None, list[Finding]]:
    """The value at `at` in `document` as `model`, or None and what is wrong with it."""
    value: Any = document.data
    for step in at:
        value = value[step]
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        return None, findings(document, error, model, at)


def findings(
    document: Document,
    error: ValidationError,
    model: type[BaseModel],
    at: Sequence[str | int] = (),
) -> list[Finding]:
    """Every error of `error` as a finding at its line in `document`."""
    found = []
    for item in error.errors(include_url=False):
        path = (*at, *item["loc"])
        context = item.get("ctx", {})
        name = str(item["loc"][-1]) if item["loc"] else ""
        found.append(document.finding(path, _message(item["type"], item["msg"], name, context), _hint(item, model)))
    return found


def _message(kind: str, original: str, name: str, context: dict[str, Any]) -> str:
    if kind == "value_error":
        return str(context.get("error", original))
    template = _MESSAGES.get(kind)
    return template.format(name=name, **context) if template else original


def _hint(item: Any, model: type[BaseModel]) -> str:
    context = item.get("ctx", {})
    match item["type"]:
        case "extra_forbidden":
            near = get_close_matches(str(item["loc"][-1]), _field_names(model), n=1)
            return f"是否应为 {near[0]}" if near else "见 cities/README.md"
        case "string_pattern_mismatch":
            return f"应符合 {context['pattern']}"
        case "literal_error" | "enum":
            return f"可以写 {context['expected']}"
        case "date_parsing" | "date_from_datetime_parsing" | "date_type":
            return "写成 2027-10-01"
        case "missing":
            return "必填"
    value = item.get("input")
    return f"现在是 {value!r}" if isinstance(value, str | int | float | bool) else ""


def _field_names(model: type[BaseModel], depth: int = 4) -> set[str]:
    """Names of the model's fields and of the models inside it: near misses are looked for among them."""
    names: set[str] = set()
    for name, info in model.model_fields.items():
        names.add(info.alias or name)
        for inner in _models_in(info.annotation) if depth else ():
            names |= _field_names(inner, depth - 1)
    return names


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    found: list[type[BaseModel]] = []
    for argument in getattr(annotation, "__args__", ()):
        found.extend(_models_in(argument))
    return found
