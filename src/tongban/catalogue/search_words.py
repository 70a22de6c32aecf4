"""By what an item is found: its name, the everyday words of its editors, and the name of what it gives."""

from __future__ import annotations

from tongban.catalogue.definition import Definition
from tongban.kernel import chinese


def search_words(definition: Definition) -> str:
    """The search text of an item: words, runs and pinyin initials, each once."""
    forms = (definition.name, *definition.search_words, definition.result.name)
    return " ".join(dict.fromkeys(" ".join(chinese.search_text(form) for form in forms if form).split()))


def base_search_words(name: str, before: str) -> str:
    """The search text of an entry under a new name; its old words stay, because people go on looking for them."""
    return " ".join(dict.fromkeys([*chinese.search_text(name).split(), *before.split()]))
