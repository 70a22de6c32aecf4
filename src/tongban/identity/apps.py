"""The Django application of the identity room."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Natural persons, companies, accounts, posts and API clients."""

    name = "tongban.identity"
    label = "identity"
    verbose_name = "身份与任职"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the posts of a city pack, and persons as something that can be unmasked."""
        from tongban.base import pack
        from tongban.identity import registries
        from tongban.identity.pack import IdentitySection
        from tongban.identity.unmaskable_person import UnmaskablePerson
        from tongban.identity.web import shell

        pack.register(IdentitySection())
        registries.unmaskables.register(UnmaskablePerson.kind, UnmaskablePerson())
        shell.fill()
