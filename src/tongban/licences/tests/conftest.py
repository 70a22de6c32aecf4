"""Licence types as a pack would bring them, and a body that issues."""

import datetime as dt
from typing import Any

import pytest

from tongban.documents.tests.conftest import make_body, pdfsig, text_of
from tongban.licences import commands
from tongban.licences.models import LicenceType

__all__ = ["pdfsig", "text_of"]

AT = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
FOOD = "11430200YLYNU0WJXA901"
HR = "11430200YL3X50R68C901"
BIRTH = "11430200YLRMP39M5C901"
BUSINESS = "11100000MB0143028R001"
IDENTITY = "11100000000013127D001"
CASE_NO = "11430212MB1F07267M4000131016000202611120068"
COMPANY = "92430212YL00090174"
PERSON = "430211199208250019"
FORM = {
    "法定代表人（负责人、经营者）": "陈桂兰",
    "法定代表人（负责人、经营者）公民身份号码": "430212197803120021",
    "经营场所": "渌口区渌口镇津口路128号一楼",
    "外设仓库地址": "",
}


def make_types():
    face = [
        {"label": "法定代表人", "sources": ["法定代表人（负责人、经营者）"]},
        {"label": "经营场所", "sources": ["经营场所"]},
        {"label": "外设仓库", "sources": ["外设仓库地址"]},
    ]
    for code, name, holder, extra in (
        (FOOD, "食品经营许可证", "001", {"face": face}),
        (HR, "人力资源服务许可证", "001", {"single": True}),
        (BIRTH, "生育登记凭证", "111", {"layout": "register"}),
        (BUSINESS, "营业执照", "001", {"single": True, "issued_here": False}),
        (IDENTITY, "居民身份证", "111", {"single": True, "issued_here": False}),
    ):
        LicenceType.objects.create(code=code, name=name, definer_name="示例机关", holder_kind=holder, **extra)


@pytest.fixture
def body(db):
    make_types()
    return make_body()


def issue_licence(body, actor, **changes):
    """A food licence of case 0068, unless told otherwise."""
    order: dict[str, Any] = {
        "type_code": FOOD,
        "holder_name": "渌口区陈䶮面馆",
        "holder_code": COMPANY,
        "holder_code_type": "001",
        "case_no": CASE_NO,
        "item_code": CASE_NO[:31],
        "number": "JY24302120000017",
        "fields": FORM,
        "valid_from": dt.date(2026, 11, 23),
        "valid_to": dt.date(2031, 11, 22),
        "at": AT,
    }
    return commands.issue(actor=actor, organisation=body, **(order | changes))
