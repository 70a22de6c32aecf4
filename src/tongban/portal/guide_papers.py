"""A guide and its blank forms as papers: what goes into the typesetter. Chinese, whatever language the page is in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import translation

from tongban.base import moment
from tongban.base.web import site
from tongban.base.web.formats import cn_date
from tongban.catalogue import queries as catalogue
from tongban.catalogue.models import Contact, ItemVersion
from tongban.catalogue.queries import Guide
from tongban.documents.queries import leaflet
from tongban.kernel.problems import NotFound


def guide_pdf(version: ItemVersion, address: str) -> bytes:
    """The guide of a version as an A4 file whose QR code leads to `address`."""
    with translation.override("zh-hans"):
        shown = catalogue.guide(version)
        return leaflet(
            "guide",
            title=shown.name,
            organisation=shown.organisation,
            site_name=site.current().title,
            content=_content(shown),
            sample=False,
            target=address,
            at=version.published_at,
        )


def material_pdf(version: ItemVersion, key: str, *, sample: bool, address: str) -> tuple[str, bytes]:
    """The paper for a material, blank or filled in as a sample: its name and its file.

    Raises:
        NotFound: no such material, or nothing can be printed for it.
    """
    item = version.implementation
    it = version.parsed
    filled_on = moment.local_date(version.published_at) if sample else None
    material = next((one for one in it.materials if one.key == key), None)
    groups = catalogue.paper(it, material, filled_on=filled_on) if material else []
    if material is None or not groups:
        raise NotFound("这份材料的空白表" if not sample else "这份材料的填写示例")
    notes = ["带“＊”的必填；用黑色或者蓝黑色笔填写，字迹清楚；没有的填“无”。", material.fill_note]
    notes.append(f"依据：{material.basis}" if material.basis else "")
    with translation.override("zh-hans"):
        pdf = leaflet(
            "form",
            title=material.name,
            organisation=item.organisation.name,
            site_name=site.current().title,
            content={
                "item": f"{item.organisation.name}　{it.name}",
                "notes": [note for note in notes if note],
                "groups": groups,
                "signed": "张示例" if sample else "",
                "day": cn_date(filled_on) if filled_on else "",
            },
            sample=sample,
            target=address,
            at=version.published_at,
        )
    return f"{material.name}（{'填写示例' if sample else '空白表'}）", pdf


def _content(shown: Guide) -> dict[str, Any]:
    return {
        "facts": [{"label": one.label, "value": one.value, "note": one.note} for one in shown.facts],
        "state": "" if shown.takes_cases else f"这个事项现在不受理：{shown.state_reason}",
        "conditions": list(shown.conditions),
        "materials": [
            {
                "number": row.number,
                "name": row.material.name,
                "hint": "；".join(filter(None, (f"{row.when}的交" if row.when else "", row.hint))),
                "count": row.count,
                "source": "证照库有的不用交" if row.exempt else row.source,
            }
            for row in shown.materials
        ],
        "stages": [
            [{"name": step.name, "unit": step.unit, "days": step.days, "paused": step.paused} for step in stage.steps]
            for stage in shown.stages
        ],
        "clock": [{"label": one.label, "value": one.value, "note": one.note} for one in shown.clock],
        "fees": [
            {"name": row.fee.name, "amount": row.amount, "basis": row.fee.basis, "reduction": row.fee.reduce_note}
            for row in shown.fees
        ],
        "sections": [{"title": title, "lines": lines} for title, lines in _sections(shown) if lines],
    }


def _sections(shown: Guide) -> Iterator[tuple[str, list[str]]]:
    it = shown.definition
    if shown.running:
        told = [f"在这里：{shown.running.here}", f"在{shown.running.system}：{shown.running.there}"]
        yield "在哪个系统办", [*told, f"系统咨询电话：{shown.running.phone}"]
    yield "业务办理项", [f"{row.name}（{row.code}）" for row in shown.handling_items]
    yield "数量限制", [it.quantity_limit] if it.quantity_limit else []
    yield "中介服务", list(it.agency_services)
    yield "依据", [f"《{law.title}》{f'（{law.number}）' if law.number else ''}{law.article}" for law in shown.laws]
    yield "办理地点", [f"{one.name}：{one.address}，{one.hours}，{one.phone}" for one in shown.places]
    contest = [f"{one.label}：{one.within}，向{one.body}提出。{_reached(one.contact)}" for one in shown.ways_to_contest]
    yield "咨询、投诉和救济", [f"咨询：{it.consult_phone}", f"投诉：{it.complaint_phone}，或者拨打 12345", *contest]
    coded = "（示例编码）" if shown.sample_code or not shown.official_code else ""
    printed = f"第 {shown.version} 版，{cn_date(shown.published_at)}起生效"
    samples = ["其中承诺时限等部分内容为示例，以办理机关公布的为准。"] if shown.sample_fields else []
    yield "编码和版本", [f"实施编码 {shown.task_code}{coded}", printed, *samples]


def _reached(contact: Contact) -> str:
    return "，".join(filter(None, (contact.address, contact.phone, contact.url)))
