"""The form designer on the desk: fields and parts, each act a button that posts; trying the form as an applicant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.catalogue import editing, forms, tree
from tongban.catalogue.checking import partly
from tongban.catalogue.editing import conditions, fields
from tongban.catalogue.editing.showing import Input
from tongban.catalogue.faults import Fault
from tongban.catalogue.forms import designing
from tongban.catalogue.forms.schema import FormSchema
from tongban.catalogue.queries import drafts
from tongban.catalogue.queries.divisions import address_choices
from tongban.catalogue.web.editing import Page, frame, open_page, save
from tongban.identity.queries import staff_required
from tongban.kernel.problems import Invalid, NotFound, Refusal

#: Ways through the questions that one may try the form with.
_WAYS_MAX: Final = 200
Schema = dict[str, Any]


@dataclass(frozen=True)
class FieldView:
    """One field of the designer."""

    name: str
    table: str
    title: str
    kind: str
    required: bool
    when: str
    inputs: tuple[Input, ...]
    rare: tuple[Input, ...]
    faults: tuple[str, ...]
    columns: tuple[FieldView, ...] = ()

    @property
    def at(self) -> str:
        """How buttons name it: with its table in front if it is a column."""
        return f"{self.table}/{self.name}" if self.table else self.name


@dataclass(frozen=True)
class GroupView:
    """A part of the form with its fields."""

    key: str
    title: str
    hint: str
    fields: tuple[FieldView, ...]


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required()
def designer(request: HttpRequest, change_no: str) -> HttpResponse:
    """The form's fields by part; a posted act changes the form and leads back to where it happened."""
    page = open_page(request, change_no, "form")
    if request.method != "POST":
        return _show(request, page)
    try:
        if request.POST.get("stamp", "") != drafts.stamp(page.section, page.change.content):
            message = _("表单刚才在另一个页面改过。请核对下面的表单，再做一次。")
            raise Refusal("change_edited_elsewhere", message)
        made, at = _act(page, request)
        save(page, {**page.change.content, "form": made})
    except NotFound:
        raise
    except Refusal as refusal:
        return _show(request, page, refusal=refusal)
    messages.success(request, _("已保存。"))
    response = redirect("catalogue:change_form", change_no=change_no)
    if at:
        response["Location"] += f"#field-{at.replace('/', '-')}"
    return response


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required()
def try_form(request: HttpRequest, change_no: str) -> HttpResponse:
    """The form as the applicant sees it in one of the situations; what is posted is checked and thrown away."""
    page = open_page(request, change_no, "form")
    found = drafts.faults_of(page.change, page.change.content)
    broken = [fault for fault in found if fault.code in ("form.shape", "form.schema", "form.object")]
    it = partly(page.change.content)
    ways = [way for way in tree.ways(it, _WAYS_MAX) if way.stop is None]
    asked = (request.POST if request.method == "POST" else request.GET).get("way", "0")
    at = min(int(asked), len(ways) - 1) if asked.isdecimal() and ways else 0
    way = ways[at] if ways else None
    context: dict[str, Any] = {
        **frame(page, found),
        "ways": [
            (number, "；".join(label for _q, label in one.words) or _("没有情形问题"))
            for number, one in enumerate(ways)
        ],
        "at": at,
        "broken": broken,
        "tried": request.method == "POST",
    }
    if way is not None and not broken:
        answers = dict(way.answers)
        known = forms.prefill(it.form, designing.samples())
        locked = {name: one.value for name, one in known.items()}
        data = forms.clean(it.form, request.POST, locked) if request.method == "POST" else {}
        errors = forms.validate(it.form, data, answers=answers) if request.method == "POST" else {}
        divisions = address_choices(f"{page.change.division_id[:4]}00000000")
        context["view"] = forms.form_view(
            it.form, data, answers=answers, errors=errors, known=known, divisions=divisions
        )
    status = 422 if context.get("view") and context["view"].errors else 200
    return render(request, "catalogue/desk/editing/try.html", context, status=status)


def _act(page: Page, request: HttpRequest) -> tuple[Schema, str]:
    """The form after the button that was pressed, and the field to look at then."""
    form = page.change.content.get("form")
    schema: Mapping[str, Any] = form if isinstance(form, Mapping) and form else designing.blank()
    word, _colon, at = request.POST.get("act", "").partition(":")
    table, _slash, name = at.rpartition("/")
    title = request.POST.get("title", "")
    groups: dict[str, Callable[[], Schema]] = {
        "add_group": lambda: designing.add_group(schema, title),
        "group": lambda: designing.change_group(schema, at, title, request.POST.get("hint", "")),
        "group_up": lambda: designing.move_group(schema, at, up=True),
        "group_down": lambda: designing.move_group(schema, at, up=False),
        "group_remove": lambda: designing.remove_group(schema, at),
    }
    if word in groups:
        return groups[word](), ""
    if word == "add":
        kind, group = request.POST.get("kind", ""), request.POST.get("group", "")
        made, new = designing.add(schema, kind=kind, title=title, group=group, table=at)
        return made, f"{at}/{new}" if at else new
    if word not in ("save", "up", "down", "remove"):
        raise Invalid(_("不认识这个按钮，请刷新页面后重试。"), code="act_unknown")
    if word == "remove":
        return designing.remove(schema, name, table=table), table
    # Moving keeps what was typed about the field as well.
    typed, now = _typed(page, schema, request, name, table)
    if word != "save":
        typed = designing.move(typed, now, up=word == "up", table=table)
    return typed, f"{table}/{now}" if table else now


