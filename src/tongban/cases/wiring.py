"""What this room fills in lower rooms at start: who reads its files and documents, hand-over, unmasking, the inbox."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tongban.base import outbox
from tongban.base.outbox import OutboxEvent
from tongban.cases import commands, feed, policy
from tongban.cases.applicants import Applicant
from tongban.cases.beyond_panel import BeyondGuidePanel
from tongban.cases.commands import handing_over
from tongban.cases.dependants import RunningCases
from tongban.cases.events import CaseSubmitted
from tongban.cases.exchange import marks
from tongban.cases.models import Case, Draft
from tongban.cases.panel import CasesPanel
from tongban.cases.queries import access_case, access_draft
from tongban.cases.queries.access import window_ids
from tongban.cases.queries.claims import claims_of
from tongban.cases.searching import CasesByApplicant, CasesByItem
from tongban.cases.states import Act
from tongban.cases.web import shell
from tongban.catalogue.registries import dependants
from tongban.desk.registries import add_panel, searchables
from tongban.directory.events import OrganisationMerged
from tongban.documents import registries as documents
from tongban.documents.kinds import Reader
from tongban.documents.models import Document
from tongban.files import registries as files
from tongban.identity import registries as identity
from tongban.identity.models import Account
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound
from tongban.partners import registries as partners
from tongban.payments import registries as payments


def connect() -> None:
    """Fill the registries and subscribe; called once by `CasesConfig.ready`."""
    files.access.register("case", CaseFiles())
    files.access.register("draft", DraftFiles())
    files.access.register(commands.OPINION, OpinionFiles())
    files.access.register(commands.UPLOAD, FreshUploads())
    files.access.register(commands.CORRECTION, TakenForCorrections())
    documents.access.register("case", CaseDocuments())
    payments.access.register("case", CaseBills())
    identity.handover.register(ClaimedSteps.name, ClaimedSteps())
    identity.handover.register(WindowDrafts.name, WindowDrafts())
    identity.unmaskables.register(ApplicantData.kind, ApplicantData())
    add_panel(CasesPanel(), order=10)
    add_panel(BeyondGuidePanel(), order=80)
    searchables.register(CasesByApplicant.key, CasesByApplicant())
    searchables.register(CasesByItem.key, CasesByItem())
    dependants.register(RunningCases.key, RunningCases())
    shell.register()
    partners.webhook_kinds.update(feed.PUBLIC)
    outbox.subscribe("cases.feed", set(feed.PUBLIC), feed.take_place)
    outbox.subscribe("cases.exchange", set(marks.INTERNAL), marks.mark)
    outbox.subscribe("cases.hand_over", {CaseSubmitted.kind}, handing_over.order_hand_over)
    outbox.subscribe("cases.successors", {OrganisationMerged.kind}, _body_ended)


def _body_ended(event: OutboxEvent) -> None:
    del event
    commands.move_to_successors()


class CaseFiles(files.FileAccess):
    """Files handed in with a case: for whoever may see the case."""

    def may_read(self, actor: Actor, owner_ref: str) -> bool:
        """Whether the actor may see the case that the file belongs to."""
        return _case_of(actor, owner_ref) is not None


class OpinionFiles(files.FileAccess):
    """Files that officials added to opinions: for officials who may see the case, never for the applicant."""

    def may_read(self, actor: Actor, owner_ref: str) -> bool:
        """Whether the actor is an official who may see the case."""
        return actor.kind == "staff" and _case_of(actor, owner_ref) is not None


class DraftFiles(files.FileAccess):
    """Files of a draft: for whoever writes it."""

    def may_read(self, actor: Actor, owner_ref: str) -> bool:
        """Whether the draft is the actor's own."""
        try:
            access_draft(actor, owner_ref)
        except NotFound:
            return False
        return True


class FreshUploads(files.FileAccess):
    """Files that were uploaded and not yet handed in: for whoever uploaded them."""

    def may_read(self, actor: Actor, owner_ref: str) -> bool:
        """Whether the actor uploaded it."""
        return actor.kind != "visitor" and actor.ref == owner_ref


class TakenForCorrections(files.FileAccess):
    """Files of earlier cases taken for a correction: for whoever took them and still sees the case."""

    def may_read(self, actor: Actor, owner_ref: str) -> bool:
        """Whether the actor took it, for a case that it may see."""
        case_no, _slash, rest = owner_ref.partition("/")
        return actor.kind != "visitor" and rest.startswith(f"{actor.ref}/") and _case_of(actor, case_no) is not None


