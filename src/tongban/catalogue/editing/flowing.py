"""The steps of a draft as nodes of the drawn flow, however incomplete they are, with their faults marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from tongban.catalogue.definition import Limit
from tongban.catalogue.editing.choices import ROLES
from tongban.catalogue.faults import Fault
from tongban.catalogue.flow import Node
from tongban.catalogue.words import limit_words

_ROLE_WORDS: Final = dict(ROLES)


def nodes(content: Mapping[str, Any], faults: Sequence[Fault], units: Mapping[str, str]) -> tuple[Node, ...]:
    """One node a step; `units`: names of organisations by their codes."""
    specials = list(_dicts(content, "special_procedures"))
    made: dict[str, Node] = {}
    for number, step in enumerate(_dicts(content, "steps")):
        key = str(step.get("key") or f"?{number}")
        said = [fault.message for fault in faults if _of(fault.path, number)]
        node = Node(
            key=key,
            title=str(step.get("name") or f"（第 {number + 1} 个环节，没有名称）"),
            lines=tuple(_lines(step, units)),
            after=tuple(str(one) for one in step.get("after") or () if isinstance(one, str)),
            specials=tuple(f"可能：{one.get('name', '')}" for one in specials if one.get("during") == key),
            faults=tuple(dict.fromkeys(said)),
            last=step.get("kind") == "approval",
        )
        # Two with one key would be drawn as one: the second gets a name of its own, its fault says why.
        made[key if key not in made else f"{key}?{number}"] = node
    return tuple(node if node.key == key else _named(node, key) for key, node in made.items())


def _named(node: Node, key: str) -> Node:
    return Node(**{**vars(node), "key": key})


def _lines(step: Mapping[str, Any], units: Mapping[str, str]) -> Iterator[str]:
    unit = step.get("unit")
    yield f"{units.get(str(unit), str(unit)) if unit else '实施机构'}·{_ROLE_WORDS.get(str(step.get('role')), '未定')}"
    try:
        yield f"时限：{limit_words(Limit.model_validate(step['limit']))}" if step.get("limit") else "时限：不单独规定"
    except ValidationError:
        yield "时限：填得不对"


def _of(path: str, number: int) -> bool:
    return path == f"steps.{number}" or path.startswith(f"steps.{number}.")


def _dicts(content: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = content.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
