"""Writing a change order: starting, saving, handing in, giving up; remarks by paragraph."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from tongban.base import moment, numbering
from tongban.catalogue.base_elements import with_elements
from tongban.catalogue.commands import contents, held
from tongban.catalogue.commands.held import CatalogueRefusal
from tongban.catalogue.events import ItemChangeStarted, ItemChangeSubmitted, ItemChangeWithdrawn
from tongban.catalogue.models import BaseItem, ChangeComment, Implementation, ItemChange
from tongban.catalogue.policy import may_draft, may_edit, may_edit_directory, may_edit_for, may_read
from tongban.directory.models import Organisation
from tongban.kernel.actor import Actor
from tongban.kernel.codes import task_code as task_codes
from tongban.kernel.problems import Invalid, NotFound

_Kind, _State, _About, _Stage = ItemChange.Kind, ItemChange.State, ItemChange.About, ItemChange.Stage
#: States in which a change may be written.
WRITABLE: Final = frozenset({_State.DRAFT, _State.RETURNED})
#: States in which a change stands in the way of another of the same implementation.
OPEN: Final = frozenset({_State.DRAFT, _State.SUBMITTED, _State.LEGAL_REVIEW, _State.APPROVED, _State.RETURNED})
#: Longest content, as JSON characters.
CONTENT_MAX: Final = 400_000
_OPEN_SENTENCE: Final = "这个事项已经有一张没有办完的变更单（%s），请在那一张上继续，或者先撤回它。"


def change_implementation(*, actor: Actor, task_code: str, kind: str, reason: str = "") -> ItemChange:
    """Begin to change, suspend, resume or cancel what a body runs; a change begins with the definition in force.

    Raises:
        NotFound: unknown implementation, or the actor may not edit it.
        CatalogueRefusal: `change_open`, another change is under way; `change_kind`, its state does not allow this one.
    """
    with transaction.atomic():
        item = held.implementation(task_code)
        if not may_edit(actor, item):
            raise NotFound("这个事项")
        _require_kind(kind, item)
        _require_none_open(item)
        content = dict(item.current.definition) if kind == _Kind.CHANGE and item.current else {}
        return _start(
            actor, kind, _About.IMPLEMENTATION, item.organisation, task_code,
            base=item.base, implementation=item, title=item.base.name, reason=reason.strip(), content=content,
            before=item.current,
        )  # fmt: skip


def take_up(*, actor: Actor, catalog_code: str, organisation_code: str) -> ItemChange:
    """Begin to take an entry of the directory up for a body (认领): its elements come over, the rest is to be written.

    What another body says of the same item is put in where there is one, to be gone through.

    Raises:
        NotFound: unknown entry or body, or the actor may not write for the body.
        CatalogueRefusal: `base_not_active`; `level_not_allowed`; `item_exists`; `change_open`.
    """
    with transaction.atomic():
        base = held.base(catalog_code)
        body = Organisation.objects.select_related("division").filter(code=organisation_code).first()
        if body is None or not may_edit_for(actor, body.pk, body.division_id):
            raise NotFound("这个机构")
        return start_new(actor, base, body)


def start_new(
    actor: Actor, base: BaseItem, body: Organisation, *, reason: str = "", like: Mapping[str, Any] | None = None
) -> ItemChange:
    """Begin a body's implementation of an entry that is held, like another definition; see `take_up`."""
    if base.state != BaseItem.State.ACTIVE:
        raise CatalogueRefusal("base_not_active", "这个目录事项已经暂停或者取消，不能认领。")
    level = contents.level_of(body.division)
    if level not in base.elements.get("levels", ()):
        raise CatalogueRefusal("level_not_allowed", "基本目录没有把这个事项放到这一层级办理，不能认领。")
    code = task_codes.make(body.code, level, base.catalog_code)
    if base.implementations.filter(organisation=body).exclude(state=Implementation.State.CANCELLED).exists():
        raise CatalogueRefusal("item_exists", "这个机构已经实施这个事项，请变更原来的实施清单。")
    same = ItemChange.objects.filter(base=base, organisation=body, kind=_Kind.NEW, about=_About.IMPLEMENTATION)
    already = same.filter(state__in=OPEN).first()
    if already is not None:
        raise CatalogueRefusal("change_open", _OPEN_SENTENCE % already.number)
    content = with_elements(contents.template(base, level) if like is None else like, base.elements) | {
        "task_code": code
    }
    return _start(
        actor, _Kind.NEW, _About.IMPLEMENTATION, body, code,
        base=base, title=base.name, reason=reason, content=content,
    )  # fmt: skip


