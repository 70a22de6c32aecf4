"""What staff do at the desk: find a case, act on it."""

import re

from playwright.sync_api import Locator, expect

from tests.journeys.visitor import PATIENCE_MS, Visitor


def open_from_inbox(visitor: Visitor, case_no: str) -> None:
    """From the desk's first page through the inbox to the case."""
    visitor.go("/desk/")
    visitor.press(visitor.page.locator(f'table.grid a[href*="{case_no}"]'))
    visitor.sees(case_no[-4:])


def acts(visitor: Visitor) -> Locator:
    """The part of the case page where one acts."""
    return visitor.page.locator("#acts")


def do(visitor: Visitor, act: str, *chosen: str, **typed: str) -> None:
    """Do an act that asks for nothing, or for choices and words by label."""
    within = acts(visitor).locator(".act", has=visitor.page.get_by_text(act, exact=False)).first
    if within.evaluate("e => e.tagName === 'DETAILS' && !e.open"):
        within.locator("summary").first.click()
    for label in chosen:
        within.get_by_label(label, exact=True).check()
    for label, value in typed.items():
        within.get_by_label(label).first.fill(value)
    visitor.press(within.get_by_role("button", name=re.compile(act)).last)


def give_opinion(visitor: Visitor, words: str, *, agree: bool = True) -> None:
    """Tick the list, agree or not, and write why."""
    within = acts(visitor).locator(".act--open")
    for box in within.locator('input[name="checklist"]').all():
        box.check()
    within.locator(f'input[name="agree"][value="{"yes" if agree else "no"}"]').check()
    within.get_by_role("textbox", name="意见").fill(words)
    visitor.press(within.get_by_role("button", name="提交意见"))


def decide(visitor: Visitor, *, granted: bool, reason: str, basis: str = "", status: int = 200) -> None:
    """Decide on the application."""
    within = acts(visitor).locator(".act", has=visitor.page.locator('input[name="granted"]'))
    within.locator(f'input[name="granted"][value="{"yes" if granted else "no"}"]').check()
    within.get_by_label("意见或理由").fill(reason)
    within.get_by_label("法律依据").fill(basis)
    visitor.press(within.get_by_role("button", name="作出决定"), status=status)


def is_in_state(visitor: Visitor, words: str) -> None:
    """The case page shows this state."""
    expect(visitor.page.locator(".casehead")).to_contain_text(words, timeout=PATIENCE_MS)


def draw_on(visitor: Visitor, canvas: Locator) -> None:
    """Sign on the pad."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    mouse = visitor.page.mouse
    mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.3)
    mouse.down()
    for part in (0.4, 0.5, 0.7):
        mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] * (1 - part), steps=4)
    mouse.up()
