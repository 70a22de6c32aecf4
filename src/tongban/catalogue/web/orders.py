"""Change orders on the desk: what waits, one side by side with what was, and the acts of editors and reviewers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.base.web.parts import Tab
from tongban.catalogue import commands
from tongban.catalogue.models import ItemChange
from tongban.catalogue.queries import orders as queries
from tongban.catalogue.web.changes import typed_moment, written_moment
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound, Refusal

_LIST_TONES: Final = {
    "draft": "none", "returned": "wait", "submitted": "run", "legal_review": "run", "approved": "pause",
    "published": "done", "withdrawn": "none",
}  # fmt: skip


@never_cache
@require_safe
@staff_required()
def orders(request: HttpRequest) -> HttpResponse:
    """Change orders by what is to be done with them."""
    actor = require_actor(request)
    view = request.GET.get("view", "todo")
    if view not in queries.VIEWS:
        view = "todo"
    page = queries.orders(actor, view, cursor=request.GET.get("cursor"))
    context = {
        "page": page,
        "rows": [(one, _LIST_TONES[one.state]) for one in page.items],
        "view": view,
        "tabs": [Tab(label=label, href=f"?view={key}", current=key == view) for key, label in queries.VIEWS.items()],
    }
    return render(request, "catalogue/desk/orders.html", context)


@never_cache
@require_safe
@staff_required()
def order(request: HttpRequest, order_no: str) -> HttpResponse:
    """One change order: what differs, remarks, reviews, what it would do."""
    return _show(request, require_actor(request), order_no)


@require_POST
@staff_required()
def act(request: HttpRequest, order_no: str, order_act: str) -> HttpResponse:
    """One act upon a change order; a refusal shows the page again with the reason and what was typed."""
    actor = require_actor(request)
    chosen = _ACTS.get(order_act)
    if chosen is None:
        raise NotFound(_("这个操作"))
    perform, said = chosen
    try:
        perform(actor, order_no, request.POST)
    except NotFound:
        raise
    except Refusal as refusal:
        return _show(request, actor, order_no, refusal=refusal)
    messages.success(request, said)
    return redirect("catalogue:order", order_no=order_no)


@require_POST
@staff_required()
def start(request: HttpRequest) -> HttpResponse:
    """Begin a change order of an implementation (`task_code`), of entries (`catalog_code`), or take an entry up."""
    change = _begin(require_actor(request), request.POST)
    return redirect("catalogue:order", order_no=change.number)


def _begin(actor: Actor, form: Any) -> ItemChange:
    if not queries.reads_orders(actor):
        raise NotFound(_("这个页面"))
    kind, reason = form.get("kind", ""), form.get("reason", "")[:1000]
    if kind not in ItemChange.Kind.values:
        raise Invalid(_("请选择变更方式。"), code="change_kind_unknown")
    if form.get("task_code"):
        return commands.change_implementation(actor=actor, task_code=form["task_code"], kind=kind, reason=reason)
    body, codes = form.get("organisation", ""), tuple(code for code in form.getlist("catalog_code") if code)
    if form.get("about") == ItemChange.About.IMPLEMENTATION:
        return commands.take_up(actor=actor, catalog_code=codes[0] if codes else "", organisation_code=body)
    return commands.change_directory(actor=actor, kind=kind, catalog_codes=codes, organisation_code=body, reason=reason)


def _show(request: HttpRequest, actor: Actor, order_no: str, *, refusal: Refusal | None = None) -> HttpResponse:
    found = queries.order(actor, order_no)
    marked = {one.path for one in found.comments if one.settled_at is None}
    context = {
        "order": found,
        "change": found.change,
        "tone": _LIST_TONES[found.change.state],
        "groups": _groups(found, marked),
        "refusal": refusal,
        "effective_typed": request.POST.get("effective_at", written_moment(found.change.effective_at)),
        "errors": dict(refusal.fields) if refusal else {},
        "typed": request.POST,
    }
    return render(request, "catalogue/desk/order.html", context, status=refusal.status if refusal else 200)


def _groups(found: queries.Order, marked: set[str]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """The differences by section, each with the remarks on it; remarks on what does not differ come by themselves."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in found.rows:
        comments = [one for one in found.comments if one.path == row.path]
        groups.setdefault(row.section, []).append({"row": row, "comments": comments, "open": row.path in marked})
    return list(groups.items())


def _revision(form: Any) -> int:
    typed = form.get("revision", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def _save(actor: Actor, number: str, form: Any) -> None:
    commands.save_change(
        actor=actor,
        number=number,
        revision=_revision(form),
        reason=form.get("reason", ""),
        effective_at=typed_moment(form.get("effective_at", "")),
    )


def _submit(actor: Actor, number: str, form: Any) -> None:
    saved = commands.save_change(
        actor=actor,
        number=number,
        revision=_revision(form),
        reason=form.get("reason", ""),
        effective_at=typed_moment(form.get("effective_at", "")),
    )
    commands.submit_change(actor=actor, number=number, revision=saved.revision)


def _withdraw(actor: Actor, number: str, _form: Any) -> None:
    commands.withdraw_change(actor=actor, number=number)


def _take(actor: Actor, number: str, _form: Any) -> None:
    commands.begin_review(actor=actor, number=number)


def _approve(actor: Actor, number: str, form: Any) -> None:
    commands.approve_change(actor=actor, number=number, revision=_revision(form), opinion=form.get("opinion", ""))


def _return(actor: Actor, number: str, form: Any) -> None:
    commands.return_change(actor=actor, number=number, opinion=form.get("opinion", ""))


def _comment(actor: Actor, number: str, form: Any) -> None:
    commands.comment(actor=actor, number=number, path=form.get("path", ""), text=form.get("text", ""))


def _settle(actor: Actor, number: str, form: Any) -> None:
    typed = form.get("comment", "")
    commands.settle_comment(actor=actor, number=number, comment_id=int(typed) if typed.isdecimal() else 0)


_ACTS: Final[Mapping[str, tuple[Callable[[Actor, str, Any], None], str]]] = {
    "save": (_save, "已保存。"),
    "submit": (_submit, "已提交审核。"),
    "withdraw": (_withdraw, "已撤回。"),
    "begin": (_take, "已领取，请审核。"),
    "approve": (_approve, "已通过。"),
    "return": (_return, "已退回，编制人会看到意见。"),
    "comment": (_comment, "意见已记下。"),
    "settle": (_settle, "已标为处理。"),
}
