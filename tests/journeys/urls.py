"""Every address of the platform, and the gallery."""

from django.urls import path

from tongban.base.web import gallery
from tongban.config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    *urlpatterns,
    path("gallery/", gallery.gallery),
    path("gallery/desk/", gallery.gallery_desk),
    path("gallery/message/<int:status>/", gallery.gallery_message),
]
