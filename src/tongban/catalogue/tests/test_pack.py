"""Loading the items of Zhuzhou into the tables."""

import pytest
from django.db import transaction

from tongban.base.pack import Pack
from tongban.catalogue import commands
from tongban.catalogue.models import BaseElements, BaseItem, Implementation, ItemVersion
from tongban.catalogue.pack import loading
from tongban.catalogue.pack.section import CatalogueSection
from tongban.catalogue.queries import (
    address_choices,
    current_version,
    division_name,
    guide,
    list_implementations,
    search_items,
)
from tongban.catalogue.tests.factories import CITY
from tongban.directory.models import Organisation
from tongban.directory.pack.section import DirectorySection
from tongban.kernel.actor import SYSTEM


@pytest.fixture
def pack(db):
    """The directory and items of Zhuzhou, loaded; gives the pack."""
    pack = Pack(CITY)
    for section in (DirectorySection(), CatalogueSection()):
        assert not list(section.check(pack))
        section.load(pack, SYSTEM)
    return pack


def test_the_city_loads_once_and_everything_in_it_works(pack, django_assert_max_num_queries):
    slugs = {one.stem for one in (CITY / "items").glob("*.yaml")}
    assert set(BaseItem.objects.values_list("slug", flat=True)) == slugs
    assert Implementation.objects.filter(state="active").count() == ItemVersion.objects.count()
    assert Implementation.objects.filter(base__slug="resident-pension-enrolment").count() == 9
    assert Implementation.objects.filter(base__slug="birth-registration").count() == 112
    with django_assert_max_num_queries(2):
        found = search_items(size=100)
        assert len(found.items) == min(len(slugs), 100)
    assert [row.name for row in search_items("开饭店").items] == ["食品经营许可（新办）"]
    assert [row.name for row in search_items("准生证").items] == ["生育登记"]
    local = {row.name: row for row in search_items(division="430212100000").items}
    assert local["生育登记"].organisation == "渌口区渌口镇便民服务中心"
    assert len(list_implementations(size=100).items) == 100
    for base in BaseItem.objects.all():
        version = current_version(base.implementations.order_by("id").values_list("task_code", flat=True)[0])
        with django_assert_max_num_queries(2):
            shown = guide(version)
        assert len(shown.facts) == 5
        assert shown.places
    towns = address_choices("430200000000")
    assert len(towns) == 112
    assert ("430212100000", "渌口镇", "渌口区") in {(one.value, one.label, one.group) for one in towns}
    assert division_name("430212100000") == "渌口区渌口镇"
    assert division_name("gone") == "gone"

    again = CatalogueSection().load(pack, SYSTEM)
    assert again.total == 0

    planned = [
        item for item in pack.resolve("catalogue.plan", "catalogue.plan") if item.shape.slug != "road-excavation"
    ]
    with transaction.atomic():
        gone = loading.load(planned, SYSTEM)
    assert len(gone.retired) == 1
    assert Implementation.objects.get(base__slug="road-excavation").state == "cancelled"
    back = CatalogueSection().load(pack, SYSTEM)
    assert back.total == 1
    assert Implementation.objects.get(base__slug="road-excavation").state == "active"


def test_what_editors_changed_stands_when_the_same_pack_is_loaded_again(pack):
    code = Implementation.objects.get(base__slug="road-excavation").task_code
    changed = current_version(code).parsed.model_copy(update={"consult_phone": "0731-28680861"})
    version = commands.publish_version(actor=SYSTEM, task_code=code, definition=changed)
    commands.cancel(actor=SYSTEM, task_code=code, reason="改由省里办")
    body = Organisation.objects.get(ref="430200:sjj")
    elements = BaseElements.model_validate(version.implementation.base.elements | {"catalog_code": "002099009000"})
    base = BaseItem.objects.create(
        slug="own", catalog_code=elements.catalog_code, name=elements.name, kind=elements.kind,
        service_targets=[], topics=[], search_text="",
    )  # fmt: skip
    commands.put_base_in_force(SYSTEM, base, elements)
    own = Implementation.objects.create(
        base=base, organisation=body, division_id=body.division_id, level="3", task_code="own", state="suspended",
        state_reason="尚未发布",
    )  # fmt: skip
    assert CatalogueSection().load(pack, SYSTEM).total == 0
    assert current_version(code) == version
    assert Implementation.objects.get(task_code=code).state == "cancelled"
    own.refresh_from_db()
    assert own.state_reason == "尚未发布"
