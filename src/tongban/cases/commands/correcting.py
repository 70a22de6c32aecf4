"""The one correction notice, and the applicant's answer to it (行政许可法 art. 32 item 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.base.calendar import work_calendar
from tongban.cases import clock, events, inbox, papers, proofs, signing, telling
from tongban.cases.applicants import Applicant
from tongban.cases.commands import marking, opening
from tongban.cases.commands.drafts import UPLOAD, check_own_upload
from tongban.cases.commands.reusing import CORRECTION, place
from tongban.cases.commands.window import check_hand
from tongban.cases.materials import level_of
from tongban.cases.models import Case, CaseMaterial, Correction, Signature
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import Act, State
from tongban.cases.window_forms import form_schema
from tongban.catalogue import forms
from tongban.catalogue.models import Definition
from tongban.catalogue.queries import definition_of, materials_for
from tongban.documents.models import Document
from tongban.files import commands as files
from tongban.files.models import StoredFile
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid

DEFECTS_MAX = 100
WHAT_MIN = 4
WHAT_MAX = marking.NOTICE_MAX


@dataclass(frozen=True, kw_only=True)
class Defect:
    """One thing that is missing or wrong: a material or a form field of the guide, and what to do about it."""

    kind: Literal["material", "field"]
    key: str
    what: str


@transaction.atomic
def request_correction(*, actor: Actor, case_no: str, defects: Sequence[Defect]) -> Case:
    """Tell the applicant, once, everything that must be completed (补正告知书).

    Only materials and fields that the guide asks for here can be named. The clock of the acceptance decision
    stops; complete materials count as a fresh receipt.

    Raises:
        Invalid: nothing named, something named that the guide does not ask, or no words on what to do.
        CaseRefusal: a first notice was given before.
        NotFound, CaseRefusal: not to be seen, not in this state, no post for it.
    """
    case = opening.take(actor, case_no, Act.REQUEST_CORRECTION)
    notice, document, now = _notify(actor, case, defects)
    opening.save(case, state=State.CORRECTION_PENDING, due_acceptance_on=None, due_provisional=False)
    count, code = len(notice.defects), document.verify_code
    event = events.CorrectionRequested(defects=count, due_on=notice.due_on, document=code)
    opening.tell(case, event, actor=actor, at=now)
    inbox.close(case, now)
    telling.correction_requested(case, document, notice.due_on)
    return case


@transaction.atomic
def return_in_pre_review(*, actor: Actor, case_no: str, defects: Sequence[Defect]) -> Case:
    """Send an online application back before receipt, listing everything that is missing (预审退回).

    The list is the one notice of art. 32: there is no second one, neither so nor by `request_correction`. The five
    working days neither stop nor begin anew; the case stays in the body's inboxes, which may still take it as it is.

    Raises:
        Invalid: nothing named, something named that the guide does not ask, or no words on what to do.
        CaseRefusal: a first notice was given before, or the application was handed in at a window.
        NotFound, CaseRefusal: not to be seen, not in this state, no post for it.
    """
    case = opening.take(actor, case_no, Act.RETURN_IN_PRE_REVIEW)
    if case.channel == "window":
        raise CaseRefusal(
            "pre_review_online_only",
            _("窗口收的申请不预审：请收件，材料不齐的当场或者五日内一次性告知补正。（《行政许可法》第三十二条）"),
        )
    notice, document, now = _notify(actor, case, defects, in_pre_review=True)
    opening.save(case, state=State.PRE_REVIEW_RETURNED)
    count, code = len(notice.defects), document.verify_code
    event = events.PreReviewReturned(defects=count, due_on=notice.due_on, document=code)
    opening.tell(case, event, actor=actor, at=now)
    telling.pre_review_returned(case, document, notice.due_on)
    return case


def _notify(
    actor: Actor, case: Case, defects: Sequence[Defect], *, in_pre_review: bool = False
) -> tuple[Correction, Document, datetime]:
    """The one notice and its document (补正告知书), with the marks that it is about."""
    marking.before_notice(case)
    definition = definition_of(case.item_version)
    named = _named(definition, case, defects)
    now = moment.now()
    due = work_calendar(case.division_id).add(moment.local_date(now), definition.correction_days)
    notice = Correction.objects.create(
        case=case, defects=named, requested_at=now, due_on=due.date, in_pre_review=in_pre_review
    )
    content = papers.correction(case, notice, due_days=definition.correction_days)
    document = papers.issue(actor=actor, case=case, kind="correction", content=content, at=now)
    marking.fix(case, named, now)
    return notice, document, now


def submit_correction(
    *,
    actor: Actor,
    case_no: str,
    form: Mapping[str, Any],
    materials: Mapping[str, Sequence[StoredFile]],
    proof: signing.SignatureProof,
) -> Case:
    """Hand in what the notice asked for, and nothing else: the fields and materials that it names.

    The proof is checked before the transaction opens, as in `submit`.

    Raises:
        Invalid: something the notice names is still missing or wrong, or something else was handed in.
        CaseRefusal: the content is no longer what was signed, or the proof fails.
        NotFound, CaseRefusal: not to be seen, not in this state, not the applicant.
    """
    with transaction.atomic():
        case = opening.take(actor, case_no, Act.SUBMIT_CORRECTION)
        _check_answer(actor, case, form, materials, proof)
    evidence = proofs.prove(actor=actor, channel=case.channel, proof=proof)
    return _answer_once(actor, case_no, form, materials, proof, evidence)


@transaction.atomic
def _answer_once(
    actor: Actor,
    case_no: str,
    form: Mapping[str, Any],
    materials: Mapping[str, Sequence[StoredFile]],
    proof: signing.SignatureProof,
    evidence: dict[str, Any],
) -> Case:
    case = opening.take(actor, case_no, Act.SUBMIT_CORRECTION)
    merged, content = _check_answer(actor, case, form, materials, proof)
    _keep_answer(actor, case, merged, content, proof, evidence)
    _replace_materials(actor, case, materials)
    return case


def _keep_answer(
    actor: Actor,
    case: Case,
    merged: dict[str, Any],
    content: str,
    proof: signing.SignatureProof,
    evidence: dict[str, Any],
) -> None:
    """The answer's effects: a signature, the event, the message; a fresh receipt if it had been received."""
    now = moment.now()
    Signature.objects.create(
        case=case,
        purpose="correction",
        content=content,
        sha256=proof.sha256,
        signer_ref=actor.ref,
        method=proof.method,
        evidence=evidence,
        signed_at=now,
    )
    Correction.objects.filter(case=case).update(answered_at=now)
    if State(case.state) == State.PRE_REVIEW_RETURNED:
        opening.save(case, state=State.SUBMITTED, form=merged)
        opening.tell(case, events.ApplicationAmended(signed_sha256=proof.sha256), actor=actor, at=now)
    else:
        _receive_again(actor, case, merged, proof.sha256, now)
    telling.correction_received(case)


