"""Who may see and pay a bill is asked of the room whose subject it is for."""

from __future__ import annotations

from abc import ABC, abstractmethod

from tongban.base.registry import Registry
from tongban.kernel.actor import Actor


class BillAccess(ABC):
    """Rights on the bills of one kind of subject."""

    @abstractmethod
    def may_pay(self, actor: Actor, subject: str) -> bool:
        """Whether the actor may see and pay the bills of that subject online (the applicant)."""

    @abstractmethod
    def may_collect(self, actor: Actor, subject: str) -> bool:
        """Whether the actor may take money for that subject at the window."""

    @abstractmethod
    def page_of(self, subject: str) -> str:
        """Return the path of the page to which a payer comes back."""


#: By the word before the colon of the subject ("case"); a kind that nobody registered is closed to everybody.
access: Registry[BillAccess] = Registry("payments.access", BillAccess)  # type: ignore[type-abstract]
