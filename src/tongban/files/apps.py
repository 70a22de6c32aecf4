"""The Django application of the files room."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Material files."""

    name = "tongban.files"
    label = "files"
    verbose_name = "材料文件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the scanner that comes with the platform."""
        from tongban.files.clamav import ClamAv
        from tongban.files.registries import scanners

        scanners.register("clamav", ClamAv())
