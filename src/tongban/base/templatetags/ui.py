"""`{% load ui %}`: every component and filter of the design language in one library."""

from __future__ import annotations

from django import template

from tongban.base.templatetags import ui_content, ui_flow, ui_forms
from tongban.base.web import formats, markup

register = template.Library()

for part in (ui_content, ui_flow, ui_forms):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)

register.filter("cn_date", formats.cn_date)
register.filter("cn_day", formats.cn_day)
register.filter("short_day", formats.short_day)
register.filter("cn_time", formats.cn_time)
register.filter("cn_datetime", formats.cn_datetime)
register.filter("cn_weekday", formats.cn_weekday)
register.filter("yuan", formats.yuan)
register.filter("limit", formats.limit)
register.filter("bytes_size", formats.bytes_size)


@register.filter
def case_no(value: object) -> str:
    """Write a case number (or any code) in tabular type, grouped by meaning."""
    return markup.grouped_code(str(value or ""))
