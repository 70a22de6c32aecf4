"""Keyset pages of Django querysets."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

from tongban.kernel.paging import Cursor, CursorValue, Page, page_size
from tongban.kernel.problems import Invalid

M = TypeVar("M", bound=Model)


def page(rows: "QuerySet[M]", *, order: Sequence[str], cursor: str | None = None, size: int | None = None) -> Page[M]:
    """Give one page of a list, as cheap on the thousandth page as on the first.

    `order` names non-null columns of the model, the last of them unique, with a dash for descending:
    `("due_on", "-id")`. `cursor` is what an earlier page gave, or None for the first page.

    Raises:
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    here = Cursor.decode(cursor, _secret()) if cursor else None
    wanted = page_size(size)
    if here is not None and len(here.values) != len(order):
        raise Invalid("翻页位置无效，请从第一页重新查看。", code="bad_cursor")
    backwards = here is not None and here.backwards
    names = [_turn(name) for name in order] if backwards else list(order)
    try:
        query = rows if here is None else rows.filter(_beyond(rows.model, names, here.values))
    except (ValidationError, ValueError, TypeError) as error:
        raise Invalid("翻页位置无效，请从第一页重新查看。", code="bad_cursor") from error
    found = list(query.order_by(*names)[: wanted + 1])
    more = len(found) > wanted
    found = found[:wanted]
    if backwards:
        found.reverse()
    return Page(
        found,
        next=_cursor(found, order, -1, backwards=False) if found and (more or backwards) else None,
        previous=_cursor(found, order, 0, backwards=True) if found and (more if backwards else here) else None,
    )


def _beyond(model: type[Model], names: Sequence[str], values: Sequence[CursorValue]) -> Q:
    """Say "after this row" for mixed directions: a > x, or a = x and b < y, or …"""
    condition, equal = Q(pk__in=[]), Q()
    for name, value in zip(names, values, strict=True):
        column = name.lstrip("-")
        typed = _column(model, column).to_python(value)
        condition |= equal & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": typed})
        equal &= Q(**{column: typed})
    return condition


def _cursor(found: Sequence[Model], order: Sequence[str], index: int, *, backwards: bool) -> str:
    row = found[index]
    values = tuple(_plain(getattr(row, _column(type(row), name.lstrip("-")).attname)) for name in order)
    return Cursor(values, backwards).encode(_secret())


def _column(model: type[Model], name: str) -> "Field[Any, Any]":
    found = model._meta.pk if name == "pk" else model._meta.get_field(name)
    assert isinstance(found, Field), f"{name} is no column of {model.__name__}"
    return found


def _plain(value: object) -> CursorValue:
    return value if isinstance(value, str | int) else str(value)


def _turn(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _secret() -> bytes:
    return str(settings.SECRET_KEY).encode()
