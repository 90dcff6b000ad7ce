"""Pages hold words two fifths longer, text twice as large and set wide, and go from right to left: nothing is cut off.

The values of text spacing are those of WCAG 2.2, 1.4.12; a width of 320 px is that of 1.4.10.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import plaudit
from tests.access.companies import make_peopled, without_limits
from tests.journeys.person import Person
from tests.journeys.ways import Way
from tests.words.pseudo import LONGER, RIGHT_TO_LEFT, spoken

STYLES = Path(plaudit.__file__).parent / "surfaces" / "design" / "styles"

PORTAL = ("/", "/activity", "/earn", "/rewards", "/challenges", "/expiry", "/me/security", "/me/privacy")
CONSOLE = ("/console/", "/console/members", "/console/ledger", "/console/programmes", "/console/imports")

SET_WIDE = """
const style = new CSSStyleSheet();
style.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
                   p { margin-block-end: 2em !important }`);
document.adoptedStyleSheets = [style];
"""
NARROW = {"width": 320, "height": 844, "deviceScaleFactor": 1, "mobile": False}
LARGE = "document.documentElement.style.fontSize = '200%'"

# What is too wide, and words that their own box cuts off. Whoever scrolls sees all of it; hidden words are for ears.
WRONG = """
const wrong = [], page = document.documentElement;
if (page.scrollWidth > page.clientWidth + 1) {
  const out = [...document.querySelectorAll("body *")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && (box.right > page.clientWidth + 1 || box.left < -1) && !each.closest(".hidden-words, .skip, .table-scroll, pre");
  });
  const widest = out.filter((each) => ![...each.children].some((child) => out.includes(child)));
  wrong.push(...widest.slice(0, 3).map((each) => `${each.tagName}.${each.className} is beside the page: ${each.textContent.trim().slice(0, 40)}`));
}
for (const each of document.querySelectorAll("body *")) {
  const style = getComputedStyle(each);
  const cuts = ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
  if (!cuts || each.matches(".hidden-words, .skip, svg, svg *, progress") || !each.textContent.trim()) continue;
  if (each.closest("[popover]:not(:popover-open), dialog:not([open])") || !each.clientWidth) continue;
  if (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1)
    wrong.push(`${each.tagName} ${each.className}: ${each.textContent.trim().slice(0, 40)}`);
}
return wrong;
"""


def test_styles_name_beginnings_and_ends_and_no_sides():
    """From right to left left is right: a style that names a side would need a second sheet."""
    sides = re.compile(
        r"(?<![\w-])((margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right)"
        r"|(left|right)\s*:|(text-align|float|clear)\s*:\s*(left|right)|border-(top|bottom)-(left|right)-radius"
        r"|(min-|max-)?(width|height)\s*:)"
    )
    named = {
        f"{path.name}:{number}": found[0]
        for path in STYLES.glob("*.css")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "@media" not in line and "@container" not in line and (found := sides.search(line))
    }
    assert list(STYLES.glob("*.css"))
    assert named == {}


# From right to left words are longer, too; in Latin letters they are wider, which shows on the fullest pages.
@pytest.mark.at_length
@pytest.mark.parametrize(
    "language, portal, console",
    [(RIGHT_TO_LEFT, PORTAL, CONSOLE), (LONGER, PORTAL[:4], CONSOLE[:1])],
    ids=["right-to-left", "longer"],
)
def test_nothing_is_cut_off_however_words_are_set(language, portal, console, browser, site):
    company = make_peopled("reflow-points")
    wrong: dict[str, list[str]] = {}
    with spoken(), without_limits():
        person = Person(browser, site)
        # A phone zooms out to show what is too wide; here it has to fit.
        person.begin(Way(width=320, theme="light"))
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", NARROW)
        try:
            for role, paths in (("member", portal), ("manager", console)):
                person.sign_in(company.id, company.users[role])
                browser.add_cookie({"name": "plaudit_language", "value": language})
                for path in paths:
                    person.opens(path)
                    assert browser.execute_script("return document.documentElement.lang") == language
                    for how in ("", SET_WIDE, LARGE):
                        browser.execute_script(how)
                        if found := browser.execute_script(WRONG):
                            wrong.setdefault(path, []).extend(found[:5])
                        if how == SET_WIDE:
                            browser.execute_script("document.adoptedStyleSheets = []")
        finally:
            browser.delete_all_cookies()
            person.leave()
    assert wrong == {}
