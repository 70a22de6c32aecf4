"""What a version changed, in words; and the history that is made of them."""

from itertools import pairwise
from typing import Any

import pytest

from tongban.catalogue import commands, queries
from tongban.catalogue.change_words import SENTENCES_MAX, TELLERS, change_words
from tongban.catalogue.definition import Definition
from tongban.catalogue.tests.factories import TASK_CODE, definition, planned, published, raw
from tongban.kernel.actor import SYSTEM

OTHER_QUESTION = {
    "key": "who",
    "text": "谁来办？",
    "options": [{"value": "a", "label": "本人"}, {"value": "b", "label": "代办"}],
}
PROOF = {"key": "proof", "name": "居住证明", "copy_count": 1, "basis": "示例条例第三条"}
FEE = {"key": "fee", "name": "工本费", "amount_fen": 1000, "unit": "本", "basis": "示例文件"}


def test_every_field_of_a_definition_has_its_teller() -> None:
    assert set(TELLERS) == set(Definition.model_fields)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"promised__amount": 7}, "承诺办结时限由 10 个工作日改为 7 个工作日。"),
        ({"onsite_visits": 1, "onsite_reason": "核对原件"}, "要跑几次由不用跑改为跑 1 次。"),
        ({"consult_phone": "0731-28680861"}, "咨询电话由 0731-28680860 改为 0731-28680861。"),
        ({"conditions": ["有固定场所", "年满十八周岁"]}, "新增条件：年满十八周岁"),
        ({"conditions": ["年满十八周岁"]}, "不再要求：有固定场所"),
        (
            {"materials__1__copy_count": 2},
            "“租赁合同”要交的份数由复印件 1 份，网上办理交电子件改为复印件 2 份，网上办理交电子件。",
        ),
        ({"materials__1__when": None}, "什么情形要交“租赁合同”有调整。"),
        ({"materials__1__sample": "样例"}, "“租赁合同”的说明、样例或者依据有修改。"),
        ({"steps__0__limit": {"amount": 3, "unit": "working_days"}}, "环节“审查”的时限定为 3 个工作日。"),
        ({"fee": [FEE]}, "新增收费“工本费”，¥ 10.00/本。"),
        ({"questions__0__options__1__label": "租的"}, "问题“场所是谁的？”的写法或者走向有修改。"),
        ({"form__properties__phone": {"type": "string", "title": "电话"}}, "表单多填：电话。"),
        ({"flow": "申请、受理、审核、决定、办结、送达。"}, "办理流程的说明有更新。"),
        ({"quantity_limit": "每年 10 个"}, "数量限制有调整。"),
        ({"cross_region_scope": "3"}, "通办范围定为全市通办。"),
    ],
)
def test_a_change_is_told_in_a_sentence(changes: dict[str, Any], words: str) -> None:
    assert words in change_words(definition(), definition(**changes))


def test_what_comes_and_what_goes_is_named() -> None:
    less, more = (
        definition(),
        definition(materials=[*raw()["materials"], PROOF], questions=[*raw()["questions"], OTHER_QUESTION]),
    )
    assert change_words(less, more) == ("新增材料“居住证明”。", "申请前多问一个问题：谁来办？")
    assert change_words(more, less) == ("不再需要“居住证明”。", "申请前不再问：谁来办？")
    assert change_words(definition(fee=[FEE]), less) == ("不再收费。",)


def test_the_same_definition_says_nothing_and_different_ones_never_say_nothing() -> None:
    items = list(planned().values())
    for one, other in pairwise(items):
        before, after = one.bodies[0][1], other.bodies[0][1]
        assert change_words(before, before) == ()
        said = change_words(before, after)
        assert said
        assert len(said) <= SENTENCES_MAX + 1
        assert not [words for words in said if "%(" in words]


@pytest.mark.django_db
def test_the_history_tells_versions_and_stops_from_the_newest_on() -> None:
    published()
    commands.publish_version(actor=SYSTEM, task_code=TASK_CODE, definition=definition(promised__amount=7))
    commands.suspend(actor=SYSTEM, task_code=TASK_CODE, reason="系统升级")
    commands.resume(actor=SYSTEM, task_code=TASK_CODE)
    commands.publish_version(actor=SYSTEM, task_code=TASK_CODE, definition=definition(promised__amount=5))
    page = queries.history(queries.implementation(TASK_CODE))
    assert [(one.number, one.in_force) for one in page.items] == [
        (3, True),
        (0, False),
        (0, False),
        (2, False),
        (1, False),
    ]
    assert page.items[0].words == ("承诺办结时限由 7 个工作日改为 5 个工作日。",)
    assert page.items[2].words == ("系统升级",)
    assert page.items[-1].words == ("第一次公布。",)


@pytest.mark.django_db
def test_a_long_history_is_turned_over_without_losing_a_change() -> None:
    published()
    for days in (9, 8) * 6:
        commands.publish_version(actor=SYSTEM, task_code=TASK_CODE, definition=definition(promised__amount=days))
    item = queries.implementation(TASK_CODE)
    first = queries.history(item)
    second = queries.history(item, cursor=first.next)
    numbers = [one.number for one in (*first.items, *second.items)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 13
    assert all(one.words for one in (*first.items, *second.items))
