"""The room `catalogue` as a Django app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Service items: their definitions, who implements them, versions, forms and guides."""

    name = "tongban.catalogue"
    verbose_name = "事项"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the room's parts of the city pack; keep the line that systems follow."""
        from tongban.base import outbox, pack
        from tongban.catalogue import feed
        from tongban.catalogue.pack.finding import FindingSection
        from tongban.catalogue.pack.section import CatalogueSection
        from tongban.catalogue.web import shell

        pack.register(CatalogueSection())
        pack.register(FindingSection())
        outbox.subscribe("catalogue.feed", set(feed.KINDS), feed.take_place)
        shell.register()
