"""A definition in a few figures, kept beside its implementation: what lists, comparisons and searches show. Pure."""

from __future__ import annotations

from typing import Any

from tongban.catalogue.definition import Definition
from tongban.catalogue.limits import in_days


def summary_of(it: Definition) -> dict[str, Any]:
    """Plain JSON values; `…_days` are calendar days for comparing and sorting only (domain.md 3.2), rounded to 0.01."""
    return {
        "project_type": it.project_type,
        "promised": it.promised.model_dump(mode="json"),
        "promised_days": round(float(in_days(it.promised)), 2),
        "statutory": it.statutory.model_dump(mode="json"),
        "statutory_days": round(float(in_days(it.statutory)), 2),
        "visits": it.onsite_visits,
        "materials": [material.name for material in it.materials],
        "fees": [{"name": fee.name, "amount_fen": fee.amount_fen, "unit": fee.unit} for fee in it.fee],
        "steps": [step.name for step in it.steps],
        "handle_forms": list(it.handle_forms),
        "online": bool({"web", "mobile"} & set(it.handle_forms)),
        "result": it.result.name,
        "handling_items": [one.name for one in it.handling_items],
        "runs_in": it.runs_in.name if it.runs_in else "",
    }
