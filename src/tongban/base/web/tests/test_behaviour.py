"""What the script adds, in a real browser, and that nothing is lost without it."""

import json
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler

from tongban.base.web.tests import urls

pytestmark = pytest.mark.browser


class ThreadedServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def address(settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), ThreadedServer, QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    urls.posted.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(chromium, address):
    context = chromium.new_context(base_url=address, locale="zh-CN", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda line: page.complaints.append(line.text) if line.type == "error" else None)
    yield page
    context.close()


@pytest.mark.parametrize("path", ["/the-gallery/", "/the-gallery/desk/", "/elder/", "/hooks/"])
def test_pages_fit_every_width_and_keep_the_policy(page, path):
    page.goto(path)
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []


@pytest.mark.parametrize("size", [20, 24, 30])
def test_the_largest_type_still_fits_a_phone(page, address, size):
    page.context.add_cookies([{"name": "tongban_elder", "value": str(size), "url": address}])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/elder/")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == size
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate(
        """[...document.querySelectorAll('main button, main a.btn, .util button, .util a.btn')]
        .filter(e => e.offsetParent).map(e => e.getBoundingClientRect()).filter(r => r.height < 59.5 || r.width < 59.5).length"""
    )
    assert small == 0


def test_a_form_that_is_pressed_twice_is_sent_once(page):
    page.goto("/hooks/")
    page.evaluate("for (let i = 0; i < 3; i++) document.querySelector('#once button').click()")
    page.wait_for_url("**/counted/")
    assert [body["act"] for body in urls.posted] == ["send"]


def test_typing_saves_itself(page):
    page.goto("/hooks/")
    page.fill("#words", "你好")
    page.locator("#saved", has_text="已自动保存").wait_for()
    assert [(body["words"], body["autosave"]) for body in urls.posted] == [("你好", "1")]


def test_what_could_not_be_saved_is_told_and_tried_again(page):
    page.goto("/hooks/")
    page.context.set_offline(True)
    page.fill("#words", "断网")
    page.locator("#saved", has_text="还没有保存上").wait_for()
    page.context.set_offline(False)
    page.locator("#saved", has_text="已自动保存").wait_for()
    assert [body["words"] for body in urls.posted] == ["断网"]


def test_a_file_goes_up_at_once_and_a_refused_one_shows_the_page_again(page):
    page.goto("/hooks/")
    page.set_input_files("#id_file", {"name": "bad.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    page.wait_for_selector(".file", state="detached")
    page.set_input_files("#id_file", {"name": "好.pdf", "mimeType": "application/pdf", "buffer": b"x" * 9})
    page.wait_for_url("**/hooks/?size=9")


def test_a_dialog_opens_takes_the_focus_and_gives_it_back(page):
    page.goto("/hooks/")
    page.focus("#open")
    page.keyboard.press("Enter")
    assert page.evaluate("document.getElementById('ask').contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "open"


def test_a_signature_becomes_strokes_between_zero_and_one(page):
    page.goto("/hooks/")
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 80, steps=5)
    page.mouse.move(box["x"] + 9000, box["y"] + 80)
    page.mouse.up()
    (stroke,) = json.loads(page.input_value("#sign [name=strokes]"))
    assert len(stroke) >= 6
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in stroke)
    page.click("[data-sign-clear]")
    assert page.input_value("#sign [name=strokes]") == ""


def test_a_refusal_behind_htmx_stands_in_the_flash(page):
    page.goto("/hooks/")
    page.click("#live")
    page.wait_for_selector("#flash [role=alert]")
    assert "不能再发补正告知书" in page.inner_text("#flash")


def test_single_keys_move_mark_and_can_be_switched_off(page):
    page.goto("/the-gallery/desk/")
    for key in "jjx":
        page.keyboard.press(key)
    at = "[...document.querySelectorAll('[data-grid] tbody tr:not(.band)')].findIndex(r => r.classList.contains('is-at'))"
    assert page.evaluate(at) == 1
    assert page.locator("[data-grid] tbody input:checked").count() == 1
    page.keyboard.press("?")
    page.uncheck("[data-keys] input")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate(at) == 1


def test_without_script_the_dialog_the_upload_and_the_sizes_still_work(chromium, address):
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/hooks/")
    assert page.locator(".copy").is_hidden()
    page.set_input_files("#id_file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"xy"})
    page.click("text=上传")
    page.wait_for_url("**/hooks/?size=2")
    page.click("#open")
    assert page.locator("#ask").is_visible()
    page.goto("/elder/")
    page.click("text=关怀版 · 更大")
    assert page.locator("html").get_attribute("class") == "elder elder--24"
    context.close()


def test_when_the_net_is_gone_a_page_says_so(page):
    page.goto("/elder/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.goto("/hooks/")
    assert page.inner_text("h1") == "网断了"
