"""The rehearsal's part of a city pack: the sample cases (`demo-cases.yaml`) that fill a demonstration city."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from tongban.base.pack import Changes, Document, Finding, Pack, PackSection, Shape, parse
from tongban.identity.pack import read_accounts
from tongban.kernel.actor import Actor

CASES_FILE = "demo-cases.yaml"

Stage = Literal[
    "received", "correction", "accepted", "examined", "reviewed", "decided", "completed", "delivered", "refused",
    "not_accepted", "voided", "transferred", "sent", "signed", "rejected", "failed", "left", "announced", "archived",
    "returned", "elsewhere",
]  # fmt: skip
#: Stages of what the sample citizen of the item files online; all others are filed at a window.
ONLINE: Final[tuple[Stage, ...]] = ("returned", "elsewhere")
#: Stages whose decision is a refusal.
REFUSED: Final[tuple[Stage, ...]] = ("refused", "left", "announced")
#: What the row of a stage must say besides: its key, how a fault calls it, and for which stages.
_NEEDED: Final = (
    ("what", "原因", ("correction", "returned", "not_accepted", "voided", "transferred", *REFUSED)),
    ("how", "送达经过", ("rejected", "failed", "left", "announced")),
    ("to", "接办的机关", ("transferred",)),
)
_Words = Annotated[str, Field(min_length=1, max_length=200)]


class CaseShape(Shape):
    """One sample case: who filed what, how many working days ago, and how far it has come.

    `what`: the reason of a notice or decision. `how`: what happened when the result was to be served. `to`: the body
    to which it goes. `note`: a note by whoever handles it now, who calls the head of the section to it and adds a file
    to the opinion.
    """

    item: _Words
    name: _Words
    person: _Words
    days_ago: int = Field(ge=0, le=60)
    stage: Stage
    what: Annotated[str, Field(max_length=500)] = ""
    how: Annotated[str, Field(max_length=500)] = ""
    to: Annotated[str, Field(max_length=100)] = ""
    note: Annotated[str, Field(max_length=500)] = ""


class ViewShape(Shape):
    """A saved view of a panel (`desk`) that a head of `unit` shares with it; `address` as behind the question mark."""

    login: _Words
    panel: _Words
    name: _Words
    address: _Words
    unit: _Words


class MandateShape(Shape):
    """An authority between two sample citizens, named by their phones, to which the agent consented."""

    principal: _Words
    agent: _Words
    may_withdraw: bool = False


class AgentShape(Shape):
    """Whom the head of a company lets act for it, both named by their phones."""

    uscc: _Words
    head: _Words
    agent: _Words


class SubscriberShape(Shape):
    """A system of a body that asked to be told of these kinds of events at an address where nobody answers."""

    name: _Words
    organisation: _Words
    url: _Words
    kinds: tuple[str, ...]


class CasesShape(Shape):
    """`demo-cases.yaml`: sample cases, and what people have arranged among themselves."""

    cases: tuple[CaseShape, ...]
    views: tuple[ViewShape, ...] = ()
    mandates: tuple[MandateShape, ...] = ()
    agents: tuple[AgentShape, ...] = ()
    subscribers: tuple[SubscriberShape, ...] = ()

    def named(self) -> Iterator[tuple[str, int, str, str]]:
        """Every name of something else that must exist: the part, the row in it, the field, the kind of thing."""
        fields = (
            ("views", self.views, (("login", "account"), ("unit", "organisation"))),
            ("mandates", self.mandates, (("principal", "account"), ("agent", "account"))),
            ("agents", self.agents, (("head", "account"), ("agent", "account"))),
            ("subscribers", self.subscribers, (("organisation", "organisation"),)),
        )
        for part, rows, of_row in fields:
            for number in range(len(rows)):
                yield from ((part, number, field, kind) for field, kind in of_row)


class RehearsalSection(PackSection):
    """Sample cases. Nothing is loaded: `rehearsal.furnish` files them by the commands of a real window or page."""

    name = "rehearsal"
    title = "示例办件"
    order = 90
    files = (CASES_FILE,)

    def check(self, pack: Pack) -> Iterable[Finding]:
        """Rows that cannot be filed: an unknown item, one without a sample application, a stage without its reason."""
        document = pack.yaml(CASES_FILE)
        if document is None:
            return
        shape, found = parse(document, CasesShape)
        yield from found
        if shape is None:
            return
        samples = {
            file.rpartition("/")[2].removesuffix(".yaml"): _applicant_in(pack, file)
            for file in pack.matching("samples/*.yaml")
        }
        for number, row in enumerate(shape.cases):
            yield from _check_row(pack, document, row, number, samples)
        yield from _check_names(pack, document, shape)

    def load(self, pack: Pack, actor: Actor) -> Changes:
        """Count the rows: a pack may be loaded into a real installation, which has no sample cases."""
        del actor  # Nothing is done.
        document = pack.yaml(CASES_FILE)
        shape = parse(document, CasesShape)[0] if document is not None else None
        return Changes(unchanged=len(shape.cases) if shape else 0)


def _check_names(pack: Pack, document: Document, shape: CasesShape) -> Iterator[Finding]:
    accounts = read_accounts(pack)
    known = {*(one.phone for one in accounts.citizens), *(one.login for one in accounts.staff)} if accounts else set()
    for part, number, field, kind in shape.named():
        name = str(getattr(getattr(shape, part)[number], field))
        if kind == "organisation" and pack.resolve(kind, name) is None:
            yield pack.unknown(kind, name, document, (part, number, field), "机构")
        elif kind == "account" and name not in known:
            message = f"找不到示例账号 {name}"
            yield document.finding((part, number, field), message, "写 demo-accounts.yaml 里的登录名或者手机号")


def _applicant_in(pack: Pack, file: str) -> str:
    """The name of whoever applies in a sample: the company's where one does."""
    document = pack.yaml(file)
    given = document.data.get("applicant", {}) if document is not None else {}
    return str(given.get("company_name") or given.get("name", ""))


def _check_row(
    pack: Pack, document: Document, row: CaseShape, number: int, samples: Mapping[str, str]
) -> Iterator[Finding]:
    if pack.resolve("item", row.item) is None:
        yield pack.unknown("item", row.item, document, ("cases", number, "item"), "事项")
    elif row.item not in samples:
        message = f"事项 {row.item} 没有申请样例"
        yield document.finding(("cases", number, "item"), message, f"先写 samples/{row.item}.yaml")
    elif row.stage in ONLINE and row.name != samples[row.item]:
        message = f"办到 {row.stage} 的申请由样例的申请人在网上提交"
        yield document.finding(("cases", number, "name"), message, f"名称写成 {samples[row.item]}")
    for key, called, stages in _NEEDED:
        if row.stage in stages and not getattr(row, key):
            yield document.finding(("cases", number, "stage"), f"办到 {row.stage} 要写明{called}", f"在 {key} 里写")
