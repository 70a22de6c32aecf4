"""Which steps of an item stand before and behind another: where a case may be sent back to, and what is done again."""

from tongban.catalogue.models import Definition

#: Kinds of step that look over the work of others and may send it back (审核、批准).
MAY_RETURN = frozenset({"review", "approval"})


def before(definition: Definition, key: str) -> tuple[str, ...]:
    """Keys of all steps that this one waits for, directly or by others, in the order of the guide."""
    after = {one.key: one.after for one in definition.steps}
    found: set[str] = set()
    waiting = list(after[key])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(after[one])
    return tuple(one.key for one in definition.steps if one.key in found)


def behind(definition: Definition, key: str) -> tuple[str, ...]:
    """Keys of all steps that wait for this one, directly or by others, in the order of the guide."""
    return tuple(one.key for one in definition.steps if key in before(definition, one.key))


def targets(definition: Definition, key: str, kind: str) -> tuple[str, ...]:
    """Keys of the steps to which a step of this kind may send the case back; none for one that only handles."""
    return before(definition, key) if kind in MAY_RETURN else ()
