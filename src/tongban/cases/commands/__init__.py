"""Every change of state of a draft or case: one function per act of a person or of the clock."""

from tongban.cases.applicants import Agent, Applicant, Service
from tongban.cases.commands.archiving import Package, archive, archive_due, take_archive
from tongban.cases.commands.assigning import assign_step
from tongban.cases.commands.attaching import OPINION, attach_to_step, detach_from_step
from tongban.cases.commands.beyond import report_beyond_guide
from tongban.cases.commands.claiming import claim_reception, move_claims, release_reception, release_step
from tongban.cases.commands.copying import Copies, take_copies
from tongban.cases.commands.correcting import (
    Defect,
    correct_at_window,
    correction_content,
    request_correction,
    return_in_pre_review,
    submit_correction,
)
from tongban.cases.commands.deciding import decide
from tongban.cases.commands.delivering import Collector, choose_delivery, deliver_at_window, deliver_by_download
from tongban.cases.commands.drafts import (
    UPLOAD,
    adopt_current_guide,
    attach,
    detach,
    discard_draft,
    save_answers,
    save_form,
    save_service,
    start_client_draft,
    start_draft,
)
from tongban.cases.commands.ending import delete_entry, return_unanswered, transfer, void
from tongban.cases.commands.exchanging import (
    give_out,
    make_batch,
    order_batch,
    order_due_batches,
    read_rows,
    resume_batches,
)
from tongban.cases.commands.finishing import (
    issue_result,
    withdraw,
    withdraw_at_window,
)
from tongban.cases.commands.handing_over import follow_hand_overs, hand_over, hand_over_again
from tongban.cases.commands.many import MANY, MANY_MAX, Done, do_many
from tongban.cases.commands.marking import Place, mark_defect, remove_mark
from tongban.cases.commands.notes import NOTE_MAX, read_mentions, write_note
from tongban.cases.commands.opinions import Seen, save_opinion
from tongban.cases.commands.originals import check_original
from tongban.cases.commands.parcels import (
    ParcelEnd,
    Posting,
    ask_carrier,
    end_parcel,
    follow_parcels,
    send_parcel,
)
from tongban.cases.commands.phrases import remove_phrase, save_phrase
from tongban.cases.commands.presence import forget_looks, look_in
from tongban.cases.commands.reception import accept, receive, refuse_acceptance, tell_no_permit_needed
from tongban.cases.commands.reported import ask_for_reports, take_report, to_be_asked
from tongban.cases.commands.returning import return_step
from tongban.cases.commands.reusing import CORRECTION, reuse, reuse_in_correction
from tongban.cases.commands.searching import log_search
from tongban.cases.commands.serving import (
    Attempt,
    Leaving,
    Witness,
    end_notices,
    leave_documents,
    note_failed_service,
    publish_notice,
)
from tongban.cases.commands.steps import claim_step, complete_step
from tongban.cases.commands.submitting import Application, Submitted, look_over, submit
from tongban.cases.commands.systems import Filing, file_by_system
from tongban.cases.commands.upkeep import forget_drafts, move_to_successors, rebuild_clocks, show_unanswered
from tongban.cases.commands.watermarking import TakenCopy, take_copy
from tongban.cases.commands.window import file_at_window
from tongban.cases.commands.window_drafts import note_paper, start_window_draft
from tongban.cases.proofs import PHONE_PURPOSE
from tongban.cases.signing import STATEMENT, SignatureProof

__all__ = [
    "CORRECTION",
    "MANY",
    "MANY_MAX",
    "NOTE_MAX",
    "OPINION",
    "PHONE_PURPOSE",
    "STATEMENT",
    "UPLOAD",
    "Agent",
    "Applicant",
    "Application",
    "Attempt",
    "Collector",
    "Copies",
    "Defect",
    "Done",
    "Filing",
    "Leaving",
    "Package",
    "ParcelEnd",
    "Place",
    "Posting",
    "Seen",
    "Service",
    "SignatureProof",
    "Submitted",
    "TakenCopy",
    "Witness",
    "accept",
    "adopt_current_guide",
    "archive",
    "archive_due",
    "ask_carrier",
    "ask_for_reports",
    "assign_step",
    "attach",
    "attach_to_step",
    "check_original",
    "choose_delivery",
    "claim_reception",
    "claim_step",
    "complete_step",
    "correct_at_window",
    "correction_content",
    "decide",
    "delete_entry",
    "deliver_at_window",
    "deliver_by_download",
    "detach",
    "detach_from_step",
    "discard_draft",
    "do_many",
    "end_notices",
    "end_parcel",
    "file_at_window",
    "file_by_system",
    "follow_hand_overs",
    "follow_parcels",
    "forget_drafts",
    "forget_looks",
    "give_out",
    "hand_over",
    "hand_over_again",
    "issue_result",
    "leave_documents",
    "log_search",
    "look_in",
    "look_over",
    "make_batch",
    "mark_defect",
    "move_claims",
    "move_to_successors",
    "note_failed_service",
    "note_paper",
    "order_batch",
    "order_due_batches",
    "publish_notice",
    "read_mentions",
    "read_rows",
    "rebuild_clocks",
    "receive",
    "refuse_acceptance",
    "release_reception",
    "release_step",
    "remove_mark",
    "remove_phrase",
    "report_beyond_guide",
    "request_correction",
    "resume_batches",
    "return_in_pre_review",
    "return_step",
    "return_unanswered",
    "reuse",
    "reuse_in_correction",
    "save_answers",
    "save_form",
    "save_opinion",
    "save_phrase",
    "save_service",
    "send_parcel",
    "show_unanswered",
    "start_client_draft",
    "start_draft",
    "start_window_draft",
    "submit",
    "submit_correction",
    "take_archive",
    "take_copies",
    "take_copy",
    "take_report",
    "tell_no_permit_needed",
    "to_be_asked",
    "transfer",
    "void",
    "withdraw",
    "withdraw_at_window",
    "write_note",
]
