"""Files of items put in force: what changes, what is refused, and that a refusal changes nothing."""

from __future__ import annotations

import io

import pytest
import yaml
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from tongban.base.models import Chain, Event
from tongban.catalogue import commands
from tongban.catalogue.exchange import source, writing
from tongban.catalogue.exchange.dictionaries import GBT39046
from tongban.catalogue.models import BaseItem, BaseVersion, Implementation, ItemVersion
from tongban.catalogue.queries.exporting import ExportedItems
from tongban.catalogue.tests import factories
from tongban.catalogue.tests.exchanging import definitions, item, written
from tongban.catalogue.tests.test_commands import staff
from tongban.catalogue.tests.test_exchange_untidy import HEAD, ROW, book
from tongban.directory.models import Organisation, Place
from tongban.kernel.actor import SYSTEM, Role
from tongban.kernel.problems import Invalid, Refusal

pytestmark = pytest.mark.django_db
COUNTY_BODY = "11430203YL3X50R68C"


def state():
    return [
        list(model.objects.order_by("pk").values())
        for model in (BaseItem, BaseVersion, Implementation, ItemVersion, Event, Chain)
    ]


def bring(data, name="items.xlsx", **options):
    return commands.import_items(actor=options.pop("actor", SYSTEM), name=name, data=data, **options)


def exported(form="xlsx"):
    target = io.BytesIO()
    writing.WRITERS[form](ExportedItems(), GBT39046, target)
    return target.getvalue()


def messages(report):
    return [one.message for one in report.findings if one.severity == "error"]


def test_an_item_whose_entry_is_unknown_is_brought_with_its_entry():
    factories.body()
    report = bring(written([item(factories.definition())], "xlsx"))
    assert messages(report) == []
    assert report.done
    assert report.counts == {"新增": 1}
    row = Implementation.objects.get()
    assert (row.state, row.task_code, row.current.number, row.level) == ("active", factories.TASK_CODE, 1, "3")
    assert row.current.parsed == factories.definition()
    assert (row.base.slug, row.base.sample_fields, row.base.elements["levels"]) == (
        "sample-permit",
        ["catalog_code"],
        ["3"],
    )
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True)) == [
        "BaseItemPublished", "ItemVersionPublished", "ItemResumed",
    ]  # fmt: skip


@pytest.mark.parametrize("form", source.FORMATS)
def test_the_same_file_again_changes_nothing(form):
    factories.body()
    bring(written([item(factories.definition())], form), f"items.{form}")
    before = state()
    for data in (written([item(factories.definition())], form), exported(form)):
        report = bring(data, f"items.{form}")
        assert report.done
        assert report.counts == {"没有变化": 1}
        assert state() == before


def test_a_change_is_shown_field_by_field_and_makes_a_new_version():
    factories.published()
    it = factories.definition(promised={"amount": 5, "unit": "working_days"}, materials__1__copy_count=2)
    data = written([item(it)], "xlsx")
    before = state()
    dry = bring(data, dry_run=True)
    assert state() == before
    assert [(one.words, one.before, one.after) for one in dry.outcomes[0].changes] == [
        ("承诺办结时限", "10", "5"),
        ("材料 contract 复印件份数", "1", "2"),
    ]
    report = bring(data)
    assert report.outcomes == dry.outcomes
    assert Implementation.objects.get().current.number == 2


def test_columns_that_a_file_does_not_have_leave_what_is():
    factories.published()
    report = bring(book(HEAD, ROW))
    assert messages(report) == []
    now = Implementation.objects.get().current.parsed
    assert now == factories.definition(promised={"amount": 5, "unit": "working_days"})


def test_a_file_of_the_national_names_alone_makes_an_item_that_can_be_published():
    body = factories.body()
    hall = {"name": "市民中心", "kind": "hall", "division_id": body.division_id, "organisation": body}
    Place.objects.get_or_create(code="zz-hall", defaults=hall)
    names = {
        "task_name": "示例确认", "catalog_code": "000731016001", "task_type": "07", "dept_code": body.code, "project_type": "1",
        "server_type": "1^2", "anticipate_day": "20", "anticipate_type": "G", "anticipate_explain": "示例条例第三条",
        "promise_day": "0", "promise_type": "1", "accept_condition": "有固定场所\n有负责人", "handle_flow": "申请、受理、审查、决定、办结、送达",
        "handle_type": "1^2", "limit_scene_num": "0", "link_way": "电话：０７３１－２８６８００６０", "supervise_way": "0731-12345",
        "result_type": "4", "user_topic_type": "005", "corp_topic_type": "010",
    }  # fmt: skip

    def basis(_sheet, made):
        page = made.add_worksheet("设定依据")
        page.write_row(0, 0, ["task_code", "law_name", "law_kind"])
        page.write_row(1, 0, [f"{body.code}3000731016001", "示例条例", "地方性法规"])

    names = {"task_code": f"{body.code}3000731016001", **names}
    report = bring(book(list(names), list(names.values()), more=basis))
    assert [str(one) for one in report.findings if one.severity == "error"] == []
    assert any("缺省" in one.message for one in report.findings)
    it = Implementation.objects.get().current.parsed
    assert (it.kind, it.consult_phone, it.conditions) == ("07", "0731-28680060", ("有固定场所", "有负责人"))
    assert [step.role for step in it.steps] == ["window_clerk"]


