"""The Django application of the identity room."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Natural persons, companies, accounts, posts and API clients."""

    name = "tongban.identity"
    label = "identity"
    verbose_name = "身份与任职"
    default_auto_field = "django.db.models.BigAutoField"
