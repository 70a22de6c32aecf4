"""Security headers of every answer. Pages hold no inline script or style, so the policy has no exceptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PERMISSIONS = "accelerometer=(), camera=(self), geolocation=(self), gyroscope=(), microphone=(), payment=(), usb=()"


def form_targets() -> list[str]:
    """Return where a form may lead besides this site: the cashier of the payment adapter (`settings.FORM_TARGETS`)."""
    given = getattr(settings, "FORM_TARGETS", None)
    if given is not None:
        return [str(target) for target in given]
    simulators = urlsplit(str(getattr(settings, "SIMULATORS_URL", "")))
    return (
        [f"{simulators.scheme}://{simulators.netloc}"] if getattr(settings, "DEMO", False) and simulators.netloc else []
    )


def policy() -> str:
    """Return the content security policy."""
    directives: Mapping[str, str] = {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "frame-src": "'self'",
        "object-src": "'self'",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": " ".join(["'self'", *form_targets()]),
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


class SecurityHeadersMiddleware:
    """Set the headers that a view has not set itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": policy(),
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": PERMISSIONS,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response
