"""Applying without a mouse: everything is reached by Tab, seen where one is, pressed by Enter or Space."""

from tests.journeys import applying
from tests.journeys.log_in import PASSWORD
from tests.journeys.visitor import Visitor
from tongban.cases.models import Case
from tongban.cases.tests import story

OWNER = "19900000001"
#: More presses than any page has stops.
STOPS_MAX = 150

_HERE = """() => {
    const e = document.activeElement, r = e.getBoundingClientRect(), s = getComputedStyle(e), l = e.closest('label, .drop, .pick');
    const ring = x => x && getComputedStyle(x).outlineStyle !== 'none' && parseFloat(getComputedStyle(x).outlineWidth) > 0;
    const marked = ring(e) || ring(l) || ring(e.nextElementSibling) || s.boxShadow !== 'none' || (l && getComputedStyle(l).boxShadow !== 'none');
    // Inside a date the browser marks year, month, day and its own button itself.
    const inside = e.type === 'date' && !e.matches(':focus-visible');
    return {name: e.name || '', value: e.value || '', words: (e.innerText || e.getAttribute('aria-label') || '').trim(), tag: e.tagName,
        seen: r.width > 0 && r.height > 0, marked: Boolean(marked || inside), html: e.outerHTML.slice(0, 140)};
}"""


def tab_to(visitor: Visitor, is_it) -> None:
    """Press Tab until the element is the wanted one; each stop must be seen."""
    for _ in range(STOPS_MAX):
        visitor.page.keyboard.press("Tab")
        here = visitor.page.evaluate(_HERE)
        if here["tag"] == "BODY":
            continue
        assert here["marked"], f"one does not see where one is: {here['html']}"
        if is_it(here):
            return
    raise AssertionError(f"not reached by Tab on {visitor.page.url}")


def enter(visitor: Visitor, words: str) -> None:
    """Go to a button or link by its words and press Enter."""
    tab_to(visitor, lambda here: here["words"] == words and here["tag"] in ("BUTTON", "A"))
    visitor.expected = {200}
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    visitor.look()


def choose(visitor: Visitor, name: str, value: str) -> None:
    """Go to the question and move with the arrows, as with any group of radio buttons; tick boxes by the space bar."""
    tab_to(visitor, lambda here: here["name"] == name)
    for _ in range(10):
        here = visitor.page.evaluate("() => ({value: document.activeElement.value, type: document.activeElement.type})")
        if here["value"] == value:
            visitor.page.keyboard.press("Space")
            return
        visitor.page.keyboard.press("ArrowDown" if here["type"] == "radio" else "Tab")
    raise AssertionError(f"{name}={value} not reached")


def test_the_first_stop_leads_to_the_content(window):
    visitor = window("desktop")
    visitor.go("/")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.textContent").strip() == "跳到正文"
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "main"


def test_applying_with_the_keyboard_only(window, backstage):
    visitor = window("desktop", who=OWNER)
    visitor.go(f"/items/{applying.task_code(story.FOOD)}/")
    enter(visitor, "在线办理")
    enter(visitor, "开始")
    answers = story.sample(story.FOOD).answers
    while visitor.page.locator('input[name="question"]').count():
        given = answers[visitor.page.locator('input[name="question"]').input_value()]
        for value in given if isinstance(given, list) else [given]:
            choose(visitor, "answer", value)
        enter(visitor, "下一步")
    enter(visitor, "下一步：填表单")
    tab_to(visitor, lambda here: here["name"] == "area")
    visitor.page.keyboard.type("86.5")
    tab_to(visitor, lambda here: here["words"] == "只保存")
    visitor.expected = {200}
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    visitor.look()
    assert visitor.page.locator('[name="area"]').input_value() == "86.5"


