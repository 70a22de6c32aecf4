"""Every address of the platform, with those that are otherwise for development: the gallery of components."""

from django.test import override_settings

with override_settings(DEBUG=True):
    from tongban.config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
