"""The guide of an item as one body runs it: page, paper, data for machines, QR code, blank forms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.base.web import site
from tongban.base.web.downloads import attached
from tongban.base.web.markup import linked_data, qr_file
from tongban.catalogue import queries as catalogue
from tongban.catalogue.models import ItemVersion
from tongban.portal import guide_papers
from tongban.portal.linked_data import government_service, written


@require_safe
def guide(request: HttpRequest, task_code: str) -> HttpResponse:
    """The guide; one clean A4 on paper."""
    return render(request, "portal/guide.html", shown(catalogue.current_version(task_code)))


def shown(version: ItemVersion, *, old: bool = False) -> dict[str, Any]:
    """What the guide's template needs of a version; of an `old` one nothing that leads into an application."""
    told = catalogue.guide(version)
    bodies = catalogue.implementations_of(version.implementation.base.slug) if told.takes_cases and not old else []
    address = address_of(told.task_code)
    return {
        "guide": told,
        "version": version,
        "several": len(bodies) > 1,
        "slug": version.implementation.base.slug,
        "address": address,
        "hotline": site.current().complaint_phone,
        "old": old,
        "linked_data": "" if old else linked_data(written(_service(version, told))),
        "sections": [
            ("conditions", _("条件")),
            ("materials", _("材料")),
            ("flow", _("流程")),
            ("clock", _("时限")),
            ("fees", _("收费")),
            ("basis", _("依据")),
            *([("qa", _("常见问题"))] if told.faq else []),
            ("help", _("咨询和投诉")),
        ],
    }


@require_safe
def pdf(request: HttpRequest, task_code: str) -> HttpResponseBase:
    """The guide as a file."""
    del request
    version = catalogue.current_version(task_code)
    content = guide_papers.guide_pdf(version, address_of(version.implementation.task_code))
    name = _("%(item)s办事指南") % {"item": version.parsed.name}
    return attached(content, filename=f"{name}.pdf", content_type="application/pdf")


@require_safe
def paper(request: HttpRequest, task_code: str, material: str, kind: str) -> HttpResponseBase:
    """The blank form of a material, or a filled sample."""
    del request
    version = catalogue.current_version(task_code)
    address = address_of(version.implementation.task_code)
    name, content = guide_papers.material_pdf(version, material, sample=kind == "sample", address=address)
    return attached(content, filename=f"{name}.pdf", content_type="application/pdf")


@require_safe
def jsonld(request: HttpRequest, task_code: str) -> HttpResponse:
    """The guide for machines."""
    del request
    version = catalogue.current_version(task_code)
    data = written(_service(version, catalogue.guide(version)))
    return HttpResponse(data, content_type="application/ld+json; charset=utf-8")


@require_safe
def qr(request: HttpRequest, task_code: str) -> HttpResponse:
    """A QR code that leads to the guide, to be put up at a window."""
    del request
    code = catalogue.current_version(task_code).implementation.task_code
    return HttpResponse(qr_file(address_of(code)), content_type="image/svg+xml")


def address_of(task_code: str) -> str:
    """Where the public reaches the guide."""
    return f"{site.current().base_url.rstrip('/')}{reverse('portal:guide', args=[task_code])}"


def _service(version: ItemVersion, told: catalogue.Guide) -> dict[str, Any]:
    start = f"{site.current().base_url.rstrip('/')}{reverse('portal:start', args=[told.task_code])}"
    return government_service(version, told, address=address_of(told.task_code), start=start)
