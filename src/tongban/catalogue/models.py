"""What the catalogue keeps; the definition's types are offered here to other rooms."""

from __future__ import annotations

from tongban.catalogue.definition import (
    Condition,
    Definition,
    Faq,
    Fee,
    Law,
    Limit,
    Material,
    NumberChoice,
    Option,
    Question,
    Remedies,
    Result,
    Schema,
    SpecialProcedure,
    Step,
    Stop,
)

__all__ = [
    "Condition",
    "Definition",
    "Faq",
    "Fee",
    "Law",
    "Limit",
    "Material",
    "NumberChoice",
    "Option",
    "Question",
    "Remedies",
    "Result",
    "Schema",
    "SpecialProcedure",
    "Step",
    "Stop",
]
