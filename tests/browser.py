"""A real browser for tests: Chromium found or installed, driven by selenium, judged by axe-core.

Run as a program it makes sure that there is one: `python -m tests.browser`.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from tests.decided import is_decided

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_DRIVER = ("chromedriver", "chromium.chromedriver")
_PLACES = (
    "/usr/lib/chromium",
    "/usr/lib/chromium-browser",
    "/usr/lib64/chromium-browser",
    "/snap/bin",
    "/opt/google/chrome",
    "/opt/homebrew/bin",
    "/Applications/Chromium.app/Contents/MacOS",
    "/Applications/Google Chrome.app/Contents/MacOS",
)

# Each machine's own way, tried in this order by root, told to everybody else.
_INSTALLERS = {
    "apt-get": "apt-get install -y --no-install-recommends chromium chromium-driver",
    "dnf": "dnf install -y chromium chromedriver",
    "apk": "apk add chromium chromium-chromedriver",
    "pacman": "pacman -S --noconfirm chromium",
    "zypper": "zypper --non-interactive install chromium chromedriver",
    "brew": "brew install --cask chromium chromedriver",
}

_OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # root and most containers have none to offer; only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--window-size=1280,900",
)

_AXE = """
const done = arguments[arguments.length - 1];
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const scrolls = box => /auto|scroll/.test(getComputedStyle(box).overflow)
  && (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight);
// What puts a thing partly out of sight: a box around it that scrolls, or a bar that floats above it.
const puts = node => {
  const thing = document.querySelector(node.target[0]), {left, right, top, bottom} = thing.getBoundingClientRect();
  for (let box = thing.parentElement; box && box !== document.body; box = box.parentElement)
    if (scrolls(box)) return "box";
  const corners = [[left, top], [right, top], [left, bottom], [right, bottom], [(left + right) / 2, (top + bottom) / 2]];
  const above = corners.map(([x, y]) => document.elementFromPoint(x, y)).find(seen => seen && !thing.contains(seen));
  return above && above.closest(".bar, .action-bar") ? "bar" : "";
};
axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations", "incomplete"]})
   .then(({violations, incomplete}) => {
           incomplete.forEach(({nodes}) => nodes.forEach(node => { node.puts = puts(node); }));
           done(JSON.stringify({violations, incomplete}));
         })
   .catch(fault => done(JSON.stringify({fault: String(fault)})));
"""


@dataclass(frozen=True)
class Violation:
    """One accessibility rule that a page breaks, or may break, and where (CSS selectors).

    Where axe cannot tell by itself, `undecided` has its word for why; `tests/decided.py` has what people decided.
    """

    rule: str
    impact: str
    says: str
    where: tuple[str, ...]
    undecided: str = ""

    def __str__(self) -> str:
        how = f"undecided: {self.undecided}" if self.undecided else self.impact
        return f"{self.rule} ({how}): {self.says} at {', '.join(self.where)}"


def wanted() -> bool:
    """Whether this run has not explicitly left browser tests out."""
    return os.environ.get("PLAUDIT_BROWSER") != "none"


def chromium() -> Path | None:
    """The browser: PLAUDIT_CHROMIUM, else the first on the PATH, else in the usual places."""
    return _find("PLAUDIT_CHROMIUM", (*_CHROMIUM, "Chromium", "Google Chrome"))


def chromedriver() -> Path | None:
    """Its driver, looked for in the same way."""
    return _find("PLAUDIT_CHROMEDRIVER", _DRIVER)


def how_to_install() -> str:
    """One sentence that says what to do on this machine."""
    command = next((command for name, command in _INSTALLERS.items() if shutil.which(name)), None)
    act = f"Run: {command}" if command else "Install Chromium and chromedriver"
    return f"{act} (as an administrator), or leave the browser tests out with PLAUDIT_BROWSER=none."


def make_sure() -> str | None:
    """Find a browser, installing one where root may; None if there is one, else what to do about it."""
    if not wanted() or (chromium() and chromedriver()):
        return None
    if os.geteuid() == 0:
        for name, command in _INSTALLERS.items():
            if shutil.which(name):
                if name == "apt-get":
                    subprocess.run(["apt-get", "update", "-q"], check=False)
                subprocess.run(command.split(), check=False)
                break
    if chromium() and chromedriver():
        return None
    return f"The browser tests need Chromium and chromedriver, and they are not here. {how_to_install()}"


@pytest.fixture(scope="session")
def _driver() -> Iterator[webdriver.Chrome]:
    program, driver = chromium(), chromedriver()
    if program is None or driver is None:
        pytest.fail(f"There is no browser. {how_to_install()}")
    with tempfile.TemporaryDirectory(prefix="plaudit-browser-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = str(program)
        for option in (*_OPTIONS, f"--user-data-dir={profile}"):
            options.add_argument(option)
        running = webdriver.Chrome(options=options, service=Service(executable_path=str(driver)))
        running.set_page_load_timeout(30)
        running.set_script_timeout(30)
        yield running
        running.quit()


@pytest.fixture
def browser(_driver: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """A browser that remembers nothing: no cookie, no storage, an empty page. Its last page asks for nothing more."""
    _driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    _driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
    _driver.set_window_size(1280, 900)
    yield _driver
    # A page that stays open asks what changed, and whoever follows the book waits for those who ask.
    _driver.get("about:blank")
    _end_streams()


@contextmanager
def served() -> Iterator[str]:
    """The address of the application, served to this machine by threads of this process, as long as it lasts."""
    server = _Server(("127.0.0.1", 0), _Quiet)
    server.set_app(get_wsgi_application())
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        _end_streams()  # nobody looks for pages any more that nobody serves
        server.shutdown()
        server.server_close()
        thread.join()
        server.hang_up()


def _end_streams() -> None:
    from plaudit.surfaces.live.views import streams  # noqa: PLC0415  # only once Django is set up

    streams.end()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The application, served for all tests."""
    with served() as address:
        yield address


