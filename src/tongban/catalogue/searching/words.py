"""Words of the search, without a database: what is left out, keys of a phrase, keys by which a slip is found.

A key ("lexeme" to the database) begins with the letter of its space: where the word stands decides how much a hit is
worth. Keys are letters, digits and Han only, so that nothing typed can break the grammar of a query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from tongban.kernel import chinese

#: Longest text that is searched for.
TEXT_MAX: Final = 100
#: Spaces of keys: the whole phrase, the name, what people call it, what it gives, who runs it.
WHOLE, NAME, SAID, RESULT, BODY = "=nsrb"
#: Characters of a phrase that get keys.
_PHRASE_MAX: Final = 40
_PINYIN_MAX: Final = 40
_WHOLE_MAX: Final = 50
#: Phrases of these lengths are offered as what somebody meant to type.
MEANT_MIN, MEANT_MAX = 2, 12
#: Up to so many characters a slip in the pinyin is found as well.
_MEANT_PINYIN_MAX: Final = 6

_RUN: Final = re.compile(r"[0-9a-z㐀-䶿一-鿿\U00020000-\U000323af]+")
_ASIDE: Final = re.compile(r"[（(][^（()）]*[)）]")
#: What people say around what they mean; where one begins like another, the longer stands first.
_SAID_AROUND: Final = re.compile(
    "我想要|我想|我要|我们想|我们要|想要|请问|帮我|你好|您好|我的"
    "|(?:怎么|怎样|如何)(?:办理|申请|办|弄|样|搞)?"
    "|需?要?(?:哪些|什么)(?:材料|手续|证件|资料|条件)|需要什么|要什么|需要"
    "|(?:去|在|到)?(?:哪里|哪儿|哪)办?|多少钱|多长时间|多久|几天"
    "|可不可以|能不能|可以|是不是|办理流程|流程|手续|办事指南|指南|网上办理?|办理"
)
_SAID_BEFORE: Final = re.compile(r"^(?:办一下|办一个|办个|申请办|申办|申请|去办|要办|办|领取)(?=..)")
_SAID_AFTER: Final = re.compile(r"(?:吗|呢|吧|啊|呀|么)+$")
_EMPTY: Final = frozenset(
    [
        "了",
        "的",
        "吗",
        "呢",
        "吧",
        "着",
        "过",
        "和",
        "与",
        "及",
        "或",
        "在",
        "把",
        "被",
        "给",
        "我",
        "你",
        "您",
        "去",
        "个",
        "一个",
        "到",
        "要",
        "想",
        "是",
        "有",
        "又",
        "就",
        "都",
        "也",
        "很",
        "从",
        "为",
        "弄",
    ]
)


def called(text: str) -> str:
    """The key of what is called exactly so."""
    return WHOLE + run(text)[:_WHOLE_MAX]


def run(text: str) -> str:
    """Text folded, its letters, digits and Han in one piece; at most `TEXT_MAX` characters are read."""
    return "".join(_RUN.findall(chinese.fold(text[:TEXT_MAX])))


def core(text: str) -> str:
    """What is meant: without 怎么办, 我想, 需要什么材料 and the like; the whole text where nothing else is said."""
    folded = chinese.fold(text[:TEXT_MAX]).strip()
    left = _SAID_AFTER.sub("", _SAID_AROUND.sub(" ", folded)).strip()
    left = _SAID_BEFORE.sub("", left)
    return left if _RUN.search(left) else folded


def cut(text: str) -> tuple[str, ...]:
    """The words of a text that carry a meaning, at most 12; all of them where none does."""
    found = chinese.query_words(text)
    return tuple(word for word in found if word not in _EMPTY) or tuple(found)


def keys(phrase: str, space: str) -> Iterator[str]:
    """Keys of a phrase in a space: its words, what begins at each word, and that in pinyin and initials."""
    folded = chinese.fold(phrase[:_PHRASE_MAX])
    for word in chinese.words(folded):
        yield space + word
    for piece in _RUN.findall(folded):
        sounds = _syllables(piece)
        for start in _starts(piece):
            yield space + piece[start:]
            yield from (space + key for key in _in_letters(sounds[start:]))


def whole(phrase: str) -> Iterator[str]:
    """Keys of the phrase as a whole: as typed, without what stands in brackets, in pinyin and initials."""
    for form in (phrase, _ASIDE.sub("", phrase)):
        piece = run(form)[:_WHOLE_MAX]
        if piece:
            yield WHOLE + piece
            yield from (WHOLE + key for key in latin(piece))


def latin(piece: str) -> tuple[str, ...]:
    """Pinyin and initials of a piece with Han: 居住证 is juzhuzheng and jzz; nothing for what has none."""
    return _in_letters(_syllables(piece))


def _in_letters(sounds: Sequence[str]) -> tuple[str, ...]:
    return ("".join(sounds)[:_PINYIN_MAX], "".join(one[0] for one in sounds)) if sounds else ()


def _syllables(piece: str) -> list[str]:
    """One syllable a character; nothing where no character is Han."""
    import rjieba

    return [] if piece.isascii() else [one for word in rjieba.cut(piece) for one in _word_syllables(word)]


@lru_cache(maxsize=20_000)
def _word_syllables(word: str) -> tuple[str, ...]:
    import pypinyin

    found = pypinyin.lazy_pinyin(word)
    if len(found) != len(word):
        found = [pypinyin.lazy_pinyin(one)[0] for one in word]
    return tuple(one or "?" for one in found)


def initial(name: str) -> str:
    """The letter under which a name stands in a list, A to Z, or #."""
    letters = (latin(run(name)) or ("", run(name)))[1]
    return letters[0].upper() if letters and letters[0].isascii() and letters[0].isalpha() else "#"


def may_be_meant(text: str) -> bool:
    """Whether a slip is looked for in a text of this length."""
    return MEANT_MIN <= len(text) <= MEANT_MAX


def slips(text: str) -> tuple[str, ...]:
    """What is left of a text with one character left out, and itself: two that share one differ by one slip at most.

    A slip is a character wrong, missing, doubled or changed with its neighbour. Of Han the pinyin is read as well.
    """
    found = dict.fromkeys(_without_one(text)) if len(text) > MEANT_MIN else {}
    if len(text) <= _MEANT_PINYIN_MAX:
        for pinyin in latin(text)[:1]:
            found |= dict.fromkeys(_without_one(pinyin))
    return (text, *found)


def close(typed: str, meant: str) -> bool:
    """Whether one slip leads from one text to the other: one character wrong, missing, too many, or two changed."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    first = next((at for at, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    if first is None:
        return True
    a, b = typed[first:], meant[first:]
    changed = a[:2] == b[:2][::-1] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or changed


def _without_one(text: str) -> Iterator[str]:
    return (text[:at] + text[at + 1 :] for at in range(len(text)))


def _starts(piece: str) -> list[int]:
    """Where words begin in a piece, also those within longer words."""
    found = {0, *(piece.find(word) for word in chinese.words(piece))}
    return sorted(at for at in found if at >= 0)
