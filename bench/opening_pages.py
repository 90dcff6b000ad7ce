"""Opens pages in headless Chromium as a slow phone would, and measures what came and how it felt."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser import chromedriver, chromium, how_to_install

# A phone on a slow line (ux 7.1): 150 ms there and back, 1.6 Mbit/s, a processor four times slower.
LATENCY_MS, BYTES_A_SECOND, SLOWER = 150, 1_600_000 // 8, 4

_WATCH = """
window.watched = {lcp: 0, shift: 0, blocking: 0, interaction: 0};
const see = (type, note, more) => new PerformanceObserver(list => list.getEntries().forEach(note))
  .observe({type, buffered: true, ...more});
see("largest-contentful-paint", one => { watched.lcp = Math.max(watched.lcp, one.startTime); });
see("layout-shift", one => { if (!one.hadRecentInput) watched.shift += one.value; });
see("longtask", one => { watched.blocking += Math.max(0, one.duration - 50); });
// From the press to what follows the frame after it. The browser's own "event" entries end only with the next
// input, however late that comes, where nothing is painted anew.
for (const kind of ["keydown", "keyup", "pointerdown", "pointerup", "click"]) addEventListener(kind, pressed =>
  requestAnimationFrame(() => setTimeout(() => {
    watched.interaction = Math.max(watched.interaction, performance.now() - pressed.timeStamp);
    sessionStorage.slowest = Math.max(sessionStorage.slowest || 0, watched.interaction);  // over pages
  })), true);
