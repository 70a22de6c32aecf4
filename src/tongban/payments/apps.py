"""The Django application of the payments room."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Bills and payments."""

    name = "tongban.payments"
    label = "payments"
    verbose_name = "缴费"
    default_auto_field = "django.db.models.BigAutoField"
