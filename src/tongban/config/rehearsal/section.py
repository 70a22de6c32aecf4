"""The rehearsal's part of a city pack: the sample cases (`demo-cases.yaml`) that fill a demonstration city."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import Field

from tongban.base.pack import Changes, Document, Finding, Pack, PackSection, Shape, parse
from tongban.kernel.actor import Actor

CASES_FILE = "demo-cases.yaml"

Stage = Literal[
    "received", "correction", "accepted", "examined", "reviewed", "decided", "completed", "delivered", "refused",
    "not_accepted",
]  # fmt: skip
#: Stages that somebody has to give a reason for.
_WITH_REASON = ("correction", "refused", "not_accepted")
_Words = Annotated[str, Field(min_length=1, max_length=200)]


class CaseShape(Shape):
    """One sample case: who filed what, how many working days ago, and how far it has come."""

    item: _Words
    name: _Words
    person: _Words
    days_ago: int = Field(ge=0, le=60)
    stage: Stage
    what: Annotated[str, Field(max_length=500)] = ""


class CasesShape(Shape):
    """`demo-cases.yaml`."""

    cases: tuple[CaseShape, ...]


class RehearsalSection(PackSection):
    """Sample cases. Nothing is loaded: `rehearsal.furnish` files them by the commands of a real window."""

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
        samples = {file.rpartition("/")[2].removesuffix(".yaml") for file in pack.matching("samples/*.yaml")}
        for number, row in enumerate(shape.cases):
            yield from _check_row(pack, document, row, number, samples)

    def load(self, pack: Pack, actor: Actor) -> Changes:
        """Count the rows: a pack may be loaded into a real installation, which has no sample cases."""
        del actor  # Nothing is done.
        document = pack.yaml(CASES_FILE)
        shape = parse(document, CasesShape)[0] if document is not None else None
        return Changes(unchanged=len(shape.cases) if shape else 0)


def _check_row(pack: Pack, document: Document, row: CaseShape, number: int, samples: set[str]) -> Iterator[Finding]:
    if pack.resolve("item", row.item) is None:
        yield pack.unknown("item", row.item, document, ("cases", number, "item"), "事项")
    elif row.item not in samples:
        message = f"事项 {row.item} 没有申请样例"
        yield document.finding(("cases", number, "item"), message, f"先写 samples/{row.item}.yaml")
    if row.stage in _WITH_REASON and not row.what:
        yield document.finding(("cases", number, "stage"), f"办到 {row.stage} 要写明原因", "在 what 里写")
