"""The English catalogue of the public pages: whether it is complete, built, and whether any words were left unmarked.

Run by `tongban test` as `python -m tongban.cli.translations`; with `update` it takes new words into the catalogue,
drops what nobody says any more, and builds the `.mo`. Only Babel is needed, no programs of GNU gettext.
"""

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from tongban.cli import extraction
from tongban.cli.extraction import Marked, Unmarked, Words
from tongban.cli.places import ROOT

#: Languages that the public pages speak besides Chinese.
LANGUAGES = ("en",)

#: Rooms all of whose pages people see.
PUBLIC_ROOMS = ("base", "identity", "notices", "files", "documents", "payments", "catalogue", "portal")
#: Modules elsewhere that write what people see.
PUBLIC_MODULES = (
    "cases/applicants.py",
    "cases/commands/correcting.py",
    "cases/commands/drafts.py",
    "cases/commands/finishing.py",
    "cases/commands/submitting.py",
    "cases/proofs.py",
    "cases/queries/access.py",
    "cases/queries/progress.py",
    "cases/refusals.py",
    "cases/states.py",
    "cases/ways.py",
    "config/settings/base.py",
    "directory/contact.py",
)

#: Start of a path inside the package -> why its words need no translation.
NOT_PUBLIC: dict[str, str] = {
    "base/templates/base/desk.html": "the desk speaks Chinese only",
    "base/templates/base/gallery/": "shown in development only",
    "base/web/gallery.py": "shown in development only",
    "catalogue/deviation_words.py": "seen by staff only",
    "catalogue/queries/deviations.py": "seen by staff only",
    "catalogue/queries/drafts.py": "seen by staff only",
    "catalogue/queries/reach.py": "seen by staff only",
    "catalogue/queries/table.py": "seen by staff only",
    "catalogue/templates/catalogue/desk/": "the desk speaks Chinese only",
    "catalogue/templates/catalogue/flow.html": "seen by staff only",
    "catalogue/web/": "the desk speaks Chinese only",
    "identity/templates/identity/delegations.html": "seen by staff only",
}
#: (path inside the package, text) -> why Chinese stands there unmarked. A text of "" stands for the whole file.
UNMARKED_ALLOWED: dict[tuple[str, str], str] = {
    ("base/web/api.py", ""): "the interface for programs speaks Chinese only",
    (
        "base/web/repeating.py",
        "重试同一请求时使用同一个值：无论收到多少次，只产生一次结果。1 至 120 个可见字符。",
    ): "the interface for programs speaks Chinese only",
    ("base/templates/base/components/seal.html", "示例"): "what a seal reads",
    ("base/templates/base/components/seal.html", "印章"): "what a seal reads",
    ("base/templates/base/components/seal.html", "无法律效力"): "what a seal reads",
    ("base/templates/base/errors/bare500.html", ""): "drawn when nothing works any more: in both languages at once",
    ("base/templates/base/parts/language_switch.html", "中文"): "a language is named in itself",
    ("base/web/formats.py", "工作日"): "a unit as data has it",
    ("base/web/formats.py", "自然日"): "a unit as data has it",
    ("base/web/formats.py", "小时"): "a unit as data has it",
    ("base/web/formats.py", "年"): "a unit as data has it; the Chinese way to write a date",
    ("base/web/formats.py", "月"): "a unit as data has it; the Chinese way to write a date",
    ("base/web/formats.py", "日"): "the Chinese way to write a date",
    ("identity/templates/identity/terms.html", "中华人民共和国个人信息保护法"): "words of a law",
    ("identity/templates/identity/terms.html", "第四十四条"): "words of a law",
    (
        "identity/templates/identity/terms.html",
        "个人对其个人信息的处理享有知情权、决定权，有权限制或者拒绝他人对其个人信息进行处理；法律、行政法规另有规定的除外。",
    ): "words of a law",
    ("identity/web/forms.py", "简体中文"): "a language is named in itself",
    ("portal/templates/portal/parts/place.html", "示例"): "a word looked for in data",
    ("portal/web/apply_materials.py", "名称"): "the name of a field in the data of a licence",
    ("portal/web/apply_materials.py", "姓名"): "the name of a field in the data of a licence",
}

PACKAGE = "src/tongban"
_HEADER = "# The English words of the public pages. Kept by `python -m tongban.cli.translations update`."
Entries = dict[Words, str]


def sources(root: Path) -> Iterator[Path]:
    """Yield the modules and templates whose words people see, below the checkout `root`."""
    package = root / PACKAGE
    for room in PUBLIC_ROOMS:
        yield from sorted((package / room).rglob("*.html"))
        yield from sorted((package / room).rglob("*.py"))
    yield from (path for name in PUBLIC_MODULES if (path := package / name).is_file())


def public_sources(root: Path = ROOT) -> dict[str, str]:
    """Return path inside the package -> text, of everything that people see."""
    found = {path.relative_to(root / PACKAGE).as_posix(): path for path in sources(root)}
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in found.items()
        if not name.startswith(tuple(NOT_PUBLIC)) and not {"tests", "migrations"} & set(path.parts)
    }


