"""A demonstration city with life in it: cases in every state, filed at windows by the same commands as real ones."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from tongban.base import moment
from tongban.base.calendar import work_calendar
from tongban.base.pack import Pack, parse
from tongban.cases import commands, queries
from tongban.cases.models import Case, CaseStep
from tongban.catalogue.models import Definition, Implementation
from tongban.catalogue.queries import definition_of
from tongban.config.rehearsal.arrangements import arrange
from tongban.config.rehearsal.demo import actor_of
from tongban.config.rehearsal.endings import BEFORE_ACCEPTANCE, BY_THE_HEAD, PARCELS, SERVICE
from tongban.config.rehearsal.ministry import run_elsewhere
from tongban.config.rehearsal.online import citizen_of, fill_in, sign
from tongban.config.rehearsal.prepare import demo_accounts
from tongban.config.rehearsal.samples import Sample, implementation_for, sample_file, samples_of
from tongban.config.rehearsal.section import CASES_FILE, ONLINE, REFUSED, CaseShape, CasesShape, Stage
from tongban.directory.models import Organisation
from tongban.files import commands as files
from tongban.identity import queries as identity
from tongban.identity.commands import DemoAccount
from tongban.identity.models import Account
from tongban.kernel.actor import Actor, Role
from tongban.kernel.codes import org_code, resident_id, uscc
from tongban.payments import commands as payments
from tongban.payments.queries import bills_of


@dataclass
class _Filing:
    """A sample case under way: the row, the pack's sample for its item, its number among the rows."""

    row: CaseShape
    sample: Sample
    implementation: Implementation
    definition: Definition
    number: int
    #: Working days on which the acts happen, oldest first; the last is today.
    days: list[date]
    case: Case | None = None
    act: int = 0


def furnish(pack: Path, say: Callable[[str], None] = print, *, accounts: Iterable[DemoAccount] | None = None) -> int:
    """Make the sample cases of the pack where there are none yet; the number made.

    Every act happens at its own moment in the past weeks, by the same commands as at a real window or online.
    `accounts`: the sample accounts where the caller has made them already.
    """
    document = Pack(pack).yaml(CASES_FILE)
    if document is None or Case.objects.filter(channel="window").exists():
        return 0
    shape, found = parse(document, CasesShape)
    if shape is None:
        raise LookupError("；".join(str(one) for one in found))
    accounts = list(accounts if accounts is not None else demo_accounts(pack))
    samples = {one.slug: one for one in samples_of(pack)}
    for number, row in enumerate(shape.cases, 1):
        sample = samples[row.item]
        implementation = implementation_for(sample)
        assert implementation.current is not None
        filing = _Filing(
            row=row,
            sample=sample,
            implementation=implementation,
            definition=definition_of(implementation.current),
            number=number,
            days=_workdays_back(row.days_ago),
        )
        if row.stage in ONLINE:
            _go_online(filing, accounts)
        else:
            _file(filing)
            _bring_to(filing, row.stage)
    arrange(shape, accounts)
    say(f"示例办件 {len(shape.cases)} 件，各环节都有。")
    return len(shape.cases)


def _workdays_back(count: int) -> list[date]:
    calendar, day = work_calendar(), moment.today()
    days = [day]
    while len(days) <= count:
        day -= timedelta(days=1)
        if calendar.is_workday(day):
            days.insert(0, day)
    return days


@contextmanager
def _at(filing: _Filing) -> Iterator[datetime]:
    """The moment of the next act: one act every working day or so, never later than now."""
    day = filing.days[min(filing.act, len(filing.days) - 1)]
    minutes = (filing.number * 17 + filing.act * 53) % 400
    local = datetime.combine(day, time(9, 5), moment.SHANGHAI) + timedelta(minutes=minutes)
    filing.act += 1
    with moment.freeze(min(local, moment.now())):
        yield moment.now()


def _file(filing: _Filing) -> None:
    clerk, body = _window(filing.implementation, filing.definition)
    actor = actor_of(clerk)
    applicant = _applicant(filing)
    with _at(filing):
        draft = commands.start_window_draft(
            actor=actor,
            version_id=filing.implementation.current_id or 0,
            organisation_id=body.pk,
            applicant=applicant,
        )
        key = draft.public_id
        commands.save_answers(actor=actor, draft_id=key, answers=filing.sample.answers)
        commands.save_form(actor=actor, draft_id=key, data=_form(filing, applicant), partial=False)
        seen = []
        for one in commands.look_over(queries.access_draft(actor, key)).states:
            if one.how == "missing" and one.material.licence_type:
                seen.append(one.material.key)
            elif one.how == "missing":
                _hand_in(actor, key, one.material.key, one.material.name, applicant.name)
        commands.note_paper(actor=actor, draft_id=key, keys=seen)
        commands.save_service(
            actor=actor,
            draft_id=key,
            service=commands.Service(
                address=applicant.address,
                recipient=applicant.name,
                phone=applicant.phone,
                electronic_consent="electronic" in filing.definition.delivery,
                delivery=filing.definition.delivery[0],
            ),
        )
        ready = commands.look_over(queries.access_draft(actor, key))
        proof = commands.SignatureProof(method="handwritten", sha256=ready.sha256, evidence={"paper_kept": True})
        filing.case = commands.file_at_window(actor=actor, draft_id=key, proof=proof).case


