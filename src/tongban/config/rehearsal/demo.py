"""One whole case, from guide to sealed licence, by the same commands that a person's clicks call."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tongban.base import moment
from tongban.cases import commands
from tongban.cases.models import Case, CaseStep
from tongban.catalogue.queries import definition_of
from tongban.config.citypack import city_root
from tongban.config.rehearsal.online import citizen_of, fill_in, sign
from tongban.config.rehearsal.prepare import demo_accounts
from tongban.config.rehearsal.samples import Sample, samples_of
from tongban.documents.queries import latest, pdf
from tongban.identity import queries as identity
from tongban.identity.commands import DemoAccount
from tongban.identity.models import Account
from tongban.kernel.actor import Actor, Role
from tongban.payments import commands as payments
from tongban.payments.queries import bills_of

Say = Callable[[str], None]

#: The item that the demonstration walks through where the pack has it.
FIRST_CHOICE = "food-business-licence"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the rehearsal: what was done, by whom, and how long it took."""

    what: str
    who: str
    took_ms: int


@dataclass
class _Run:
    """The rehearsal under way: where it says what it does, and what it did."""

    say: Say
    steps: list[Step]

    @contextmanager
    def step(self, what: str, who: str) -> Iterator[None]:
        """Do one step and tell how long it took."""
        began = time.perf_counter()
        yield
        took_ms = round((time.perf_counter() - began) * 1000)
        self.steps.append(Step(what=what, who=who, took_ms=took_ms))
        self.say(f"  {what:<10} {who}　{took_ms} 毫秒")


def run_demo(
    say: Say = print, *, pack: Path | None = None, slug: str = "", accounts: list[DemoAccount] | None = None
) -> Case:
    """Run one whole case and print each step, its time and the link that verifies the result.

    Args:
        say: where a line goes.
        pack: the folder of the city pack; that of this installation when not given.
        slug: the item; `FIRST_CHOICE` when not given and the pack has it.
        accounts: the sample accounts where the caller has made them already.

    Raises:
        LookupError: the pack has no sample, or nobody holds a post that a step needs.
        Refusal: a command refused; the rehearsal then stops, because something is wrong.
    """
    root = pack or city_root()
    accounts = accounts or demo_accounts(root)
    sample = _chosen(root, slug)
    run = _Run(say, [])
    say("走一件真实流程的办件（每一步都是页面点击所调用的同一个命令）：")
    case = _apply(run, sample, accounts)
    _receive(run, case)
    for _ in range(len(definition_of(case.item_version).steps)):
        if not _next_step(run, case):
            break
    case.refresh_from_db()
    _pay(run, case)
    _finish(run, case)
    _show(run, case)
    return case


def actor_of(account: Account) -> Actor:
    """The account as it would act now."""
    return identity.actor_for(account, moment.now())


def _chosen(root: Path, slug: str) -> Sample:
    found = samples_of(root)
    wanted = [one for one in found if one.slug == (slug or FIRST_CHOICE)] or found
    if not wanted:
        raise LookupError("城市包里没有申请样例（samples/*.yaml），演示无法走办件。")
    return wanted[0]


def _apply(run: _Run, sample: Sample, accounts: list[DemoAccount]) -> Case:
    account, password = citizen_of(sample, accounts)
    actor = actor_of(account)
    with run.step("网上申请", account.name):
        draft = fill_in(actor, sample)
    with run.step("签名提交", account.name):
        done = sign(actor, draft, password)
    run.say(f"    办件编号 {done.case.case_no}　查询密码 {done.query_password}")
    return done.case


def _receive(run: _Run, case: Case) -> None:
    clerk = _clerk_of(case)
    actor = actor_of(clerk)
    with run.step("窗口收件", f"{_where(actor)} {clerk.name}"):
        commands.receive(actor=actor, case_no=case.case_no)
    with run.step("受理", f"{_where(actor)} {clerk.name}"):
        commands.accept(actor=actor, case_no=case.case_no)


def _next_step(run: _Run, case: Case) -> bool:
    step = CaseStep.objects.select_related("organisation").filter(case=case, state="open").order_by("order").first()
    if step is None:
        return False
    officer = _somebody(step.role, step.organisation_id)
    if officer is None:
        raise LookupError(f"{step.organisation.name}没有人能办“{step.name}”环节。")
    actor = actor_of(officer)
    who = f"{step.organisation.short_name or step.organisation.name} {officer.name}"
    with run.step(step.name, who):
        if step.kind == "approval":
            _pay(run, case)
            commands.decide(actor=actor, case_no=case.case_no, granted=True, reason="同意。")
        else:
            points = next(one.checklist for one in definition_of(case.item_version).steps if one.key == step.key)
            commands.complete_step(
                actor=actor,
                case_no=case.case_no,
                step_key=step.key,
                agree=True,
                opinion="经审查，材料齐全，符合法定条件，建议准予。",
                checklist=points,
            )
    return True


def _pay(run: _Run, case: Case) -> None:
    for bill in bills_of(case.subject):
        if bill.state != "open":
            continue
        clerk = _clerk_of(case)
        actor = actor_of(clerk)
        with run.step("缴费", f"{_where(actor)} {clerk.name}"):
            payments.pay_at_window(actor=actor, bill_no=bill.bill_no, method="card", received_fen=bill.amount_fen)


def _finish(run: _Run, case: Case) -> None:
    clerk = _clerk_of(case)
    actor = actor_of(clerk)
    with run.step("制发结果", f"{_where(actor)} {clerk.name}"):
        commands.issue_result(actor=actor, case_no=case.case_no)
    applicant = case.account
    assert applicant is not None
    if "electronic" in definition_of(case.item_version).delivery:
        with run.step("下载送达", applicant.name):
            commands.deliver_by_download(actor=actor_of(applicant), case_no=case.case_no)
    else:
        with run.step("窗口领取", f"{_where(actor)} {clerk.name}"):
            commands.deliver_at_window(actor=actor, case_no=case.case_no, collector=_collector(case))


def _collector(case: Case) -> commands.Collector:
    """The applicant in person, signing on the pad."""
    kind, number = case.applicant["document_kind"], case.applicant["document_number"]
    strokes = (((0.2, 0.6), (0.4, 0.3), (0.6, 0.7)),)
    return commands.Collector(name=case.applicant["name"], document_kind=kind, document_number=number, strokes=strokes)


def _show(run: _Run, case: Case) -> None:
    document = latest(case.subject, "licence") or latest(case.subject, "granted")
    if document is None:
        raise LookupError("办件没有产生结果文书。")
    with run.step("生成带章文件", "系统"):
        size = len(pdf(document))
    run.say(f"    {document.title}　{size // 1024} KB")
    run.say(f"    核验：{settings.BASE_URL}/verify/{document.verify_code}")


def _clerk_of(case: Case) -> Account:
    """Whoever receives the case and hands its result out: a window clerk where there is one, else an officer."""
    entries = list(case.inbox_entries.filter(kind="reception").order_by("pk").values_list("role", "organisation_id"))
    for role, organisation_id in sorted(entries, key=lambda entry: entry[0] != Role.WINDOW_CLERK):
        found = _somebody(role, organisation_id)
        if found is not None:
            return found
    raise LookupError(f"没有人能在窗口收“{case.item_name}”的件。")


def _somebody(role: str, organisation_id: int) -> Account | None:
    return next(iter(identity.accounts_with(role, organisation_id)), None)


def _where(actor: Actor) -> str:
    return actor.appointments[0].organisation_name if actor.appointments else ""
