"""Every change of the directory that is not the city pack's: founding, renaming and merging bodies."""

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction

from tongban.base import chain, moment
from tongban.base.records import EventRecord
from tongban.directory.events import OrganisationFounded, OrganisationMerged, OrganisationRenamed
from tongban.directory.models import Division, Organisation, OrganisationName, OrganisationSuccession
from tongban.directory.policy import may_reorganise
from tongban.directory.queries.organisations import arrows
from tongban.directory.search_words import search_words
from tongban.directory.succession import closes_circle
from tongban.kernel import chinese
from tongban.kernel.actor import Actor
from tongban.kernel.codes import uscc
from tongban.kernel.problems import Invalid, NotFound, Refusal

#: Key of the lock under which reforms happen one at a time: two at once could close a circle unseen.
_REFORM_LOCK = 0x64697265


class DirectoryRefusal(Refusal):
    """A change of the directory that state or rule does not allow."""


def found_organisation(
    *,
    actor: Actor,
    code: str,
    ref: str,
    name: str,
    short_name: str,
    kind: str,
    division_code: str,
    parent_code: str | None,
    on: date,
    basis: str,
) -> Organisation:
    """Enter a new body that exists from `on`; `code` is its real unified social credit code.

    Raises:
        NotFound: unknown division or parent, or the actor may not change this division.
        Invalid: a wrong code, name or basis, or a code, reference or name that is taken.
    """
    with transaction.atomic():
        _one_reform_at_a_time()
        _require_words(name=name, short_name=short_name, basis=basis)
        division = Division.objects.filter(pk=division_code).first()
        if division is None or not may_reorganise(actor, division_code):
            raise NotFound("这个区划")
        parent = _lock([parent_code])[0] if parent_code else None
        _require_free(code, ref, name, division_code, kind)
        body = Organisation.objects.create(
            code=code,
            ref=ref,
            name=name,
            short_name=short_name,
            kind=kind,
            division=division,
            parent=parent,
            valid_from=on,
            search_text=search_words(name, short_name),
            sort_key=chinese.sort_key(name),
        )
        OrganisationName.objects.create(organisation=body, name=name, short_name=short_name, valid_from=on, basis=basis)
        _append(actor, body, OrganisationFounded(code, name, on, basis))
    return body


def rename_organisation(*, actor: Actor, code: str, name: str, short_name: str, on: date, basis: str) -> Organisation:
    """Give a body another name from `on`; its code and cases stay, documents keep the name of their day.

    A name from a future day comes into force by `put_names_in_force`.

    Raises:
        NotFound: unknown body, or the actor may not change it.
        Invalid: no name or basis.
        DirectoryRefusal: `organisation_ended`, `same_name`, `name_taken`, `name_not_last` (a later name is entered).
    """
    with transaction.atomic():
        _one_reform_at_a_time()
        _require_words(name=name, short_name=short_name, basis=basis)
        (body,) = _lock([code], actor=actor)
        last = OrganisationName.objects.filter(organisation=body, valid_to__isnull=True).get()
        _require_renamable(body, last, name, on)
        last.valid_to = on
        last.save(update_fields=["valid_to"])
        OrganisationName.objects.create(organisation=body, name=name, short_name=short_name, valid_from=on, basis=basis)
        _append(actor, body, OrganisationRenamed(code, last.name, name, on, basis))
        if on <= moment.today():
            _bear(body, name, short_name)
    return body


def merge_organisations(
    *, actor: Actor, old_codes: Sequence[str], new_code: str, on: date, basis: str
) -> list[OrganisationSuccession]:
    """End the old bodies on `on`; from that day the new one takes over their running cases, seals and codes.

    The new body must exist on that day, so that no day is left on which nobody acts.

    Raises:
        NotFound: an unknown body, or the actor may not change one of them.
        Invalid: no old body, the same twice, or no basis.
        DirectoryRefusal: `organisation_ended`, `already_followed`, `not_begun`, `gap`, `circle`.
    """
    with transaction.atomic():
        _one_reform_at_a_time()
        _require_words(basis=basis)
        if not old_codes or len(set(old_codes)) != len(old_codes):
            raise Invalid("请列出要并入的机构，每个只列一次。", fields={"old_codes": "至少一个，不得重复"})
        bodies = {body.code: body for body in _lock([*old_codes, new_code], actor=actor)}
        new = bodies[new_code]
        if not new.holds(on):
            raise DirectoryRefusal(
                "gap", f"{on} 当日{new.name}不存在，会出现无人承接的空档。请改日期或先登记承继机构。"
            )
        made = [_end(bodies[old], new, on, basis) for old in old_codes]
        for succession in made:
            _append(actor, succession.old, OrganisationMerged(succession.old.code, new_code, on, basis))
    return made


