"""What differs between two versions of a definition, and one made from the other. Pure; plain JSON values in and out.

Lists whose members carry a key of their own (`key`, `value`, `number`) are compared by that key, so that a material put
in between shows as one addition; other lists are compared as a whole.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

#: Steps to a value: names, and for members of keyed lists "[key]".
Path = tuple[str, ...]
_KEYS: Final = ("key", "value", "number")


@dataclass(frozen=True)
class Difference:
    """One thing that is added, removed, changed, or (a list's members) put into another order.

    `before` and `after` are plain values; of an order they are the lists of keys.
    """

    path: Path
    op: Literal["add", "remove", "change", "order"]
    before: Any = None
    after: Any = None

    @property
    def dotted(self) -> str:
        """The path as faults write it: ``materials.contract.copy_count``."""
        return ".".join(step[1:-1].partition("=")[2] if step.startswith("[") else step for step in self.path)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Everything that differs, in the order of the old one's fields, then what is new."""
    return list(_mapping((), old, new))


def apply(old: Mapping[str, Any], changes: Sequence[Difference]) -> dict[str, Any]:
    """The new version: the changes applied to the old one.

    Raises:
        ValueError: a change does not fit what stands there.
    """
    made: dict[str, Any] = copy.deepcopy(dict(old))
    for change in changes:
        _apply(made, change)
    return made


def _mapping(path: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name in [*old, *(name for name in new if name not in old)]:
        here = (*path, name)
        if name not in new:
            yield Difference(here, "remove", before=old[name])
        elif name not in old:
            yield Difference(here, "add", after=new[name])
        else:
            yield from _value(here, old[name], new[name])


def _value(path: Path, old: Any, new: Any) -> Iterator[Difference]:
    if _same(old, new):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mapping(path, old, new)
        return
    before, after = _keyed(old), _keyed(new)
    if before is None or after is None:
        yield Difference(path, "change", before=old, after=new)
        return
    yield from _mapping(path, before, after)
    kept = [key for key in before if key in after] + [key for key in after if key not in before]
    if kept != list(after):
        yield Difference(path, "order", before=kept, after=list(after))


def _same(old: Any, new: Any) -> bool:
    # True and 1 are one to Python and two to JSON.
    if isinstance(old, bool) is not isinstance(new, bool):
        return False
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return set(old) == set(new) and all(_same(old[name], new[name]) for name in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(_same(a, b) for a, b in zip(old, new, strict=True))
    return bool(old == new) and type(old) is type(new)


def _keyed(value: Any) -> dict[str, Any] | None:
    """A list's members by their keys; None where they have none, or one is used twice."""
    if not isinstance(value, list) or not value:
        return None
    for name in _KEYS:
        keys = [member.get(name) if isinstance(member, Mapping) else None for member in value]
        if all(isinstance(key, str) for key in keys) and len(set(keys)) == len(keys):
            return {f"[{name}={key}]": member for key, member in zip(keys, value, strict=True)}
    return None


def _apply(made: dict[str, Any], change: Difference) -> None:
    *outer, last = change.path
    here: Any = made
    for step in outer:
        here = here[_at(here, step)]
    if change.op == "order":
        found = here[_at(here, last)]
        if sorted(change.before) != sorted(change.after) or len(found) != len(change.after):
            raise ValueError(f"the order at {change.dotted} is of other members")
        found[:] = [found[_at(found, step)] for step in change.after]
    elif change.op == "add":
        _add(here, last, copy.deepcopy(change.after), change)
    else:
        at = _at(here, last)
        if not _same(here[at], change.before):
            raise ValueError(f"something else stands at {change.dotted}")
        if change.op == "remove":
            del here[at]
        else:
            here[at] = copy.deepcopy(change.after)


def _add(here: Any, last: str, value: Any, change: Difference) -> None:
    if isinstance(here, list):
        here.append(value)
    elif last in here:
        raise ValueError(f"something stands at {change.dotted} already")
    else:
        here[last] = value


def _at(here: Any, step: str) -> Any:
    """Where a step leads in a mapping or a keyed list.

    Raises:
        ValueError: nowhere.
    """
    if isinstance(here, Mapping):
        if step not in here:
            raise ValueError(f"nothing stands at {step}")
        return step
    name, _, key = step.strip("[]").partition("=")
    for index, member in enumerate(here):
        if isinstance(member, Mapping) and member.get(name) == key:
            return index
    raise ValueError(f"nothing stands at {step}")
