"""Two or three places side by side."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from tongban.catalogue import queries as catalogue
from tongban.catalogue.models import Implementation
from tongban.portal.comparing import compare


@pytest.fixture
def codes(city: None) -> list[str]:
    rows = Implementation.objects.filter(base__slug="food-business-licence").order_by("task_code")
    return [one.task_code for one in rows[:4]]


def guides(codes: list[str]) -> list[catalogue.Guide]:
    return [catalogue.guide(catalogue.current_version(code)) for code in codes]


def test_what_only_one_place_says_is_marked_and_what_all_say_is_not(codes: list[str]) -> None:
    one, other, third = guides(codes[:3])
    faster = other.definition.model_copy(
        update={"promised": other.definition.promised.model_copy(update={"amount": 3}), "onsite_visits": 1}
    )
    rows = {row.label: row for row in compare([one, replace(other, definition=faster), third])}
    assert rows["承诺时限"].differs
    assert [[point.text for point in cell] for cell in rows["承诺时限"].cells] == [
        ["5 个工作日"],
        ["3 个工作日"],
        ["5 个工作日"],
    ]
    assert rows["跑几次"].differs
    assert not rows["法定时限"].differs
    assert not rows["材料"].differs
    assert rows["在哪办"].differs


def test_a_place_compared_with_itself_differs_in_nothing(codes: list[str]) -> None:
    one = guides(codes[:1])[0]
    assert not [row.label for row in compare([one, one]) if row.differs]


def test_the_page_takes_two_or_three_bodies_of_the_item_and_no_others(codes: list[str]) -> None:
    client, address = Client(), reverse("portal:compare", args=["food-business-licence"])
    assert not client.get(address).context["rows"]
    assert "再选一个" in client.get(address, {"codes": [codes[0], codes[0]]}).content.decode()
    shown = client.get(address, {"codes": codes})
    assert [one.task_code for one in shown.context["guides"]] == codes[:3]
    assert "<mark>" in shown.content.decode()
    assert client.get(address, {"codes": [codes[0], "x" * 40]}).status_code == 422
    assert client.get(reverse("portal:compare", args=["no-such-item"])).status_code == 404
