"""The ground alone: our middlewares and templates on a tiny URL configuration, without a database."""

import pytest
from django.test import Client

from tongban.base.web import defaults, navigation, site

MIDDLEWARE = [
    "tongban.base.web.request_id.RequestIdMiddleware",
    "tongban.base.web.security.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tongban.base.web.elder.ElderMiddleware",
    "tongban.base.web.refusals.RefusalMiddleware",
]


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No upper room fills the bars and the foot."""
    monkeypatch.setattr(navigation, "registry", navigation.Registry())
    monkeypatch.setattr(site, "_readers", [])
    defaults.register()


@pytest.fixture(autouse=True)
def ground(settings):
    settings.MIDDLEWARE = MIDDLEWARE
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    settings.ROOT_URLCONF = "tongban.base.web.tests.urls"
    settings.CSRF_FAILURE_VIEW = "tongban.base.web.errors.csrf_failure"
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.DEBUG = False
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.messages.context_processors.messages",
                    "tongban.base.web.context.site",
                ],
            },
        },
    ]
    return settings


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)
