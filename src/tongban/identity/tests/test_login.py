"""Log-in as people do it: phone code, password, second factor; and what stays shut."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from tongban.base.models import RateWindow
from tongban.identity import commands
from tongban.identity.models import Account, PhoneCode
from tongban.identity.tests import cast
from tongban.kernel.actor import SYSTEM, Role

pytestmark = pytest.mark.django_db
PHONE = "19900000051"


def totp(shift=0):
    return format_hotp_value(hotp_value(cast.SEED, int(time.time()) // 30 + shift))


@pytest.fixture
def officer():
    account = cast.staff("zhou.qiming", Role.CASE_OFFICER, at=cast.organisation(), name="周启明")
    return commands.set_password(SYSTEM, account_id=account.pk, password=cast.PASSWORD)


def password_login(client, login, password=cast.PASSWORD):
    return client.post("/accounts/login/password/", {"login": login, "password": password})


def test_a_citizen_registers_and_logs_in_by_a_code(client, pocket):
    assert client.get("/accounts/login/").status_code == 200
    sent = client.post("/accounts/login/", {"act": "send", "phone": PHONE, "next": "/account/"})
    assert "验证码已发出" in sent.content.decode()
    wrong = client.post("/accounts/login/", {"act": "login", "phone": PHONE, "code": "abcdef"})
    assert wrong.status_code == 422
    done = client.post("/accounts/login/", {"act": "login", "phone": PHONE, "code": pocket.code(), "next": "/account/"})
    assert (done.status_code, done["Location"]) == (302, "/account/")
    page = client.get("/account/").content.decode()
    assert "199****0051" in page
    assert PHONE not in page
    assert Account.objects.get().terms_agreed_at is not None


def test_nobody_is_led_off_this_site(client, pocket):
    client.post("/accounts/login/", {"act": "send", "phone": PHONE})
    data = {"act": "login", "phone": PHONE, "code": pocket.code(), "next": "https://evil.example/"}
    assert client.post("/accounts/login/", data)["Location"] == "/"


def test_staff_need_password_and_second_factor(client, officer):
    commands.set_demo_totp(officer, cast.SEED)
    first = password_login(client, "Zhou.Qiming")
    assert first["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    assert "演示" in client.get(first["Location"]).content.decode()
    code = totp()
    done = client.post(first["Location"], {"code": code})
    assert done["Location"] == "/desk/"
    page = client.get("/account/")
    assert "株洲市人力资源和社会保障局" in page.content.decode()
    # The same code does not open a second session.
    other = Client()
    password_login(other, "zhou.qiming")
    again = other.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" not in other.session
    assert "动态口令不对或已用过" in again.content.decode()


def test_staff_without_second_factor_must_set_it_up_first(client, officer):
    assert password_login(client, "zhou.qiming").status_code == 302
    shut = client.get("/account/")
    assert shut["Location"] == "/accounts/2fa/totp/activate/"
    page = client.get(shut["Location"])
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    done = client.post(shut["Location"], {"code": code})
    assert done["Location"] == "/accounts/login/password/"
    assert "_auth_user_id" not in client.session
    assert secret not in str(officer.authenticator_set.get().data)


def test_a_session_without_the_second_factor_holds_no_post(client, officer):
    commands.set_demo_totp(officer, cast.SEED)
    client.force_login(officer)
    assert client.get("/account/delegations/")["Location"] == "/accounts/2fa/reauthenticate/"
    cast.log_in(client, officer)
    assert client.get("/account/delegations/").status_code == 200


def test_unknown_names_and_wrong_passwords_look_and_cost_the_same(officer, monkeypatch):
    hashed = []
    original = MD5PasswordHasher.encode

    def counting(self, password, salt):
        hashed.append(password)
        return original(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    pages = [password_login(Client(), name, "not the pass-phrase") for name in ("zhou.qiming", "nobody.here")]
    assert len(hashed) == 2
    assert [page.status_code for page in pages] == [422, 422]
    assert all("账号或密码不对" in page.content.decode() for page in pages)


def test_too_many_failures_wait_even_with_the_right_password(client, officer):
    for _ in range(8):
        password_login(client, "zhou.qiming", "wrong")
    page = password_login(client, "zhou.qiming")
    assert page.status_code == 422
    assert "分钟后再试" in page.content.decode()


def test_a_phone_opens_with_a_password_too_and_the_session_does_not_keep_the_phone(client):
    account = cast.citizen(PHONE)
    commands.set_password(SYSTEM, account_id=account.pk, password=cast.PASSWORD)
    assert password_login(client, PHONE)["Location"] == "/"
    assert PHONE not in str(dict(client.session))


def test_a_password_is_reset_by_a_code_and_other_sessions_end(client, pocket):
    account = cast.citizen(PHONE)
    elsewhere = cast.log_in(Client(), account)
    client.post("/accounts/password/reset/", {"act": "send", "phone": PHONE})
    data = {"act": "reset", "phone": PHONE, "code": pocket.code(), "password": "12345678901"}
    assert client.post("/accounts/password/reset/", data).status_code == 422
    data["password"] = cast.PASSWORD
    assert client.post("/accounts/password/reset/", data).status_code == 302
    assert elsewhere.get("/account/").status_code == 302
    assert password_login(client, PHONE).status_code == 302


def test_a_closed_account_does_not_open(client, pocket):
    account = cast.citizen(PHONE)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    client.post("/accounts/login/", {"act": "send", "phone": PHONE})
    page = client.post("/accounts/login/", {"act": "login", "phone": PHONE, "code": pocket.code()})
    assert page.status_code == 403
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path",
    ["/account/", "/account/seen/", "/account/real-name/", "/account/password/", "/account/delegations/",
     "/account/sessions/", "/accounts/2fa/"],
)  # fmt: skip
def test_account_pages_ask_for_log_in(client, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_the_desk_is_not_there_for_citizens_and_the_citizens_pages_say_so_to_staff(client, officer):
    cast.log_in(client, cast.citizen(PHONE))
    assert client.get("/account/delegations/").status_code == 404
    cast.log_in(client, officer)
    assert client.get("/account/seen/").status_code == 403


@pytest.mark.parametrize(
    "path", ["/account/", "/account/seen/", "/account/real-name/", "/account/password/", "/account/sessions/"]
)
def test_every_page_of_a_citizen_opens(client, path):
    cast.log_in(client, cast.citizen(PHONE))
    assert client.get(path).status_code == 200


def test_real_name_form_keeps_what_was_typed_and_says_what_is_wrong(client, clerk):
    cast.log_in(client, cast.citizen(PHONE, name=""))
    page = client.post("/account/real-name/", {"name": "陈桂兰", "document_number": "430212197803120029"})
    assert page.status_code == 422
    assert "430212197803120029" in page.content.decode()
    done = client.post("/account/real-name/", {"name": "陈桂兰", "document_number": "430212197803120021"})
    assert done.status_code == 302
    assert "430***********" in client.get("/account/").content.decode()


def test_preferences_are_kept_and_carried_to_the_browser(client):
    cast.log_in(client, cast.citizen(PHONE))
    answer = client.post("/account/preferences/", {"language": "en", "email": "a@example.com", "elder_mode": "on"})
    assert answer.status_code == 302
    assert answer.cookies["django_language"].value == "en"
    assert answer.cookies["tongban_elder"].value == "20"
    assert client.post("/account/preferences/", {"language": "", "email": "nonsense"}).status_code == 422


def test_somebody_sees_where_they_are_logged_in_and_ends_it_elsewhere(pocket):
    phones = [Client(headers={"user-agent": agent}) for agent in ("X Android MicroMessenger Chrome", "X Firefox/130")]
    for phone in phones:
        PhoneCode.objects.all().delete()
        RateWindow.objects.all().delete()
        phone.post("/accounts/login/", {"act": "send", "phone": PHONE})
        phone.post("/accounts/login/", {"act": "login", "phone": PHONE, "code": pocket.code()})
    page = phones[0].get("/account/sessions/").content.decode()
    assert "手机 · 微信" in page
    assert "电脑 · Firefox" in page
    assert phones[0].post("/account/sessions/").status_code == 302
    assert phones[0].get("/account/").status_code == 200
    assert phones[1].get("/account/").status_code == 302


def test_who_posts_after_the_session_ended_comes_back_to_the_page_of_the_form():
    page = "http://testserver/desk/cases/1/?show=a#acts"
    late = Client().post("/desk/cases/1/complete_step/", headers={"referer": page})
    assert late["Location"] == "/accounts/login/password/?next=/desk/cases/1/%3Fshow%3Da"
    foreign = Client().post("/account/real-name/", headers={"referer": "http://evil.example/desk/"})
    assert foreign["Location"] == "/accounts/login/?next=/account/real-name/"
    reader = Client()
    reader.post("/account/real-name/")
    assert "登录已过期" in reader.get("/accounts/login/").content.decode()
    assert "登录已过期" not in Client().get("/accounts/login/").content.decode()


def test_a_form_of_an_earlier_log_in_is_not_taken_and_says_how_to_go_on(officer):
    client = cast.log_in(Client(enforce_csrf_checks=True), officer)
    stale = client.post("/desk/cases/1/accept/")
    assert stale.status_code == 403
    page = stale.content.decode()
    assert "这一页放得太久了" in page
    assert "重新提交" in page
    assert "没有这项权限" not in page
