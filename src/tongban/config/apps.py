"""The top floor as a Django app: it owns no table and fills what lower rooms offer."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Settings, urls, the city pack and the rehearsal."""

    name = "tongban.config"
    label = "config"

    def ready(self) -> None:
        """Offer the sample cases of a city pack."""
        from tongban.base import pack
        from tongban.config.rehearsal.section import RehearsalSection

        pack.register(RehearsalSection())
