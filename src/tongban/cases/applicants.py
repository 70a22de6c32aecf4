"""Who applies, and who acts for them: values taken from identity or from a window clerk's form. No database."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from tongban.kernel import chinese


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """The applicant as stated in the application (申请人).

    `document_kind`: GA/T 2000.156 (111 resident identity card, 414 passport, 516 …) or `001` for a unified social
    credit code. `phone` and `address` may be empty at a window: not everybody has one.
    """

    kind: Literal["person", "company"]
    name: str
    document_kind: str
    document_number: str
    phone: str = ""
    address: str = ""
    #: Of a company: its legal representative or proprietor.
    legal_representative: str = ""

    @property
    def masked_name(self) -> str:
        """The name as others may see it: a company's in full, a person's masked."""
        return self.name if self.kind == "company" else chinese.mask_name(self.name)

    def as_json(self) -> dict[str, str]:
        """The value as JSON, to be stored encrypted."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Applicant":
        """The value from what `as_json` gave."""
        return cls(**value)


@dataclass(frozen=True, kw_only=True)
class Agent:
    """Somebody who files for the applicant with a power of attorney (代理人, 行政许可法 art. 29)."""

    name: str
    document_kind: str
    document_number: str
    phone: str = ""
    #: What the clerk saw of the power of attorney (授权委托书): its date and scope in words.
    authority: str = ""

    def as_json(self) -> dict[str, str]:
        """The value as JSON, to be stored encrypted."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Service:
    """How the applicant wants to be served (送达): confirmed address, electronic consent, chosen delivery."""

    address: str = ""
    recipient: str = ""
    phone: str = ""
    email: str = ""
    electronic_consent: bool = False
    delivery: Literal["electronic", "window", "mail"] = "electronic"

    def as_json(self) -> dict[str, Any]:
        """The value as JSON, to be stored encrypted."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Service":
        """The value from what `as_json` gave; nothing stated yet gives the defaults."""
        return cls(**value)
