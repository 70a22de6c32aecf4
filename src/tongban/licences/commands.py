"""Acts on licences: issue, re-issue, change of status, entering what the library already held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, transaction

from tongban.base import chain, moment
from tongban.directory.models import Organisation
from tongban.directory.queries import acting, name_on
from tongban.documents import commands as documents
from tongban.documents.models import Document
from tongban.kernel.actor import Actor
from tongban.kernel.codes import licence_id
from tongban.kernel.problems import NotFound
from tongban.licences import events, policy, queries
from tongban.licences.models import Licence, LicenceType
from tongban.licences.refusals import LicenceRefusal
from tongban.licences.status import may_follow

_SERIAL_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What is to be issued, as one thing."""

    actor: Actor
    type: LicenceType
    body: Organisation
    holder_name: str
    holder_code: str
    holder_code_type: str
    case_no: str
    item_code: str
    number: str
    fields: Mapping[str, str]
    valid_from: dt.date
    valid_to: dt.date | None
    at: dt.datetime
    serial: str
    version: int

    @property
    def index(self) -> bytes:
        return queries.holder_index(queries.holder_code_of(self.holder_code_type, self.holder_code))


def issue(
    *,
    actor: Actor,
    type_code: str,
    organisation: Organisation,
    holder_name: str,
    holder_code: str,
    holder_code_type: str,
    case_no: str,
    item_code: str,
    number: str,
    fields: Mapping[str, str],
    valid_from: dt.date,
    valid_to: dt.date | None,
    at: dt.datetime,
) -> Licence:
    """Issue the licence of a case, once: asked again for the same case and type, the same licence comes back.

    `fields` are labelled values of the form; the type's face chooses what is printed. `at` is the legal moment (aware).
    The caller has checked that the actor may issue; a merged body is replaced by the one that acts in its place.

    Raises:
        NotFound: unknown type.
        LicenceRefusal: `not_issued_here`, `holder_not_allowed`, `no_acting_body`, `licence_exists` (of this type one
            may hold only one, and the holder has a live one).
    """
    kind = queries.licence_type(type_code)
    if not kind.issued_here or not kind.active:
        raise LicenceRefusal("not_issued_here", f"《{kind.name}》不在本平台颁发。")
    if kind.holder_kind and kind.holder_kind != holder_code_type:
        wanted = "单位" if kind.holder_kind == "001" else "个人"
        raise LicenceRefusal("holder_not_allowed", f"《{kind.name}》只能发给{wanted}。")
    day = moment.local_date(at)
    body = acting(organisation, day)
    if body is None:
        raise LicenceRefusal("no_acting_body", f"{organisation.name}已经撤销，没有承继机构，不能颁发证照。")
    with transaction.atomic():
        _one_at_a_time(f"licence:{case_no}:{type_code}")
        known = Licence.objects.filter(case_no=case_no, type=kind).select_related("type", "document").first()
        if known is not None:
            return known
        serial = _serial(kind, body, number, case_no)
        order = _Order(
            actor=actor, type=kind, body=body, holder_name=holder_name, holder_code=holder_code,
            holder_code_type=holder_code_type, case_no=case_no, item_code=item_code, number=number, fields=dict(fields),
            valid_from=valid_from, valid_to=valid_to, at=at, serial=serial, version=1,
        )  # fmt: skip
        _make_room(order, day)
        return _create(order)


