"""办件: from application to result."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Fills what lower rooms offer: access to files and documents, the inbox, hand-over, and listens for successors."""

    name = "tongban.cases"
    verbose_name = "办件"

    def ready(self) -> None:
        from tongban.cases import wiring

        wiring.connect()