def _receive_again(actor: Actor, case: Case, merged: dict[str, Any], sha256: str, now: datetime) -> None:
    due = clock.acceptance_due(now, work_calendar(case.division_id))
    opening.save(
        case,
        state=State.RECEIVED,
        form=merged,
        received_at=now,
        due_acceptance_on=due.date,
        due_provisional=due.provisional,
    )
    event = events.CorrectionSubmitted(received_at=now, due_acceptance_on=due.date, signed_sha256=sha256)
    opening.tell(case, event, actor=actor, at=now)
    inbox.close(case, now)
    inbox.open_reception(case, now)


@transaction.atomic
def correct_at_window(
    *,
    actor: Actor,
    case_no: str,
    form: Mapping[str, Any],
    materials: Mapping[str, Sequence[StoredFile]],
    scans: Mapping[str, UUID] | None = None,
    paper: Sequence[str] = (),
    evidence: Mapping[str, Any],
) -> Case:
    """Take down, at a window, what the notice asked for, from somebody who signs by hand (no account, no phone).

    `scans`: by the key of their material, uploads of the clerk's that wait; they go on waiting when the act is
    refused. `paper`: keys of materials whose originals the clerk saw (level B); `evidence`: strokes of a pad, or
    `paper_kept`.

    Raises:
        Invalid: no signature, something the notice names is missing or wrong, or something else was handed in.
        NotFound, CaseRefusal: not to be seen, not in this state, no post for it.
    """
    check_hand(evidence)
    case = opening.take(actor, case_no, Act.CORRECT_AT_WINDOW)
    materials = _with_scans(actor, materials, scans or {})
    merged = _checked(actor, case, form, materials, paper)
    content = correction_content(case, form, materials, paper)
    proof = signing.SignatureProof(method="handwritten", sha256=signing.sha256(content), evidence=evidence)
    kept = proofs.prove(actor=actor, channel="window", proof=proof)
    _keep_answer(actor, case, merged, content, proof, kept)
    _replace_materials(actor, case, materials, paper)
    return case


def _with_scans(
    actor: Actor, materials: Mapping[str, Sequence[StoredFile]], scans: Mapping[str, UUID]
) -> dict[str, list[StoredFile]]:
    found = {key: list(handed_in) for key, handed_in in materials.items()}
    for key, upload_id in scans.items():
        kept = found.setdefault(key, [])

        def keep(stream: IO[bytes], name: str, kept: list[StoredFile] = kept) -> None:
            kept.append(files.store(actor=actor, stream=stream, filename=name, owner_kind=UPLOAD, owner_ref=actor.ref))

        files.use_upload(actor=actor, upload_id=upload_id, keep=keep)
    return found


def _check_answer(
    actor: Actor,
    case: Case,
    form: Mapping[str, Any],
    materials: Mapping[str, Sequence[StoredFile]],
    proof: signing.SignatureProof,
) -> tuple[dict[str, Any], str]:
    merged = _checked(actor, case, form, materials)
    content = correction_content(case, form, materials)
    if proof.sha256 != signing.sha256(content):
        raise CaseRefusal("content_changed", _("补正内容在您确认之后有变动，请重新核对一遍再签名提交。"))
    return merged, content