def _typed(page: Page, schema: Mapping[str, Any], request: HttpRequest, name: str, table: str) -> tuple[Schema, str]:
    section, content = _section(page, schema, name, table)
    posted = {key: request.POST.getlist(key) for key in request.POST}
    to, new = fields.change_of(section, name, content, posted)
    made = designing.change(schema, name, to, table=table)
    return designing.rename(made, name, new or name, table=table), new or name


def _section(page: Page, schema: Mapping[str, Any], name: str, table: str) -> tuple[editing.Section, dict[str, Any]]:
    place = _place(schema, table)
    field = place.get("properties", {}).get(name)
    if not isinstance(field, Mapping):
        raise NotFound(_("这个表单项"))
    groups = schema.get("x-groups", ())
    section = fields.section_of_field(name, field, column=bool(table), groups=groups)
    required = name in place.get("required", ())
    return section, fields.content_of(name, field, page.change.content, required=required)


def _place(schema: Mapping[str, Any], table: str) -> Mapping[str, Any]:
    if not table:
        return schema
    field = schema.get("properties", {}).get(table)
    items = field.get("items") if isinstance(field, Mapping) else None
    if not isinstance(items, Mapping):
        raise NotFound(_("这个表格"))
    return items


def _show(request: HttpRequest, page: Page, *, refusal: Refusal | None = None) -> HttpResponse:
    content = page.change.content
    found = drafts.faults_of(page.change, content)
    mine = [fault for fault in found if fault.path.partition(".")[0] == "form"]
    form = content.get("form")
    schema = form if isinstance(form, Mapping) and form else designing.blank()
    broken = any(fault.code in ("form.shape", "form.object") for fault in mine)
    context = {
        **frame(page, found),
        "stamp": drafts.stamp(page.section, content),
        "groups": () if broken else tuple(_groups(page, schema, mine)),
        "parts": [(one["key"], one["title"]) for one in schema.get("x-groups", ())] if not broken else [],
        "kinds": [(key, words) for key, (words, _begun) in designing.KINDS.items()],
        "column_kinds": [(key, designing.KINDS[key][0]) for key in designing.COLUMN_KINDS],
        "homeless": [fault for fault in mine if broken or not _of_field(fault, schema)],
        "broken": broken,
        "sources": fields.sources().lists["sources"],
        "refusal": refusal,
        "typed": request.POST,
    }
    status = refusal.status if refusal else 200
    return render(request, "catalogue/desk/editing/designer.html", context, status=status)


def _groups(page: Page, schema: Mapping[str, Any], faults: list[Fault]) -> Iterator[GroupView]:
    form = FormSchema(schema)
    keys = [str(group.get("key", "")) for group in form.groups]
    for group in form.groups:
        key = str(group.get("key", ""))
        first = key == keys[0]
        inside = [
            name
            for name, field in form.ordered()
            if field.get("x-group", "") == key or (first and field.get("x-group", "") not in keys)
        ]
        views = tuple(_field(page, schema, name, "", faults) for name in inside)
        yield GroupView(key, str(group.get("title", "")), str(group.get("hint", "")), views)


def _field(page: Page, schema: Mapping[str, Any], name: str, table: str, faults: list[Fault]) -> FieldView:
    field: Mapping[str, Any] = _place(schema, table).get("properties", {})[name]
    section, content = _section(page, schema, name, table)
    view = editing.show(section, content, (), fields.sources())
    inputs = [part for part in view.parts if isinstance(part, Input)]
    path = f"form.properties.{table}.items.properties.{name}" if table else f"form.properties.{name}"
    columns: tuple[FieldView, ...] = ()
    if designing.kind_of(field) == "table":
        inner = FormSchema(field.get("items", {}))
        columns = tuple(_field(page, schema, one, name, faults) for one, _field_ in inner.ordered())
    said = [one.message for one in faults if one.path == path or one.path.startswith(f"{path}.")]
    own = [one for one in said if not any(one in column.faults for column in columns)]
    return FieldView(
        name=name,
        table=table,
        title=str(field.get("title", name)),
        kind=designing.KINDS[designing.kind_of(field)][0],
        required=name in _place(schema, table).get("required", ()) or bool(field.get("x-required")),
        when=conditions.words(page.change.content, field.get("x-when")),
        inputs=tuple(one for one in inputs if not one.entry.rare),
        rare=tuple(one for one in inputs if one.entry.rare),
        faults=tuple(dict.fromkeys(own)),
        columns=columns,
    )


def _of_field(fault: Fault, schema: Mapping[str, Any]) -> bool:
    parts = fault.path.split(".")
    return len(parts) > 2 and parts[1] == "properties" and parts[2] in schema.get("properties", {})
