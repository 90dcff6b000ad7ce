"""The browser that tests drive: clean at the start, honest about accessibility."""

from __future__ import annotations

_PAGE = "data:text/html,<html lang=en><title>Page</title><main><h1>Page</h1>{}</main></html>"


def test_axe_finds_what_is_wrong_with_a_page(browser, axe):
    browser.get(_PAGE.format("<img src=x><p style='color:%23bbb;background:white'>Faint</p>"))

    assert {violation.rule for violation in axe()} == {"color-contrast", "image-alt"}


def test_axe_is_content_with_a_sound_page(browser, axe):
    browser.get(_PAGE.format("<p>Plain words.</p>"))

    assert axe() == []


def test_the_application_is_served_to_the_browser(browser, site):
    browser.get(site + "/no-such-page")

    assert browser.execute_script("return document.body !== null")
    browser.add_cookie({"name": "left", "value": "over"})


def test_a_test_finds_no_cookie_of_the_one_before(browser, site):
    browser.get(site + "/no-such-page")

    assert "left" not in [cookie["name"] for cookie in browser.get_cookies()]
