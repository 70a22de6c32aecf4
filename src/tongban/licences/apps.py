"""The room `licences` as a Django app."""

from django.apps import AppConfig


class LicencesConfig(AppConfig):
    """Electronic licences: types, issuing, status, what a holder already has."""

    name = "tongban.licences"
    verbose_name = "电子证照"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer for licences that are verified, and offer the room's parts of the city pack."""
        from tongban.base import pack
        from tongban.documents import registries
        from tongban.licences.packs import LicenceSampleSection, LicenceTypeSection
        from tongban.licences.verifying import LicenceVerifier

        registries.verifiers.register("licence", LicenceVerifier())
        pack.register(LicenceTypeSection())
        pack.register(LicenceSampleSection())
