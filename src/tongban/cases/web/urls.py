"""Addresses of the desk's case pages and of the window."""

from django.urls import path

from tongban.cases.web import archive, batch, colleagues, desk, elsewhere, exchange, scanning, team, window, writing

app_name = "cases"
urlpatterns = [
    path("desk/cases/batch/<str:act>/", batch.batch, name="batch"),
    path("desk/cases/<str:case_no>/", desk.case, name="case"),
    path("desk/mentions/", colleagues.mentions, name="mentions"),
    path("desk/cases/<str:case_no>/presence/", colleagues.presence, name="presence"),
    path("desk/cases/<str:case_no>/note/", desk.note, name="note"),
    path("desk/cases/<str:case_no>/step-files/", desk.step_files, name="step_files"),
    path("desk/team/", team.team, name="team"),
    path("desk/team/<str:case_no>/assign/", team.assign, name="assign"),
    path("desk/exchange/", exchange.batches, name="exchange"),
    path("desk/exchange/order/", exchange.order, name="exchange_order"),
    path("desk/exchange/<str:batch_no>/", exchange.batch, name="exchange_batch"),
    path("desk/exchange/<str:batch_no>/download/", exchange.download, name="exchange_download"),
    path("desk/phrases/", writing.phrases, name="phrases"),
    path("desk/phrases/<int:phrase_id>/remove/", writing.remove_phrase, name="remove_phrase"),
    path("partners/running/<slug:system>/reports/", elsewhere.reports, name="reports"),
    path("desk/cases/<str:case_no>/hand-over/", elsewhere.again, name="hand_over"),
    path("desk/cases/<str:case_no>/opinion/", desk.opinion, name="opinion"),
    path("desk/cases/<str:case_no>/print/", desk.paper, name="print"),
    path("desk/cases/<str:case_no>/unmask/", desk.unmask, name="unmask"),
    path("desk/cases/<str:case_no>/scan/", scanning.scan_correction, name="correction_scan"),
    path("desk/cases/<str:case_no>/copy/", desk.copy, name="copy"),
    path("desk/archive/", archive.archive, name="archive"),
    path("desk/cases/<str:case_no>/archive.zip", archive.package, name="archive_package"),
    path("desk/cases/<str:case_no>/<str:act>/", desk.act, name="act"),
    path("window/", window.choose, name="window"),
    path("window/drafts/", window.drafts, name="window_drafts"),
    path("window/new/<str:task_code>/", window.start, name="window_start"),
    path("window/drafts/<uuid:draft_id>/", window.draft, name="window_draft"),
    path("window/drafts/<uuid:draft_id>/files/", window.attach, name="window_attach"),
    path("window/drafts/<uuid:draft_id>/scan/", scanning.scan, name="window_scan"),
    path("window/drafts/<uuid:draft_id>/submit/", window.submit, name="window_submit"),
    path("window/done/<str:case_no>/", window.done, name="window_done"),
]
