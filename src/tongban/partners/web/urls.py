"""Addresses of the room: the page of webhooks on the desk."""

from django.urls import path

from tongban.partners.web import webhooks

app_name = "partners"
urlpatterns = [
    path("desk/webhooks/", webhooks.webhooks, name="webhooks"),
    path("desk/webhooks/<int:webhook_id>/", webhooks.webhook, name="webhook"),
    path("desk/webhooks/<int:webhook_id>/<slug:act>/", webhooks.act, name="webhook_act"),
]
