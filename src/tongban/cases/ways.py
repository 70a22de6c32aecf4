"""The ways of serving documents (送达方式), in one table. No database.

行政许可法 art. 44 wants the result delivered and leaves the way open; administrative practice follows 民事诉讼法 (as
revised in 2021 and 2023) art. 87 to 95, and the documents say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_noop as _

#: Calendar days after which a public notice counts as service (民事诉讼法 art. 95); the day of notice does not count.
NOTICE_DAYS: Final = 30


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way: its name, what the receipt says of it, the article it follows."""

    label: str
    law: str


WAYS: Final[Mapping[str, Way]] = MappingProxyType(
    {
        "download": Way(label=_("电子送达"), law="《民事诉讼法》第九十条"),
        "window": Way(label=_("直接送达（窗口领取）"), law="《民事诉讼法》第八十八条"),
        "visit": Way(label=_("直接送达（上门）"), law="《民事诉讼法》第八十八条"),
        "mail": Way(label=_("邮寄送达"), law="《民事诉讼法》第九十一条"),
        "left": Way(label=_("留置送达"), law="《民事诉讼法》第八十九条"),
        "notice": Way(label=_("公告送达"), law="《民事诉讼法》第九十五条"),
    }
)
#: How an attempt ended; all but the first lead back to what is still to be delivered.
OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "served": _("已送达"),
        "absent": _("无人签收"),
        "refused": _("拒绝签收"),
        "moved": _("查无此人或者已搬走"),
        "returned": _("邮件退回"),
        "lost": _("邮件丢失"),
    }
)
#: Ends of a parcel: only the first serves.
PARCEL_ENDS: Final = ("signed", "refused", "returned", "lost")
PARCEL_STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accepted": _("已收寄"),
        "in_transit": _("运输中"),
        "delivering": _("正在投递"),
        "attempted": _("投递未成，将再次投递"),
        "signed": _("已签收"),
        "refused": _("收件人拒收"),
        "returned": _("已退回"),
        "lost": _("邮件丢失"),
    }
)
#: Who signed for a parcel (民事诉讼法 art. 88: the recipient, an adult of the household, the unit's post room).
SIGNED_BY: Final[Mapping[str, str]] = MappingProxyType(
    {"recipient": _("本人"), "family": _("同住成年家属"), "office": _("单位负责收件的人")}
)
#: Why a public notice: art. 95 knows these two reasons.
NOTICE_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {"unknown": _("受送达人下落不明"), "failed": _("用其他方式无法送达")}
)