def change_directory(
    *, actor: Actor, kind: str, catalog_codes: tuple[str, ...] = (), organisation_code: str, reason: str = ""
) -> ItemChange:
    """Begin to change the directory: a new entry (no codes), one changed, split, suspended, resumed or cancelled, or
    several merged (two codes or more).

    Raises:
        NotFound: unknown entry or body, or the actor does not keep the directory.
        CatalogueRefusal: `change_open`; `change_kind`, the number of entries does not go with the kind.
    """
    with transaction.atomic():
        body = Organisation.objects.select_related("division").filter(code=organisation_code).first()
        if body is None or not may_edit_directory(actor, body.division_id):
            raise NotFound("基本目录")
        wanted = {_Kind.NEW: (0, 0), _Kind.MERGE: (2, 20)}.get(_Kind(kind), (1, 1))
        codes = sorted(set(catalog_codes))
        if not wanted[0] <= len(codes) <= wanted[1]:
            raise CatalogueRefusal("change_kind", "选中的目录事项个数与变更方式不符：合并要两个以上，其他只选一个。")
        bases = [held.base(code) for code in codes]
        for base in bases:
            under_way = base.changes.filter(about=_About.BASE, state__in=OPEN).first()
            if under_way is not None:
                raise CatalogueRefusal("change_open", _OPEN_SENTENCE % under_way.number)
        change = _start(
            actor, kind, _About.BASE, body, " ".join(codes) or "new",
            base=bases[0] if bases else None, title="、".join(base.name for base in bases)[:200] or "新增目录事项",
            reason=reason.strip(), content=contents.directory_draft(kind, bases),
        )  # fmt: skip
        change.merged.set(bases[1:])
        return change


def save_change(
    *,
    actor: Actor,
    number: str,
    revision: int,
    content: Mapping[str, Any] | None = None,
    reason: str | None = None,
    effective_at: datetime | None = None,
) -> ItemChange:
    """Keep what was written, right or not yet; base elements of an implementation are put back as they are locked.

    What is None stays as it was, but `effective_at`: None is "at once".

    Raises:
        NotFound: unknown change, or the actor may not write it.
        CatalogueRefusal: `change_not_writable`; `change_edited_elsewhere`, somebody saved since `revision`.
        Invalid: `change_too_long`.
    """
    with transaction.atomic():
        change = _writable(actor, number, revision)
        if content is not None:
            change.content = _kept(change, content)
            change.title = contents.title_of(change)
        if reason is not None:
            change.reason = reason.strip()[:1000]
        change.effective_at = effective_at
        change.state = _State.DRAFT
        change.revision += 1
        change.save(update_fields=["content", "title", "reason", "effective_at", "state", "revision"])
        return change


def submit_change(*, actor: Actor, number: str, revision: int) -> ItemChange:
    """Hand a change in for review: the directory's first by the directory reviewer, then by the legal reviewer.

    Raises:
        NotFound: unknown change, or the actor may not write it.
        CatalogueRefusal: `change_not_writable`, `change_edited_elsewhere`, `change_empty`.
        Invalid: `item_faults`, everything that is wrong, by path; `reason_missing`; `effective_past`.
    """
    with transaction.atomic():
        change = _writable(actor, number, revision)
        held.required(change.reason, "reason", "变更理由", 1000)
        if change.effective_at is not None and change.effective_at <= moment.now():
            raise Invalid("生效时间要晚于现在；要马上生效的，不填生效时间。", code="effective_past")
        contents.require_ready(change)
        change.state = _State.SUBMITTED
        change.stage = _Stage.DIRECTORY if change.about == _About.BASE else _Stage.LEGAL
        change.submitted_at, change.reviewer = moment.now(), None
        change.save(update_fields=["state", "stage", "submitted_at", "reviewer"])
        held.append(actor, f"item-change:{number}", ItemChangeSubmitted(number, change.stage, contents.digest(change)))
        return change


