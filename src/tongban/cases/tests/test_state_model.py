"""Any sequence of acts, also the wrong ones, on a real case: the program and the law say the same."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongban.base import chain, moment
from tongban.cases import commands, signing
from tongban.cases.models import Case
from tongban.cases.tests import story
from tongban.cases.tests.law import Act, LawCase, Unit
from tongban.catalogue.queries import definition_of
from tongban.directory.queries import organisation
from tongban.documents.models import Document
from tongban.identity import queries as identity
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Refusal
from tongban.payments.queries import bills_of

FOOD = (
    Unit("examine", "handling"),
    Unit("review", "review", ("examine",)),
    Unit("decide", "approval", ("review",)),
)
ROAD = (
    Unit("technical", "handling"),
    Unit("traffic", "handling"),
    Unit("review", "review", ("technical", "traffic")),
    Unit("decide", "approval", ("review",)),
)
STATES = {
    "applied": "submitted", "taken": "received", "incomplete": "correction_pending", "not_accepted": "not_accepted",
    "no_permit_needed": "no_permit_needed", "granted": "decided_granted", "refused": "decided_refused",
    "completed": "completed", "withdrawn": "withdrawn", "voided": "voided", "transferred": "transferred",
    "sent_back": "pre_review_returned",
}  # fmt: skip
KINDS = {"handling": "handling", "review": "reviewing", "approval": "approving"}


class Program:
    """The same acts by the real commands on one real case, by whoever holds the post."""

    def __init__(self, case: Case, applicant: Actor, others: dict[str, Actor]) -> None:
        self.walk = story.Walk(case)
        self.applicant = applicant
        self.others = others
        self.no = case.case_no
        self.receptionist = self.walk.receptionist()
        self.definition = definition_of(case.item_version)
        self.file = story.upload(applicant)
        units = {one.key: one for one in self.definition.steps}
        self.holders = {key: self._holder(case, one.role, one.unit) for key, one in units.items()}
        self.points = {key: one.checklist for key, one in units.items()}

    def _holder(self, case: Case, role: str, unit: str | None) -> Actor:
        body = organisation(unit) if unit else case.organisation
        others = {one.account_id for one in self.others.values()} if role == "case_officer" else set()
        account = next(one for one in identity.accounts_with(role, body.pk) if one.pk not in others)
        return identity.actor_for(account, moment.now())

    def who(self, act: Act) -> Actor:
        return self.others[act.step] if act.who else self.holders[act.step]

    def do(self, act: Act) -> None:
        acts: dict[str, Callable[[], Any]] = {
            "receive": lambda: commands.receive(actor=self.receptionist, case_no=self.no),
            "notify": lambda: self.notify(commands.request_correction),
            "pre_review": lambda: self.notify(commands.return_in_pre_review),
            "complete_materials": self.complete_materials,
            "accept": lambda: commands.accept(actor=self.receptionist, case_no=self.no),
            "refuse_acceptance": lambda: commands.refuse_acceptance(
                actor=self.receptionist, case_no=self.no, reason="不属于本机关职权。", basis="《行政许可法》第三十二条"
            ),
            "need_no_permit": lambda: commands.tell_no_permit_needed(
                actor=self.receptionist, case_no=self.no, reason="依法不需要许可。", basis="《行政许可法》第三十二条"
            ),
            "claim": lambda: commands.claim_step(actor=self.who(act), case_no=self.no, step_key=act.step),
            "examine": lambda: commands.complete_step(
                actor=self.who(act), case_no=self.no, step_key=act.step, agree=act.yes, opinion="意见。",
                checklist=self.points[act.step] if act.yes else (),
            ),
            "send_back": lambda: commands.return_step(
                actor=self.who(act), case_no=self.no, step_key=act.step, to=act.to, reason="请补充核查记录。"
            ),
            "decide": lambda: commands.decide(
                actor=self.holders["decide"], case_no=self.no, granted=act.yes, reason="理由写明。", basis="《行政许可法》第三十八条"
            ),
            "issue": lambda: commands.issue_result(actor=self.receptionist, case_no=self.no),
            "pay": self.pay,
            "download": lambda: commands.deliver_by_download(actor=self.applicant, case_no=self.no),
            "hand_out": lambda: commands.deliver_at_window(
                actor=self.receptionist, case_no=self.no, collector=story.collector()
            ),
            "withdraw": lambda: commands.withdraw(actor=self.applicant, case_no=self.no),
            "void": lambda: commands.void(actor=self.walk.leading(), case_no=self.no, reason="重复立件。"),
            "return_unanswered": lambda: commands.return_unanswered(
                actor=self.receptionist, case_no=self.no, reason="到期没有补正。"
            ),
            "delete_entry": lambda: commands.delete_entry(
                actor=self.receptionist, case_no=self.no, reason="录入错误。"
            ),
            "transfer": lambda: commands.transfer(
                actor=self.walk.leading(), case_no=self.no, to_body="株洲市人民政府", reason="由上级机关办理。"
            ),
        }  # fmt: skip
        acts[act.name]()

    def material(self) -> str:
        return next(one.key for one in self.walk.case.materials.filter(source="file"))

    def notify(self, command: Callable[..., Any]) -> None:
        defect = commands.Defect(kind="material", key=self.material(), what="请盖章后重新上传。")
        command(actor=self.receptionist, case_no=self.no, defects=[defect])

    def complete_materials(self) -> None:
        case = Case.objects.get(case_no=self.no)
        materials = {self.material(): [self.file]}
        known = hasattr(case, "correction")
        sha256 = signing.sha256(commands.correction_content(case, {}, materials)) if known else "0" * 64
        commands.submit_correction(
            actor=self.applicant, case_no=self.no, form={}, materials=materials,
            proof=commands.SignatureProof(method="password", sha256=sha256, secret=story.PASSWORD),
        )  # fmt: skip

    def pay(self) -> None:
        bills = bills_of(self.walk.case.subject)
        if not bills:
            raise Refusal("no_bill", "没有缴款单。")
        story.payments.pay_at_window(
            actor=self.receptionist, bill_no=bills[0].bill_no, method="cash", received_fen=bills[0].amount_fen
        )


TO_DECISION = ["receive", "accept", "examine", "examine", "examine"]
TO_RESULT = [*TO_DECISION, "decide", "issue"]
#: How far a case is before anything is tried: every place of the law, so that the far end is tried like the beginning.
#: What an item does not have is left out; `~` takes the other way (refused), `claim*` the colleague.
BEGINNINGS: list[list[str]] = [
    [],
    ["receive"],
    ["receive", "notify"],
    ["receive", "notify", "complete_materials"],
    ["pre_review"],
    ["pre_review", "complete_materials"],
    ["pre_review", "complete_materials", "receive"],
    ["receive", "accept"],
    ["receive", "accept", "claim"],
    ["receive", "accept", "claim*"],
    ["receive", "accept", "examine"],
    ["receive", "accept", "examine", "examine"],
    TO_DECISION,
    [*TO_DECISION, "send_back"],
    [*TO_DECISION, "send_back", "examine", "examine"],
    [*TO_DECISION, "decide"],
    TO_RESULT,
    [*TO_RESULT, "pay"],
    [*TO_RESULT, "pay", "hand_out"],
    [*TO_RESULT, "pay", "download"],
    [*TO_DECISION, "decide~"],
    [*TO_DECISION, "decide~", "download"],
    ["withdraw"],
    ["void"],
    ["receive", "transfer"],
    ["receive", "accept", "withdraw"],
    ["refuse_acceptance"],
    ["receive", "need_no_permit"],
]
PICKS = st.lists(st.tuples(st.integers(0, 1000), st.booleans()), min_size=4, max_size=14)
SETTINGS = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def begin(program: Program, law: LawCase, names: list[str]) -> None:
    """Bring the case lawfully to where it starts."""
    for name in names:
        wanted = [
            one
            for one in tried(program, law)
            if one.name == name.rstrip("~*") and law.may(one) and one.yes != name.endswith("~")
        ]
        act = next((one for one in wanted if one.who == name.endswith("*")), None)
        if act is not None:
            program.do(act)
            law.do(act)
            compare(program, law, act)


def tried(program: Program, law: LawCase) -> list[Act]:
    """Every act that somebody could try; a colleague only where there is one."""
    return [one for one in law.acts() if not one.who or one.step in program.others]


def attempt(program: Program, law: LawCase, act: Act, before: dict[str, tuple[int, str]]) -> None:
    """Do it: the program must say what the law says, and a refusal must change nothing."""
    allowed, refused = law.may(act), ""
    try:
        program.do(act)
    except Refusal as error:
        refused = error.code
    assert bool(refused) != allowed, f"{act} from {law}: {refused or 'done'}"
    if allowed:
        law.do(act)
        compare(program, law, act)
    else:
        assert story.world() == before, f"{act}, refused as {refused}, changed something"


def follow(program: Program, law: LawCase, picks: list[tuple[int, bool]]) -> None:
    """Do the picked acts, every second one or so among the lawful; compare after each."""
    for pick, lawful in picks:
        everything = tried(program, law)
        wanted = [one for one in everything if not lawful or law.may(one)] or everything
        attempt(program, law, wanted[pick % len(wanted)], story.world())


def compare(program: Program, law: LawCase, act: Act) -> None:
    """State, open steps, delivery, and how many entries and papers the file has."""
    case = Case.objects.get(case_no=program.no)
    open_kinds = {one.kind for one in law.open_units()}
    in_hand = next((KINDS[kind] for kind in KINDS if kind in open_kinds), "")
    assert case.state == STATES.get(law.stage, in_hand), act
    if law.stage == "in_hand":
        assert {one.key for one in case.steps.filter(state="open")} == {one.key for one in law.open_units()}, act
    assert (case.delivered_at is not None) == law.delivered, act
    own, papers = story.kinds(case), Document.objects.filter(subject=case.subject).count()
    assert (len(own), papers) == (law.entries, law.papers), (act, own)
    assert len(chain.events(case.subject)) == law.entries + law.papers, act


ITEMS = pytest.mark.parametrize(
    ("slug", "applicant", "units", "fee", "colleagues"),
    [(story.FOOD, "citizen", FOOD, False, ("examine",)), ("road-excavation", "operator", ROAD, True, ())],
    ids=["food", "road"],
)


def beginning_of(cast, slug, applicant, units, fee, colleagues) -> tuple[Program, LawCase]:
    """A submitted case, and the law's view of it."""
    actor = getattr(cast, applicant)
    program = Program(story.submitted(actor, slug), actor, dict.fromkeys(colleagues, cast.head))
    return program, LawCase(units, fee=fee, licence=True, papers=1, entries=1)


@pytest.mark.usefixtures("city")
@ITEMS
def test_every_act_at_every_stage_is_allowed_or_refused_as_the_law_has_it(
    cast, slug, applicant, units, fee, colleagues
):
    program, law = beginning_of(cast, slug, applicant, units, fee, colleagues)
    for names in BEGINNINGS:
        with story.undone():
            here = law.copy()
            begin(program, here, names)
            before = story.world()
            for act in tried(program, here):
                with story.undone():
                    attempt(program, here.copy(), act, before)


@pytest.mark.usefixtures("city")
@ITEMS
def test_a_case_follows_the_law_whatever_is_tried(cast, slug, applicant, units, fee, colleagues):
    program, law = beginning_of(cast, slug, applicant, units, fee, colleagues)

    @SETTINGS
    @given(st.sampled_from(BEGINNINGS), PICKS)
    def run(beginning, picks):
        with story.undone():
            here = law.copy()
            begin(program, here, beginning)
            follow(program, here, picks)

    run()
