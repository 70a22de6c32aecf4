"""工作台: shell, inbox, panels."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Offers the desk's tabs to the shell."""

    name = "tongban.desk"
    verbose_name = "工作台"

    def ready(self) -> None:
        """Put home and a tab for each panel into the shell's navigation, once every room has registered its own."""
        from tongban.desk import handing_over
        from tongban.desk.web import shell

        handing_over.register()
        shell.register()
