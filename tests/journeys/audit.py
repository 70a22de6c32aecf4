"""What must hold on every page that anybody sees: encoding, language, title, width, accessibility."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: The narrowest phone that pages must fit without moving sideways, in CSS pixels.
NARROWEST = 360

_FACTS = """() => ({
    charset: document.characterSet,
    declared: Boolean(document.querySelector('meta[charset="utf-8" i]')),
    lang: document.documentElement.lang,
    title: document.title.trim(),
    heads: document.querySelectorAll('h1').length,
    twice: [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i),
    leftover: (document.body.innerText.match(/\\{[{%].{0,40}|\\bNone\\b|&(lt|gt|amp|quot);/) || [''])[0],
})"""
_WIDER = """() => {
    const width = document.documentElement.clientWidth, page = document.documentElement.scrollWidth;
    if (page <= width) return [];
    const out = [...document.querySelectorAll('body *')].filter(e => {
        const r = e.getBoundingClientRect(); return r.right > width + 0.5 && r.width > 0; });
    return [`page is ${page} px wide in ${width} px`, ...out.slice(0, 4).map(e => e.outerHTML.slice(0, 120))];
}"""
_AXE_RUN = """async (tags) => {
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error('axe did not come to an end')), 30000));
    const run = axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']});
    const found = await Promise.race([run, late]);
    return found.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 4).map(
        n => n.target.join(' ') + '  ' + n.html.slice(0, 160) + '  ' + (n.failureSummary || '').replace(/\\s+/g, ' ').slice(0, 200))}));
}"""


@cache
def axe_source() -> str:
    """The program of axe-core.

    Raises:
        AssertionError: npm has not been asked yet; says how.
    """
    assert AXE.exists(), "axe-core is missing: run `npm ci --ignore-scripts` in the checkout"
    return AXE.read_text(encoding="utf-8")


def faults(page: Page, *, is_phone: bool) -> list[str]:
    """Everything that is wrong with the page as it is shown now."""
    found = [*_of_facts(page.evaluate(_FACTS)), *_of_width(page, is_phone=is_phone), *_of_axe(page)]
    return [f"{page.url}: {fault}" for fault in found]


def _of_facts(facts: dict[str, Any]) -> list[str]:
    wrong = []
    if facts["charset"] != "UTF-8" or not facts["declared"]:
        wrong.append(f"charset {facts['charset']}, declared: {facts['declared']}")
    if facts["lang"] not in ("zh-CN", "zh-Hans", "zh-hans"):
        wrong.append(f"lang={facts['lang']!r}")
    if not facts["title"] or facts["title"].startswith("·"):
        wrong.append(f"title {facts['title']!r}")
    if facts["heads"] != 1:
        wrong.append(f"{facts['heads']} h1")
    if facts["twice"]:
        wrong.append(f"ids used twice: {facts['twice'][:5]}")
    if facts["leftover"]:
        wrong.append(f"left over in the text: {facts['leftover']!r}")
    return wrong


def _of_width(page: Page, *, is_phone: bool) -> list[str]:
    wider: list[str] = page.evaluate(_WIDER)
    if is_phone and not wider:
        usual = page.viewport_size
        assert usual is not None
        page.set_viewport_size({"width": NARROWEST, "height": usual["height"]})
        wider = page.evaluate(_WIDER)
        page.set_viewport_size(usual)
    return wider


def _of_axe(page: Page) -> list[str]:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(axe_source())
    return [json.dumps(violation, ensure_ascii=False) for violation in page.evaluate(_AXE_RUN, STANDARDS)]
