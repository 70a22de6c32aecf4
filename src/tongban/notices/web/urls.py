"""Addresses of the notices room."""

from django.urls import path

from tongban.notices.web import views

urlpatterns = [
    path("messages/", views.inbox, name="messages_inbox"),
    path("messages/read/", views.read_all, name="messages_read_all"),
    path("messages/<int:message_id>/open/", views.open_message, name="messages_open"),
]
