"""Addresses of the files room."""

from django.urls import path

from tongban.files.web import uploads, views

urlpatterns = [
    path("files/<uuid:public_id>", views.serve, name="files_serve"),
    path("files/<uuid:public_id>/pages/<int:number>", views.page, name="files_page"),
    path("uploads/", uploads.begin, name="files_uploads"),
    path("uploads/<uuid:upload_id>", uploads.continue_, name="files_upload"),
    path("uploads/<uuid:upload_id>/picture", views.waiting, name="files_upload_picture"),
]