def withdraw_change(*, actor: Actor, number: str) -> ItemChange:
    """Give a change up, at any time before it is in force; again changes nothing.

    Raises:
        NotFound: unknown change, or the actor may not write it.
        CatalogueRefusal: `change_published`.
    """
    with transaction.atomic():
        change = held.change(number)
        if not may_draft(actor, change):
            raise NotFound("这张变更单")
        if change.state == _State.PUBLISHED:
            raise CatalogueRefusal("change_published", "这张变更单已经生效，不能撤回。要改回去的，再开一张变更单。")
        if change.state != _State.WITHDRAWN:
            change.state, change.stage, change.ended_at = _State.WITHDRAWN, "", moment.now()
            change.save(update_fields=["state", "stage", "ended_at"])
            held.append(actor, f"item-change:{number}", ItemChangeWithdrawn(number))
        return change


def comment(*, actor: Actor, number: str, path: str, text: str) -> ChangeComment:
    """Put a remark to one paragraph (dotted path; empty: the whole), for whoever reads the change.

    Raises:
        NotFound: unknown change, or the actor may not read it.
        Invalid: `reason_missing`, `reason_too_long`.
        CatalogueRefusal: `change_ended`, `too_many_comments`.
    """
    said = held.required(text, "text", "意见", 1000)
    with transaction.atomic():
        change = held.change(number)
        if not may_read(actor, change):
            raise NotFound("这张变更单")
        if change.state not in OPEN:
            raise CatalogueRefusal("change_ended", "这张变更单已经办完，不再收意见。")
        if change.comments.count() >= 500:
            raise CatalogueRefusal("too_many_comments", "意见已经有 500 条，请先处理已有的。")
        return ChangeComment.objects.create(
            change=change, path=path[:200], text=said, author=actor.ref, author_name=actor.name[:50], at=moment.now()
        )


def settle_comment(*, actor: Actor, number: str, comment_id: int) -> ChangeComment:
    """Mark a remark as settled; again changes nothing.

    Raises:
        NotFound: unknown change or remark, or the actor may not read it.
    """
    with transaction.atomic():
        change = held.change(number)
        found = change.comments.filter(pk=comment_id).first() if may_read(actor, change) else None
        if found is None:
            raise NotFound("这条意见")
        if found.settled_at is None:
            found.settled_at, found.settled_by = moment.now(), actor.name[:50]
            found.save(update_fields=["settled_at", "settled_by"])
        return found


def _start(actor: Actor, kind: str, about: str, body: Organisation, code: str, **values: Any) -> ItemChange:
    year = moment.today().year
    number = f"BG{year}{numbering.take('item_change', str(year)):06d}"
    change = ItemChange.objects.create(
        number=number, kind=kind, about=about, organisation=body, division_id=body.division_id,
        drafter=actor.account_id, created_at=moment.now(), **values,
    )  # fmt: skip
    held.append(actor, f"item-change:{number}", ItemChangeStarted(number, str(kind), str(about), code))
    return change


def _require_kind(kind: str, item: Implementation) -> None:
    states = Implementation.State
    allowed = {
        _Kind.CHANGE: {states.ACTIVE, states.SUSPENDED},
        _Kind.SUSPEND: {states.ACTIVE},
        _Kind.RESUME: {states.SUSPENDED, states.CANCELLED},
        _Kind.CANCEL: {states.ACTIVE, states.SUSPENDED},
    }
    if item.state not in allowed.get(_Kind(kind), set()):
        raise CatalogueRefusal("change_kind", "事项现在的状态不能这样变更。请刷新后查看它现在的状态。")


def _require_none_open(item: Implementation) -> None:
    found = item.changes.filter(state__in=OPEN).first()
    if found is not None:
        raise CatalogueRefusal("change_open", _OPEN_SENTENCE % found.number)


def _writable(actor: Actor, number: str, revision: int) -> ItemChange:
    change = held.change(number)
    if not may_draft(actor, change):
        raise NotFound("这张变更单")
    if change.state not in WRITABLE:
        raise CatalogueRefusal("change_not_writable", "这张变更单正在审核或者已经办完，现在不能改。要改的，先撤回。")
    if change.revision != revision:
        raise CatalogueRefusal("change_edited_elsewhere", "这张变更单刚才在别处保存过。请刷新，核对新的内容后再保存。")
    return change


def _kept(change: ItemChange, content: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(content)
    if change.about == _About.IMPLEMENTATION:
        assert change.base is not None
        made = with_elements(made, change.base.elements) | {"task_code": change.content.get("task_code", "")}
    if len(json.dumps(made, ensure_ascii=False)) > CONTENT_MAX:
        raise Invalid("内容太长，请精简后再保存。", code="change_too_long")
    return made
