"""The top floor as a Django app: it owns no table and fills what lower rooms offer."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Settings, urls, the city pack and the rehearsal."""

    name = "tongban.config"
    label = "config"
