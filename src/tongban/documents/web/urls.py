"""Addresses of documents: verification for everybody, files for those they concern."""

from django.urls import path

from tongban.documents.web import views

app_name = "documents"
urlpatterns = [
    path("verify/", views.verify_form, name="verify_form"),
    path("verify/<str:code>", views.verify, name="verify"),
    path("documents/<uuid:public_id>.pdf", views.pdf, name="pdf"),
]
