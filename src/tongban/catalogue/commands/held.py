"""Rows that a command is about to change: locked first, read afterwards."""

from __future__ import annotations

from collections.abc import Collection

from tongban.base import chain, moment
from tongban.base.records import EventRecord
from tongban.catalogue.models import BaseItem, Implementation, ItemChange
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound, Refusal

REASON_MAX = 500


class CatalogueRefusal(Refusal):
    """A change of the catalogue that the item's state does not allow."""


def implementation(task_code: str) -> Implementation:
    """The implementation, held until the transaction ends.

    Raises:
        NotFound: unknown code.
    """
    # A row that was waited for would come with what it was joined to before.
    Implementation.objects.select_for_update().filter(task_code=task_code).values_list("pk", flat=True).first()
    found = Implementation.objects.select_related("current", "base", "organisation").filter(task_code=task_code).first()
    if found is None:
        raise NotFound("这个事项")
    return found


def implementations(task_codes: Collection[str]) -> dict[str, Implementation]:
    """The implementations of these codes, held until the transaction ends, without the definitions in force.

    Raises:
        NotFound: one of the codes is unknown.
    """
    rows = Implementation.objects.filter(task_code__in=task_codes)
    list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    found = rows.select_related("current", "base", "organisation").defer("current__definition")
    by_code = {row.task_code: row for row in found}
    if len(by_code) < len(set(task_codes)):
        raise NotFound("这个事项")
    return by_code


def base(catalog_code: str) -> BaseItem:
    """The entry of the directory, held until the transaction ends.

    Raises:
        NotFound: unknown code.
    """
    found = BaseItem.objects.select_for_update().filter(catalog_code=catalog_code).first()
    if found is None:
        raise NotFound("这个目录事项")
    return found


def change(number: str) -> ItemChange:
    """The change order, held until the transaction ends.

    Raises:
        NotFound: unknown number.
    """
    ItemChange.objects.select_for_update().filter(number=number).values_list("pk", flat=True).first()
    rows = ItemChange.objects.select_related("base", "implementation", "organisation", "before")
    found = rows.filter(number=number).first()
    if found is None:
        raise NotFound("这张变更单")
    return found


def required(text: str, name: str, what: str, longest: int = REASON_MAX) -> str:
    """The text without blanks around it.

    Raises:
        Invalid: `reason_missing` or `reason_too_long`, at the field `name`.
    """
    stripped = text.strip()
    if not stripped:
        raise Invalid(f"请填写{what}。", fields={name: f"请填写{what}"}, code="reason_missing")
    if len(stripped) > longest:
        raise Invalid(f"{what}太长，请缩短。", fields={name: f"最多 {longest} 个字"}, code="reason_too_long")
    return stripped


def append(actor: Actor, subject: str, event: EventRecord) -> None:
    """Append the event to its chain, now."""
    chain.append(subject=subject, kind=event.kind, payload=event.payload(), actor=actor, at=moment.now())
