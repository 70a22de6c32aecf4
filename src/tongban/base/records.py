"""The form of a typed event: what happened, as a frozen record whose fields are the event's payload."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One kind of event of a room; rooms make a subclass per kind, past tense, unique in the platform.

    Fields hold codes, numbers, days, moments and references, never personal data in clear.
    """

    kind: ClassVar[str] = ""

    def payload(self) -> Mapping[str, Any]:
        """The event's own fields as JSON values: days and moments in ISO form, what is not known left out."""
        return {name: _plain(value) for name, value in asdict(self).items() if value is not None}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
