"""文号: 机关代字 + 许 + the kind's word + 〔year〕 + serial + 号 (GB/T 9704 7.2.5: no zeros before the serial, no
第).
"""

from dataclasses import dataclass

from django.db import transaction

from tongban.base import numbering
from tongban.directory.models import Organisation
from tongban.documents.contents import Content
from tongban.documents.kinds import Kind
from tongban.documents.models import AgencyWord


@dataclass(frozen=True, slots=True)
class Number:
    """A number taken from its book."""

    book: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.book}〔{self.year}〕{self.serial}号"


def take(organisation: Organisation, kind: Kind, content: Content, year: int) -> Number | None:
    """Take the next number of the body's book for this kind and year; None where the kind has no number.

    The book's row stays locked until the caller's transaction ends: a number is used or never taken.

    Raises:
        RuntimeError: no transaction is open.
    """
    if not kind.number_word:
        return None
    book = f"{agency_word(organisation)}{'许' if content.permit else ''}{kind.number_word}"
    return Number(book, year, numbering.take(f"document:{book}", str(year)))


def agency_word(organisation: Organisation) -> str:
    """Return the body's word, entered on first use where the city pack gives none: its short name, else its full
    name.
    """
    known = AgencyWord.objects.filter(organisation=organisation).values_list("word", flat=True).first()
    if known is not None:
        return known
    for word in (organisation.short_name, organisation.name, organisation.code):
        with transaction.atomic():
            AgencyWord.objects.bulk_create([AgencyWord(organisation=organisation, word=word)], ignore_conflicts=True)
        known = AgencyWord.objects.filter(organisation=organisation).values_list("word", flat=True).first()
        if known is not None:
            return known
    raise RuntimeError(f"no document word could be entered for {organisation.code}")
