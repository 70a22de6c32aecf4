"""The room `base`: tables and screens that every room shares."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Calendar, numbering, event chain, outbox, keys, jobs and the components of the screens."""

    name = "tongban.base"
    verbose_name = "公共基础"
    default_auto_field = "django.db.models.BigAutoField"
