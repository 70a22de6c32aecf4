"""Two versions side by side, in words."""

import copy

from tongban.catalogue.comparing import compare
from tongban.catalogue.tests.factories import definition, planned


def told(old, new):
    return {
        row.label: ("".join(one.text for one in row.before), "".join(one.text for one in row.after), row.op)
        for row in compare(old, new)
    }


def changed(**changes):
    return definition(**changes).model_dump(mode="json")


def test_a_limit_is_told_whole_and_in_words():
    found = told(changed(), changed(promised={"amount": 7, "unit": "working_days"}))
    assert found == {"承诺办结时限": ("10 个工作日", "7 个工作日", "change")}


def test_what_changed_within_a_text_is_marked():
    (row,) = compare(changed(), changed(flow="申请、受理、审查、审批决定、办结、送达到家。"))
    assert [(one.kind, one.text) for one in row.after if one.kind != "same"] == [("in", "到家")]
    assert all(one.kind == "same" for one in row.before)


def test_members_are_named_as_people_know_them():
    old, new = changed(), changed()
    new["materials"][1]["copy_count"] = 2
    new["materials"].append({**new["materials"][1], "key": "photo", "name": "照片"})
    new["steps"][0]["name"] = "现场审查"
    new["form"]["properties"]["area"]["maximum"] = 500
    del new["questions"][0]["options"][1]
    found = told(old, new)
    assert found["材料“租赁合同” · 复印件份数"] == ("1", "2", "change")
    assert found["材料“照片”"][2] == "add"
    assert found["环节“现场审查” · 环节名称"] == ("审查", "现场审查", "change")
    assert found["表单 · “面积” · 最大值"] == ("1000", "500", "change")
    assert "答案“租赁”" in " ".join(found)


def test_codes_are_told_by_their_meaning():
    found = told(changed(), changed(handle_forms=["window"], pay_before="decision"))
    assert found["什么时候缴"] == ("领取结果前", "作出决定前", "change")
    assert "窗口" in found["办理形式"][0]
    assert "window" not in found["办理形式"][1]


def test_everything_that_the_city_s_items_say_can_be_told():
    items = [item.bodies[0][1].digestible() for item in planned().values()]
    for old, new in zip(items[:30], items[30:60], strict=False):
        rows = compare(old, copy.deepcopy(new))
        assert all(row.label and (row.before or row.after) for row in rows)
        assert all(
            '": ' not in "".join(part.text for part in row.after) for row in rows if not row.path.startswith("form")
        )  # no JSON
