"""Themes by which items are grouped, as a code table in use has them; one number means different things in the two."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

PERSON_TOPICS: Final[dict[str, str]] = {
    "005": _("生育收养"), "010": _("户籍办理"), "015": _("民族宗教"), "020": _("教育科研"),
    "025": _("入伍服役"), "030": _("就业创业"), "035": _("设立变更"), "040": _("准营准办"),
    "045": _("抵押质押"), "050": _("职业资格"), "055": _("行政缴费"), "060": _("婚姻登记"),
    "065": _("优待抚恤"), "070": _("规划建设"), "075": _("住房保障"), "085": _("社会保障"),
    "090": _("证件办理"), "095": _("交通出行"), "100": _("旅游观光"), "105": _("出境入境"),
    "110": _("消费维权"), "115": _("公共安全"), "120": _("司法公证"), "125": _("知识产权"),
    "130": _("环保绿化"), "135": _("文化体育"), "140": _("公用事业"), "145": _("医疗卫生"),
    "150": _("离职退休"), "155": _("死亡殡葬"), "998": _("地方特色"), "999": _("其他"),
}  # fmt: skip

COMPANY_TOPICS: Final[dict[str, str]] = {
    "005": _("设立变更"), "010": _("准营准办"), "015": _("资质认证"), "020": _("年检年审"),
    "025": _("税收财务"), "030": _("人力资源"), "035": _("社会保障"), "040": _("投资审批"),
    "045": _("融资信贷"), "050": _("抵押质押"), "055": _("商务贸易"), "060": _("招标拍卖"),
    "065": _("海关口岸"), "070": _("涉外服务"), "075": _("农林牧渔"), "085": _("国土和规划建设"),
    "090": _("交通运输"), "095": _("环保绿化"), "100": _("应对气候变化"), "105": _("水务气象"),
    "110": _("医疗卫生"), "115": _("科技创新"), "120": _("文体教育"), "125": _("知识产权"),
    "130": _("民族宗教"), "135": _("质量技术"), "140": _("检验检疫"), "145": _("安全生产"),
    "150": _("公安消防"), "155": _("司法公证"), "160": _("公用事业"), "165": _("法人注销"),
    "170": _("档案文物"), "998": _("地方特色"), "999": _("其他"),
}  # fmt: skip


def topic_name(topic: str) -> str:
    """The name of a theme written as `p:005` or `c:010`, in the language of the page.

    The code itself if the table has no such theme.
    """
    prefix, _colon, number = topic.partition(":")
    table = PERSON_TOPICS if prefix == "p" else COMPANY_TOPICS
    return gettext(table[number]) if number in table else topic
