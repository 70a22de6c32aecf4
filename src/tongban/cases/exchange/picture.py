"""A case with all that belongs to it, as rows are made from it; reading many cases costs the same statements as one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from tongban.base.models import Event
from tongban.cases.applicants import Applicant, Service
from tongban.cases.models import Case, CaseMaterial, CaseStep, Correction, Decision, Delivery, ForeignReport
from tongban.catalogue.models import Definition
from tongban.catalogue.queries import definition_of
from tongban.documents.models import Document
from tongban.identity.queries import names_of
from tongban.licences.models import Licence
from tongban.payments.models import Bill

T = TypeVar("T")

#: Read with the case in one statement.
_JOINED = (
    "item_version", "implementation", "organisation", "division", "received_by", "correction", "decision",
    "hand_over",
)  # fmt: skip
#: Not read: nothing of it is exchanged, and definitions are remembered.
_LEFT_OUT = ("form", "item_version__definition")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One case as it stands: steps in order, events by their number, everything else in the order of coming."""

    case: Case
    steps: Sequence[CaseStep]
    materials: Sequence[CaseMaterial]
    events: Sequence[Event]
    documents: Sequence[Document]
    licences: Sequence[Licence]
    bills: Sequence[Bill]
    #: Licences that the system issued in which the case is run, as it reported them.
    reported: Sequence[ForeignReport]
    deliveries: Sequence[Delivery]
    #: Names of officials by the key of the account.
    names: Mapping[int, str]

    @cached_property
    def definition(self) -> Definition:
        """The item as the case was filed under it."""
        return definition_of(self.case.item_version)

    @cached_property
    def applicant(self) -> Applicant:
        """Who applies."""
        return Applicant.from_json(self.case.applicant)

    @cached_property
    def service(self) -> Service:
        """How the applicant wants to be served."""
        return Service.from_json(self.case.service)

    @property
    def correction(self) -> Correction | None:
        """The one notice of what was missing."""
        return getattr(self.case, "correction", None)

    @property
    def decision(self) -> Decision | None:
        """The decision, where there is one."""
        return getattr(self.case, "decision", None)

    @property
    def delivery(self) -> Delivery | None:
        """How the result reached the applicant; None while it has not."""
        return next((one for one in self.deliveries if one.outcome == "served"), None)

    def first(self, *kinds: str) -> Event | None:
        """The first event of these kinds."""
        return next((one for one in self.events if one.kind in kinds), None)

    def last(self, *kinds: str) -> Event | None:
        """The newest event of these kinds."""
        return next((one for one in reversed(self.events) if one.kind in kinds), None)

    def official(self, event: Event | None) -> str:
        """The name of the official who acted; empty for the applicant, a system and the clock."""
        kind, _, key = event.actor_ref.partition(":") if event else ("", "", "")
        return self.names.get(int(key), "") if kind == "staff" else ""

    def document(self, *kinds: str) -> Document | None:
        """The newest document of these kinds that stands."""
        found = [one for one in self.documents if one.kind in kinds and one.state == Document.State.ISSUED]
        return found[-1] if found else None

    def document_of(self, event: Event) -> Document | None:
        """The document that an event made."""
        code = event.payload.get("document", "")
        return next((one for one in self.documents if code and one.verify_code == code), None)


def pictures(ids: Iterable[int]) -> list[Picture]:
    """The cases with these keys, by key: nine statements however many there are, ten where some are run elsewhere."""
    keys = sorted(set(ids))
    cases = list(Case.objects.filter(pk__in=keys).select_related(*_JOINED).defer(*_LEFT_OUT).order_by("pk"))
    subjects = [one.subject for one in cases]
    steps = CaseStep.objects.filter(case_id__in=keys).select_related("organisation").order_by("order", "pk")
    materials = CaseMaterial.objects.filter(case_id__in=keys).select_related("file").order_by("pk")
    happened = list(Event.objects.filter(subject__in=subjects).order_by("subject", "seq"))
    papers = Document.objects.filter(subject__in=subjects).select_related("organisation").defer("envelope")
    licences = Licence.objects.filter(case_no__in=[one.case_no for one in cases]).select_related("type").order_by("pk")
    deliveries = _grouped(Delivery.objects.filter(case_id__in=keys).order_by("pk"), "case_id")
    bills = Bill.objects.filter(subject__in=subjects).order_by("pk")
    names = names_of(int(one.actor_ref[6:]) for one in happened if one.actor_ref.startswith("staff:"))
    reported = _grouped(_reported(cases), "hand_over_id")
    by_case = _grouped(steps, "case_id"), _grouped(materials, "case_id")
    by_subject = _grouped(happened, "subject"), _grouped(papers.order_by("issued_at", "pk"), "subject")
    by_number, bills_by_subject = _grouped(licences, "case_no"), _grouped(bills, "subject")
    return [
        Picture(
            case=one,
            steps=by_case[0][one.pk],
            materials=by_case[1][one.pk],
            events=by_subject[0][one.subject],
            documents=by_subject[1][one.subject],
            licences=by_number[one.case_no],
            bills=[bill for bill in bills_by_subject[one.subject] if bill.state != Bill.State.VOID],
            reported=reported[one.hand_over.pk] if hasattr(one, "hand_over") else (),
            deliveries=deliveries[one.pk],
            names=names,
        )
        for one in cases
    ]


def _reported(cases: Iterable[Case]) -> list[ForeignReport]:
    """What was reported as issued elsewhere; no statement where every case is run here."""
    orders = [one.hand_over.pk for one in cases if hasattr(one, "hand_over")]
    if not orders:
        return []
    return list(ForeignReport.objects.filter(hand_over_id__in=orders, kind="result").order_by("seq"))


def _grouped(rows: Iterable[T], name: str) -> defaultdict[Any, list[T]]:
    found: defaultdict[Any, list[T]] = defaultdict(list)
    for one in rows:
        found[getattr(one, name)].append(one)
    return found


def ended_at(picture: Picture) -> datetime | None:
    """When the case came to its end; None while it runs."""
    return picture.case.completed_at if picture.case.result_code else None
