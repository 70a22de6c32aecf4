"""What a granted case ends in: the licence, made from the form by the item's rules."""

from datetime import date, datetime, timedelta

from tongban.base import moment, numbering
from tongban.cases.applicants import Applicant
from tongban.cases.models import Case
from tongban.cases.papers import form_lines
from tongban.catalogue.models import Definition, Result
from tongban.catalogue.queries import result_number, situation_words
from tongban.kernel.actor import Actor
from tongban.licences import commands as licences
from tongban.licences.models import Licence
from tongban.licences.queries import of_case


def make_licence(actor: Actor, case: Case, definition: Definition, now: datetime) -> Licence:
    """Issue the licence of this case; asked again, the same one and no second number."""
    known = next((one for one in of_case(case.case_no) if one.type_id == definition.result.licence_type), None)
    if known is not None:
        return known
    applicant = Applicant.from_json(case.applicant)
    day = moment.local_date(now)
    serial = numbering.take(f"licence:{definition.catalog_code}:{case.division_id[:6]}", str(day.year))
    number = result_number(
        definition.result, year=day.year, division=case.division_id, serial=serial, answers=case.answers
    )
    return licences.issue(
        actor=actor,
        type_code=definition.result.licence_type or "",
        organisation=case.organisation,
        holder_name=applicant.name,
        holder_code=applicant.document_number,
        holder_code_type="001" if applicant.kind == "company" else applicant.document_kind,
        case_no=case.case_no,
        item_code=case.implementation.task_code,
        number=number,
        fields=dict(situation_words(definition, case.answers))
        | {one["label"]: one["value"] for one in form_lines(definition, case)},
        valid_from=day,
        valid_to=_last_day(case, definition.result, day),
        at=now,
    )


def _last_day(case: Case, result: Result, day: date) -> date | None:
    """The end of the validity: the day that the form names, but not before it begins; else so many months on."""
    named = case.form.get(result.valid_to_field) if result.valid_to_field else None
    if named:
        return max(date.fromisoformat(str(named)), day)
    return validity_end(day, result.validity_months)


def validity_end(start: date, months: int | None) -> date | None:
    """The last day of a validity of so many months from `start` (included); None without end."""
    if months is None:
        return None
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for day in range(start.day, 27, -1):
        try:
            return date(year, month + 1, day) - timedelta(days=1)
        except ValueError:
            continue
    return date(year, month + 1, min(start.day, 27)) - timedelta(days=1)
