"""Addresses of the citizen's channel."""

from django.urls import path

from tongban.portal.web import (
    apply,
    apply_confirm,
    apply_form,
    apply_materials,
    case,
    correction,
    home,
    items,
    my,
    track,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("halls/", home.halls, name="halls"),
    path("search/", items.search, name="search"),
    path("person/", items.search, {"target": "person"}, name="person"),
    path("company/", items.search, {"target": "company"}, name="company"),
    path("items/choose/<slug:slug>/", items.choose, name="choose"),
    path("items/<str:task_code>/", items.guide, name="guide"),
    path("apply/<str:task_code>/", apply.start, name="start"),
    path("apply/drafts/<uuid:draft_id>/", apply.resume, name="draft"),
    path("apply/drafts/<uuid:draft_id>/situation/", apply.situation, name="situation"),
    path("apply/drafts/<uuid:draft_id>/guide/", apply.adopt_guide, name="adopt_guide"),
    path("apply/drafts/<uuid:draft_id>/discard/", apply.discard, name="discard"),
    path("apply/drafts/<uuid:draft_id>/form/", apply_form.form, name="form"),
    path("apply/drafts/<uuid:draft_id>/materials/", apply_materials.materials, name="materials"),
    path("apply/drafts/<uuid:draft_id>/materials/add/", apply_materials.add, name="material_add"),
    path("apply/drafts/<uuid:draft_id>/materials/remove/", apply_materials.remove, name="material_remove"),
    path("apply/drafts/<uuid:draft_id>/service/", apply_confirm.service, name="service"),
    path("apply/drafts/<uuid:draft_id>/confirm/", apply_confirm.confirm, name="confirm"),
    path("apply/drafts/<uuid:draft_id>/content.txt", apply_confirm.content, name="content"),
    path("apply/drafts/<uuid:draft_id>/code/", apply_confirm.send_code, name="sign_code"),
    path("my/", my.my, name="my"),
    path("my/cases/<str:case_no>/", case.case, name="case"),
    path("my/cases/<str:case_no>/done/", case.done, name="done"),
    path("my/cases/<str:case_no>/withdraw/", case.withdraw, name="withdraw"),
    path("my/cases/<str:case_no>/result/", case.take_result, name="take_result"),
    path("my/cases/<str:case_no>/correction/", correction.write, name="correction"),
    path("my/cases/<str:case_no>/correction/add/", correction.add, name="correction_add"),
    path("my/cases/<str:case_no>/correction/remove/", correction.remove, name="correction_remove"),
    path("my/cases/<str:case_no>/correction/sign/", correction.sign, name="correction_sign"),
    path("my/cases/<str:case_no>/correction/content.txt", correction.content, name="correction_content"),
    path("my/cases/<str:case_no>/correction/code/", correction.send_code, name="correction_code"),
    path("track/", track.track, name="track"),
    path("track/view/", track.view, name="track_view"),
    path("track/end/", track.end, name="track_end"),
]
