"""The Django application of the files room."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Material files."""

    name = "tongban.files"
    label = "files"
    verbose_name = "材料文件"
    default_auto_field = "django.db.models.BigAutoField"