def put_names_in_force(*, actor: Actor, on: date) -> list[Organisation]:
    """Show the names that came into force by `on`; run every night. Returns the bodies whose name changed."""
    if not actor.is_system:
        raise NotFound("这个操作")
    changed = []
    with transaction.atomic():
        names = OrganisationName.objects.filter(valid_from__lte=on).exclude(valid_to__lte=on)
        for name in names.select_related("organisation").order_by("organisation_id"):
            if name.name != name.organisation.name:
                (body,) = _lock([name.organisation.code])
                _bear(body, name.name, name.short_name)
                changed.append(body)
    return changed


def _one_reform_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_REFORM_LOCK])


def _lock(codes: Sequence[str], *, actor: Actor | None = None) -> list[Organisation]:
    """The bodies, locked in the order of their keys; returned in the order of `codes`."""
    rows = Organisation.objects.select_for_update().filter(code__in=codes).order_by("pk")
    found = {body.code: body for body in rows}
    if len(found) != len(set(codes)):
        raise NotFound("这个机构")
    if actor and not all(may_reorganise(actor, body.division_id) for body in found.values()):
        raise NotFound("这个机构")
    return [found[code] for code in dict.fromkeys(codes)]


def _require_words(**words: str) -> None:
    labels = {"name": "名称", "short_name": "简称", "basis": "依据"}
    empty = {key: f"请填写{labels[key]}" for key, value in words.items() if not value.strip()}
    if empty:
        raise Invalid(fields=empty)


def _require_free(code: str, ref: str, name: str, division_code: str, kind: str) -> None:
    fields = {}
    try:
        uscc.parse(code)
    except ValueError as error:
        fields["code"] = str(error)
    if kind not in Organisation.Kind.values:
        fields["kind"] = "不是机构类别"
    if Organisation.objects.filter(code=code).exists():
        fields["code"] = "这个统一社会信用代码已有机构使用"
    if Organisation.objects.filter(ref=ref).exists():
        fields["ref"] = "这个引用名已有机构使用"
    if Organisation.objects.filter(division_id=division_code, name=name, valid_to__isnull=True).exists():
        fields["name"] = "本区划已有同名机构"
    if fields:
        raise Invalid(fields=fields)


def _require_renamable(body: Organisation, last: OrganisationName, name: str, on: date) -> None:
    if body.valid_to is not None and body.valid_to <= on:
        raise DirectoryRefusal("organisation_ended", f"{body.name}已于 {body.valid_to} 撤销，不能更名。")
    if name == last.name:
        raise DirectoryRefusal("same_name", "新名称与现名称相同。")
    if last.valid_from is not None and on <= last.valid_from:
        raise DirectoryRefusal("name_not_last", f"现名称自 {last.valid_from} 起使用，更名日期应晚于这一天。")
    if Organisation.objects.filter(division=body.division_id, name=name, valid_to__isnull=True).exists():
        raise DirectoryRefusal("name_taken", "本区划已有同名机构。请核对名称。")


def _end(old: Organisation, new: Organisation, on: date, basis: str) -> OrganisationSuccession:
    table = arrows()
    if old.pk in table:
        raise DirectoryRefusal("already_followed", f"{old.name}已有承继机构，不能再次并入。")
    if closes_circle(old.pk, new.pk, table):
        raise DirectoryRefusal("circle", f"{new.name}由{old.name}承继，反过来并入会成为循环。")
    if old.valid_to is not None and old.valid_to < on:
        raise DirectoryRefusal("organisation_ended", f"{old.name}已于 {old.valid_to} 撤销，并入日期不得晚于这一天。")
    if old.valid_from is not None and on <= old.valid_from:
        raise DirectoryRefusal("not_begun", f"{old.name}自 {old.valid_from} 起设立，并入日期应晚于这一天。")
    old.valid_to = on
    old.save(update_fields=["valid_to"])
    return OrganisationSuccession.objects.create(old=old, new=new, on=on, basis=basis)


def _bear(body: Organisation, name: str, short_name: str) -> None:
    body.name, body.short_name = name, short_name
    body.search_text = search_words(name, short_name)
    body.sort_key = chinese.sort_key(name)
    body.save(update_fields=["name", "short_name", "search_text", "sort_key"])


def _append(actor: Actor, body: Organisation, event: EventRecord) -> None:
    chain.append(
        subject=f"organisation:{body.code}",
        kind=event.kind,
        payload=event.payload(),
        actor=actor,
        at=moment.now(),
    )