def _hand_in(actor: Actor, draft: Any, key: str, name: str, holder: str) -> None:
    handed_in = sample_file(name, holder)
    stored = files.store(
        actor=actor,
        stream=handed_in.stream,
        filename=handed_in.name,
        owner_kind=commands.UPLOAD,
        owner_ref=actor.ref,
    )
    commands.attach(actor=actor, draft_id=draft, material_key=key, file=stored)


def _go_online(filing: _Filing, accounts: Iterable[DemoAccount]) -> None:
    """The sample citizen files; the window sends it back before receipt, or a ministry's system takes it."""
    account, password = citizen_of(filing.sample, accounts)
    actor = actor_of(account)
    with _at(filing):
        case = sign(actor, fill_in(actor, filing.sample), password).case
    if filing.row.stage == "elsewhere":
        run_elsewhere(case)
        return
    with _at(filing):
        clerk = actor_of(_window(filing.implementation, filing.definition)[0])
        commands.return_in_pre_review(actor=clerk, case_no=case.case_no, defects=[_defect(case, filing.row.what)])


def _defect(case: Case, what: str) -> commands.Defect:
    """What is wrong with the first file that was handed in."""
    named = next(one for one in case.materials.order_by("pk") if one.source == "file")
    return commands.Defect(kind="material", key=named.key, what=what)


def _bring_to(filing: _Filing, stage: Stage) -> None:
    case = filing.case
    assert case is not None
    if stage == "received":
        return
    clerk = actor_of(_window(filing.implementation, filing.definition)[0])
    if stage == "correction":
        with _at(filing):
            commands.request_correction(actor=clerk, case_no=case.case_no, defects=[_defect(case, filing.row.what)])
        return
    if stage in BEFORE_ACCEPTANCE:
        with _at(filing):
            BEFORE_ACCEPTANCE[stage](clerk, case, filing.row)
        return
    with _at(filing):
        commands.accept(actor=clerk, case_no=case.case_no)
    if stage in BY_THE_HEAD:
        with _at(filing):
            BY_THE_HEAD[stage](actor_of(_holder(Role.SECTION_HEAD, case.organisation_id)), case, filing.row)
        return
    levels = {"accepted": 0, "examined": 1, "reviewed": 2}
    _complete_steps(filing, levels.get(stage, 99))
    if filing.row.note:
        _talk_over(filing)
    if stage in levels:
        return
    _decide(filing, granted=stage not in REFUSED)
    if stage not in {"decided", *REFUSED}:
        with _at(filing):
            commands.issue_result(actor=clerk, case_no=case.case_no)
    _serve(filing, clerk, stage)


def _talk_over(filing: _Filing) -> None:
    """Whoever handles the open step adds a file to the opinion and calls the head of the section."""
    assert filing.case is not None
    case = filing.case
    step = CaseStep.objects.filter(case=case, state="open").order_by("order")[0]
    actor = actor_of(_holder(step.role, step.organisation_id))
    shown = sample_file("现场核查照片", filing.row.name)
    with _at(filing):
        stored = files.store(
            actor=actor, stream=shown.stream, filename=shown.name, owner_kind=commands.UPLOAD, owner_ref=actor.ref
        )
        commands.attach_to_step(actor=actor, case_no=case.case_no, step_key=step.key, file=stored)
        head = _holder(Role.SECTION_HEAD, case.organisation_id)
        commands.write_note(actor=actor, case_no=case.case_no, text=filing.row.note, call=[head.pk])


def _serve(filing: _Filing, clerk: Actor, stage: Stage) -> None:
    assert filing.case is not None
    if stage in {"delivered", "archived"}:
        _deliver(filing, clerk)
    if stage in SERVICE:
        with _at(filing):
            SERVICE[stage](clerk, filing.case, filing.row)
    if stage in PARCELS:
        with _at(filing):
            PARCELS[stage](clerk, filing.case, filing.row)
    if stage == "archived":
        with _at(filing):
            officer = actor_of(_holder(Role.CASE_OFFICER, filing.case.organisation_id))
            commands.archive(actor=officer, case_no=filing.case.case_no)


