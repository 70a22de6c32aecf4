"""The room `base`: tables and screens that every room shares."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Calendar, numbering, event chain, outbox, keys, jobs and the components of the screens."""

    name = "tongban.base"
    verbose_name = "公共基础"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the calendar's part of the city pack and the links that the ground brings."""
        from tongban.base import pack
        from tongban.base.local_calendar import CalendarSection
        from tongban.base.web import defaults

        pack.register(CalendarSection())
        defaults.register()