def _checked(
    actor: Actor,
    case: Case,
    form: Mapping[str, Any],
    materials: Mapping[str, Sequence[StoredFile]],
    paper: Sequence[str] = (),
) -> dict[str, Any]:
    """The completed form, if everything that the notice names is there and nothing else."""
    correction = Correction.objects.get(case=case)
    for key, file in ((key, one) for key, given in materials.items() for one in given):
        if (file.owner_kind, file.owner_ref) != (CORRECTION, place(actor, case, key)):
            check_own_upload(actor, file)
    merged = _completed_form(definition_of(case.item_version), case, correction, form)
    _check_materials(correction, materials, paper)
    return merged


def correction_content(
    case: Case,
    form: Mapping[str, Any],
    materials: Mapping[str, Sequence[StoredFile]],
    paper: Sequence[str] = (),
) -> str:
    """The exact text that the applicant signs with a correction."""
    names = {one["key"]: one["name"] for one in case.correction.defects}
    signed = [
        signing.SignedMaterial(key=key, name=names.get(key, key), source="file", reference=file.sha256)
        for key, given in materials.items()
        for file in given
    ]
    signed += [
        signing.SignedMaterial(key=key, name=names.get(key, key), source="paper", reference="")
        for key in paper
        if not materials.get(key)
    ]
    return signing.correction_content(case_no=case.case_no, form=form, materials=signed)


def _named(definition: Definition, case: Case, defects: Sequence[Defect]) -> list[dict[str, str]]:
    if not 1 <= len(defects) <= DEFECTS_MAX:
        raise Invalid(_("请至少指出一处需要补正的内容，并一次写全。"), code="defects_missing")
    listed = materials_for(definition, case.answers, case.form)
    # What is made of the form is mended in the form: nobody can hand it in.
    materials = {one.key: one.name for one in listed if not one.generated_from_form}
    fields = {key: str(field.get("title", key)) for key, field in definition.form.get("properties", {}).items()}
    problems: dict[str, str] = {}
    named: list[dict[str, str]] = []
    for one in defects:
        known = {"material": materials, "field": fields}.get(one.kind, {})
        place = f"{one.kind}.{one.key}"
        if any((one.kind, one.key) == (other["kind"], other["key"]) for other in named):
            problems[place] = _("同一项写了两次，请合成一条。")
        elif one.key not in known:
            problems[place] = _("办事指南没有要求这一项，不能要求申请人补正。")
        elif not WHAT_MIN <= len(one.what.strip()) <= WHAT_MAX:
            problems[place] = _("请写清楚怎么补，%(what_min)s 至 %(what_max)s 字。") % {
                "what_min": WHAT_MIN,
                "what_max": WHAT_MAX,
            }
        else:
            named.append({**asdict(one), "what": one.what.strip(), "name": known[one.key]})
    if problems:
        raise Invalid(fields=problems, code="defects_invalid")
    return named


def _completed_form(
    definition: Definition, case: Case, correction: Correction, form: Mapping[str, Any]
) -> dict[str, Any]:
    asked = {one["key"] for one in correction.defects if one["kind"] == "field"}
    if set(form) - asked:
        raise Invalid(_("只能修改补正告知书列出的内容。"), code="correction_beyond_notice")
    merged = {**case.form, **form}
    applicant = Applicant.from_json(case.applicant)
    schema = form_schema(definition.form, applicant=applicant, channel=case.channel)
    wrong = forms.validate(schema, merged, answers=case.answers)
    if wrong:
        raise Invalid(fields=wrong, code="correction_incomplete")
    return merged


def _check_materials(
    correction: Correction, materials: Mapping[str, Sequence[StoredFile]], paper: Sequence[str]
) -> None:
    asked = {one["key"]: one["name"] for one in correction.defects if one["kind"] == "material"}
    if (set(materials) | set(paper)) - set(asked):
        raise Invalid(_("只能补交补正告知书列出的材料。"), code="correction_beyond_notice")
    missing = {
        key: _("请上传“%(name)s”。") % {"name": name}
        for key, name in asked.items()
        if not materials.get(key) and key not in paper
    }
    if missing:
        raise Invalid(fields=missing, code="correction_incomplete")


def _replace_materials(
    actor: Actor, case: Case, materials: Mapping[str, Sequence[StoredFile]], paper: Sequence[str] = ()
) -> None:
    names = {one.key: one.name for one in definition_of(case.item_version).materials}
    now = moment.now()
    for key, given in materials.items():
        CaseMaterial.objects.filter(case=case, key=key, current=True).update(current=False)
        for file in given:
            files.adopt(file, "case", case.case_no, actor=actor)
            if key in paper:
                files.set_trust_level(file, "B", actor=actor)
            level = "B" if key in paper else level_of(file)
            CaseMaterial.objects.create(
                case=case, key=key, name=names[key], source="file", file=file, trust_level=level, added_at=now
            )
    for key in paper:
        if not materials.get(key):
            CaseMaterial.objects.filter(case=case, key=key, current=True).update(current=False)
            CaseMaterial.objects.create(
                case=case, key=key, name=names[key], source="paper", trust_level="B", added_at=now
            )
