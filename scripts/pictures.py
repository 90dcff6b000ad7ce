"""Draws the main pages of the demo company, light and dark, at a desk and on a phone: `make pictures`.

The pictures go to `docs/pictures/tour`, with a page that shows them. A demo of its own is started in a folder that is
thrown away, signed in to by its own links, and stopped again.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser import chromedriver, chromium, how_to_install

ROOT = Path(__file__).resolve().parents[1]
TOUR = ROOT / "docs" / "pictures" / "tour"
PAGE = ROOT / "docs" / "tour.md"

MINA, ASHA, TOM, PRIYA, YUKI, GRACE = "Mina", "Asha", "Tom", "Priya", "Yuki", "Grace"

# Whose page, its name, its address, and what is seen there. Behind an arrow: the last link on it that leads there.
PAGES = (
    (MINA, "home", "/", "What a member has, what it buys, and what is next."),
    (MINA, "statement", "/activity", "Every line with the balance before and after it."),
    (MINA, "earn", "/earn", "Ways to earn, with what is left of each limit."),
    (MINA, "challenges", "/challenges", "Challenges, streaks, competitions and offers."),
    (MINA, "tier", "/tier", "A level, why it is theirs, and what keeps or raises it."),
    (MINA, "expiry", "/expiry", "What expires when."),
    (MINA, "rewards", "/rewards", "The catalogue, what can be had first."),
    (MINA, "privacy", "/me/privacy", "Everything kept of a member: taken along, corrected, erased."),
    (MINA, "survey", "/have-your-say → /survey/", "A survey, one question at a time."),
    (ASHA, "service-person", "/", "The same home for somebody on the service desk."),
    (ASHA, "recognition", "/recognition", "What people noticed in one another."),
    (ASHA, "inbox", "/me/inbox", "What a person was told, the newest first."),
    (
        ASHA,
        "learning",
        "/learning",
        "What somebody learned, what they are to learn, and where there is a place.",
    ),
    (
        ASHA,
        "expectations",
        "/have-your-say/ideas → /have-your-say/bsl_",
        "Which deed deserves which reward: what staff are asked, without their names.",
    ),
    (ASHA, "ideas", "/have-your-say/ideas", "Ideas with votes, and what was done about them."),
    (TOM, "moments", "/team/", "Moments worth noticing, and who was not noticed for a week."),
    (TOM, "give", "/recognition/new", "Recognise somebody: a person, a behaviour, the button."),
    (TOM, "nominations", "/nominations", "For more than an allowance gives: a second person decides."),
    (TOM, "mirror", "/team/balance", "Whom one notices, for oneself alone."),
    (TOM, "links", "/recognition/links", "Links and codes by which customers say thank you."),
    (TOM, "thanks", "/recognition/links → /thanks/", "What a customer sees behind such a link."),
    (TOM, "wall", "/recognition/links → /team/wall/", "A team's wall, for a screen in the room."),
    (YUKI, "desk", "/console/desk", "One field that finds whoever is asking."),
    (PRIYA, "console", "/console/", "How the programme does: points, cost against budget, imports."),
    (PRIYA, "programmes", "/console/programmes", "Programmes with their versions."),
    (
        PRIYA,
        "going-on",
        "/console/challenges",
        "Who takes part, and what an offer brought against its control group.",
    ),
    (PRIYA, "members", "/console/members", "Members, found and filtered."),
    (PRIYA, "noticing", "/console/noticing", "How a company notices: from deed to thanks, by team."),
    (
        PRIYA,
        "results",
        "/console/surveys/points-basics/after-call",
        "A survey's results with their intervals; small groups are not shown.",
    ),
    (
        PRIYA,
        "baseline",
        "/console/listening → /console/listening/expectations/",
        "What staff expect, beside what today's rules pay.",
    ),
    (
        PRIYA,
        "coding",
        "/console/listening/codings → /console/listening/codings/cdg_",
        "Remarks that two people sorted, and how far they agree.",
    ),
    (PRIYA, "offerings", "/console/learning", "What is offered to learn, and how much of it is learned."),
    (PRIYA, "gaps", "/console/learning/gaps", "Who still needs what, by role."),
    (
        PRIYA,
        "list",
        "/console/learning/lists → /console/learning/lists/rll_",
        "A list of who was there, before it counts: sure, likely, unknown, twice.",
    ),
    (
        PRIYA,
        "credential",
        "/console/learning/credentials → /credentials/",
        "What whoever is shown a credential sees: whether it stands, and why.",
    ),
    (GRACE, "ledger", "/console/ledger", "The ledger, line by line."),
    (GRACE, "verification", "/console/ledger/verification", "Every invariant of the books, proven."),
)

VIEWS = {
    f"{place}-{theme}": (width, height, theme)
    for place, width, height in (("desk", 1280, 760), ("phone", 390, 844))
    for theme in ("light", "dark")
}


def main() -> int:
    """Draw everything, and write the page that shows it."""
    program, driver = chromium(), chromedriver()
    if program is None or driver is None:
        sys.stderr.write(how_to_install() + "\n")
        return 1
    TOUR.mkdir(parents=True, exist_ok=True)
    options = webdriver.ChromeOptions()
    options.binary_location = str(program)
    for option in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--disable-gpu",
    ):
        options.add_argument(option)
    with _demo() as (address, links):
        browser = webdriver.Chrome(options=options, service=Service(executable_path=str(driver)))
        try:
            for who in dict.fromkeys(page[0] for page in PAGES):
                browser.delete_all_cookies()
                browser.get(links[who])
                browser.find_element(By.CSS_SELECTOR, "main form button").click()
                WebDriverWait(browser, 20).until(lambda one: "/sign-in" not in one.current_url)
                for _, name, path, _ in (page for page in PAGES if page[0] == who):
                    _draw(browser, _found(browser, address, path), name)
                    sys.stdout.write(f"{name}\n")
        finally:
            browser.quit()
    PAGE.write_text(_page(), encoding="utf-8")
    return 0


def _found(browser: webdriver.Chrome, address: str, path: str) -> str:
    """The address of a page, looked for on another where its own is not known before."""
    on, _arrow, behind = path.partition(" → ")
    if not behind:
        return address + on
    browser.get(address + on)
    links = browser.find_elements(By.CSS_SELECTOR, f'main a[href*="{behind}"]')
    assert links, f"nothing on {on} leads to {behind}"
    return address + urlsplit(str(links[-1].get_property("href"))).path


def _draw(browser: webdriver.Chrome, address: str, name: str) -> None:
    for view, (width, height, theme) in VIEWS.items():
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {
                "features": [
                    {"name": "prefers-color-scheme", "value": theme},
                    {"name": "prefers-reduced-motion", "value": "reduce"},
                ]
            },
        )
        browser.get(address)
        assert "There is no page" not in browser.title, f"{address} is not there"
        drawn = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "webp", "quality": 80})
        (TOUR / f"{name}-{view}.webp").write_bytes(base64.b64decode(drawn["data"]))


@contextlib.contextmanager
def _demo() -> Iterator[tuple[str, dict[str, str]]]:
    """A demo of its own: its address, and a link to sign in by for each person, by first name."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="plaudit-tour-", ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o711)  # the server's own user must pass through
        started = subprocess.Popen(
            [sys.executable, "-m", "plaudit.surfaces.cli.main", "demo", "--port", str(port)],
            env={**os.environ, "PLAUDIT_HOME": home},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            assert started.stdout is not None
            said = ""
            while "Ctrl-C" not in said:
                line = started.stdout.readline()
                if not line:
                    raise SystemExit(f"The demo did not start:\n{said}")
                said += line
            links = dict(re.findall(r"^ +(\w+), .*? +(http\S+/sign-in/\S+)$", said, re.MULTILINE))
            yield f"http://localhost:{port}", links
        finally:
            started.send_signal(signal.SIGTERM)
            started.wait(60)


def _page() -> str:
    lines = [
        "# A look around",
        "",
        "The company of `make demo`, page by page; drawn by `make pictures`. Every page follows the light or the dark of",
        "whoever looks, and fits a phone.",
    ]
    for who, name, path, says in PAGES:
        lines += [
            "",
            f"## {says}",
            "",
            f"{who}, `{path.partition(' → ')[0]}`: "
            + ", ".join(f"[{view.replace('-', ', ')}](pictures/tour/{name}-{view}.webp)" for view in VIEWS)
            + ".",
            "",
            f"![{says}](pictures/tour/{name}-desk-light.webp)",
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
