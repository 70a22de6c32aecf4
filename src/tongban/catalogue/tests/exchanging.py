"""Definitions of every shape, and files of items, for tests of the exchange."""

from __future__ import annotations

import io
from typing import Any

from hypothesis import strategies as st

from tongban.catalogue.definition import Definition
from tongban.catalogue.exchange import source, writing
from tongban.catalogue.exchange.dictionaries import GBT39046, Dictionary
from tongban.catalogue.exchange.records import Reading
from tongban.catalogue.exchange.sheets import Item
from tongban.catalogue.tests import factories

#: What breaks files: separators, quotation marks, formulas, line ends, blanks that nobody sees, escapes of formats.
NASTY = st.sampled_from(
    ["=1+1", "'quoted", "a,b;c\td", '"', "一\n二", "a\r\nb", " blank ", "\u3000全角", "\x0b", "\x7f", "_x000D_", "#N/A",
     "即办", "是", "0012", "1^2", "\u2028", "\ufeff", "2024-01-05", "null", "{}", "1e5", "12345678901234567890"]
)  # fmt: skip
letters = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=12)
line = st.one_of(letters, NASTY, st.sampled_from(["身份证", "营业执照", "申请书"]))
maybe = st.one_of(st.just(""), line)
key = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
when = st.one_of(
    st.none(), st.just({"answer": "place", "in": ["own"]}), st.just({"not": {"answer": "place", "in": ["own"]}})
)
credit = st.sampled_from([factories.BODY, "11430200006282000X"])
licence = st.one_of(st.none(), st.just(f"{factories.BODY}901"))
limits = st.builds(
    lambda amount, unit: {"amount": 0 if unit == "at_once" else amount, "unit": unit},
    st.integers(1, 400),
    st.sampled_from(["working_days", "calendar_days", "hours", "months", "at_once"]),
)


def _some(one: st.SearchStrategy[Any], most: int = 3, least: int = 0) -> st.SearchStrategy[list[Any]]:
    return st.lists(one, min_size=least, max_size=most)


materials = st.fixed_dictionaries(
    {
        "key": key, "name": line, "when": when, "need": st.sampled_from(["required", "optional", "later"]),
        "original_count": st.integers(0, 3), "copy_count": st.integers(0, 3),
        "format": st.sampled_from(["paper", "electronic", "both"]), "source": st.sampled_from(["own", "government", "other"]),
        "issuer": maybe, "licence_type": licence, "form_file": maybe, "sample": maybe, "basis": maybe,
        "accept_standard": maybe, "fill_note": maybe, "generated_from_form": st.booleans(),
    }
)  # fmt: skip
fees = st.fixed_dictionaries(
    {
        "key": key, "name": line, "amount_fen": st.integers(0, 10**9), "unit": line, "basis": line, "when": when,
        "reducible": st.booleans(), "reduce_note": maybe, "quantity_field": st.one_of(st.none(), key),
    }
)  # fmt: skip
laws = st.fixed_dictionaries(
    {
        "title": line, "article": maybe, "text": maybe, "number": maybe,
        "kind": st.sampled_from(["law", "regulation", "rule", "local", "normative"]),
    }
)  # fmt: skip
changes = st.fixed_dictionaries(
    {},
    optional={
        "name": line,
        "kind": st.sampled_from(["01", "05", "07", "08", "09", "10", "20"]),
        "project_type": st.sampled_from(["instant", "promised"]),
        "service_targets": _some(st.sampled_from(["person", "company", "other", "agency"]), 3, 1),
        "legal_basis": _some(laws, 3, 1),
        "conditions": _some(line, 3, 1),
        "materials": _some(materials),
        "fee": _some(fees, 2),
        "faq": _some(st.fixed_dictionaries({"question": line, "answer": line})),
        "statutory": limits,
        "promised": limits,
        "statutory_basis": line,
        "onsite_reason": maybe,
        "onsite_visits": st.integers(0, 5),
        "handle_forms": _some(st.sampled_from(["window", "web", "mobile", "express"]), 4, 1),
        "delivery": _some(st.sampled_from(["electronic", "window", "mail"]), 3, 1),
        "windows": _some(line, 3, 1),
        "consult_phone": st.one_of(line, st.just("0731-28680860")),
        "cross_region_scope": st.one_of(st.none(), st.sampled_from("123456")),
        "flow": line,
        "topics": _some(st.sampled_from(["p:005", "c:010", "c:005", "p:777"]), 3, 1),
        "search_words": _some(line),
        "handling_items": _some(
            st.fixed_dictionaries({"number": st.from_regex(r"[0-9]{2}", fullmatch=True), "name": line, "when": when})
        ),
        "online_depth": st.one_of(st.none(), st.sampled_from("12345678")),
        "agency_services": _some(line),
        "quantity_limit": maybe,
        "extras": st.dictionaries(
            st.one_of(st.builds("事项.{}".format, letters), st.builds("材料.{}.1".format, letters), line), maybe, max_size=3
        ),
        "entrusting_body": maybe,
        "window_organisations": _some(credit, 2),
        "contest": st.one_of(st.none(), st.builds(lambda it: {"review": {"address": it}}, maybe)),
        "correction_days": st.integers(1, 60),
        "remedies": st.builds(lambda body, days: {"review_body": body, "court": "法院", "review_days": days}, line, st.integers(1, 99)),
    },
)  # fmt: skip
#: Definitions that fit their type; the rules across fields need not hold.
definitions = changes.map(lambda them: Definition.model_validate({**factories.raw(), **them}))


def item(it: Definition, **changed: Any) -> Item:
    """The definition as it is written into files."""
    values: dict[str, Any] = {
        "task_code": it.task_code,
        "organisation": it.task_code[:18],
        "organisation_name": "株洲市示例局",
        "level": it.task_code[18],
        "state": "active",
        "base": {"slug": "sample-permit", "official_code": False, "rank": 1, "sample_fields": ["catalog_code"]},
        "definition": it.model_dump(mode="json"),
    }
    return Item(**{**values, **changed})


def written(items: list[Item], form: source.Format, dictionary: Dictionary = GBT39046) -> bytes:
    """The items as a file."""
    target = io.BytesIO()
    writing.WRITERS[form](items, dictionary, target)
    return target.getvalue()


def read_back(items: list[Item], form: source.Format, dictionary: Dictionary = GBT39046) -> Reading:
    """What a file of the items says."""
    return source.read(f"items.{form}", written(items, form, dictionary), form, dictionary)
