"""Reviewers who decide at the same moment: one of them does."""

import pytest

from tongban.base.tests.racing import race
from tongban.catalogue import commands
from tongban.catalogue.models import Implementation, ItemChange
from tongban.kernel.actor import Actor, AppointmentRef, Role
from tongban.kernel.problems import NotFound

pytestmark = pytest.mark.usefixtures("live_city")


def staff(role: Role, account: int) -> Actor:
    post = AppointmentRef(account, role, "岗位", 0, "机构", "430200000000")
    return Actor(kind="staff", account_id=account, name=f"人员{account}", appointments=(post,))


def test_six_reviewers_at_once_publish_once():
    editor = staff(Role.CATALOGUE_EDITOR, 1)
    item = Implementation.objects.get(base__slug="road-excavation")
    change = commands.change_implementation(actor=editor, task_code=item.task_code, kind="change", reason="改电话")
    content = dict(change.content) | {"consult_phone": "0731-28680861"}
    commands.save_change(actor=editor, number=change.number, revision=1, content=content)
    commands.submit_change(actor=editor, number=change.number, revision=2)

    def approves(reviewer: Actor):
        return lambda: commands.approve_change(actor=reviewer, number=change.number, revision=2)

    found = race([approves(staff(Role.LEGAL_REVIEWER, 100 + number)) for number in range(6)])
    assert sum(isinstance(one, ItemChange) for one in found) == 1
    assert all(isinstance(one, ItemChange | NotFound) for one in found), found
    assert item.versions.count() == 2


def test_two_editors_at_once_begin_one_change():
    code = Implementation.objects.get(base__slug="road-excavation").task_code

    def begins(account: int):
        editor = staff(Role.CATALOGUE_EDITOR, account)
        return lambda: commands.change_implementation(actor=editor, task_code=code, kind="change")

    found = race([begins(number) for number in range(4)])
    assert sum(isinstance(one, ItemChange) for one in found) == 1
    assert {one.code for one in found if not isinstance(one, ItemChange)} == {"change_open"}
    assert ItemChange.objects.count() == 1
