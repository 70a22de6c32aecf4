"""Elder mode lives in one cookie and works without script."""

import pytest
from django.test import Client

from tongban.base.web.elder import COOKIE, SIZES


@pytest.mark.parametrize("size", SIZES)
def test_the_choice_is_kept_and_the_page_grows(visitor, size):
    answer = visitor.post("/elder/", {"size": size, "next": "/sitemap/"})
    assert (answer.status_code, answer["Location"]) == (302, "/sitemap/")
    cookie = visitor.cookies[COOKIE]
    assert (cookie.value, cookie["samesite"], bool(cookie["httponly"])) == (str(size), "Lax", True)
    page = visitor.get("/sitemap/").content.decode()
    assert f'class="elder elder--{size}"' in page
    assert "base/elder.css" in page
    assert "读给我听" in page
    assert "普通版" in page


@pytest.mark.parametrize("size", ["0", "", "21", "20;x", "9999999999"])
def test_anything_else_is_the_ordinary_page(visitor, size):
    visitor.cookies[COOKIE] = "20"
    visitor.post("/elder/", {"size": size})
    assert visitor.cookies[COOKIE].value == ""
    assert "base/elder.css" not in visitor.get("/sitemap/").content.decode()


@pytest.mark.parametrize("value", ["<script>", "2 0", "-20", "abc"])
def test_a_forged_cookie_is_the_ordinary_page(visitor, value):
    page = visitor.get("/sitemap/", headers={"Cookie": f"{COOKIE}={value}"}).content.decode()
    assert "elder--" not in page


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "\\\\evil.example"]
)
def test_the_way_back_never_leaves_the_site(visitor, there):
    assert visitor.post("/elder/", {"size": "20", "next": there})["Location"] == "/"


def test_a_foreign_form_cannot_switch_it():
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/elder/", {"size": "20"})
    assert answer.status_code == 403
    assert COOKIE not in answer.cookies
    assert "刷新那一页" in answer.content.decode()


def test_the_page_of_sizes_marks_the_one_in_use(visitor):
    visitor.cookies[COOKIE] = "24"
    page = visitor.get("/elder/").content.decode()
    assert 'btn--main" name="size" value="24"' in page
