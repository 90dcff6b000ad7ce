"""How pages look: pinned in this browser, and only what the design carries."""

from __future__ import annotations

import pytest

from plaudit.surfaces.console.tests.shops import make_company
from plaudit.surfaces.console.tests.test_pages import text_of

PAGE = "/me/appearance"


@pytest.mark.parametrize("role", ["member", "manager"])
def test_what_was_pinned_is_on_every_page_and_chosen_on_the_form(role):
    somebody = make_company().person(role)
    assert "data-motion" not in text_of(somebody.get(PAGE))

    pinned = {"theme": "dark", "density": "compact", "motion": "none", "next": PAGE}
    assert somebody.post(f"{PAGE}/theme", pinned)["Location"] == PAGE

    page = text_of(somebody.get("/me/profile"))
    assert 'data-theme="dark" data-density="compact" data-motion="none"' in page
    assert text_of(somebody.get(PAGE)).count(" checked") == 3
    somebody.post(f"{PAGE}/theme", {"theme": "", "density": "", "motion": "", "next": PAGE})
    assert "data-theme" not in text_of(somebody.get("/me/profile"))


def test_what_the_design_does_not_carry_is_not_pinned():
    somebody = make_company().person("manager")

    somebody.post(f"{PAGE}/theme", {"motion": "wild", "next": PAGE})

    assert "data-motion" not in text_of(somebody.get(PAGE))
