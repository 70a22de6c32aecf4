"""The shells and the gallery as a browser gets them; templates and style sheets as a reviewer reads them."""

import importlib
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import OperationalError

from tongban.base.web import site, urls
from tongban.base.web.gallery import LONG_NAME
from tongban.base.web.tests.test_components import Reader

HERE = Path(__file__).parents[2]
TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
STYLES = sorted((HERE / "static" / "base").glob("*.css"))
PAGES = {
    "/the-gallery/": 200,
    "/the-gallery/desk/": 200,
    "/elder/": 200,
    "/sitemap/": 200,
    "/offline/": 200,
    "/nowhere/": 404,
    "/status/500/": 500,
    "/status/429/": 429,
}


def html_of(visitor, path):
    response = visitor.get(path)
    assert response.status_code == PAGES[path]
    return response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_the_policy_and_the_basics_of_access(visitor, path):
    reader = Reader(html_of(visitor, path))
    tags = [tag for tag, _ in reader.elements]
    assert tags.count("main") == tags.count("title") == 1
    assert tags.count("h1") == 1
    assert "style" not in tags
    for tag, attrs in reader.elements:
        assert tag != "script" or attrs.get("src")
        assert not [name for name in attrs if name.startswith("on") or name == "style"]
    ids = reader.attributes("id")
    assert len(ids) == len(set(ids))
    assert set(reader.attributes("for")) <= set(ids)
    described = " ".join(reader.attributes("aria-describedby")).split()
    assert set(described) <= set(ids)
    labelled = " ".join(reader.attributes("aria-labelledby")).split()
    assert set(labelled) <= set(ids)


@pytest.mark.parametrize("path", PAGES)
def test_every_control_of_a_page_has_a_name(visitor, path):
    html = html_of(visitor, path)
    fors = set(Reader(html).attributes("for"))
    wrapped = set(re.findall(r"<label[^>]*>.*?</label>", html, re.DOTALL))
    for tag, attrs in Reader(html).elements:
        if tag not in {"input", "select", "textarea"} or attrs.get("type") == "hidden":
            continue
        named = (
            attrs.get("id") in fors
            or "aria-label" in attrs
            or any(f'name="{attrs.get("name")}"' in label for label in wrapped)
        )
        assert named, attrs


def test_the_gallery_shows_rare_characters_and_the_longest_name(visitor):
    html = visitor.get("/the-gallery/").content.decode()
    assert "龘䶮" in html
    assert LONG_NAME in html


def test_the_demonstration_says_so_on_every_shell(visitor, settings):
    settings.DEMO = True
    for path in ("/elder/", "/nowhere/", "/the-gallery/desk/"):
        assert "演示系统 · 数据为示例 · 无法律效力" in visitor.get(path).content.decode(), path


@pytest.mark.parametrize(("debug", "offered"), [(False, False), (True, True)])
def test_the_gallery_is_offered_only_in_development(settings, debug, offered):
    settings.DEBUG = debug
    names = {pattern.name for pattern in importlib.reload(urls).urlpatterns}
    assert ("gallery" in names) is offered


def test_the_name_of_the_city_comes_from_its_pack(visitor, settings, tmp_path):
    (tmp_path / "city.yaml").write_text(
        'name: 试点市\nshort_name: 试点\nname_en: Pilot\ndivision: "439900000000"\nprovince: 试点省\n'
        'portal_name: 试点通办\nportal_name_en: Tongban Pilot\nhotline: "12345"\n',
        encoding="utf-8",
    )
    settings.CITY = str(tmp_path)
    html = visitor.get("/elder/").content.decode()
    assert "试点市政务服务" in html
    assert "株洲" not in html


def test_a_broken_pack_closes_no_page(visitor, settings, tmp_path):
    settings.CITY = str(tmp_path)
    assert visitor.get("/elder/").status_code == 200


def test_a_lost_database_closes_no_page(visitor):
    def gone():
        raise OperationalError("gone")

    site.contacts(gone)
    assert visitor.get("/nowhere/").status_code == 404


def test_the_foot_shows_the_hall_that_an_upper_room_knows(visitor):
    site.contacts(lambda: site.Contact(lines=["市民中心：一号路 1 号"], phone="0731-1234567"))
    html = visitor.get("/elder/").content.decode()
    assert "市民中心：一号路 1 号" in html
    assert 'href="tel:0731-1234567"' in html


def test_the_service_worker_may_answer_for_the_whole_site(visitor):
    response = visitor.get("/offline.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert b"/offline/" in response.content


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(HERE)))
def test_a_template_trusts_nobody_and_points_only_to_files_that_are_there(path):
    source = path.read_text(encoding="utf-8")
    assert "|safe" not in source
    assert "autoescape off" not in source
    assert " style=" not in source
    for name in re.findall(r"{% static ['\"]([^'\"]+)['\"] %}", source):
        assert finders.find(name), name


@pytest.mark.parametrize("path", [*STYLES, HERE / "static/base/app.js"], ids=lambda p: p.name)
def test_files_of_the_interface_stay_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TOKENS = dict(
    re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", (HERE / "static/base/tokens.css").read_text(encoding="utf-8"))
)
STATES = ("run", "wait", "done", "late", "pause")


@pytest.mark.parametrize("ink", ["ink", "ink-2", "ink-3", "brand", "seal", *STATES])
@pytest.mark.parametrize("ground", ["paper", "ground"])
def test_words_can_be_read_on_every_ground(ink, ground):
    assert contrast(TOKENS[ink], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize("state", STATES)
def test_a_state_can_be_read_on_its_own_tint(state):
    assert contrast(TOKENS[state], TOKENS[f"{state}-tint"]) >= 4.5


def test_borders_of_inputs_and_the_focus_ring_are_seen():
    assert contrast(TOKENS["edge"], TOKENS["paper"]) >= 3
    assert contrast(TOKENS["ink"], TOKENS["paper"]) >= 3
    assert contrast(TOKENS["focus"], TOKENS["ink"]) >= 3
