"""The Django application of the notices room."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Messages to people."""

    name = "tongban.notices"
    label = "notices"
    verbose_name = "消息"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the messages into the menus, with the number of unread ones; hear of trouble with partners."""
        from tongban.base import outbox
        from tongban.notices import partner_trouble
        from tongban.notices.web import shell
        from tongban.partners.events import WebhookPaused

        shell.fill()
        outbox.subscribe("notices.webhook_paused", {WebhookPaused.kind}, partner_trouble.webhook_paused)
