"""Addresses of the desk."""

from django.urls import path

from tongban.desk.web import views

app_name = "desk"
urlpatterns = [
    path("desk/", views.home, name="home"),
    path("desk/<slug:key>/", views.panel, name="panel"),
]