def reissue(
    *,
    actor: Actor,
    licence: Licence,
    case_no: str,
    item_code: str,
    fields: Mapping[str, str] | None = None,
    holder_name: str | None = None,
    valid_to: dt.date | None = None,
    at: dt.datetime,
) -> Licence:
    """Issue a licence anew after a change, a loss or a renewal: same serial, next version; the old version lapses.

    What is None stays as it was. Asked again for the same case, the same licence comes back.

    Raises:
        LicenceRefusal: `not_reissuable` (ended, imported, or not the newest version), `no_acting_body`.
    """
    day = moment.local_date(at)
    with transaction.atomic():
        _one_at_a_time(f"licence:{case_no}:{licence.type_id}")
        known = (
            Licence.objects.filter(case_no=case_no, type_id=licence.type_id).select_related("type", "document").first()
        )
        if known is not None:
            return known
        old = Licence.objects.select_for_update(of=("self",)).select_related("type", "issuer").get(pk=licence.pk)
        if old.status != Licence.Status.VALID or old.issuer is None or queries.versions(old)[-1].pk != old.pk:
            raise LicenceRefusal("not_reissuable", "该证照已经失效或者不是最新版本，不能换发。请按新办申请。")
        body = acting(old.issuer, day)
        if body is None:
            raise LicenceRefusal("no_acting_body", f"{old.issuer_name}已经撤销，没有承继机构，不能换发证照。")
        _set_status(old, Licence.Status.LAPSED, "已换发", actor, at)
        order = _Order(
            actor=actor, type=old.type, body=body, holder_name=holder_name or old.holder_name,
            holder_code=old.holder_code, holder_code_type=old.holder_code_type, case_no=case_no, item_code=item_code,
            number=old.number, fields=dict(old.fields if fields is None else fields), valid_from=day,
            valid_to=valid_to if valid_to is not None else old.valid_to, at=at, serial=old.serial,
            version=old.version + 1,
        )  # fmt: skip
        return _create(order)


def change_status(
    *, actor: Actor, licence: Licence, status: str, reason: str, at: dt.datetime | None = None
) -> Licence:
    """Detain, withdraw, cancel, revoke a licence or let it lapse; the page that verifies it says so at once.

    Raises:
        NotFound: the actor has no say over it.
        LicenceRefusal: `reason_missing`, `status_not_allowed`.
    """
    if not policy.may_change_status(actor, licence):
        raise NotFound("这份证照")
    if not reason.strip():
        raise LicenceRefusal(
            "reason_missing", "请填写变更证照状态的原因和依据。", status=422, fields={"reason": "请填写原因"}
        )
    with transaction.atomic():
        row = Licence.objects.select_for_update(of=("self",)).select_related("type", "document").get(pk=licence.pk)
        if row.status == status:
            return row
        if not may_follow(row.status, status):
            raise LicenceRefusal(
                "status_not_allowed",
                f"证照现在是“{row.get_status_display()}”，不能改为这个状态。",
                data={"status": row.status},
            )
        _set_status(row, status, reason.strip(), actor, at or moment.now())
    return row


def import_existing(
    *,
    actor: Actor,
    type_code: str,
    holder_name: str,
    holder_code: str,
    holder_code_type: str,
    number: str,
    issuer_name: str,
    issuer_code: str,
    division_code: str,
    issued_on: dt.date,
    valid_from: dt.date,
    valid_to: dt.date | None,
    fields: Mapping[str, str],
    sample: bool,
) -> Licence:
    """Enter a licence that another system issued, so that nobody is asked for it; entered already, it comes back.

    Raises:
        NotFound: the actor is not the program itself, or an unknown type.
        LicenceRefusal: `licence_exists`: the holder has another live one of a type of which one may hold only one.
    """
    if not actor.is_system:
        raise NotFound("这个操作")
    kind = queries.licence_type(type_code)
    index = queries.holder_index(queries.holder_code_of(holder_code_type, holder_code))
    now = moment.now()
    with transaction.atomic():
        _one_at_a_time(f"licence:{type_code}:{index.hex()}")
        held = list(Licence.objects.filter(type=kind, holder_index=index).select_related("type"))
        same = next((one for one in held if one.number == number), None)
        if same is not None:
            return same
        if kind.single and any(one.live_on(moment.today()) for one in held):
            raise _exists(kind)
        serial = "".join(char for char in number.upper() if char.isascii() and char.isalnum())
        if holder_code_type == "111":
            # The number of an identity card is the holder's own: an identifier must not carry it.
            serial = index.hex().upper()[:32]
        identifier = licence_id.make(type_code, issuer_code, serial[:_SERIAL_MAX])
        row = Licence.objects.create(
            licence_id=identifier, type=kind, serial=serial[:_SERIAL_MAX], number=number, holder_name=holder_name,
            holder_code=holder_code, holder_index=index, holder_code_type=holder_code_type, issuer_name=issuer_name,
            issuer_code=issuer_code, division_code=division_code, issued_on=issued_on, valid_from=valid_from,
            valid_to=valid_to, status_at=now, fields=dict(fields), source=Licence.Source.IMPORTED, sample=sample,
            single=kind.single, created_at=now,
        )  # fmt: skip
        _tell(events.LicenceImported(identifier, type_code), identifier, actor, now)
    return row


