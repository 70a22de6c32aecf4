"""Every read of cases and drafts; `access_case` and `access_draft` are the only ways to one."""

from tongban.cases.exchange.envelope import enveloped
from tongban.cases.exchange.export import pieces as batch_pieces
from tongban.cases.exchange.export import write as write_batch
from tongban.cases.exchange.reach import reaches, reports
from tongban.cases.queries.access import access_case, access_draft, cases_of, visible_to
from tongban.cases.queries.archives import (
    ArchiveRow,
    archivable_units,
    archive_of,
    archived,
    ready_to_archive,
)
from tongban.cases.queries.beyond import beyond_guide, beyond_guide_count, beyond_guide_of
from tongban.cases.queries.colleagues import ask_unread_mentions, callable_on, mentions_of, notes_of, unread_mentions
from tongban.cases.queries.completion import Completion, completion_of
from tongban.cases.queries.corrections import named_materials, named_schema
from tongban.cases.queries.dossier import correction_of, handed_in, steps_with_files
from tongban.cases.queries.elsewhere import Elsewhere, elsewhere
from tongban.cases.queries.exchange import (
    EXCHANGE_TABLES,
    BatchPage,
    RowPage,
    batch_page,
    batches,
    fault_in_words,
    orderer_of,
)
from tongban.cases.queries.feed import feed
from tongban.cases.queries.inbox import InboxRow, inbox, inbox_count, may_act_on, neighbours
from tongban.cases.queries.inbox_filters import InboxFilters
from tongban.cases.queries.marks import MarkedPage, marked_pages, open_marks, told_marks, words_of_marks
from tongban.cases.queries.mine import MyFilters, may_give_up, my_cases, my_drafts, of_party, track
from tongban.cases.queries.page import CasePage, MaterialView, case_page, reading_case
from tongban.cases.queries.possible import Possible, possible_acts
from tongban.cases.queries.progress import ClockView, Entry, Progress, clock_view, headline, progress
from tongban.cases.queries.reusing import Reusable, reusable, reusable_in_correction
from tongban.cases.queries.serving import (
    NoticeView,
    ParcelView,
    Serving,
    may_choose_delivery,
    offered_ways,
    running_notice,
    running_notices,
    serving,
)
from tongban.cases.queries.team import heads_a_team, team, team_entries
from tongban.cases.queries.todo import Todo, my_todo, todo_count
from tongban.cases.queries.window import WindowItem, window_drafts, window_item, window_items, window_posts
from tongban.cases.queries.writing import PhraseList, opinion_drafts, phrase_lists, phrases_for
from tongban.cases.states import BEFORE_DECISION, ENDED, LABELS, TO_COMPLETE, TONES, Act, State

__all__ = [
    "BEFORE_DECISION",
    "ENDED",
    "EXCHANGE_TABLES",
    "LABELS",
    "TONES",
    "TO_COMPLETE",
    "Act",
    "ArchiveRow",
    "BatchPage",
    "CasePage",
    "ClockView",
    "Completion",
    "Elsewhere",
    "Entry",
    "InboxFilters",
    "InboxRow",
    "MarkedPage",
    "MaterialView",
    "MyFilters",
    "NoticeView",
    "ParcelView",
    "PhraseList",
    "Possible",
    "Progress",
    "Reusable",
    "RowPage",
    "Serving",
    "State",
    "Todo",
    "WindowItem",
    "access_case",
    "access_draft",
    "archivable_units",
    "archive_of",
    "archived",
    "ask_unread_mentions",
    "batch_page",
    "batch_pieces",
    "batches",
    "beyond_guide",
    "beyond_guide_count",
    "beyond_guide_of",
    "callable_on",
    "case_page",
    "cases_of",
    "clock_view",
    "completion_of",
    "correction_of",
    "elsewhere",
    "enveloped",
    "fault_in_words",
    "feed",
    "handed_in",
    "headline",
    "heads_a_team",
    "inbox",
    "inbox_count",
    "marked_pages",
    "may_act_on",
    "may_choose_delivery",
    "may_give_up",
    "mentions_of",
    "my_cases",
    "my_drafts",
    "my_todo",
    "named_materials",
    "named_schema",
    "neighbours",
    "notes_of",
    "of_party",
    "offered_ways",
    "open_marks",
    "opinion_drafts",
    "orderer_of",
    "phrase_lists",
    "phrases_for",
    "possible_acts",
    "progress",
    "reaches",
    "reading_case",
    "ready_to_archive",
    "reports",
    "reusable",
    "reusable_in_correction",
    "running_notice",
    "running_notices",
    "serving",
    "steps_with_files",
    "team",
    "team_entries",
    "todo_count",
    "told_marks",
    "track",
    "unread_mentions",
    "visible_to",
    "window_drafts",
    "window_item",
    "window_items",
    "window_posts",
    "words_of_marks",
    "write_batch",
]
