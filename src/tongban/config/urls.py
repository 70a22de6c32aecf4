"""Every address of the platform, room by room."""

import importlib

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []
for _prefix, _module in (
    ("", "tongban.base.web.urls"),
    ("", "tongban.identity.web.urls"),
    ("", "tongban.notices.web.urls"),
    ("", "tongban.files.web.urls"),
    ("", "tongban.documents.web.urls"),
    ("", "tongban.payments.web.urls"),
    ("", "tongban.desk.web.urls"),
    ("", "tongban.cases.web.urls"),
    ("", "tongban.portal.web.urls"),
):
    if importlib.util.find_spec(_module.rpartition(".")[0].rpartition(".")[0]) is None:
        continue
    try:
        urlpatterns.append(path(_prefix, include(_module)))
    except ModuleNotFoundError as error:
        if error.name and not _module.startswith(error.name):
            raise
