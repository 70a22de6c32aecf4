"""Codes sent to phones: limits, tries, one use, and no difference between known and unknown phones."""

from datetime import timedelta

import pytest

from tongban.base import moment
from tongban.base.tests.racing import race
from tongban.identity import commands
from tongban.identity.models import Account, PhoneCode
from tongban.identity.problems import IdentityRefusal
from tongban.identity.tests import cast
from tongban.kernel.actor import SYSTEM
from tongban.kernel.problems import Invalid, TooMany

PHONE = "19900000021"


def ask(phone=PHONE, purpose="login"):
    commands.request_phone_code(phone=phone, purpose=purpose, ip="192.0.2.1")


@pytest.mark.django_db
def test_a_code_proves_the_phone_once(pocket):
    ask("+86 199 0000 0021")
    code = pocket.code()
    assert commands.use_phone_code(phone=PHONE, purpose="login", code=code) == PHONE
    with pytest.raises(Invalid) as refused:
        commands.use_phone_code(phone=PHONE, purpose="login", code=code)
    assert "重新获取" in refused.value.fields["code"]


@pytest.mark.django_db
def test_a_code_serves_its_own_purpose_and_phone_only(pocket):
    ask()
    code = pocket.code()
    for wrong in ({"phone": PHONE, "purpose": "reset"}, {"phone": "19900000022", "purpose": "login"}):
        with pytest.raises(Invalid):
            commands.use_phone_code(code=code, **wrong)
    assert commands.use_phone_code(phone=PHONE, purpose="login", code=code)


@pytest.mark.django_db
def test_a_code_ends_after_five_minutes(pocket, freeze):
    ask()
    with freeze(moment.now() + timedelta(minutes=5, seconds=1)), pytest.raises(Invalid):
        commands.use_phone_code(phone=PHONE, purpose="login", code=pocket.code())


@pytest.mark.django_db
def test_a_newer_code_ends_the_older(pocket, freeze):
    ask()
    older = pocket.code()
    with freeze(moment.now() + timedelta(minutes=2)):
        ask()
        newer = pocket.code()
        if older != newer:
            with pytest.raises(Invalid):
                commands.use_phone_code(phone=PHONE, purpose="login", code=older)
        assert commands.use_phone_code(phone=PHONE, purpose="login", code=newer)


@pytest.mark.django_db
def test_the_code_is_not_kept_in_clear(pocket):
    ask()
    row = PhoneCode.objects.get()
    assert pocket.code().encode() not in bytes(row.code_hash)
    assert len(row.code_hash) == 32


@pytest.mark.django_db
def test_a_phone_gets_one_code_a_minute(pocket, freeze):
    start = moment.now().replace(second=1)
    with freeze(start):
        ask()
        with pytest.raises(TooMany) as refused:
            ask()
    assert len(pocket.messages) == 1
    assert refused.value.retry_after_s > 0


@pytest.mark.django_db
def test_a_silent_gateway_is_said_and_leaves_no_usable_code(pocket):
    pocket.is_down = True
    with pytest.raises(IdentityRefusal) as refused:
        ask()
    assert refused.value.code == "code_not_sent"
    assert PhoneCode.objects.get().used_at is not None


@pytest.mark.django_db
def test_known_and_unknown_phones_go_the_same_way(pocket):
    cast.citizen(PHONE)
    counts = []
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for phone in (PHONE, "19900000099"):
        with CaptureQueriesContext(connection) as queries:
            ask(phone, "reset")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert len(pocket.messages) == 2


def test_many_tries_at_once_are_still_five_and_one_wins(live_database, pocket):
    ask()
    right = pocket.code()
    wrong = f"{(int(right) + 1) % 10**6:06}"
    tries = [lambda: commands.use_phone_code(phone=PHONE, purpose="login", code=wrong) for _ in range(8)]
    refused = race(tries)
    assert all(isinstance(one, Invalid) for one in refused)
    assert PhoneCode.objects.get().tries_left == 0
    with pytest.raises(Invalid):
        commands.use_phone_code(phone=PHONE, purpose="login", code=right)


def test_the_same_code_in_two_tabs_enters_once(live_database, pocket):
    ask()
    code = pocket.code()
    outcome = race([lambda: commands.use_phone_code(phone=PHONE, purpose="login", code=code)] * 4)
    assert outcome.count(PHONE) == 1


def test_a_phone_registered_twice_at_once_is_one_account(live_database):
    made = race([lambda: commands.register_citizen(SYSTEM, phone=PHONE).pk] * 4)
    assert len(set(made)) == 1
    assert Account.objects.count() == 1


@pytest.mark.django_db
def test_old_codes_are_forgotten(pocket):
    ask()
    assert commands.forget_old_codes(at=moment.now()) == 0
    assert commands.forget_old_codes(at=moment.now() + timedelta(days=2)) == 1
