"""Which status may follow which (GB/T 36903; 行政许可法第六十九条, 第七十条): pure."""

from tongban.licences.models import Licence

_S = Licence.Status
_LIVING = frozenset({_S.WITHDRAWN, _S.CANCELLED, _S.LAPSED, _S.MOVED_OUT, _S.REVOKED, _S.OTHER})
#: A licence that has ended never comes back: a new one is issued instead.
NEXT: dict[str, frozenset[str]] = {
    _S.VALID: _LIVING | {_S.DETAINED},
    _S.DETAINED: _LIVING | {_S.VALID},
    _S.OTHER: _LIVING - {_S.OTHER} | {_S.VALID},
}


def may_follow(old: str, new: str) -> bool:
    """Whether status `new` may follow `old`."""
    return new in NEXT.get(old, frozenset())
