"""Small conditions over the applicant's answers and form: when a material, question, fee or field applies.

A condition is JSON, so that a catalogue editor can write it, a diff can show it and every channel reads it alike:

* ``{"answer": "key", "in": ["a", "b"]}``: the answer to the question is one of these (several answers: any of them);
* ``{"field": "key", "in": [true, "x"]}``: the form's field holds one of these;
* ``{"answer": "key", "given": true}`` or ``{"field": "key", "given": false}``: something (nothing) was entered;
* ``{"all": [...]}``, ``{"any": [...]}``, ``{"not": {...}}``: of conditions.

No condition at all (``None``) holds. An answer that was not given satisfies no ``in``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

#: Nesting deeper than this is a mistake, and unbounded nesting would be an attack.
DEPTH_MAX: Final = 6
#: Parts of one ``all`` or ``any``, and values of one ``in``.
PARTS_MAX: Final = 50

_SOURCES: Final = ("answer", "field")


class ConditionError(ValueError):
    """The condition is not of the form that this module documents."""


def checked(condition: Mapping[str, object], depth: int = 1) -> Mapping[str, object]:
    """Return the condition unchanged if it is well formed.

    Raises:
        ConditionError: unknown word, wrong shape, too deep or too wide.
    """
    if depth > DEPTH_MAX:
        raise ConditionError(f"nested deeper than {DEPTH_MAX}")
    if not isinstance(condition, Mapping):
        raise ConditionError(f"expected an object, got {condition!r}")
    words = set(condition)
    if words in ({"all"}, {"any"}):
        _check_parts(condition[words.pop()], depth)
    elif words == {"not"}:
        checked(_as_condition(condition["not"]), depth + 1)
    else:
        _check_leaf(condition)
    return condition


def holds(
    condition: Mapping[str, object] | None,
    answers: Mapping[str, object],
    form: Mapping[str, object] | None = None,
) -> bool:
    """Whether the condition is true of these answers (question key to value or list of values) and form data.

    Raises:
        ConditionError: the condition is malformed.
    """
    if condition is None:
        return True
    if "all" in condition:
        return all(holds(part, answers, form) for part in _parts(condition["all"]))
    if "any" in condition:
        return any(holds(part, answers, form) for part in _parts(condition["any"]))
    if "not" in condition:
        return not holds(_as_condition(condition["not"]), answers, form)
    return _leaf_holds(condition, answers, form or {})


def names(condition: Mapping[str, object] | None) -> Iterator[tuple[str, str, tuple[object, ...]]]:
    """Every leaf as (``answer`` or ``field``, key, values of ``in``), for checks that the names exist.

    Raises:
        ConditionError: the condition is malformed.
    """
    if condition is None:
        return
    for word in ("all", "any"):
        if word in condition:
            for part in _parts(condition[word]):
                yield from names(part)
            return
    if "not" in condition:
        yield from names(_as_condition(condition["not"]))
        return
    source = _source(condition)
    values = condition.get("in", ())
    yield source, str(condition[source]), tuple(values) if isinstance(values, (list, tuple)) else ()


def _leaf_holds(leaf: Mapping[str, object], answers: Mapping[str, object], form: Mapping[str, object]) -> bool:
    source = _source(leaf)
    value = (answers if source == "answer" else form).get(str(leaf[source]))
    given = value not in (None, "", [], ())
    if "given" in leaf:
        return given is bool(leaf["given"])
    wanted = leaf["in"]
    if not given or not isinstance(wanted, (list, tuple)):
        return False
    values = value if isinstance(value, (list, tuple)) else [value]
    return any(_same(one, other) for one in values for other in wanted)


def _same(one: object, other: object) -> bool:
    # True == 1 in Python; a yes/no field must not satisfy a condition on the number one.
    return isinstance(one, bool) is isinstance(other, bool) and one == other


def _source(leaf: Mapping[str, object]) -> str:
    for source in _SOURCES:
        if source in leaf:
            return source
    raise ConditionError(f"neither answer nor field in {dict(leaf)!r}")


def _check_leaf(leaf: Mapping[str, object]) -> None:
    source = _source(leaf)
    if not isinstance(leaf[source], str) or not leaf[source]:
        raise ConditionError(f"{source} must name a key")
    rest = set(leaf) - {source}
    if rest == {"given"}:
        if not isinstance(leaf["given"], bool):
            raise ConditionError("given must be true or false")
        return
    if rest != {"in"}:
        raise ConditionError(f"expected in or given beside {source}, got {sorted(rest)}")
    values = leaf["in"]
    if not isinstance(values, (list, tuple)) or not 0 < len(values) <= PARTS_MAX:
        raise ConditionError(f"in must be a list of 1 to {PARTS_MAX} values")
    if any(not isinstance(value, (str, int, bool)) for value in values):
        raise ConditionError("in may hold texts, numbers, true and false")


def _check_parts(parts: object, depth: int) -> None:
    if not isinstance(parts, (list, tuple)) or not 0 < len(parts) <= PARTS_MAX:
        raise ConditionError(f"all and any take a list of 1 to {PARTS_MAX} conditions")
    for part in parts:
        checked(_as_condition(part), depth + 1)


def _parts(parts: object) -> Iterator[Mapping[str, object]]:
    if not isinstance(parts, (list, tuple)):
        raise ConditionError(f"expected a list, got {parts!r}")
    return (_as_condition(part) for part in parts)


def _as_condition(part: object) -> Mapping[str, object]:
    if not isinstance(part, Mapping):
        raise ConditionError(f"expected a condition, got {part!r}")
    return part