def hand_in(visitor: Visitor, place: int = 1) -> None:
    """Go to the first (second…) place for files and choose one; it goes up at once."""
    # Listened for before the way there: asked for with the key itself, the browser may be faster than the listening.
    visitor.page.once("filechooser", lambda chooser: chooser.set_files(applying.pdf("布局图")))
    for _ in range(place):
        # Not the button that takes the file of an earlier case.
        tab_to(visitor, lambda here: here["name"] == "file" and here["tag"] == "INPUT")
    visitor.expected = {200}
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    visitor.look()


def sign(visitor: Visitor, leads_to: str) -> None:
    """Write the password and press Enter in its field."""
    tab_to(visitor, lambda here: here["name"] == "secret")
    visitor.page.keyboard.type(PASSWORD)
    visitor.expected = {200}
    with visitor.page.expect_navigation(url=leads_to):
        visitor.page.keyboard.press("Enter")
    visitor.look()


def test_handing_in_signing_correcting_and_withdrawing_with_the_keyboard_only(window, backstage, cast):
    draft = story.empty_draft(cast.citizen)
    visitor = window("desktop", who=OWNER)
    visitor.go(f"/apply/drafts/{draft.public_id}/materials/")
    hand_in(visitor)
    hand_in(visitor, place=2)
    enter(visitor, "保存并到下一步")
    enter(visitor, "保存并到下一步")
    sign(visitor, "**/done/**")
    visitor.sees("申请已提交")

    case = Case.objects.get(case_no=visitor.page.url.split("/")[-3])
    asked = case.materials.filter(source="file").earliest("pk").key
    story.Walk(case).receive().notify(asked, field="area")
    enter(visitor, "看进度")
    enter(visitor, "去补正")
    hand_in(visitor)
    tab_to(visitor, lambda here: here["name"] == "area")
    visitor.page.keyboard.press("ControlOrMeta+a")
    visitor.page.keyboard.type("92")
    enter(visitor, "下一步：签名提交")
    visitor.sees("92")
    sign(visitor, f"**/my/cases/{case.case_no}/")

    enter(visitor, "撤回申请")
    tab_to(visitor, lambda here: here["name"] == "reason")
    visitor.page.keyboard.type("暂时不开店了")
    enter(visitor, "确定撤回")
    visitor.sees("已撤回申请")
    case.refresh_from_db()
    assert case.state == "withdrawn"


def test_working_through_the_inbox_with_single_keys(window, backstage):
    """j goes down, x marks, a marks all, c takes on the row one is at, Enter opens, u goes back to the row."""
    for _ in range(3):
        story.walk().receive().accept()
    visitor = window("desktop", who="lukou.shijian")
    visitor.go("/desk/cases/?kind=step&claimed=nobody")
    keyboard = visitor.page.keyboard
    keyboard.press("j")
    keyboard.press("j")
    here = visitor.page.locator("tr.is-at")
    assert here.count() == 1
    assert visitor.page.evaluate("document.activeElement.closest('tr').classList.contains('is-at')")
    keyboard.press("x")
    assert visitor.page.locator("input[name=key]:checked").count() == 1
    visitor.sees("已选 1 件")
    keyboard.press("x")
    assert visitor.page.locator("input[name=key]:checked").count() == 0
    keyboard.press("a")
    assert (
        visitor.page.locator("input[name=key]:checked").count() == visitor.page.locator("input[name=key]").count() >= 3
    )
    keyboard.press("a")
    number = here.locator("input[name=key]").get_attribute("value")
    with visitor.page.expect_navigation():
        keyboard.press("c")
    visitor.look()
    visitor.sees("已领办 1 件")
    visitor.go("/desk/cases/?claimed=me")
    assert visitor.page.locator(f'input[value="{number}"]').count() == 1
    keyboard.press("j")
    with visitor.page.expect_navigation(url="**/desk/cases/*/"):
        keyboard.press("Enter")
    visitor.look()
    with visitor.page.expect_navigation(url="**/desk/cases/?claimed=me"):
        keyboard.press("u")
    assert here.count() == 1
