"""The room `documents` as a Django app."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Legal documents: typeset, numbered, sealed, verified."""

    name = "tongban.documents"
    verbose_name = "公文"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter the demonstration signer and the room's part of the city pack."""
        from tongban.base import pack
        from tongban.base.web import navigation
        from tongban.documents.packs import AgencyWordSection
        from tongban.documents.sealing.demonstration import DemonstrationSigner
        from tongban.documents.sealing.signer import signers

        navigation.add(
            "foot_service",
            navigation.Entry(key="verify", label=_("验证照真伪"), url_name="documents:verify_form", icon="", order=60),
        )
        signers.enter(DemonstrationSigner(Path(settings.VAR) / "ca"))
        pack.register(AgencyWordSection())
