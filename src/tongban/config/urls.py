"""Every address of the platform, room by room."""

import importlib.util

from django.urls import URLPattern, URLResolver, include, path

handler400 = "tongban.base.web.errors.bad_request"
handler403 = "tongban.base.web.errors.forbidden"
handler404 = "tongban.base.web.errors.not_found"
handler500 = "tongban.base.web.errors.broken"

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
if importlib.util.find_spec("tongban.files") and importlib.util.find_spec("tongban.licences"):
    from tongban.config.api import api

    urlpatterns.append(path("api/v1/", api.urls))
