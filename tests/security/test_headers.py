"""Headers and cookies of every kind of answer: pages, errors, files, style sheets, the API."""

import re

import pytest
from django.test import Client, override_settings

WANTED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def check(answer) -> None:
    policy = answer["Content-Security-Policy"]
    scripts = re.search(r"script-src ([^;]*)|default-src 'none'", policy)
    assert scripts
    assert "unsafe" not in scripts.group(0)
    assert "frame-ancestors 'self'" in policy
    for name, value in WANTED.items():
        assert answer[name] == value, name
    assert "X-Request-ID" in answer
    assert "Server" not in answer
    assert "X-Powered-By" not in answer


def test_every_answer_has_them(things, browser):
    citizen = browser("citizen")
    for address in ("/", "/my/", "/nowhere", "/track/view/", "/api/v1/items", "/api/v1/nowhere", "/offline.js",
                    "/static/base/tokens.css", "/elder/", "/accounts/login/password/", "/search/?q=%00",
                    f"/files/{things['file'].public_id}", f"/documents/{things['paper'].public_id}.pdf",
                    f"/verify/{things['paper'].verify_code}"):  # fmt: skip
        check(citizen.get(address))
    check(browser().post("/payments/notify", "{}", content_type="application/json"))
    check(browser(enforce_csrf_checks=True).post("/track/", {}))
    check(citizen.get("/messages/1/open/"))


@pytest.mark.usefixtures("city")
def test_a_fault_of_ours_is_told_without_a_word_of_it(browser, monkeypatch):
    def broken(*_args, **_sent):
        raise RuntimeError("secret 430212197803120021")

    monkeypatch.setattr("tongban.portal.web.home.render", broken)
    monkeypatch.setattr("tongban.catalogue.queries.list_implementations", broken)
    for address in ("/", "/api/v1/items"):
        answer = browser().get(address)
        assert answer.status_code == 500
        check(answer)
        said = answer.content.decode()
        assert "430212" not in said
        assert "RuntimeError" not in said
        assert "Traceback" not in said


@pytest.mark.usefixtures("city")
def test_a_foreign_host_name_is_not_answered():
    with override_settings(ALLOWED_HOSTS=["tongban.example"]):
        answer = Client(raise_request_exception=False).get("/", headers={"Host": "evil.example"})
        assert answer.status_code == 400
        assert "evil.example" not in answer.content.decode()
        answer = Client(raise_request_exception=False).get(
            "/", headers={"Host": "tongban.example", "X-Forwarded-Host": "evil.example"}
        )
        assert "evil.example" not in answer.content.decode()


def test_private_pages_are_not_kept_by_browsers_or_proxies(things, browser):
    number = things["done"].no
    for who, address in (
        ("citizen", "/my/"), ("citizen", f"/my/cases/{number}/"), ("citizen", "/account/"), ("citizen", "/messages/"),
        ("citizen", f"/files/{things['file'].public_id}"), ("citizen", f"/documents/{things['paper'].public_id}.pdf"),
        ("citizen", f"/apply/drafts/{things['draft'].public_id}/form/"), ("officer", f"/desk/cases/{number}/"),
        ("officer", "/desk/cases/"), ("clerk", f"/window/drafts/{things['clerk_draft'].public_id}/"),
    ):  # fmt: skip
        answer = browser(who).get(address)
        assert answer.status_code == 200, address
        assert {"no-store", "private"} <= set(re.split(r",\s*", answer["Cache-Control"])), address


def test_a_file_cannot_run_or_name_itself_into_a_header(things, browser):
    from tongban.files.commands import safe_name
    from tongban.files.models import StoredFile

    hostile = 'a"\r\nSet-Cookie: x=1\r\n\r\n<script>../../etc/passwd\u202egpj.exe;filename=b.html'
    name = safe_name(hostile, "application/pdf")
    assert not set(name) & set('"\r\n/\\<>\u202e')
    StoredFile.objects.filter(pk=things["file"].pk).update(name=name)
    answer = browser("citizen").get(f"/files/{things['file'].public_id}?download")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Set-Cookie" not in answer.headers
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    for path in ("/files/../../etc/passwd", "/files/..%2f..%2fetc%2fpasswd", "/static/../config/settings/base.py",
                 "/static/..%2f..%2fvar/secrets.env", "/static//etc/passwd"):  # fmt: skip
        assert browser("citizen").get(path).status_code == 404


@pytest.mark.usefixtures("city")
def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(browser, cast):
    client = browser()
    client.post("/elder/", {"size": "20"})
    client.post("/language/", {"language": "en"})
    client.post("/accounts/login/password/", {"login": "19900000001", "password": "zhuzhou-demo-2026"})
    assert {"tongban_elder", "django_language", "sessionid"} <= set(client.cookies)
    for name, cookie in client.cookies.items():
        assert cookie["samesite"] == "Lax", name
        assert cookie["httponly"], name