"""
_OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """One page: bytes over the wire the first time and again, what they were, and how it felt."""

    cold_bytes: float
    repeat_bytes: float
    requests: float
    script_bytes: float
    html_bytes: float
    elsewhere: float
    lcp_ms: float
    blocking_ms: float
    shift: float
    interaction_ms: float
    nodes: float


@dataclass(frozen=True, slots=True)
class _Came:
    """What came over the wire for one page."""

    total: int
    requests: int
    script: int
    html: int
    elsewhere: int


class Opener:
    """A browser that opens pages of one address."""

    def __init__(self, address: str) -> None:
        program, driver = chromium(), chromedriver()
        if program is None or driver is None:
            raise SystemExit(f"There is no browser. {how_to_install()}")
        self.address = address
        self._profile = tempfile.TemporaryDirectory(prefix="plaudit-budgets-", ignore_cleanup_errors=True)
        options = webdriver.ChromeOptions()
        options.binary_location = str(program)
        for option in (*_OPTIONS, f"--user-data-dir={self._profile.name}"):
            options.add_argument(option)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
        self._browser = webdriver.Chrome(options=options, service=Service(executable_path=str(driver)))

    def __enter__(self) -> Self:
        self._tell("Network.enable")
        # What comes over the wire is measured, not what a worker of ours kept.
        self._tell("Network.setBypassServiceWorker", bypass=True)
        self._tell("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)
        self._tell(
            "Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._browser.quit()
        self._profile.cleanup()

    def sign_in(self, link: str) -> None:
        """Become whoever this one-time link is for."""
        self._slow(slow=False)
        self._browser.delete_all_cookies()
        self._browser.get(self.address + link)
        self._browser.find_element(By.CSS_SELECTOR, "main form button").click()

    def open(self, path: str, *, runs: int) -> Opened:
        """Open the page so many times with nothing kept, and each time once more; the median of each figure."""
        self._slow(slow=True)
        found = [self._once(path) for _ in range(runs)]
        return Opened(*(median(getattr(one, name) for one in found) for name in Opened.__slots__))

    def walk(self, path: str, taps: Sequence[str], *, until: str, runs: int) -> float:
        """Open a page and tap one thing after the other, over pages; the slowest interaction in milliseconds.

        `taps` and `until`, what is there in the end, are CSS selectors. It is walked so many times; the median counts.
        """
        self._slow(slow=True)
        return median(self._walk(path, taps, until) for _ in range(runs))

    def _walk(self, path: str, taps: Sequence[str], until: str) -> float:
        self._browser.get(self.address + path)
        self._browser.execute_script("sessionStorage.removeItem('slowest')")
        for one in taps:
            found = self._wait_for(one)
            self._browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
            found.click()
            time.sleep(0.3)  # until it has been painted
        self._wait_for(until)
        slowest: str | None = self._browser.execute_script("return sessionStorage.getItem('slowest')")
        assert slowest is not None, "nothing was tapped"
        return float(slowest)

    def _wait_for(self, selector: str) -> WebElement:
        waiting = WebDriverWait(self._browser, 30)
        try:
            return waiting.until(lambda browser: browser.find_element(By.CSS_SELECTOR, selector))
        except TimeoutException:
            said = self._browser.find_element(By.TAG_NAME, "main").text
            raise SystemExit(f"{self._browser.current_url} has no {selector}: {said[:500]}") from None

    def _once(self, path: str) -> Opened:
        self._tell("Network.clearBrowserCache")
        cold = self._load(path)
        felt = self._felt()
        nodes = self._browser.execute_script("return document.querySelectorAll('*').length")
        again = self._load(path)
        return Opened(
            cold_bytes=cold.total,
            repeat_bytes=again.total,
            requests=cold.requests,
            script_bytes=cold.script,
            html_bytes=cold.html,
            elsewhere=cold.elsewhere,
            lcp_ms=felt["lcp"],
            blocking_ms=felt["blocking"],
            shift=felt["shift"],
            interaction_ms=felt["interaction"],
            nodes=nodes,
        )

    def _load(self, path: str) -> _Came:
        self._browser.get("about:blank")
        self._log()
        self._browser.get(self.address + path)
        time.sleep(0.5)  # what scripts ask for after loading counts as well
        return _came(self._log(), urlsplit(self.address).netloc)

    def _log(self) -> list[dict[str, Any]]:
        """What the browser noted of its requests since it was last asked."""
        browser: Any = self._browser  # the method has no types
        noted: list[dict[str, Any]] = browser.get_log("performance")
        return noted

    def _felt(self) -> dict[str, float]:
        """How the page felt, after going through it with the keyboard and pressing what opens in place."""
        keys = ActionChains(self._browser)
        for _ in range(6):
            keys.send_keys(Keys.TAB).pause(0.2)
        keys.perform()
        for summary in self._browser.find_elements(By.CSS_SELECTOR, "main summary")[:2]:
            self._browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", summary)
            summary.click()
            time.sleep(0.3)  # until it has been painted
        felt: dict[str, float] = self._browser.execute_script("return window.watched")
        return felt

    def _slow(self, *, slow: bool) -> None:
        speed = BYTES_A_SECOND if slow else -1
        self._tell(
            "Network.emulateNetworkConditions", offline=False, latency=LATENCY_MS if slow else 0,
            downloadThroughput=speed, uploadThroughput=speed,
        )  # fmt: skip
        self._tell("Emulation.setCPUThrottlingRate", rate=SLOWER if slow else 1)

    def _tell(self, command: str, **values: Any) -> None:
        self._browser.execute_cdp_cmd(command, values)


def _came(log: list[dict[str, Any]], host: str) -> _Came:
    """What the browser's own log says of one page's requests; what it kept itself costs nothing."""
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    elsewhere = 0
    for entry in log:
        message = json.loads(entry["message"])["message"]
        method, values = message["method"], message["params"]
        if method == "Network.requestWillBeSent" and values["request"]["url"].startswith("http"):
            kinds[values["requestId"]] = values.get("type", "")
            elsewhere += urlsplit(values["request"]["url"]).netloc != host
        elif method == "Network.loadingFinished" and values["requestId"] in kinds:
            sizes[values["requestId"]] = int(values["encodedDataLength"])

    def of(kind: str) -> int:
        return sum(size for one, size in sizes.items() if kinds[one] == kind)

    return _Came(sum(sizes.values()), len(kinds), of("Script"), of("Document"), elsewhere)
