"""Every change of the catalogue."""

from __future__ import annotations

from tongban.catalogue.commands.asking import ANSWER_MAX, answer_why, ask_why
from tongban.catalogue.commands.bases import put_base_in_force
from tongban.catalogue.commands.bringing import BYTES_MAX as IMPORT_BYTES_MAX
from tongban.catalogue.commands.bringing import check_import, confirm_import
from tongban.catalogue.commands.drafting import (
    change_directory,
    change_implementation,
    comment,
    save_change,
    settle_comment,
    submit_change,
    take_up,
    withdraw_change,
)
from tongban.catalogue.commands.held import CatalogueRefusal
from tongban.catalogue.commands.importing import import_items
from tongban.catalogue.commands.issuing import due_changes, issue_due
from tongban.catalogue.commands.publishing import digest_of, publish_many, publish_version
from tongban.catalogue.commands.reviewing import approve_change, begin_review, return_change
from tongban.catalogue.commands.sources import bind_source, revoke_source
from tongban.catalogue.commands.standing import cancel, resume, suspend
from tongban.catalogue.commands.syncing import SYNC_RECORDS_MAX, SyncOutcome, SyncRecord, sync_items

__all__ = [
    "ANSWER_MAX",
    "IMPORT_BYTES_MAX",
    "SYNC_RECORDS_MAX",
    "CatalogueRefusal",
    "SyncOutcome",
    "SyncRecord",
    "answer_why",
    "approve_change",
    "ask_why",
    "begin_review",
    "bind_source",
    "cancel",
    "change_directory",
    "change_implementation",
    "check_import",
    "comment",
    "confirm_import",
    "digest_of",
    "due_changes",
    "import_items",
    "issue_due",
    "publish_many",
    "publish_version",
    "put_base_in_force",
    "resume",
    "return_change",
    "revoke_source",
    "save_change",
    "settle_comment",
    "submit_change",
    "suspend",
    "sync_items",
    "take_up",
    "withdraw_change",
]
