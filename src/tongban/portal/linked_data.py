"""A guide for machines: schema.org GovernmentService as JSON-LD. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tongban.catalogue.models import ItemVersion
from tongban.catalogue.queries import Guide


def government_service(version: ItemVersion, guide: Guide, *, address: str, start: str) -> dict[str, Any]:
    """Describe a version: `address` is the page of the guide, `start` where one applies online."""
    it = version.parsed
    item = version.implementation
    return {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "@id": address,
        "url": address,
        "name": guide.name,
        "identifier": guide.task_code,
        "serviceType": guide.kind,
        "description": "；".join(f"{fact.label}：{fact.value}" for fact in guide.facts),
        "inLanguage": "zh-CN",
        "provider": {
            "@type": "GovernmentOrganization",
            "name": guide.organisation,
            "identifier": item.organisation.code,
            "telephone": it.consult_phone,
        },
        "jurisdiction": {"@type": "AdministrativeArea", "name": item.division.name, "identifier": item.division_id},
        "areaServed": {"@type": "AdministrativeArea", "name": item.division.name, "identifier": item.division_id},
        "audience": [{"@type": "Audience", "audienceType": target} for target in it.service_targets],
        "availableChannel": list(_channels(guide, start)),
        "offers": list(_offers(guide)),
        "serviceOutput": {"@type": "Thing", "name": it.result.name} if it.result.kind != "none" else None,
        "subjectOf": [
            {"@type": "Legislation", "name": law.title, "legislationIdentifier": law.number or None}
            for law in guide.laws
        ],
    }


def _channels(guide: Guide, start: str) -> Iterator[dict[str, Any]]:
    phone = {"@type": "ContactPoint", "telephone": guide.definition.consult_phone}
    if guide.online and guide.takes_cases:
        yield {"@type": "ServiceChannel", "serviceUrl": start, "servicePhone": phone}
    for place in guide.places:
        where = {"@type": "Place", "name": place.name, "address": place.address, "telephone": place.phone}
        yield {"@type": "ServiceChannel", "serviceLocation": where, "servicePhone": phone}


def _offers(guide: Guide) -> Iterator[dict[str, Any]]:
    if not guide.fees:
        yield {"@type": "Offer", "price": "0", "priceCurrency": "CNY"}
    for row in guide.fees:
        price = f"{row.fee.amount_fen // 100}.{row.fee.amount_fen % 100:02}"
        yield {"@type": "Offer", "name": row.fee.name, "price": price, "priceCurrency": "CNY"}


def written(data: Mapping[str, Any]) -> str:
    """The JSON text, without what says nothing."""
    return json.dumps(_said(data), ensure_ascii=False)


def _said(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _said(one) for key, one in value.items() if one is not None}
    return [_said(one) for one in value] if isinstance(value, list) else value
