"""Components that show things: icon, badge, notice, card, lists, tables, code, law, seal, QR, empty, toast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from unicodedata import east_asian_width

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tongban.base.web import markup
from tongban.base.web.components import component

register = template.Library()

COMPONENTS = "base/components/"
#: Parts of a line up to this many halves of a character are not broken inside: dates, numbers, short names.
_WHOLE_UP_TO = 20


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """`{% icon "check" %}`, `size` "24" or "32"; with `label` it is read aloud."""
    return markup.icon(name, size=size, label=label)


@component(register, COMPONENTS + "logo.html")
def logo(night: bool = False) -> dict[str, Any]:
    """The mark of Tongban; `night` for the dark bar."""
    return {"night": night}


@component(register, COMPONENTS + "state.html")
def state(kind: str, word: str, bare: bool = False) -> dict[str, Any]:
    """A state: word, shape and colour. `kind`: none run wait done late pause."""
    return {"kind": kind, "word": word, "bare": bare, "icon": markup.STATE_ICONS[kind]}


@component(register, COMPONENTS + "due.html")
def due(kind: str, word: str) -> dict[str, Any]:
    """Time left in a grid. `kind`: late wait run pause quiet."""
    icons = {"late": "stop", "wait": "hourglass", "run": "clock", "pause": "pause", "quiet": "clock"}
    return {"kind": kind, "word": word, "icon": icons[kind]}


@component(register, COMPONENTS + "level.html")
def level(grade: str) -> dict[str, Any]:
    """The trust level A, B, C or D of a datum or document."""
    return {"grade": grade.upper(), "css": grade.lower()}


@component(register, COMPONENTS + "source.html")
def source(text: str, level: str = "") -> dict[str, Any]:
    """Where something prefilled comes from: 取自法人库 + trust level."""
    return {"text": text, "level": level}


@register.simple_block_tag
def notice(content: SafeString, kind: str = "", title: str = "", role: str = "", id: str = "") -> SafeString:  # noqa: A002
    """`{% notice kind="wait" title="…" %}…{% endnotice %}`. `kind`: "" wait done late pause."""
    return render_to_string(
        COMPONENTS + "notice.html",
        {"content": content, "kind": kind, "title": title, "role": role, "id": id, "icon": markup.NOTICE_ICONS[kind]},
    )


@register.simple_block_tag
def card(content: SafeString, title: str = "", css: str = "", id: str = "") -> SafeString:  # noqa: A002
    """`{% card title="…" %}…{% endcard %}`."""
    return render_to_string(COMPONENTS + "card.html", {"content": content, "title": title, "css": css, "id": id})


@register.simple_block_tag
def empty_state(
    content: SafeString, title: str, icon: str = "check-circle", text: str = "", boxed: bool = True
) -> SafeString:
    """`{% empty_state title="都办完了" text="…" icon="…" %}buttons{% endempty_state %}`: says what to do."""
    return render_to_string(
        COMPONENTS + "empty.html", {"content": content, "title": title, "icon": icon, "text": text, "boxed": boxed}
    )


@register.simple_block_tag
def toast(content: SafeString, text: str) -> SafeString:
    """`{% toast "已把 3 件转给周启明" %}<button>撤销</button>{% endtoast %}`."""
    return render_to_string(COMPONENTS + "toast.html", {"content": content, "text": text})


@register.simple_block_tag
def dialog(content: SafeString, id: str, title: str, law: str = "", wide: bool = False) -> SafeString:  # noqa: A002
    """A dialog, opened by `<a href="#ID" data-dialog>`; works without script by `:target`.

    End the content with a `.row` of acts.
    """
    return render_to_string(
        COMPONENTS + "dialog.html", {"content": content, "id": id, "title": title, "law": law, "wide": wide}
    )


@register.inclusion_tag(COMPONENTS + "kv.html")
def kv(rows: Iterable[Sequence[Any]], css: str = "") -> dict[str, Any]:
    """Pairs of (name, value); pairs whose value is empty are left out."""
    return {"rows": [row for row in rows if row[1] is not None and row[1] != ""], "css": css}


@register.inclusion_tag(COMPONENTS + "table.html")
def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], caption: str = "", empty: str = "") -> dict[str, Any]:
    """A plain table, one card a row on a phone; `empty` is the sentence for no rows."""
    cells = [list(zip(columns, row, strict=True)) for row in rows]
    return {"columns": columns, "rows": cells, "caption": caption, "empty": empty or _("还没有内容")}


def _halves(text: str) -> int:
    return sum(2 if east_asian_width(one) in "FW" else 1 for one in text)


@register.simple_tag
def meta(*texts: object) -> SafeString:
    """Short facts on one line with dots between; no line starts with a dot, and empty ones are left out."""
    whole = [(" class=nb" if _halves(str(one)) <= _WHOLE_UP_TO else "", one) for one in texts if one]
    dot = mark_safe("\u00a0· ")
    return format_html_join(dot, "<span{}>{}</span>", whole)


@register.simple_tag
def code(value: object) -> SafeString:
    """A code in tabular type, grouped by meaning."""
    return markup.grouped_code(str(value or ""))


@register.inclusion_tag(COMPONENTS + "copyable.html")
def copyable(value: str, label: str = "", show: bool = True) -> dict[str, Any]:
    """A code with a copy button; `label` is the word on the button (复制)."""
    return {"value": value, "label": label or _("复制"), "show": show}


@component(register, COMPONENTS + "law.html")
def law(title: str, article: str = "", text: str = "", href: str = "") -> dict[str, Any]:
    """A quotation from a law: title without the marks 《》, article, words."""
    return {"title": title, "article": article, "text": text, "href": href}


@component(register, COMPONENTS + "seal.html")
def seal_mark(organisation: str = "") -> dict[str, Any]:
    """The demonstration seal 示例印章: plainly a mark, never like the seal of a real body."""
    return {"organisation": organisation}


@register.inclusion_tag(COMPONENTS + "qr.html")
def qr(text: str, label: str = "") -> dict[str, Any]:
    """A QR code of `text` in a frame of 112 px."""
    return {"svg": markup.qr(text, label or _("二维码"))}


@component(register, COMPONENTS + "skeleton.html")
def skeleton(lines: int = 5) -> dict[str, Any]:
    """Grey lines while something is being fetched."""
    return {"lines": range(lines)}


@register.simple_tag
def attributes(extra: Mapping[str, Any]) -> SafeString:
    """Write a mapping as attributes (used inside component templates)."""
    return markup.attributes(extra)
