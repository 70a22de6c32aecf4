"""Which pages speak Chinese only, whatever the reader's browser or cookie asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class ChineseOnlyMiddleware:
    """Keep the desk, the window and the programs' interface in Chinese (`settings.CHINESE_ONLY_PREFIXES`).

    What is said there stands in files and in other systems, and has no catalogue. Must stand after LocaleMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(tuple(settings.CHINESE_ONLY_PREFIXES)):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
        return self.get_response(request)
