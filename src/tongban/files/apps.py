"""The Django application of the files room."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Material files."""

    name = "tongban.files"
    label = "files"
    verbose_name = "材料文件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the scanner and the stores that come with the platform."""
        from tongban.files.clamav import ClamAv
        from tongban.files.folder_store import FolderStore
        from tongban.files.registries import scanners, stores
        from tongban.files.s3_store import S3Store

        stores.register("folder", FolderStore())
        stores.register("s3", S3Store())
        scanners.register("clamav", ClamAv())
