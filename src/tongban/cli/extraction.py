"""Words marked for translation, read from Python and templates without starting Django.

The msgids are those that Django looks up at run time: a per cent sign of a template is doubled, a variable inside
`blocktrans` becomes `%(name)s`, and `trimmed` joins the lines.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace
from django.utils.translation.template import (
    block_re,
    constant_re,
    endblock_re,
    inline_re,
    plural_re,
)

_CHINESE = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]")
_COMMENT = re.compile(r"<!--.*?-->|\{#.*?#\}", re.DOTALL)
_TRANSLATION = "django.utils.translation"

#: Function -> places of its arguments: (context, msgid, plural); None where it takes none.
_CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}


@dataclass(frozen=True)
class Words:
    """Words to translate: the msgid, its plural form (empty for none), its context (empty for none)."""

    msgid: str
    plural: str = ""
    context: str = ""


@dataclass(frozen=True)
class Marked:
    """Marked words and the line on which they stand."""

    words: Words
    line: int


@dataclass(frozen=True)
class Unmarked:
    """Chinese words that nobody marked, and the line on which they stand."""

    text: str
    line: int


def has_chinese(text: str) -> bool:
    """Say whether a text has a Chinese character; punctuation alone does not count."""
    return _CHINESE.search(text) is not None


def marked_in_python(text: str) -> list[Marked]:
    """Return the words marked in a module, under whatever name it imports the functions of Django."""
    tree = ast.parse(text)
    names = _names_of_functions(tree)
    return [found for node in ast.walk(tree) if isinstance(node, ast.Call) and (found := _marked_call(node, names))]


def _names_of_functions(tree: ast.Module) -> dict[str, str]:
    """Return the names by which the functions of translation are called here, each with its own name."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == _TRANSLATION
        for alias in node.names
        if alias.name in _CALLS
    }


def _marked_call(node: ast.Call, names: dict[str, str]) -> Marked | None:
    function = names.get(node.func.id) if isinstance(node.func, ast.Name) else None
    if function is None:
        return None
    context, msgid, plural = (_text_at(node, place) for place in _CALLS[function])
    return Marked(Words(msgid, plural, context), node.lineno) if msgid else None


def _text_at(node: ast.Call, place: int | None) -> str:
    if place is None or place >= len(node.args):
        return ""
    argument = node.args[place]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def unmarked_in_python(text: str) -> list[Unmarked]:
    """Return the Chinese strings of a module that are neither marked nor documentation."""
    tree = ast.parse(text)
    names = _names_of_functions(tree)
    passed = _documentation(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _marked_call(node, names):
            passed |= {id(part) for argument in node.args for part in ast.walk(argument)}
    return [
        Unmarked(node.value, node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in passed
        and has_chinese(node.value)
    ]


def _documentation(tree: ast.Module) -> set[int]:
    """Return the identities of strings that stand alone: what is said to readers of the code."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def marked_in_template(text: str) -> list[Marked]:
    """Return the words marked in a template.

    Raises:
        ValueError: a `blocktrans` is not closed, or has a tag inside.
    """
    found: list[Marked] = []
    tokens = iter(_tokens(text))
    for token in tokens:
        if token.token_type == TokenType.BLOCK and block_re.match(token.contents):
            found.append(Marked(_block_words(token, tokens), token.lineno or 0))
        elif token.token_type == TokenType.BLOCK and (inline := inline_re.match(token.contents)):
            words = Words(_literal(inline[1]), context=_context(inline[3]))
            found.append(Marked(words, token.lineno or 0))
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            found += [Marked(Words(_literal(one)), token.lineno or 0) for one in constant_re.findall(token.contents)]
    return found


def _tokens(text: str) -> Iterator[Token]:
    """Yield the tokens with their lines, without what stands in `{% comment %}`."""
    in_comment = False
    # The debugging lexer is not needed: the plain one counts lines, too.
    for token in Lexer(text).tokenize():
        name = token.contents.split(maxsplit=1)[0] if token.token_type == TokenType.BLOCK and token.contents else ""
        if in_comment:
            in_comment = name != "endcomment"
        elif name == "comment":
            in_comment = True
        elif token.token_type != TokenType.COMMENT:
            yield token


def _literal(written: str) -> str:
    """Return a quoted literal as Django looks it up."""
    quote = written[:1]
    inner = written[1:-1] if quote in "\"'" else written
    return inner.replace(f"\\{quote}", quote).replace("\\\\", "\\").replace("%", "%%")


def _context(written: str | None) -> str:
    return _literal(written).replace("%%", "%") if written else ""


def _block_words(opening: Token, tokens: Iterator[Token]) -> Words:
    """Take the tokens up to the end of a `blocktrans` and return its words."""
    trimmed = "trimmed" in opening.split_contents()
    found = block_re.match(opening.contents)
    context = _context(found[2]) if found else ""
    forms: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type == TokenType.TEXT:
            forms[-1].append(token.contents.replace("%", "%%"))
        elif token.token_type == TokenType.VAR:
            forms[-1].append(f"%({token.contents})s")
        elif endblock_re.match(token.contents):
            written = ["".join(one) for one in forms]
            singular, *rest = [trim_whitespace(one) if trimmed else one for one in written]
            return Words(singular, rest[0] if rest else "", context)
        elif plural_re.match(token.contents):
            forms.append([])
        else:
            raise ValueError(f"line {token.lineno}: a tag inside blocktrans: {token.contents}")
    raise ValueError(f"line {opening.lineno}: blocktrans is not closed")


def unmarked_in_template(text: str) -> list[Unmarked]:
    """Return the Chinese words of a template that stand outside `trans`, `blocktrans`, `_("…")` and comments."""
    found: list[Unmarked] = []
    tokens = iter(_tokens(_COMMENT.sub(_blank, text)))
    for token in tokens:
        if token.token_type == TokenType.BLOCK and block_re.match(token.contents):
            _block_words(token, tokens)
            rest = ""
        elif token.token_type == TokenType.TEXT:
            rest = token.contents
        elif inline_re.match(token.contents):
            rest = ""
        else:
            rest = constant_re.sub("", token.contents)
        lines = enumerate(rest.splitlines(), start=token.lineno or 0)
        found += [Unmarked(line.strip(), number) for number, line in lines if has_chinese(line)]
    return found


def _blank(comment: re.Match[str]) -> str:
    """Keep the lines of what is taken out, so that the numbers stay."""
    return "\n" * comment[0].count("\n")
