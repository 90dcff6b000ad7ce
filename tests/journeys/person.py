"""A person at a browser: signs in, taps and counts the taps, types, and reads what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from plaudit.people.actions.signing_in import make_link
from plaudit.people.tests.factories import ACTOR
from tests.browser import Violation
from tests.journeys.ways import VIEWS, WHOLE, Way

PATIENCE = 15

Judge = Callable[[], list[Violation]]

# The corners of what has focus, inside their rounding, must be what is seen there, not a bar that covers it.
_COVERED = """
const at = document.activeElement, box = at.getBoundingClientRect();
const corners = [[box.left + 4, box.top + 4], [box.right - 4, box.bottom - 4]];
return corners.some(([x, y]) => {
  const seen = document.elementFromPoint(x, y);
  return !(seen && (at.contains(seen) || seen.contains(at)));
});
"""


# How the driver says that a page went over to the next while it was being read, where it does not call it stale.
_GONE = ("does not belong to the document", "Cannot find context", "No node with given id")


def _holds_now(holds: Callable[[], bool]) -> bool:
    """Whether something holds; not while the page goes over to the next, as what was found on it is gone then."""
    try:
        return holds()
    except StaleElementReferenceException:
        return False
    except WebDriverException as error:
        if any(words in str(error) for words in _GONE):
            return False
        raise


@dataclass
class Person:
    """Somebody at a browser of a certain width, with or without script."""

    browser: WebDriver
    site: str
    taps: int = field(default=0)
    keys: int = field(default=0)

    def begin(self, way: Way) -> None:
        """Take up a phone or sit down at a desk, in the light or in the dark, with script or without."""
        size = {"width": way.width, "height": 844, "deviceScaleFactor": 1, "mobile": way.width < 600}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not way.script})
        features = [
            {"name": "prefers-color-scheme", "value": way.theme},
            {"name": "prefers-reduced-motion", "value": "reduce"},  # looked at, and not half-way between
        ]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def leave(self) -> None:
        """Leave the browser as it was found."""
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    def walk(self, pages: Iterable[str], axe: Judge) -> dict[str, object]:
        """What is wrong with these pages: by rule, or overflowing. In a few ways they take turns, in all none."""
        wrong: dict[str, object] = {}
        for turn, path in enumerate(pages):
            views = VIEWS if WHOLE else [VIEWS[turn % len(VIEWS)]]
            self.begin(views[0])
            self.opens(path)
            wrong |= {f"{path} at {way}": found for way, found in self.look(axe, views).items()}
        return wrong

    def look(self, axe: Judge, ways: Iterable[Way] = VIEWS) -> dict[Way, list[object]]:
        """What is wrong with the page as it is, in each way in which it is looked at."""
        wrong: dict[Way, list[object]] = {}
        for way in ways:
            self.begin(replace(way, script=True))  # who judges is a script
            if found := self.wrong(axe):
                wrong[way] = found
            self.begin(way)
        return wrong

    def wrong(self, axe: Judge) -> list[object]:
        """What is wrong with the page as it is: rules that it breaks, or that it is wider than the screen."""
        return [*axe(), *(["overflows"] if self.overflows() else [])]

    def sign_in(self, organisation_id: int, user_id: int) -> None:
        """Open a one-time link, and press its button."""
        link = make_link(organisation_id, user_id=user_id, actor=ACTOR)
        self.browser.get(f"{self.site}/sign-in/{link}")
        self.browser.find_element(By.CSS_SELECTOR, "main form button").click()
        self.until(lambda: "/sign-in" not in self.browser.current_url)

    def opens(self, path: str) -> None:
        """Open a page by its address."""
        self.browser.get(self.site + path)

    def tap(self, words: str) -> None:
        """Bring the link or button with these words into view, and tap it; one tap more."""

        def tapped() -> bool:
            found = self._named(words)
            if found is not None:
                self.tap_on(found)
            return found is not None

        self.until(tapped)

    def tap_on(self, thing: WebElement) -> None:
        """Bring something into view, clear of the bars, and tap it; one tap more."""
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", thing)
        thing.click()
        self.taps += 1

    def tab_to(self, words: str, *, most: int = 60) -> None:
        """Go from one thing to the next with the Tab key until the one with these words has focus."""
        for _ in range(most):
            self._press(Keys.TAB)
            focused = self.browser.switch_to.active_element
            # Past the last thing focus comes round by the body, which has every word of the page in it.
            if focused.tag_name != "body" and words in " ".join(focused.text.split()):
                assert not self.browser.execute_script(_COVERED), f"{words} is covered"
                return
        raise AssertionError(f"{words} cannot be reached with the Tab key")

    def tab_into(self, name: str, *, most: int = 60) -> None:
        """Go on with the Tab key until the field with this name has focus."""
        for _ in range(most):
            self._press(Keys.TAB)
            if self.focus().get_attribute("name") == name:
                return
        raise AssertionError(f"{name} cannot be reached with the Tab key")

    def press_enter(self) -> None:
        """Do what has focus."""
        self._press(Keys.ENTER)

    def reads(self, words: str) -> bool:
        """Whether the page says so, by and by."""
        return self.until(lambda: words in self.text())

    def text(self) -> str:
        """What the page says, spaces made plain."""
        return " ".join(self.browser.find_element(By.TAG_NAME, "body").text.split())

    def until(self, holds: Callable[[], bool], *, seconds: float = PATIENCE) -> bool:
        """Wait until something holds."""
        waiting = WebDriverWait(self.browser, seconds, poll_frequency=0.05)
        return bool(waiting.until(lambda _: _holds_now(holds)))

    def focus(self) -> WebElement:
        """What has focus; never the page as a whole."""
        focused = self.browser.switch_to.active_element
        assert focused.tag_name != "body", "focus is lost"
        return focused

    def overflows(self) -> bool:
        """Whether the page is wider than the screen."""
        found = self.browser.execute_script(
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        return bool(found)

    def _press(self, key: str) -> None:
        self.browser.switch_to.active_element.send_keys(key)
        self.keys += 1

    def _named(self, words: str) -> WebElement | None:
        """The visible link or button whose words begin like this."""
        for one in self.browser.find_elements(By.CSS_SELECTOR, "a, button, summary"):
            if one.is_displayed() and " ".join(one.text.split()).startswith(words):
                return one
        return None
