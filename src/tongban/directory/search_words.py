"""What an organisation can be found by: its names, the names without the place in front, and all their initials."""

import re

from tongban.kernel import chinese

#: 株洲市, 荷塘区, 攸县, or the bare 市 of short names, at the beginning.
_PLACE = re.compile(r"^.{0,4}?[市区县]")


def search_words(name: str, short_name: str) -> str:
    """The search text of an organisation: people type 市场监管局 or scjgj and leave the city out."""
    forms = [name, short_name, *(_PLACE.sub("", form, count=1) for form in (short_name, name))]
    return " ".join(dict.fromkeys(" ".join(chinese.search_text(form) for form in forms if form).split()))
