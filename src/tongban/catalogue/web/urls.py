"""Addresses of the catalogue's pages on the desk."""

from django.urls import path

from tongban.catalogue.web import (
    changes,
    designing,
    deviations,
    directory,
    editing,
    importing,
    item,
    lists,
    orders,
    tables,
)

app_name = "catalogue"
_CHANGE = "desk/items/changes/<str:change_no>/"
_ORDER = "desk/items/orders/<str:order_no>/"
_IMPORT = "desk/items/import/<uuid:import_id>/"
urlpatterns = [
    path("desk/items/", tables.items, name="items"),
    path("desk/items/base/", directory.bases, name="bases"),
    path("desk/items/base/<str:catalog_code>/", directory.base, name="base"),
    path("desk/items/deviations/", deviations.deviations, name="deviations"),
    path("desk/items/deviations/ask/", deviations.ask, name="ask_why"),
    path("desk/items/questions/", deviations.questions, name="questions"),
    path("desk/items/questions/<int:question_id>/", deviations.answer, name="answer_why"),
    path("desk/items/orders/", orders.orders, name="orders"),
    path("desk/items/orders/start/", orders.start, name="start_order"),
    path(_ORDER, orders.order, name="order"),
    path(f"{_ORDER}<slug:order_act>/", orders.act, name="order_act"),
    path("desk/items/import/", importing.start, name="import"),
    path(_IMPORT, importing.report, name="import_report"),
    path(f"{_IMPORT}report/", importing.findings, name="import_findings"),
    path("desk/items/export/", importing.export, name="export"),
    path("desk/items/lists/", lists.lists, name="lists"),
    path("desk/items/lists/<str:body_code>/<slug:which>/", lists.body_list, name="list"),
    path("desk/items/<str:task_code>/", item.item, name="item"),
    path("desk/items/<str:task_code>/change/", changes.begin, name="begin_change"),
    path(_CHANGE, changes.change, name="change"),
    path(f"{_CHANGE}form/", designing.designer, name="change_form"),
    path(f"{_CHANGE}form/try/", designing.try_form, name="change_form_try"),
    path(f"{_CHANGE}<slug:section>/", editing.section, name="change_section"),
    path(f"{_CHANGE}<slug:section>/check/", editing.check, name="change_section_check"),
]
