"""Addresses of the desk."""

from django.urls import path

from tongban.desk.web import saved, search, views

app_name = "desk"
urlpatterns = [
    path("desk/", views.home, name="home"),
    path("desk/search/", search.search, name="search"),
    path("desk/views/", saved.manage, name="views"),
    path("desk/views/save/", saved.save, name="save_view"),
    path("desk/<slug:key>/", views.panel, name="panel"),
]
