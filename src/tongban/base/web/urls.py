"""Addresses of the ground: elder mode, site map, offline page, and in development the gallery."""

from django.conf import settings
from django.urls import path

from tongban.base.web import elder, errors, gallery, pages

app_name = "base"

urlpatterns = [
    path("elder/", elder.elder_view, name="elder"),
    path("sitemap/", pages.site_map, name="site_map"),
    path("offline/", errors.offline, name="offline"),
    path("offline.js", pages.service_worker, name="service_worker"),
]

GALLERY = [
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/desk/", gallery.gallery_desk, name="gallery_desk"),
    path("gallery/message/<int:status>/", gallery.gallery_message, name="gallery_message"),
]
if settings.DEBUG:
    urlpatterns += GALLERY
