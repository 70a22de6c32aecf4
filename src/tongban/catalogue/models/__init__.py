"""What the catalogue keeps; the definition's types are offered here to other rooms."""

from __future__ import annotations

from tongban.catalogue.base_elements import BaseElements
from tongban.catalogue.definition import (
    Condition,
    Contact,
    Contest,
    Definition,
    Faq,
    Fee,
    HandlingItem,
    Law,
    Limit,
    Material,
    NumberChoice,
    Option,
    Question,
    Remedies,
    Result,
    RunningSystem,
    Schema,
    SpecialProcedure,
    Step,
    Stop,
)
from tongban.catalogue.models.changes import ChangeComment, ChangeReview, ItemChange
from tongban.catalogue.models.imports import ItemImport
from tongban.catalogue.models.items import BaseItem, BaseVersion, FeedEntry, Implementation, ItemVersion
from tongban.catalogue.models.questions import DeviationQuestion
from tongban.catalogue.models.search import LifeEvent, SearchEntry, SearchTerm, SearchWordGroup
from tongban.catalogue.models.syncing import SyncMark, SyncSource

__all__ = [
    "BaseElements", "BaseItem", "BaseVersion", "ChangeComment", "ChangeReview", "Condition", "Contact", "Contest",
    "Definition", "DeviationQuestion", "Faq", "Fee", "FeedEntry", "HandlingItem", "Implementation", "ItemChange",
    "ItemImport", "ItemVersion", "Law", "LifeEvent", "Limit", "Material", "NumberChoice", "Option", "Question",
    "Remedies", "Result", "RunningSystem", "Schema", "SearchEntry", "SearchTerm", "SearchWordGroup",
    "SpecialProcedure", "Step", "Stop", "SyncMark", "SyncSource",
]  # fmt: skip
