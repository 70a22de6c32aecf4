"""The room's part of the city pack: `document-words.yaml`, the words with which the bodies' document numbers begin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from pydantic import Field

from tongban.base.pack import Changes, Finding, Pack, PackSection, Shape, parse
from tongban.directory.models import Organisation
from tongban.documents.models import AgencyWord
from tongban.kernel.actor import Actor

FILE = "document-words.yaml"
Word = Annotated[str, Field(min_length=1, max_length=20)]


class AgencyWords(Shape):
    """Words by area (prefix of the organisation's reference) and by body (its key); a word of a body is area + body."""

    areas: dict[str, Word]
    bodies: dict[str, Word]
    #: Whole words by reference, where the rule does not fit.
    exceptions: dict[str, Word] = {}

    def word(self, ref: str) -> str | None:
        """Return the word of the body that the pack calls `ref`; None where the file has none."""
        if ref in self.exceptions:
            return self.exceptions[ref]
        area, _, key = ref.partition(":")
        return self.areas[area] + self.bodies[key] if area in self.areas and key in self.bodies else None


class AgencyWordSection(PackSection):
    """Checks and loads the words."""

    name: ClassVar[str] = "document-words"
    title: ClassVar[str] = "机关代字"
    order: ClassVar[int] = 35
    files: ClassVar[tuple[str, ...]] = (FILE,)

    def check(self, pack: Pack) -> Iterable[Finding]:
        document = pack.yaml(FILE)
        if document is None:
            return
        words, found = parse(document, AgencyWords)
        yield from found
        if words is None:
            return
        bodies = pack.names("organisation")
        keys = {ref.partition(":")[2] for ref in bodies if ":" in ref}
        for key in words.bodies:
            if key not in keys:
                yield document.finding(("bodies", key), f"没有键为 {key} 的机构", "见 organisations.yaml")
        for ref in words.exceptions:
            if ref not in bodies:
                yield pack.unknown("organisation", ref, document, ("exceptions", ref), "机构")
        seen: dict[str, str] = {}
        for ref, word in _words(words, bodies).items():
            if word in seen:
                yield document.finding((), f"{seen[word]} 与 {ref} 的机关代字都是“{word}”", "在 exceptions 里另写一个")
            seen.setdefault(word, ref)

    def load(self, pack: Pack, actor: Actor) -> Changes:
        del actor
        changes = Changes()
        document = pack.yaml(FILE)
        words = parse(document, AgencyWords)[0] if document is not None else None
        if words is None:
            return changes
        wanted = _words(words, pack.names("organisation"))
        known = {row.organisation_id: row for row in AgencyWord.objects.all()}
        fresh, altered = [], []
        for ref, key in Organisation.objects.filter(ref__in=wanted).order_by("pk").values_list("ref", "pk"):
            row, word = known.get(key), wanted[ref]
            if row is None:
                fresh.append(AgencyWord(organisation_id=key, word=word))
                changes.added.append(word)
            elif row.word != word:
                changes.changed.append(f"{row.word} → {word}")
                row.word = word
                altered.append(row)
            else:
                changes.unchanged += 1
        # Words may change places: the old rows go before the new ones come.
        AgencyWord.objects.filter(pk__in=[row.pk for row in altered]).delete()
        AgencyWord.objects.bulk_create([*fresh, *altered])
        return changes


def _words(words: AgencyWords, bodies: dict[str, Any]) -> dict[str, str]:
    """Return the word of every body of the pack that has one, by reference."""
    found = {ref: words.word(ref) for ref in bodies if ":" in ref}
    return {ref: word for ref, word in found.items() if word is not None}
