"""The room `directory` as a Django app."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Divisions, organisations with their successions, and places."""

    name = "tongban.directory"
    verbose_name = "区划、机构、场所"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the room's part of the city pack, and the hall to the foot of the public pages."""
        from tongban.base import pack
        from tongban.base.web import site
        from tongban.directory.contact import hall_contact
        from tongban.directory.pack.section import DirectorySection

        pack.register(DirectorySection())
        site.contacts(hall_contact)
