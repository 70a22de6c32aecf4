"""Addresses of the catalogue's pages on the desk."""

from django.urls import path

from tongban.catalogue.web import changes, designing, editing

app_name = "catalogue"
_CHANGE = "desk/items/changes/<str:change_no>/"
urlpatterns = [
    path("desk/items/<str:task_code>/change/", changes.begin, name="begin_change"),
    path(_CHANGE, changes.change, name="change"),
    path(f"{_CHANGE}form/", designing.designer, name="change_form"),
    path(f"{_CHANGE}form/try/", designing.try_form, name="change_form_try"),
    path(f"{_CHANGE}<slug:section>/", editing.section, name="change_section"),
    path(f"{_CHANGE}<slug:section>/check/", editing.check, name="change_section_check"),
]
