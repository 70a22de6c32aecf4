"""The sample cases of a pack: every fault at its line before anything is filed, and a city that is furnished once."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from tongban.base import outbox
from tongban.cases.models import Case, Delivery, NoteMention, Parcel, PublicNotice, StepFile
from tongban.config import citypack, rehearsal

CITY = Path(settings.ROOT) / "cities" / "zhuzhou"
FILE = "demo-cases.yaml"


@pytest.fixture
def pack(tmp_path):
    return Path(shutil.copytree(CITY, tmp_path / "zhuzhou"))


def faults(pack: Path) -> list[tuple[int, str]]:
    return [(one.line, str(one)) for one in citypack.check(pack) if one.file == FILE and one.severity == "error"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            "{item: food-busines-licence, name: 甲, person: 甲, days_ago: 1, stage: received}",
            "是否应为 food-business-licence",
        ),
        ("{item: food-business-licence, name: 甲, person: 甲, days_ago: 1, stage: recieved}", "不在允许的值之内"),
        ("{item: food-business-licence, name: 甲, person: 甲, days_ago: -1, stage: received}", "不得小于 0"),
        ("{item: food-business-licence, name: 甲, person: 甲, days_ago: 1, stage: refused}", "要写明原因"),
        ("{item: food-business-licence, name: 甲, person: 甲, days_ago: 1, stage: failed}", "要写明送达经过"),
        ("{item: food-business-licence, name: 甲, days_ago: 1, stage: received}", "缺少“person”"),
    ],
)
def test_a_row_that_cannot_be_filed_is_named_with_its_line(pack, row, says):
    (pack / FILE).write_text(f"# 示例\ncases:\n  - {row}\n", encoding="utf-8")
    ((line, words),) = faults(pack)
    assert line == 3
    assert says in words


def test_an_item_without_a_sample_application_cannot_be_filed(pack):
    (pack / "samples" / "road-excavation.yaml").unlink()
    found = faults(pack)
    assert len(found) == (pack / FILE).read_text(encoding="utf-8").count("item: road-excavation")
    assert all("没有申请样例" in words for _line, words in found)


def test_the_city_is_furnished_once_and_every_stage_is_there(live_city):
    said: list[str] = []
    made = rehearsal.furnish(CITY, said.append)
    assert made == Case.objects.count() > 20
    assert rehearsal.furnish(CITY, said.append) == 0
    assert Case.objects.count() == made
    assert len(said) == 1
    assert set(Case.objects.values_list("state", flat=True)) >= {
        "received", "correction_pending", "handling", "reviewing", "approving", "decided_granted", "decided_refused",
        "completed", "not_accepted", "voided", "transferred", "archived",
    }  # fmt: skip
    served = Delivery.objects.values_list("method", "outcome")
    assert {("visit", "absent"), ("left", "served"), ("window", "served")} <= set(served)
    assert Parcel.objects.filter(ended_at__isnull=True).count() == 1
    assert PublicNotice.objects.filter(ended_at__isnull=True).count() == 1
    assert NoteMention.objects.filter(read_at__isnull=True).count() == StepFile.objects.count() == 1
    while outbox.relay():
        pass
    assert outbox.problems() == []
