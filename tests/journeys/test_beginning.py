"""From nothing to points that somebody sees: two commands, no account, no file to fill in, and no reloading."""

from __future__ import annotations

import re
import shlex
import time

import pytest
from selenium.webdriver.common.by import By

from plaudit.surfaces.cli.tests.demos import demo_in, free_port
from tests.journeys.person import Person
from tests.journeys.ways import PHONE, only_in_every_way

pytestmark = [pytest.mark.browser, only_in_every_way]

WHOLE_SECONDS, SEEN_SECONDS = 180, 2


def test_two_commands_after_nothing_a_page_that_is_open_shows_points_and_who_gave_them(tmp_path, browser):
    began = time.monotonic()
    with demo_in(tmp_path) as demo:
        demo.start("--port", str(free_port()))
        asha = Person(browser, demo.says(r"http://localhost:\d+"))
        demo.says("Ctrl-C stops everything")
        link = re.search(r"Asha.*?(http://\S+/sign-in/\S+)", demo.said)
        assert link is not None, demo.said
        asha.begin(PHONE)
        browser.get(link[1])
        browser.find_element(By.CSS_SELECTOR, "main form button").click()
        assert asha.reads("Hello, Asha")
        before = asha.text()

        printed = re.search(r"plaudit\S* (award .*)", demo.said)
        assert printed is not None, demo.said
        awarded = demo.run(*shlex.split(printed[1]))

        assert "→" in awarded.stdout, awarded.stderr
        assert "led_" in awarded.stdout
        assert asha.until(lambda: "Calmed an upset customer" in asha.text(), seconds=SEEN_SECONDS)
        assert time.monotonic() - began <= WHOLE_SECONDS
        assert "Calmed an upset customer" not in before
        asha.tap("Why?")
        assert asha.until(
            lambda: re.search(r"50 stars from [^:]+: Calmed an upset customer\.", asha.text()) is not None
        )
        assert asha.taps == 1
        asha.leave()
