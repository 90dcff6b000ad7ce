"""The gallery draws every component, and a theme can be pinned without script."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import override_settings

import plaudit
from plaudit.surfaces.design.tests.markup import Page

PARTS = Path(plaudit.__file__).parent / "surfaces" / "design" / "templates" / "design" / "parts"


@pytest.fixture
def page(client):
    answer = client.get("/console/dev/components")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_gallery_is_well_nested_and_has_each_id_label_and_landmark_once(page):
    read = Page(page)
    assert read.open == []
    assert list(read.doubles()) == []


def test_everything_a_part_points_at_is_there(page):
    assert Page(page).lost() == set()


def test_headings_start_at_one_and_skip_no_level(page):
    levels = Page(page).headings
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_gallery_has_no_inline_style_or_handler(page):
    read = Page(page)
    assert {name for name in read.attributes if name == "style" or name.startswith("on")} == set()


def test_every_part_is_shown_in_the_gallery():
    gallery = (PARTS.parent / "gallery.html").read_text("utf-8")
    layouts = "".join(path.read_text("utf-8") for path in PARTS.parent.glob("*.html"))
    everything = layouts + "".join(path.read_text("utf-8") for path in PARTS.glob("*.html"))
    unseen = [
        path.stem
        for path in PARTS.glob("*.html")
        if not re.search(rf"{{% {path.stem} ", gallery) and f"{path.stem}.html" not in everything
        if path.stem not in ("appearance_form", "breadcrumbs", "language_form")
    ]
    assert unseen == []


def test_the_page_speaks_its_language_and_direction(client):
    english = client.get("/console/dev/components").content.decode()
    with override_settings(LANGUAGES=[("en-gb", "English"), ("ar", "Arabic")]):
        arabic = client.get("/console/dev/components", headers={"accept-language": "ar"}).content.decode()
    assert '<html lang="en-gb" dir="ltr"' in english
    assert '<html lang="ar" dir="rtl"' in arabic


def test_a_pinned_theme_comes_back_on_the_next_page(client):
    answer = client.post("/me/appearance/theme", {"theme": "dark", "next": "/console/dev/components"})
    assert (answer.status_code, answer["Location"]) == (302, "/console/dev/components")
    assert 'data-theme="dark"' in client.get("/console/dev/components").content.decode()

    client.post("/me/appearance/theme", {"theme": "system", "next": "/"})
    assert "<html" in (page := client.get("/console/dev/components").content.decode())
    assert 'data-theme="' not in page


def test_pinning_a_theme_leads_nowhere_else(client):
    answer = client.post("/me/appearance/theme", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_a_theme_nobody_made_is_not_pinned(client):
    client.post("/me/appearance/theme", {"theme": 'x" onload="', "next": "/"})
    assert "onload" not in client.get("/console/dev/components").content.decode()
