"""Chinese text: words for search, a key for sorting, masks for what must not be shown whole.

The dictionaries are loaded by the first function that needs them: most commands and many processes never do.
"""

import re
import unicodedata

_TEXT_CHARACTERS_MAX = 20_000
_WORD = re.compile(r"[0-9a-z]+|[㐀-䶿一-鿿\U00020000-\U000323af]+")
_HAN = re.compile(r"[㐀-䶿一-鿿\U00020000-\U000323af]")


def fold(text: str) -> str:
    """Fold width and case (NFKC, lower case), so that equal-looking text is equal."""
    return unicodedata.normalize("NFKC", text).lower()


def words(text: str) -> list[str]:
    """Cut text into the words a person would search for, in order, without punctuation.

    Words of three characters and more are also given in their shorter parts, so that 居住证 finds 居住证办理.
    """
    import rjieba

    folded = fold(text[:_TEXT_CHARACTERS_MAX])
    found: list[str] = []
    for word in rjieba.cut_for_search(folded):
        found.extend(_WORD.findall(word))
    return found


def initials(word: str) -> str:
    """Give the pinyin initials of a word, lower case: 居住证 is "jzz"."""
    import pypinyin

    return "".join(part[0] for part in pypinyin.lazy_pinyin(word, errors="ignore") if part).lower()


def search_text(text: str) -> str:
    """Make the input of `to_tsvector('simple', …)`: words, single characters' runs and pinyin initials.

    Each word is followed once by its initials; the initials of the whole text come last when it is short (a name).
    """
    seen: dict[str, None] = {}
    cut = words(text)
    for word in cut:
        seen.setdefault(word)
        if len(word) > 1 and _HAN.match(word):
            seen.setdefault(initials(word))
    for run in _WORD.findall(fold(text[:64])):
        if _HAN.match(run):
            seen.setdefault(run)
            seen.setdefault(initials(run))
    return " ".join(word for word in seen if word)


def query_words(text: str) -> list[str]:
    """Cut what a person typed into at most 12 words that all must match; initials are kept as typed."""
    import rjieba

    plain = [word for word in rjieba.cut(fold(text[:200])) if _WORD.fullmatch(word)]
    return list(dict.fromkeys(plain))[:12]


def sort_key(text: str) -> str:
    """Give a key that sorts Chinese by pinyin, then by the character itself (the database has no ICU)."""
    import pypinyin

    syllables = pypinyin.lazy_pinyin(fold(text), style=pypinyin.Style.TONE3, neutral_tone_with_five=True)
    return " ".join(syllables) + "\x1f" + text


def mask_name(name: str) -> str:
    """Keep the family name: 张三丰 becomes 张**; a company's name is not a person's and must not come here."""
    stripped = name.strip()
    if len(stripped) <= 1:
        return "*" * len(stripped)
    return stripped[0] + "*" * (len(stripped) - 1)


def mask_phone(phone: str) -> str:
    """Keep the first three and last four digits: 138****5678; short numbers keep the last two."""
    digits = phone.strip()
    if len(digits) < 8:
        return "*" * max(0, len(digits) - 2) + digits[-2:]
    return digits[:3] + "*" * (len(digits) - 7) + digits[-4:]


def mask_id(number: str) -> str:
    """Keep the first three and last two characters of a document number: 430**************12."""
    cleaned = number.strip()
    if len(cleaned) <= 5:
        return "*" * len(cleaned)
    return cleaned[:3] + "*" * (len(cleaned) - 5) + cleaned[-2:]


def mask_address(address: str) -> str:
    """Keep an address down to road or village; what comes after becomes three stars."""
    stripped = address.strip()
    match = re.match(r".*?(?:大道|路|街|巷|村|社区|镇|乡|街道)(?=.)", stripped)
    if match:
        return match.group(0) + "***"
    return stripped[: min(6, len(stripped) // 2)] + "***"


def mask_email(email: str) -> str:
    """Keep the first character and the domain: z***@example.com."""
    local, at, domain = email.strip().partition("@")
    return f"{local[:1]}***{at}{domain}"