class CaseDocuments(documents.DocumentAccess):
    """Legal documents of a case: the applicant, the agent's account, and the bodies that work on it.

    A decision and its licence are the applicant's once they are served: before, nothing counts as served, and what is
    due may be unpaid.
    """

    def relations(self, actor: Actor, document: Document) -> frozenset[Reader]:
        """In which capacities the actor stands to the case."""
        case = _case_of(actor, document.subject.partition(":")[2])
        if case is None:
            return frozenset()
        if policy.is_applicant(actor, case):
            withheld = document.kind in policy.WITHHELD and case.delivered_at is None
            return frozenset() if withheld else frozenset({"applicant"})
        return frozenset({"body"}) if actor.kind == "staff" else frozenset()


class CaseBills(payments.BillAccess):
    """Bills of a case: the applicant pays online, the body and the window that received it take money."""

    def may_pay(self, actor: Actor, subject: str) -> bool:
        """Whether the actor is the case's applicant."""
        case = _case_of(actor, subject.partition(":")[2])
        return case is not None and policy.is_applicant(actor, case)

    def may_collect(self, actor: Actor, subject: str) -> bool:
        """Whether the actor may hand out the case's result, hence take what is due for it."""
        case = _case_of(actor, subject.partition(":")[2])
        return case is not None and policy.permission(actor, case, Act.ISSUE_RESULT, window_ids(case))[0]

    def page_of(self, subject: str) -> str:
        """The applicant's page of the case."""
        return f"/my/cases/{subject.partition(':')[2]}/"


class ClaimedSteps(identity.Handover):
    """Steps and receptions that somebody took and has not finished go to the colleague who takes over."""

    name = "cases.claimed_steps"
    label = _("领办没办完的环节和收件受理")

    def count(self, order: identity.HandoverOrder) -> int:
        """How many open steps and receptions the old account has at this organisation."""
        return claims_of(order.from_account_id, order.organisation_id)

    def hand_over(self, order: identity.HandoverOrder) -> int:
        """Move the open steps of the old account at this organisation."""
        return commands.move_claims(
            old=Account.objects.get(pk=order.from_account_id),
            new=Account.objects.get(pk=order.to_account_id),
            organisation_ids=[order.organisation_id],
        )


class WindowDrafts(identity.Handover):
    """Applications begun at a window and not submitted go to the colleague who takes over."""

    name = "cases.window_drafts"
    label = _("窗口暂存没提交的申请")

    def count(self, order: identity.HandoverOrder) -> int:
        """How many the old account has at this organisation."""
        return self._drafts(order).count()

    def hand_over(self, order: identity.HandoverOrder) -> int:
        """Move them."""
        return self._drafts(order).update(clerk=order.to_account_id)

    @staticmethod
    def _drafts(order: identity.HandoverOrder) -> QuerySet[Draft]:
        return Draft.objects.filter(
            clerk=order.from_account_id, clerk_organisation=order.organisation_id, case__isnull=True
        )


class ApplicantData(identity.Unmaskable):
    """Number, phone, addresses of an applicant, the form's numbers, a parcel's addressee, for staff on the case."""

    kind = "case"
    fields = frozenset({"document_number", "phone", "address", "form", "service_address", "parcel"})

    def reveal(self, actor: Actor, subject_id: str, field: str) -> identity.Revealed:
        """The value in clear.

        Raises:
            NotFound: no such case or field, or the actor may not see the case.
        """
        case = access_case(actor, subject_id)
        if field not in self.fields:
            raise NotFound("这一项", code="field_not_found")
        if field == "form":
            # The page shows it (`case_page(form_in_clear=True)`) once this has been logged.
            return identity.Revealed(value="表单", person_id=case.person_id)
        if field == "service_address":
            return identity.Revealed(value=str(case.service.get("address", "")), person_id=case.person_id)
        if field == "parcel":
            return identity.Revealed(value=self._addressee(case), person_id=case.person_id)
        applicant = Applicant.from_json(case.applicant)
        return identity.Revealed(value=str(getattr(applicant, field)), person_id=case.person_id)

    @staticmethod
    def _addressee(case: Case) -> str:
        parcel = case.parcels.order_by("-pk").first()
        if parcel is None:
            raise NotFound("这一项", code="field_not_found")
        return "，".join(str(parcel.addressee[key]) for key in ("recipient", "address", "phone"))


def _case_of(actor: Actor, case_no: str) -> Case | None:
    try:
        return access_case(actor, case_no)
    except NotFound:
        return None