def two(**changed):
    """A file with a good item and one that is changed."""
    county = factories.body(COUNTY_BODY, "430203000000", "county", "荷塘区示例局")
    factories.body()
    good = item(factories.definition())
    code = f"{county.code}4{factories.BASE_CODE}"
    other = factories.definition(task_code=code)
    return [good, item(other, **changed) if changed else item(other)]


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"organisation": "11430203YL3X50R688"}, "实施主体编码", "没有这个实施主体"),
        ({"level": "3"}, "行使层级", "行使层级"),
        ({"state": "cancelled"}, "事项状态", "取消"),
    ],
)
def test_what_is_wrong_with_one_item_keeps_all_out(wrong, field, words):
    items = two(**wrong)
    before = state()
    report = bring(written(items, "xlsx"))
    assert not report.done
    assert state() == before
    [found] = [one for one in report.findings if one.severity == "error"]
    assert (found.sheet, found.row, found.field) == ("事项", 4, field)
    assert words in found.message


def test_a_body_that_is_not_in_the_directory_is_told_with_the_nearest():
    items = two()
    report = bring(
        written(
            [item(factories.definition(), organisation="11430200YL3X50R680", organisation_name="株州市示例局")], "xlsx"
        )
    )
    assert items
    assert "株洲市示例局" in next(one.hint for one in report.findings if one.severity == "error")


def test_faults_of_the_definition_are_told_at_their_cells():
    factories.body()
    it = factories.definition(complaint_phone="0731-28680860", materials__1__basis="")
    before = state()
    report = bring(written([item(it)], "xlsx"))
    assert state() == before
    found = {(one.sheet, one.row, one.field, one.hint) for one in report.findings if one.severity == "error"}
    assert found == {
        ("事项", 3, "监督投诉方式", "规则 phone.same"),
        ("材料", 4, "要求提供材料的依据", "规则 material.basis"),
    }


def test_what_differs_from_the_directory_is_told():
    factories.published()
    before = state()
    report = bring(written([item(factories.definition(name="另一个名称"))], "xlsx"))
    assert state() == before
    assert any("基本目录" in one for one in messages(report))


def test_pseudo_and_sample_codes_of_bodies_are_warnings():
    pseudo = "11430200YL3X50R680"
    factories.body(pseudo)
    it = factories.definition(task_code=f"{pseudo}3{factories.BASE_CODE}")
    report = bring(written([item(it)], "xlsx"))
    assert report.done
    assert [(one.severity, one.value) for one in report.findings] == [("warning", pseudo)]


def test_an_item_can_be_suspended_cancelled_and_taken_back():
    factories.published()
    seen = []
    for wanted in ("suspended", "cancelled", "active"):
        report = bring(written([item(factories.definition(), state=wanted)], "xlsx"))
        assert report.done
        row = Implementation.objects.get()
        seen.append((row.state, row.state_reason, report.counts))
    assert seen == [
        ("suspended", "导入的文件写明暂停", {"只改状态": 1}),
        ("cancelled", "导入的文件写明取消", {"只改状态": 1}),
        ("active", "", {"只改状态": 1}),
    ]


def test_bodies_outside_the_division_are_refused():
    items = two()
    report = bring(written(items, "xlsx"), division="430203000000")
    assert [(one.row, one.field) for one in report.findings if one.severity == "error"] == [(3, "实施主体编码")]


def test_an_editor_checks_the_file_and_sees_what_is_outside_of_the_reach_but_puts_nothing_in_force():
    items = two()
    own = Organisation.objects.get(code=COUNTY_BODY)
    editor = staff(Role.CATALOGUE_EDITOR, own.pk, "430203000000")
    before = state()
    report = bring(written(items, "xlsx"), actor=editor, dry_run=True)
    assert any("不由您编制" in one for one in messages(report))
    with pytest.raises(Refusal) as refusal:
        bring(written(items, "xlsx"), actor=editor)
    assert refusal.value.code == "import_not_allowed"
    assert state() == before


@pytest.mark.parametrize(
    ("data", "name", "options", "code"),
    [
        (b"%PDF-1.7", "a.xlsx", {}, "import_unreadable"),
        (b"task_code,task_name\n1,2", "a.csv", {"form": "xlsx"}, "import_unreadable"),
        (b"task_code,task_name\n1,2", "a.csv", {"dictionary": "x"}, "import_dictionary"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(data, name, options, code):
    with pytest.raises(Invalid) as refusal:
        bring(data, name, **options)
    assert refusal.value.code == code


def emptied(act):
    """What an act gives in a catalogue that is empty again afterwards."""
    with transaction.atomic():
        found = act()
        transaction.set_rollback(True)
    return found


@pytest.fixture
def everything_may_be_published(monkeypatch):
    """Leaves the rules across fields out: what is exchanged need not be fit for publishing."""
    monkeypatch.setattr("tongban.catalogue.importing.planning.faults", lambda _: ())
    monkeypatch.setattr("tongban.catalogue.importing.planning.Planner._references", lambda *_: ())
    factories.body()


@pytest.mark.usefixtures("everything_may_be_published")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(definitions)
def test_yaml_into_the_database_into_a_workbook_into_the_database_into_yaml_loses_nothing(it):
    first = written([item(it)], "yaml")

    def into_a_workbook():
        report = bring(first, "items.yaml")
        assert report.done, report.findings
        return exported("xlsx")

    workbook = emptied(into_a_workbook)

    def into_yaml():
        report = bring(workbook)
        assert report.done, report.findings
        return exported("yaml")

    assert yaml.safe_load(emptied(into_yaml)) == yaml.safe_load(first)