def extract(root: Path = ROOT) -> dict[Words, list[str]]:
    """Return every marked msgid of the public pages with the places where it stands."""
    found: dict[Words, list[str]] = {}
    for name, text in public_sources(root).items():
        for one in _marked(name, text):
            found.setdefault(one.words, []).append(f"{PACKAGE}/{name}:{one.line}")
    return _plurals_joined(found)


def _marked(name: str, text: str) -> list[Marked]:
    return extraction.marked_in_template(text) if name.endswith(".html") else extraction.marked_in_python(text)


def _plurals_joined(found: dict[Words, list[str]]) -> dict[Words, list[str]]:
    """Join words said both with and without a plural: one entry of the catalogue answers for both."""
    counted = {(one.context, one.msgid): one for one in found if one.plural}
    joined: dict[Words, list[str]] = {}
    for one, places in found.items():
        joined.setdefault(counted.get((one.context, one.msgid), one), []).extend(places)
    return joined


def catalogue_path(language: str, root: Path = ROOT) -> Path:
    """Return where the catalogue of a language is kept."""
    return root / PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str, root: Path = ROOT) -> Catalog:
    """Return the catalogue of a language; an empty one where there is none."""
    path = catalogue_path(language, root)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def translations_of(catalogue: Catalog) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return (context, msgid) -> its forms, of everything that is translated and not doubtful."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        msgid = message.id[0] if isinstance(message.id, tuple | list) else message.id
        if msgid and not message.fuzzy and all(forms):
            found[_context(message), str(msgid)] = tuple(str(form) for form in forms)
    return found


def _context(message: Message) -> str:
    """Return the context of a message; Babel decodes everything of a `.mo` but this."""
    context: Any = message.context or ""
    return context.decode() if isinstance(context, bytes) else str(context)


def missing(language: str, root: Path = ROOT) -> dict[Words, list[str]]:
    """Return the words of the public pages that a language lacks, with their places."""
    known = translations_of(read(language, root))
    return {
        words: places
        for words, places in extract(root).items()
        if len(known.get((words.context, words.msgid), ())) < (2 if words.plural else 1)
    }


def unmarked(root: Path = ROOT) -> list[tuple[str, Unmarked]]:
    """Return Chinese words of public pages and their views that are not marked for translation."""
    return [
        (name, one)
        for name, text in public_sources(root).items()
        if (name, "") not in UNMARKED_ALLOWED
        for one in _unmarked(name, text)
        if extraction.has_chinese(_without_allowed(name, one.text))
    ]


def _without_allowed(name: str, text: str) -> str:
    """Take out of a line what may stand there in Chinese."""
    for path, allowed in UNMARKED_ALLOWED:
        if path == name:
            text = text.replace(allowed, "")
    return text


def _unmarked(name: str, text: str) -> list[Unmarked]:
    if name.endswith(".html"):
        return extraction.unmarked_in_template(text)
    # Other modules hold what stays Chinese: terms of law, names, what programs and documents are told.
    return extraction.unmarked_in_python(text) if "web" in Path(name).parts or "templatetags" in name else []


def unbuilt(language: str, root: Path = ROOT) -> bool:
    """Say whether the `.mo` does not hold exactly what the `.po` says."""
    built = catalogue_path(language, root).with_suffix(".mo")
    if not built.is_file():
        return True
    with built.open("rb") as stream:
        return translations_of(read_mo(stream)) != translations_of(read(language, root))


def faults(root: Path = ROOT) -> list[str]:
    """Return everything that is wrong, a sentence each."""
    found = [f"{PACKAGE}/{name}:{one.line}: not marked for translation: {one.text}" for name, one in unmarked(root)]
    for language in LANGUAGES:
        found += [
            f"{places[0]}: no {language} words for: {words.msgid}" for words, places in missing(language, root).items()
        ]
        if unbuilt(language, root):
            found.append(f"{catalogue_path(language, root).relative_to(root)}: the .mo is not built from it")
    return found


def update(language: str, words: Mapping[Words, list[str]], root: Path = ROOT) -> None:
    """Write the catalogue of a language anew: what is said now, with the translations known, and build the `.mo`."""
    known = translations_of(read(language, root))
    fresh = Catalog(
        locale=language,
        project="Tongban",
        version="0",
        copyright_holder="the founders of Tongban",
        header_comment=_HEADER,
        creation_date=datetime(2026, 1, 1, tzinfo=UTC),
        revision_date=datetime(2026, 1, 1, tzinfo=UTC),
        fuzzy=False,
    )
    for one, places in words.items():
        forms = known.get((one.context, one.msgid), ())
        files = sorted({(place.rsplit(":", 1)[0], 0) for place in places})
        if one.plural:
            fresh.add(
                (one.msgid, one.plural), forms if len(forms) == 2 else ("", ""), files, context=one.context or None
            )
        else:
            fresh.add(one.msgid, forms[0] if forms else "", files, context=one.context or None)
    path = catalogue_path(language, root)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, fresh, width=0, sort_by_file=True, include_lineno=False)
    with path.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, read(language, root))


def main(arguments: list[str]) -> int:
    """Check the catalogues, or bring them up to date first; 1 when anything is wrong."""
    if arguments == ["update"]:
        for language in LANGUAGES:
            update(language, extract())
    found = faults()
    for fault in found:
        print(fault)
    print(f"{len(extract())} marked words of public pages, {len(found)} faults.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
