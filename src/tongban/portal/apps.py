"""The Django application of the portal: what citizens and companies see."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The citizen's channel: home, guides, applying, progress, halls."""

    name = "tongban.portal"
    label = "portal"
    verbose_name = "政务服务网"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the portal's doors into the shells, count cases for the home page, tell people of mandates and items."""
        from tongban.catalogue.registries import dependants
        from tongban.portal import figures, mandates, subscriptions
        from tongban.portal.dependants import Guides
        from tongban.portal.web import shell

        dependants.register(Guides.key, Guides())
        figures.subscribe()
        mandates.subscribe()
        subscriptions.subscribe()
        shell.fill()
