"""Loading a pack: whole or not at all, twice is once, acts of people are not undone."""

import shutil
import time
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from tongban.base import chain
from tongban.base.calendar import work_calendar
from tongban.base.pack import sections
from tongban.config.citypack import PackRefused, load, locate
from tongban.directory import commands, queries
from tongban.directory.models import Division, Organisation, OrganisationName, PackLoad, Place
from tongban.kernel.actor import SYSTEM, VISITOR
from tongban.kernel.problems import NotFound

XIAOCHENG = Path(__file__).parent / "packs" / "xiaocheng"
pytestmark = pytest.mark.django_db


@pytest.fixture
def pack(tmp_path):
    upper = shutil.ignore_patterns("items", "samples", "posts.yaml", "demo-accounts.yaml")
    return Path(shutil.copytree(XIAOCHENG, tmp_path / "xiaocheng", ignore=upper))


def edit(pack: Path, file: str, old: str, new: str) -> None:
    text = (pack / file).read_text(encoding="utf-8")
    assert old in text
    (pack / file).write_text(text.replace(old, new), encoding="utf-8")


def report_of(report, name="directory"):
    return next(section for section in report.sections if section.section == name)


def test_a_second_city_boots_without_a_line_of_code():
    report = load(XIAOCHENG, actor=SYSTEM)
    assert {section.section for section in report.sections} == {section.name for section in sections()}
    assert not report.skipped
    assert Division.objects.count() == 10
    assert queries.organisation_by_ref("439902:gaj").name == "小城市公安局东分局" or Division.objects.filter(
        name="东区"
    )
    assert queries.organisation_by_ref("439921:gaj").parent == queries.organisation_by_ref("439900:gaj")
    assert queries.organisation_by_ref("439902001001:bmz").name == "东区河东街道桥头社区便民服务站"
    assert queries.organisation_by_ref("439921100201:bmz").parent == queries.organisation_by_ref("439921100:bmzx")
    assert not Organisation.objects.filter(ref="439902:qxj").exists()
    assert queries.organisation("11430000006122244L").sample_code is False
    assert queries.place("xc-hall").organisation.ref == "439900:sjj"
    assert not work_calendar("439921000000").is_workday(date(2026, 6, 1))
    assert work_calendar("439902000000").is_workday(date(2026, 6, 1))


def test_loading_twice_changes_nothing_and_says_so():
    load(XIAOCHENG, actor=SYSTEM)
    before = list(Organisation.objects.order_by("pk").values())
    again = load(XIAOCHENG, actor=SYSTEM)
    assert again.skipped
    assert again.is_unchanged
    PackLoad.objects.all().delete()
    third = load(XIAOCHENG, actor=SYSTEM)
    assert not third.skipped
    assert report_of(third).is_unchanged
    assert report_of(third, "calendar").is_unchanged
    assert list(Organisation.objects.order_by("pk").values()) == before
    loads = [event for event in chain.events("city-pack:xiaocheng") if event.kind == "CityPackLoaded"]
    assert len(loads) >= 1


def test_the_report_names_what_was_added_changed_and_retired(pack):
    load(pack, actor=SYSTEM)
    edit(pack, "organisations.yaml", "{city}教育局", "{city}教育体育局")
    edit(pack, "places.yaml", "人民路1号", "人民路2号")
    edit(pack, "divisions.csv", "439921100201,上村村委会,village,439921100000\n", "")
    report = report_of(load(pack, actor=SYSTEM))
    assert "小城市教育体育局" in report.changed
    assert "小城市民中心" in report.changed
    assert "上村村委会" in report.retired
    assert "西山县西山镇上村便民服务站" in report.retired
    assert report.added == ()
    assert Place.objects.get(code="xc-hall").address.startswith("小城市人民路2号")
    assert Division.objects.get(code="439921100201").valid_to is not None


def test_a_pack_with_errors_changes_nothing(pack):
    load(pack, actor=SYSTEM)
    edit(pack, "places.yaml", "kind: hall", "kind: castle")
    edit(pack, "organisations.yaml", "{city}教育局", "{city}教育体育局")
    before = list(Organisation.objects.order_by("pk").values())
    with pytest.raises(PackRefused) as refused:
        load(pack, actor=SYSTEM)
    assert refused.value.code == "pack_invalid"
    assert "places.yaml:4" in refused.value.message
    assert list(Organisation.objects.order_by("pk").values()) == before


def test_only_the_program_itself_loads_packs():
    with pytest.raises(NotFound):
        load(XIAOCHENG, actor=VISITOR)
    assert not Division.objects.exists()


def test_a_pack_does_not_undo_what_people_renamed_and_merged(pack):
    load(pack, actor=SYSTEM)
    jyj = queries.organisation_by_ref("439900:jyj")
    qxj, sjj = queries.organisation_by_ref("439900:qxj"), queries.organisation_by_ref("439900:sjj")
    commands.rename_organisation(
        actor=SYSTEM, code=jyj.code, name="小城市教育体育局", short_name="市教体局", on=date(2024, 1, 1), basis="方案"
    )
    commands.merge_organisations(
        actor=SYSTEM, old_codes=[qxj.code], new_code=sjj.code, on=date(2024, 1, 1), basis="方案"
    )
    PackLoad.objects.all().delete()
    assert report_of(load(pack, actor=SYSTEM)).is_unchanged
    jyj.refresh_from_db()
    qxj.refresh_from_db()
    assert (jyj.name, jyj.short_name) == ("小城市教育体育局", "市教体局")
    assert qxj.valid_to == date(2024, 1, 1)


def test_the_pack_corrects_a_name_without_writing_history(pack):
    load(pack, actor=SYSTEM)
    edit(pack, "organisations.yaml", "{city}教育局", "{city}教育体育局")
    load(pack, actor=SYSTEM)
    names = OrganisationName.objects.filter(organisation__ref="439900:jyj").values_list("name", flat=True)
    assert list(names) == ["小城市教育体育局"]


def test_zhuzhou_has_exactly_its_counties_towns_and_villages_and_loads_in_a_moment():
    root = settings.ROOT / "cities" / "zhuzhou"
    load(root, actor=SYSTEM)
    counts = {
        level: queries.divisions_under("430200000000", level=level).count() for level in ("county", "town", "village")
    }
    assert counts == {"county": 9, "town": 112, "village": 1400}
    assert queries.divisions_under("430200000000").filter(level="zone").get().internal
    departments = Organisation.objects.filter(
        division_id="430200000000", kind__in=["department", "hall_authority"], valid_to__isnull=True
    )
    assert departments.count() >= 40
    assert Organisation.objects.filter(kind="town_centre").count() == 112
    assert Organisation.objects.filter(kind="village_centre").count() == 1400
    assert len(queries.outline_map("430200000000").outlines) == 9
    hall = queries.place("zz-hall")
    assert (hall.phone, hall.sample) == ("0731-28680860", False)
    started = time.perf_counter()
    assert load(root, actor=SYSTEM).skipped
    assert time.perf_counter() - started < 1


def test_a_city_is_found_by_name_or_path_and_otherwise_refused(tmp_path):
    assert locate("zhuzhou").name == "zhuzhou"
    assert locate(str(tmp_path)) == tmp_path
    for nowhere in ("", "atlantis"):
        with pytest.raises(NotFound):
            locate(nowhere)