def _create(order: _Order) -> Licence:
    day = moment.local_date(order.at)
    identifier = licence_id.make(order.type.code, order.body.code, order.serial, order.version)
    document = _document(order, identifier)
    licence = Licence.objects.create(
        licence_id=identifier, type=order.type, serial=order.serial, version=order.version, number=order.number,
        holder_name=order.holder_name, holder_code=order.holder_code, holder_index=order.index,
        holder_code_type=order.holder_code_type, issuer=order.body, issuer_name=name_on(order.body, day),
        issuer_code=order.body.code, division_code=order.body.division_id, issued_on=day, valid_from=order.valid_from,
        valid_to=order.valid_to, status_at=order.at, document=document, case_no=order.case_no,
        item_code=order.item_code, fields=order.fields, single=order.type.single, created_at=moment.now(),
    )  # fmt: skip
    told = events.LicenceIssued(identifier, order.type.code, order.case_no, str(document.public_id))
    _tell(told, identifier, order.actor, order.at)
    return licence


def _document(order: _Order, identifier: str) -> Document:
    return documents.issue(
        actor=order.actor,
        kind="licence",
        organisation=order.body,
        subject=f"case:{order.case_no}" if order.case_no else f"licence:{identifier}",
        content={
            "layout": order.type.layout,
            "licence_name": order.type.name,
            "licence_id": identifier,
            "number": order.number,
            "holder_name": order.holder_name,
            "holder_code": order.holder_code,
            "holder_code_type": order.holder_code_type,
            "particulars": _face(order.type, order.fields),
            "valid_from": order.valid_from,
            "valid_to": order.valid_to,
            "defining_body": order.type.definer_name,
            "version": order.version,
            "footnote": order.type.footnote,
        },
        at=order.at,
    )


def _face(kind: LicenceType, fields: Mapping[str, str]) -> list[dict[str, str]]:
    """Choose what the face shows: for each of its labels the first source that has a value."""
    rows = []
    for line in kind.face:
        value = next((fields[source] for source in line["sources"] if fields.get(source)), "")
        if value:
            rows.append({"label": line["label"], "value": value})
    return rows


def _make_room(order: _Order, day: dt.date) -> None:
    """Let a licence that has run out lapse before its successor of a single type comes; refuse beside a live one."""
    if not order.type.single:
        return
    _one_at_a_time(f"licence:{order.type.code}:{order.index.hex()}")
    held = Licence.objects.select_for_update(of=("self",)).filter(
        type=order.type, holder_index=order.index, status__in=[Licence.Status.VALID, Licence.Status.DETAINED]
    )
    for one in held.order_by("pk"):
        if one.valid_to is None or one.valid_to >= day:
            raise _exists(order.type)
        _set_status(one, Licence.Status.LAPSED, "有效期届满", order.actor, order.at)


def _exists(kind: LicenceType) -> LicenceRefusal:
    return LicenceRefusal(
        "licence_exists", f"持证主体已有有效的《{kind.name}》，不能重复颁发。需要变更的，请办理变更或者换发。"
    )


def _set_status(row: Licence, status: str, text: str, actor: Actor, at: dt.datetime) -> None:
    old, row.status, row.status_text, row.status_at = row.status, status, text[:200], at
    row.save(update_fields=["status", "status_text", "status_at"])
    _tell(events.LicenceStatusChanged(row.licence_id, old, status, text[:200]), row.licence_id, actor, at)


def _tell(
    event: events.LicenceIssued | events.LicenceImported | events.LicenceStatusChanged,
    identifier: str,
    actor: Actor,
    at: dt.datetime,
) -> None:
    chain.append(subject=f"licence:{identifier}", kind=event.kind, payload=event.payload(), actor=actor, at=at)


def _serial(kind: LicenceType, body: Organisation, number: str, case_no: str) -> str:
    """Make the serial of the identifier from the number; where letters and digits alone are not unique, the case's."""
    serial = "".join(char for char in number.upper() if char.isascii() and char.isalnum())
    taken = Licence.objects.filter(type=kind, issuer_code=body.code, serial=serial).exists()
    return case_no if not serial or len(serial) > _SERIAL_MAX or taken else serial


def _one_at_a_time(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
