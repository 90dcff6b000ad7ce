"""The gallery draws every component, and a theme can be pinned without script."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import override_settings

import plaudit

PARTS = Path(plaudit.__file__).parent / "surfaces" / "design" / "templates" / "design" / "parts"
VOID = {"meta", "link", "input", "br", "hr", "img"}


class Page(HTMLParser):
    """Collects what a page's markup must be right about."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.pointed: list[str] = []
        self.headings: list[int] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, given in attrs:
            value = given or ""
            self.attributes.add(name)
            if name == "id":
                self.ids[value] += 1
            if name in (
                "for",
                "aria-labelledby",
                "aria-describedby",
                "popovertarget",
                "data-copy",
                "data-dialog",
            ):
                self.pointed += value.split()
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"


@pytest.fixture
def page(client):
    answer = client.get("/console/dev/components")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_gallery_is_well_nested_and_its_ids_are_unique(page):
    read = Page(page)
    assert read.open == []
    assert {name for name, count in read.ids.items() if count > 1} == set()


def test_everything_a_part_points_at_is_there(page):
    read = Page(page)
    assert set(read.pointed) - set(read.ids) == set()


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