def _complete_steps(filing: _Filing, kinds: int) -> None:
    """Complete handling steps (kinds ≥ 1) and review steps (≥ 2)."""
    assert filing.case is not None
    for kind in ("handling", "review")[: min(kinds, 2)]:
        while True:
            step = CaseStep.objects.filter(case=filing.case, state="open", kind=kind).order_by("order").first()
            if step is None:
                break
            officer = actor_of(_holder(step.role, step.organisation_id))
            points = next(one.checklist for one in filing.definition.steps if one.key == step.key)
            with _at(filing):
                commands.complete_step(
                    actor=officer,
                    case_no=filing.case.case_no,
                    step_key=step.key,
                    agree=filing.row.stage not in REFUSED,
                    opinion=filing.row.what or "经审查，材料齐全，符合法定条件，建议准予。",
                    checklist=points if filing.row.stage not in REFUSED else (),
                )


def _decide(filing: _Filing, *, granted: bool) -> None:
    case = filing.case
    assert case is not None
    step = CaseStep.objects.get(case=case, state="open", kind="approval")
    clerk = actor_of(_window(filing.implementation, filing.definition)[0])
    leader = actor_of(_holder(step.role, step.organisation_id))
    with _at(filing):
        if filing.definition.pay_before == "decision":
            _pay(case, clerk)
        commands.decide(
            actor=leader,
            case_no=case.case_no,
            granted=granted,
            reason="同意。" if granted else filing.row.what,
            basis=""
            if granted
            else f"《中华人民共和国行政许可法》第三十八条第二款；{filing.definition.legal_basis[0].title}",
        )
        if granted:
            _pay(case, clerk)


def _pay(case: Case, clerk: Actor) -> None:
    for bill in bills_of(case.subject):
        if bill.state == "open":
            payments.pay_at_window(actor=clerk, bill_no=bill.bill_no, method="code", received_fen=bill.amount_fen)


def _deliver(filing: _Filing, clerk: Actor) -> None:
    assert filing.case is not None
    applicant = _applicant(filing)
    stroke = tuple((0.1 + 0.02 * step, 0.5 + 0.2 * (-1) ** step) for step in range(20))
    with _at(filing):
        commands.deliver_at_window(
            actor=clerk,
            case_no=filing.case.case_no,
            collector=commands.Collector(
                name=filing.row.person,
                document_kind="111",
                document_number=_person_number(filing),
                relation="applicant" if applicant.kind == "person" else "agent",
                strokes=[stroke],
            ),
        )


def _applicant(filing: _Filing) -> commands.Applicant:
    phone = f"199{10000000 + filing.number * 7:08d}"
    address = "株洲市（示例地址）"
    if not filing.sample.company_code:
        return commands.Applicant(
            kind="person",
            name=filing.row.name,
            document_kind="111",
            document_number=_person_number(filing),
            phone=phone,
            address=address + f"{filing.number}号",
        )
    body = f"YL{filing.number:06d}"
    kind = "91" if filing.row.name.endswith("公司") else "92"
    return commands.Applicant(
        kind="company",
        name=filing.row.name,
        document_kind="001",
        document_number=uscc.make(kind, filing.implementation.division_id[:6], org_code.make(body)),
        phone=phone,
        address=address + f"{filing.number}号",
        legal_representative=filing.row.person,
    )


def _person_number(filing: _Filing) -> str:
    born = date(1968 + filing.number % 30, 1 + filing.number % 12, 1 + filing.number % 28)
    return resident_id.make(filing.implementation.division_id[:6], born, 500 + filing.number)


def _form(filing: _Filing, applicant: commands.Applicant) -> dict[str, Any]:
    """The sample's form with this applicant's own name, number and phone where the form knows them."""
    known = {
        "company.name": applicant.name,
        "company.uscc": applicant.document_number,
        "company.legal_representative": filing.row.person,
        "person.name": filing.row.person,
        "person.document_number": _person_number(filing),
        "person.phone": applicant.phone,
    }
    form = dict(filing.sample.form)
    for key, field in filing.definition.form.get("properties", {}).items():
        value = known.get(str(field.get("x-prefill", "")))
        if value is not None and key in form:
            form[key] = value
    return form


def _window(implementation: Implementation, definition: Definition) -> tuple[Account, Organisation]:
    """A window clerk who may take this item, at the body itself or at a window that it authorises."""
    bodies = [implementation.organisation, *Organisation.objects.filter(code__in=definition.window_organisations)]
    for role in (Role.WINDOW_CLERK, Role.CASE_OFFICER):
        for body in bodies:
            found = identity.accounts_with(role, body.pk)
            if found:
                return found[0], body
    raise LookupError(f"没有人能在窗口收“{definition.name}”的件。")


def _holder(role: str, organisation_id: int) -> Account:
    found = identity.accounts_with(role, organisation_id)
    if not found:
        raise LookupError(f"没有人担任“{role}”。")
    return found[0]
