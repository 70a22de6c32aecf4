"""Every address of the platform, room by room."""

from django.urls import include, path
from django.views.i18n import set_language

from tongban.config.api import api

handler400 = "tongban.base.web.errors.bad_request"
handler403 = "tongban.base.web.errors.forbidden"
handler404 = "tongban.base.web.errors.not_found"
handler500 = "tongban.base.web.errors.broken"

urlpatterns = [
    path("", include("tongban.base.web.urls")),
    path("", include("tongban.identity.web.urls")),
    path("", include("tongban.partners.web.urls")),
    path("", include("tongban.notices.web.urls")),
    path("", include("tongban.files.web.urls")),
    path("", include("tongban.documents.web.urls")),
    path("", include("tongban.payments.web.urls")),
    # Pages of cases and items at the desk have their own addresses; what is left under it are panels.
    path("", include("tongban.cases.web.urls")),
    path("", include("tongban.catalogue.web.urls")),
    path("", include("tongban.desk.web.urls")),
    path("", include("tongban.portal.web.urls")),
    path("language/", set_language, name="set_language"),
    path("api/v1/", api.urls),
]
