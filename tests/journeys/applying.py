"""An applicant's way through the screens: search, guide, questions, form, materials, service, signature."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator

from tests.journeys.log_in import PASSWORD
from tests.journeys.visitor import Visitor
from tongban.cases.tests.story import sample
from tongban.catalogue.models import Implementation
from tongban.config.rehearsal.samples import Sample, sample_pdf


@dataclass(frozen=True)
class Filed:
    """What the applicant is told after submitting."""

    case_no: str
    password: str


def pdf(title: str) -> Any:
    """A file to hand in."""
    return {"name": f"{title}.pdf", "mimeType": "application/pdf", "buffer": sample_pdf(title, "示例")}


def find_by_words(visitor: Visitor, words: str, item: str, place: str) -> None:
    """From the home page by everyday words to the guide of the item where one lives."""
    visitor.go("/")
    box = visitor.page.locator("#q")
    box.fill(words)
    visitor.press(visitor.page.locator("form.search--hero button"))
    visitor.press(visitor.page.locator("a.item-row", has_text=item).first)
    visitor.press(visitor.page.locator("a.body-card", has_text=place).first)
    visitor.sees(item)


def begin(visitor: Visitor, applicant: str = "") -> None:
    """From the guide into the application."""
    visitor.press("在线办理")
    if applicant:
        visitor.page.get_by_label(applicant).check()
    visitor.press("开始")


def answer_questions(visitor: Visitor, answers: Mapping[str, Any]) -> None:
    """Answer one question after the other until none is asked, then go on to the form."""
    while visitor.page.locator('input[name="question"]').count():
        key = visitor.page.locator('input[name="question"]').input_value()
        given = answers[key]
        for value in given if isinstance(given, list) else [given]:
            visitor.page.locator(f'input[name="answer"][value="{value}"]').check()
        visitor.press("下一步")
    visitor.press("下一步：填表单")


def fill_in(form: Locator, data: Mapping[str, Any]) -> None:
    """Fill the form's fields by their names; what is known already stays."""
    for name, value in _flat(data):
        fields = form.locator(f'[name="{name}"]')
        if not fields.count() or not fields.first.is_editable():
            continue
        kind = fields.first.get_attribute("type") or ""
        if kind in ("radio", "checkbox"):
            _tick(form, name, value)
        elif fields.first.evaluate("e => e.tagName") == "SELECT":
            fields.first.select_option(str(value))
        else:
            fields.first.fill(str(value))


def _tick(form: Locator, name: str, value: Any) -> None:
    wanted = value if isinstance(value, list) else [value]
    for one in wanted:
        word = {True: "yes", False: "no"}.get(one, one) if isinstance(one, bool) else one
        box = form.locator(f'[name="{name}"][value="{word}"]')
        if box.count():
            box.check()


def _flat(data: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, row in enumerate(value):
                yield from _flat(row, f"{before}{key}.{number}.")
        else:
            yield f"{before}{key}", value


def fill_form(visitor: Visitor, data: Mapping[str, Any]) -> None:
    """Fill the item's form; tables that are too short grow when the form is saved."""
    form = visitor.page.locator("form[data-autosave]")
    fill_in(form, data)
    if any(isinstance(value, list) and len(value) > 1 for value in data.values()):
        visitor.press("只保存")
        fill_in(form, data)


def hand_in_materials(visitor: Visitor, *, script: bool = True) -> None:
    """Hand in a file for everything that is asked for."""
    head = visitor.page.locator(".mat__head", has_text=re.compile("要交|要改|要补"))
    asked = visitor.page.locator("section.mat", has=head)
    while asked.count():
        name = asked.first.locator("h2").inner_text().strip()[-16:]
        add_file(visitor, asked.first, pdf(name), script=script)


def add_file(visitor: Visitor, section: Locator, file: Any, *, script: bool = True, status: int = 200) -> None:
    """Choose a file; with script it goes up at once, without by its button."""
    box = section.locator('input[type="file"]').first
    visitor.expected = {status}
    if script:
        with visitor.page.expect_navigation(wait_until="load"):
            box.set_input_files(file)
        visitor.look(status)
    else:
        box.set_input_files(file)
        visitor.press(section.get_by_role("button", name="上传", exact=True), status=status)


def choose_service(visitor: Visitor, address: str = "株洲市渌口区津口路128号（示例地址）") -> None:
    """Say how to be served."""
    way = visitor.page.locator('input[name="delivery"][value="electronic"][type="radio"]')
    if way.count():
        way.check()
    visitor.page.get_by_label("我同意电子送达").check()
    visitor.fill("送达地址", address)
    visitor.fill("手机号", "19900000001")
    visitor.press("保存并到下一步")


def sign(visitor: Visitor, secret: str = PASSWORD, *, status: int = 200) -> None:
    """Sign by password and submit."""
    visitor.fill("登录密码", secret)
    visitor.press(visitor.page.locator("#sign").get_by_role("button", name="签名并提交"), status=status)


def told(visitor: Visitor) -> Filed:
    """Read number and query password from the page after submitting."""
    visitor.sees("申请已提交")
    ticket = visitor.text(".ticket")
    number = re.search(r"\d[\dA-Z\s]{30,}\d", ticket)
    assert number, ticket
    password = visitor.text(".ticket__password").strip()
    return Filed(re.sub(r"\s", "", number.group()), password)


def task_code(slug: str) -> str:
    """The task code of the body where the sample of this item would be filed."""
    from tongban.config.rehearsal.samples import implementation_for

    found: Implementation = implementation_for(sample(slug))
    return found.task_code


def apply_to_confirmation(visitor: Visitor, what: Sample, code: str, applicant: str = "") -> None:
    """From the guide to the page where one signs, without a mistake."""
    visitor.go(f"/items/{code}/")
    begin(visitor, applicant)
    answer_questions(visitor, what.answers)
    fill_form(visitor, what.form)
    visitor.press("保存并到下一步")
    hand_in_materials(visitor)
    visitor.press("保存并到下一步")
    choose_service(visitor)