class _Server(ThreadedWSGIServer):
    """A server that is gone when it is closed: browsers keep connections, and its threads would go on serving them."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.lines: list[socket.socket] = []

    def get_request(self) -> tuple[socket.socket, Any]:
        """Take a connection, and remember it."""
        line, address = super().get_request()
        self.lines.append(line)
        return line, address

    def hang_up(self) -> None:
        """End every connection that is still there."""
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class _Quiet(WSGIRequestHandler):
    """Serves without a word for every request."""

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def axe(browser: webdriver.Chrome) -> Callable[[], list[Violation]]:
    """Judges the page the browser shows by WCAG 2.2 AA and axe's best practices; returns what it breaks."""
    source = _axe_source()

    def judge() -> list[Violation]:
        if not browser.execute_script("return 'axe' in window"):
            browser.execute_script(source)
        found: Any = json.loads(browser.execute_async_script(_AXE))
        assert found.keys() == {"violations", "incomplete"}, found
        wrong = [_violation(rule, rule["nodes"]) for rule in found["violations"]]
        return wrong + [
            _violation(rule, [node], _why_undecided(node))
            for rule in found["incomplete"]
            for node in rule["nodes"]
            if not is_decided(rule["id"], _why_undecided(node), _where(node))
        ]

    return judge


def _violation(rule: dict[str, Any], nodes: list[dict[str, Any]], undecided: str = "") -> Violation:
    where = tuple(map(_where, nodes))
    return Violation(rule["id"], rule["impact"] or "minor", rule["help"], where, undecided)


def _where(node: dict[str, Any]) -> str:
    return " ".join(map(str, node["target"]))


def _why_undecided(node: dict[str, Any]) -> str:
    """What axe says of why it cannot tell, such as `imgNode`; the check's own name where it says nothing.

    Where something is partly out of sight, also what puts it there, as far as that is seen.
    """
    check: dict[str, Any] = [*node["any"], *node["all"], *node["none"]][0]
    data = check.get("data")
    why = str(data.get("messageKey") or check["id"]) if isinstance(data, dict) else str(check["id"])
    return f"{why} {node['puts']}".strip() if why == "elmPartiallyObscured" else why


def _axe_source() -> str:
    """axe-core as the package ships it. The package is never imported: it would ask for Playwright."""
    spec = importlib.util.find_spec("axe_playwright_python")
    assert spec is not None and spec.submodule_search_locations
    return (Path(spec.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")


def _find(variable: str, names: tuple[str, ...]) -> Path | None:
    named = os.environ.get(variable)
    if named:
        return Path(named) if Path(named).exists() else None
    for name in names:
        found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(_PLACES))
        if found:
            return Path(found)
    return None


if __name__ == "__main__":
    missing = make_sure()
    if missing:
        sys.exit(missing)
