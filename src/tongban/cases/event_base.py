"""What every event of a case is."""

from dataclasses import dataclass

from tongban.base.records import EventRecord


@dataclass(frozen=True, kw_only=True)
class CaseEvent(EventRecord):
    """One thing that happened to a case; appended to its chain and to the outbox."""
