"""Handing a case over to the system of a ministry or the province in which its item is run: once, with what is agreed.

The applicant files here and nobody types anything twice. What was sent but not noted (a worker killed in between) is
sent again under the same request number, by which the other side knows it.
"""

import uuid
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.base import jobs, moment
from tongban.base.outbox import OutboxEvent
from tongban.cases import events, policy, refusals
from tongban.cases.commands import opening
from tongban.cases.models import Case, CaseMaterial, HandOver
from tongban.cases.papers import form_lines
from tongban.cases.queries.access import access_case, window_ids
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import Act
from tongban.catalogue.models import Definition, RunningSystem
from tongban.catalogue.queries import definition_of
from tongban.files import queries as files
from tongban.kernel.actor import SYSTEM, Actor
from tongban.partners import registries as partners
from tongban.partners.adapters import HandedFile
from tongban.partners.problems import PartnerRefusedError

#: Names of the files' requests are made from this and the case's own, so that a repetition has the same ones.
_FILES: Final = uuid.UUID("7c1a3c52-0f5e-4c0e-9a55-2f6a5b9d1c77")
_REFUSAL_CHARACTERS_MAX: Final = 300
#: A job tries for an hour and a half (`base.jobs.CALL_OUT`).
_JOB_LASTS: Final = timedelta(hours=2)


def order_hand_over(event: OutboxEvent) -> None:
    """Order that a case is handed over which was just filed for an item run elsewhere; in the relay's transaction."""
    cases = Case.objects.select_related("item_version").only("case_no", "item_version__digest")
    case = cases.get(case_no=event.subject.partition(":")[2])
    there = definition_of(case.item_version).runs_in
    if there is None:
        return
    order, is_new = HandOver.objects.get_or_create(
        case=case, defaults={"system": there.key, "request_id": uuid.uuid4(), "queued_at": moment.now()}
    )
    if is_new:
        _defer(order)


def hand_over(*, case_no: str) -> HandOver | None:
    """Send a case that waits, with its files; one that was taken or refused stays as it is. None: there is none.

    Raises:
        PartnerUnreachableError: to be tried again; nothing was noted.
    """
    order = HandOver.objects.filter(case__case_no=case_no).first()
    if order is None or order.state != HandOver.State.WAITING:
        return order
    case = access_case(SYSTEM, case_no)
    definition = definition_of(case.item_version)
    there = definition.runs_in
    if there is None:
        raise TypeError("A hand-over was ordered for an item that is run here.")
    try:
        number = _send(order, case, definition, there)
    except PartnerRefusedError as error:
        return _settle(order, refusal=str(error) or _("对方没有说明理由"))
    return _settle(order, number=number)


@transaction.atomic
def hand_over_again(*, actor: Actor, case_no: str) -> HandOver:
    """Try once more after the other side refused the case.

    Raises:
        NotFound: not to be seen.
        CaseRefusal: it was not refused (`hand_over_not_refused`), or no post for it.
    """
    case = access_case(actor, case_no, lock=True)
    if policy.post(actor, policy.RECEPTION_ROLES, window_ids(case) | {case.organisation_id}) is None:
        raise refusals.not_yours(Act.RECEIVE)
    order = HandOver.objects.select_for_update().filter(case=case).first()
    if order is None or order.state != HandOver.State.REFUSED:
        raise CaseRefusal("hand_over_not_refused", _("本件没有被对方拒收，不用重新移交。请刷新页面查看现在的进度。"))
    order.state, order.refusal, order.settled_at = HandOver.State.WAITING, "", None
    order.queued_at = moment.now()
    order.save(update_fields=["state", "refusal", "settled_at", "queued_at"])
    opening.tell(case, events.HandOverRetried(system=order.system), actor=actor)
    _defer(order)
    return order


@transaction.atomic
def follow_hand_overs(limit: int = 200) -> int:
    """Queue again what waits though its job must have given up or was lost; gives how many."""
    late = moment.now() - _JOB_LASTS
    waiting = HandOver.objects.filter(state=HandOver.State.WAITING, queued_at__lt=late).order_by("queued_at")
    rows = list(waiting.select_for_update(of=("self",), skip_locked=True).select_related("case")[:limit])
    for order in rows:
        order.queued_at = moment.now()
        order.save(update_fields=["queued_at"])
        _defer(order)
    return len(rows)


def _defer(order: HandOver) -> None:
    from tongban.cases.jobs import hand_over as job

    jobs.defer(job, lock=f"cases.hand_over:{order.case.case_no}", case_no=order.case.case_no)


def _send(order: HandOver, case: Case, definition: Definition, there: RunningSystem) -> str:
    adapter = partners.running_system(there.key)
    given: list[dict[str, str]] = []
    rows = case.materials.filter(key__in=there.materials, current=True).select_related("file").order_by("pk")
    for row in rows:
        named = {"material": row.key, "name": row.name, "trust_level": row.trust_level}
        if row.file is not None:
            named["file_id"] = adapter.hand_over_file(
                system=there.key,
                case_no=case.case_no,
                request_id=str(uuid.uuid5(_FILES, f"{order.request_id}:{row.pk}")),
                file=_file(row),
            )
        given.append(named | ({"licence_id": row.licence_id} if row.licence_id else {}))
    body = handed_over(case, definition, there) | {"materials": given}
    return adapter.hand_over(system=there.key, request_id=str(order.request_id), case=body)


def handed_over(case: Case, definition: Definition, there: RunningSystem) -> dict[str, Any]:
    """What of a case the agreement lets the other system have, without its materials."""
    form = {key: value for key, value in case.form.items() if key in there.form}
    return {
        "system": there.key,
        "case_no": case.case_no,
        "task_code": case.implementation.task_code,
        "item_name": case.item_name,
        "organisation_code": case.organisation.code,
        "submitted_at": case.submitted_at.isoformat(),
        "applicant": {name: str(case.applicant.get(name, "")) for name in there.applicant},
        "form": form_lines(definition, case, form=form),
        "data": form,
        "report_url": settings.BASE_URL + reverse("cases:reports", args=[there.key]),
    }


def _file(row: CaseMaterial) -> HandedFile:
    if row.file is None:
        raise TypeError("The material has no file.")
    return HandedFile(
        material=row.key, name=row.file.name, media_type=row.file.media_type, content=files.content(row.file)
    )


@transaction.atomic
def _settle(seen: HandOver, *, number: str = "", refusal: str = "") -> HandOver:
    case = access_case(SYSTEM, seen.case.case_no, lock=True)
    order = HandOver.objects.select_for_update().get(pk=seen.pk)
    if order.state != HandOver.State.WAITING:
        return order
    now = moment.now()
    order.settled_at, order.foreign_no, order.refusal = now, number, refusal[:_REFUSAL_CHARACTERS_MAX]
    order.state = HandOver.State.TAKEN if number else HandOver.State.REFUSED
    order.save(update_fields=["settled_at", "foreign_no", "refusal", "state"])
    told = events.CaseHandedOver(system=order.system) if number else events.HandOverRefused(system=order.system)
    opening.tell(case, told, actor=SYSTEM, at=now)
    return order
