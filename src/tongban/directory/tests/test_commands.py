"""Founding, renaming and merging: who may, what follows by date, and that a refusal changes nothing."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from tongban.base import chain
from tongban.directory import commands, queries
from tongban.directory.commands import DirectoryRefusal
from tongban.directory.models import Division, Organisation, OrganisationName, OrganisationSuccession
from tongban.directory.sample_codes import sample_code
from tongban.kernel.actor import SYSTEM, VISITOR, Actor, AppointmentRef, Role
from tongban.kernel.problems import Invalid, NotFound

pytestmark = pytest.mark.django_db

DAY = date(2024, 3, 1)
BEFORE = date(2024, 2, 29)
LATER = date(2025, 6, 1)


def division(code, name, level, parent=None):
    return Division.objects.create(code=code, name=name, level=level, parent=parent, search_text=name, sort_key=name)


@pytest.fixture
def city():
    province = division("430000000000", "湖南省", "province")
    return division("430200000000", "株洲市", "city", province)


@pytest.fixture
def county(city):
    return division("430202000000", "荷塘区", "county", city)


@pytest.fixture
def bodies(city):
    made = {}
    for key, name in [("gsj", "工商局"), ("zjj", "质监局"), ("syj", "食药监局"), ("scjgj", "市场监管局")]:
        body = Organisation.objects.create(
            code=sample_code(f"430200:{key}", "11"), ref=f"430200:{key}", name=f"株洲市{name}", short_name=f"市{name}",
            kind="department", division=city, search_text=name, sort_key=name,
        )  # fmt: skip
        OrganisationName.objects.create(organisation=body, name=body.name, short_name=body.short_name)
        made[key] = body
    return made


def staff(role, division_code):
    post = AppointmentRef(1, role, "岗位", 1, "机构", division_code)
    return Actor(kind="staff", account_id=7, appointments=(post,))


def state():
    return (
        list(Organisation.objects.order_by("pk").values()),
        list(OrganisationName.objects.order_by("pk").values()),
        list(OrganisationSuccession.objects.order_by("pk").values()),
        chain.Event.objects.count(),
    )


def merge(bodies, old, new, on=DAY, actor=SYSTEM, basis="机构改革方案"):
    return commands.merge_organisations(
        actor=actor, old_codes=[bodies[key].code for key in old], new_code=bodies[new].code, on=on, basis=basis
    )


def rename(body, name="株洲市教育体育局", on=DAY, actor=SYSTEM, basis="机构改革方案"):
    return commands.rename_organisation(actor=actor, code=body.code, name=name, short_name=name[2:], on=on, basis=basis)


def test_a_merged_body_acts_to_the_day_before_and_the_new_one_from_that_day(bodies):
    merge(bodies, ["gsj", "zjj", "syj"], "scjgj")
    new = bodies["scjgj"]
    for key in ("gsj", "zjj", "syj"):
        old = queries.organisation_by_ref(f"430200:{key}")
        assert queries.acting(old, BEFORE) == old
        assert queries.acting(old, DAY) == new
        assert queries.successor(old, BEFORE) == old
        assert queries.successor(old, LATER) == new
        (event,) = chain.events(f"organisation:{old.code}")
        assert (event.kind, event.payload["new_code"], event.payload["on"]) == (
            "OrganisationMerged", new.code, "2024-03-01",
        )  # fmt: skip
    assert queries.acts_for(new, DAY) == {body.pk for body in bodies.values()}
    assert queries.acts_for(new, BEFORE) == {new.pk}
    assert queries.acts_for(bodies["gsj"], DAY) == frozenset()


def test_successions_are_followed_through_several_reforms(bodies):
    merge(bodies, ["gsj"], "zjj")
    merge(bodies, ["zjj"], "scjgj", on=LATER)
    gsj = queries.organisation_by_ref("430200:gsj")
    assert queries.successor(gsj, DAY).ref == "430200:zjj"
    assert queries.successor(gsj, LATER).ref == "430200:scjgj"
    assert queries.acts_for(bodies["scjgj"], LATER) == {bodies[key].pk for key in ("gsj", "zjj", "scjgj")}


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ((["gsj"], "zjj", DAY), (["gsj"], "scjgj", LATER), "already_followed"),
        ((["gsj"], "zjj", DAY), (["syj"], "gsj", LATER), "gap"),
        ((["gsj"], "zjj", LATER), (["zjj"], "gsj", DAY), "circle"),
    ],
)
def test_a_merger_that_leaves_a_gap_or_a_circle_is_refused(bodies, first, second, code):
    merge(bodies, first[0], first[1], on=first[2])
    before = state()
    with pytest.raises(DirectoryRefusal) as refused:
        merge(bodies, second[0], second[1], on=second[2])
    assert refused.value.code == code
    assert state() == before


def test_one_bad_body_stops_the_whole_merger(bodies):
    Organisation.objects.filter(ref="430200:zjj").update(valid_to=date(2020, 1, 1))
    before = state()
    with pytest.raises(DirectoryRefusal, match="organisation_ended"):
        merge(bodies, ["gsj", "zjj"], "scjgj")
    assert state() == before


def test_a_body_that_has_not_begun_cannot_be_merged(bodies):
    Organisation.objects.filter(ref="430200:gsj").update(valid_from=LATER)
    with pytest.raises(DirectoryRefusal, match="not_begun"):
        merge(bodies, ["gsj"], "scjgj")


@pytest.mark.parametrize(("old", "basis"), [([], "方案"), (["gsj", "gsj"], "方案"), (["gsj"], " ")])
def test_a_merger_needs_bodies_and_a_basis(bodies, old, basis):
    before = state()
    with pytest.raises(Invalid):
        merge(bodies, old, "scjgj", basis=basis)
    assert state() == before


def test_a_body_cannot_be_merged_into_itself(bodies):
    before = state()
    with pytest.raises(DirectoryRefusal, match="circle"):
        merge(bodies, ["gsj"], "gsj")
    assert state() == before


MAY = [(SYSTEM, True), (staff(Role.IT_ADMIN, "430200000000"), True), (staff(Role.IT_ADMIN, "430000000000"), True)]
MAY_NOT = [
    (VISITOR, False),
    (Actor(kind="citizen", account_id=3, person_id=3), False),
    (Actor(kind="client", client_id=5, scopes=frozenset({"cases:write"})), False),
    (staff(Role.IT_ADMIN, "430202000000"), False),
    (staff(Role.IT_ADMIN, "430300000000"), False),
    *((staff(role, "430200000000"), False) for role in Role if role != Role.IT_ADMIN),
]


@pytest.mark.parametrize(("actor", "may"), [*MAY, *MAY_NOT])
@pytest.mark.parametrize("act", ["merge", "rename", "found"])
def test_only_it_administrators_of_the_division_or_above_reorganise(bodies, city, actor, may, act):
    def do():
        if act == "merge":
            merge(bodies, ["gsj"], "scjgj", actor=actor)
        elif act == "rename":
            rename(bodies["gsj"], actor=actor)
        else:
            found(city, actor=actor)

    before = state()
    if may:
        do()
        assert state() != before
    else:
        with pytest.raises(NotFound):
            do()
        assert state() == before


def test_a_renamed_body_keeps_its_code_and_documents_the_name_of_their_day(bodies):
    body = rename(bodies["gsj"])
    assert body.code == bodies["gsj"].code
    assert queries.name_on(body, BEFORE) == "株洲市工商局"
    assert queries.name_on(body, DAY) == "株洲市教育体育局"
    assert queries.organisation(body.code).name == "株洲市教育体育局"
    assert queries.search_organisations("教育体育")[0] == body
    assert queries.successor(body, LATER) == body
    (event,) = chain.events(f"organisation:{body.code}")
    assert event.kind == "OrganisationRenamed"


def test_a_name_from_a_future_day_is_shown_from_that_day(bodies, freeze):
    with freeze(datetime(2024, 2, 1, tzinfo=UTC)):
        body = rename(bodies["gsj"])
        assert queries.organisation(body.code).name == "株洲市工商局"
        assert commands.put_names_in_force(actor=SYSTEM, on=BEFORE) == []
    assert commands.put_names_in_force(actor=SYSTEM, on=DAY) == [body]
    assert queries.organisation(body.code).name == "株洲市教育体育局"
    assert commands.put_names_in_force(actor=SYSTEM, on=DAY) == []


def test_people_do_not_put_names_in_force(bodies):
    with pytest.raises(NotFound):
        commands.put_names_in_force(actor=staff(Role.IT_ADMIN, "430200000000"), on=DAY)


@pytest.mark.parametrize(
    ("name", "on", "code"),
    [
        ("株洲市工商局", DAY, "same_name"),
        ("株洲市质监局", DAY, "name_taken"),
        ("株洲市新局", date(2019, 1, 1), "name_not_last"),
        ("株洲市新局", LATER, "organisation_ended"),
    ],
)
def test_a_rename_that_cannot_be_is_refused(bodies, name, on, code):
    OrganisationName.objects.filter(organisation=bodies["gsj"]).update(valid_from=date(2020, 1, 1))
    Organisation.objects.filter(ref="430200:gsj").update(valid_to=date(2025, 1, 1))
    before = state()
    with pytest.raises(DirectoryRefusal) as refused:
        rename(bodies["gsj"], name=name, on=on)
    assert refused.value.code == code
    assert state() == before


def found(city, actor=SYSTEM, **changes):
    values = {
        "code": "11430000006122244L",
        "ref": "430200:new",
        "name": "株洲市新设局",
        "short_name": "市新设局",
        "kind": "department",
        "division_code": city.code,
        "parent_code": None,
        "on": DAY,
        "basis": "批复",
    }
    return commands.found_organisation(actor=actor, **{**values, **changes})


def test_a_founded_body_exists_from_its_day_and_can_take_over(bodies, city):
    new = found(city, parent_code=bodies["scjgj"].code)
    assert not new.holds(BEFORE)
    assert new.holds(DAY)
    assert new.parent == bodies["scjgj"]
    merge({**bodies, "new": new}, ["gsj"], "new")
    assert queries.acting(bodies["gsj"], DAY) == new
    with pytest.raises(DirectoryRefusal, match="gap"):
        merge({**bodies, "new": new}, ["zjj"], "new", on=BEFORE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "11430000006122244M"),
        ("code", "short"),
        ("kind", "castle"),
        ("name", "株洲市工商局"),
        ("ref", "430200:gsj"),
        ("basis", ""),
    ],
)
def test_a_body_with_a_wrong_or_taken_field_is_not_founded(bodies, city, field, value):
    before = state()
    with pytest.raises(Invalid) as refused:
        found(city, **{field: value})
    assert field in refused.value.fields
    assert state() == before


def test_an_unknown_body_or_division_is_not_found(bodies, city):
    for act in (
        lambda: found(city, division_code="430299000000"),
        lambda: found(city, parent_code="11430000006122244L"),
        lambda: commands.merge_organisations(
            actor=SYSTEM, old_codes=["11430000006122244L"], new_code=bodies["gsj"].code, on=DAY, basis="方案"
        ),
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE directory_division SET level = 'village'",
        "UPDATE directory_division SET valid_from = '2020-01-01', valid_to = '2020-01-01'",
        "UPDATE directory_division SET internal = true",
        "UPDATE directory_organisation SET code = 'I' || substr(code, 2)",
        "UPDATE directory_organisation SET name = '同名'",
        "UPDATE directory_organisation SET parent_id = id",
        """INSERT INTO directory_organisationname (organisation_id, name, short_name, basis)
           SELECT organisation_id, 'x', 'x', '' FROM directory_organisationname""",
    ],
)
def test_the_database_refuses_what_cannot_be(bodies, statement):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
