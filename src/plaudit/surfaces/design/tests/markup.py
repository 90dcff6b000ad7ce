"""What a page's markup must be right about, read from the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "hr", "img", "wbr", "source"}
POINTS = ("for", "aria-labelledby", "aria-describedby", "popovertarget", "data-copy", "data-dialog")
# What is a landmark by itself, and what only if it has a name.
LANDMARKS = {"nav": "navigation", "aside": "complementary", "main": "main", "search": "search"}
NAMED = {"section": "region", "form": "form"}


class Page(HTMLParser):
    """Collects what a page's markup must be right about."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.labels: Counter[str] = Counter()
        self.pointed: list[str] = []
        self.headings: list[int] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self._inside: list[str] = []  # the ids of what is open, "" where it has none
        self._words: dict[str, str] = {}
        self._landmarks: list[tuple[str, str | None, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.attributes.update(given)
        here = given.get("id", "")
        if here:
            self.ids[here] += 1
        if tag == "label" and "for" in given:
            self.labels[given["for"]] += 1
        for name in POINTS:
            self.pointed += given.get(name, "").split()
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        role = given.get("role") or LANDMARKS.get(tag) or NAMED.get(tag)
        if role in {*LANDMARKS.values(), *NAMED.values()}:
            self._landmarks.append((role, given.get("aria-label"), given.get("aria-labelledby", "")))
        if tag not in VOID:
            self.open.append(tag)
            self._inside.append(here)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"
        self._inside.pop()

    def handle_data(self, data: str) -> None:
        for one in filter(None, self._inside):
            self._words[one] = self._words.get(one, "") + data

    def landmarks(self) -> Counter[tuple[str, str]]:
        """How often each role comes with each name; a region or a form without a name is none."""
        found: Counter[tuple[str, str]] = Counter()
        for role, label, by in self._landmarks:
            said = label if label is not None else "".join(self._words.get(one, "") for one in by.split())
            name = " ".join(said.split())
            if name or role not in NAMED.values():
                found[role, name] += 1
        return found

    def doubles(self) -> Iterator[str]:
        """What is there twice and may be once: an id, a field's label, and a landmark's role and name."""
        yield from (f"the id {one}" for one, count in self.ids.items() if count > 1)
        yield from (f"the label of {one}" for one, count in self.labels.items() if count > 1)
        yield from (f"the {role} {name}" for (role, name), count in self.landmarks().items() if count > 1)

    def lost(self) -> set[str]:
        """What is pointed at and not there."""
        return set(self.pointed) - set(self.ids)
