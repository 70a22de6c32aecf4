"""Search by name or pinyin initials over a generated text-search column."""

from typing import TypeVar

from django.contrib.postgres.search import SearchQuery
from django.db.models import Model, Q, QuerySet

from tongban.kernel import chinese

M = TypeVar("M", bound=Model)


def matching(rows: QuerySet[M], text: str) -> QuerySet[M]:
    """The rows whose names hold `text`, or whose words or initials begin with every word typed; none for no words."""
    typed = text.strip()
    words = chinese.query_words(typed)
    if not words:
        return rows.none()
    # Words come from the kernel: letters, digits and Han only, so they cannot break the query's grammar.
    query = SearchQuery(" & ".join(f"{word}:*" for word in words), config="simple", search_type="raw")
    return rows.filter(Q(search=query) | Q(search_text__contains=typed.lower()))
