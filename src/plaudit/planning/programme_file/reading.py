"""One place of a programme file being read: what is asked of it is given, or noted as a problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar

from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.foundation.worded import listed, worded
from plaudit.planning.programme_file.format import KEPT_FOR_LATER
from plaudit.planning.programme_file.phrases import PhraseRefused, read_number
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.shapes import KEY, KEY_LENGTH_MAX, Section
from plaudit.planning.programme_file.tree import ITEMS_MAX, Entries, Items, Text, Tree

T = TypeVar("T")


class Place:
    """A part of the file, where it is, and the list of problems. What is absent or faulty reads as its default."""

    def __init__(self, tree: Tree | None, path: Path, problems: Problems) -> None:
        self.tree = tree
        self.path = path
        self.problems = problems

    def note(self, sentence: str, advice: str = "", *, code: str = "invalid") -> None:
        """Write a problem of this place down."""
        self.problems.note(self.path, sentence, advice, code=code)

    @property
    def is_absent(self) -> bool:
        """Whether nothing stands here."""
        return self.tree is None or (isinstance(self.tree, Text) and self.tree.is_empty)

    def named(self, pattern: str) -> list[tuple[str, Place]]:
        """As `entries`, where nothing may stand after a key."""
        if not isinstance(self.tree, Entries):
            return self.entries(pattern)
        below = [(name, self.at(name)) for name in self.tree.entries]
        for name, place in below:
            place.check_name(name, pattern, KEY_LENGTH_MAX)
        return below

    def at(self, name: str | int) -> Place:
        """The place below; absent where there is none."""
        below: Tree | None = None
        if isinstance(self.tree, Entries):
            below = self.tree.entries.get(str(name))
        elif isinstance(self.tree, Items) and isinstance(name, int):
            below = self.tree.items[name]
        return Place(below, (*self.path, name), self.problems)

    def section(self, section: Section) -> Place:
        """The place as a map with the keys of a section: notes what is unknown, missing or too much."""
        if self.is_absent and self.problems.under(self.path):
            return self  # said to be empty already
        if self.is_absent:
            self.tree = Entries()
        if not isinstance(self.tree, Entries):
            self.note(
                "This must be a map.",
                worded("Write {name}: … and so on below it.", name=section.keys[0].name),
            )
            return Place(None, self.path, self.problems)
        known = [key.name for key in section.keys]
        for name in self.tree.entries:
            if name in KEPT_FOR_LATER.get(section.name, ()):
                self.at(name).note(
                    worded("`{name}` is kept for a later version of the format.", name=name),
                    "Leave it out for now.",
                    code="later",
                )
            elif name not in known:
                below = self.at(name)
                below.note(
                    worded("There is no `{name}` here{meant}", name=name, meant=did_you_mean(name, known)),
                    code="unknown_key",
                )
        for key in section.keys:
            below = self.at(key.name)
            if key.required and below.is_absent:
                self.note(
                    worded("`{name}` is missing.", name=key.name),
                    worded("Add {name}: {example}.", name=key.name, example=key.example),
                    code="missing",
                )
            elif below.is_absent:
                below.check_not_empty()
        self._check_together(section)
        return self

    def _check_together(self, section: Section) -> None:
        chosen = [name for name in section.one_of if not self.at(name).is_absent]
        names = listed((f"`{name}`" for name in section.one_of), by="or")
        if section.one_of and not chosen:
            self.note(
                worded("One of {names} is missing.", names=names),
                worded(
                    "Add {one_of}: {example}.",
                    one_of=section.one_of[0],
                    example=section.key(section.one_of[0]).example,
                ),
                code="missing",
            )
        if len(chosen) > 1:
            together = listed(f"`{name}`" for name in chosen)
            self.note(
                worded("{together} cannot stand together.", together=together),
                "Make two of it.",
                code="too_many",
            )
        both = [name for name in section.apart if not self.at(name).is_absent]
        if len(both) > 1:
            self.note(
                worded("`{one}` and `{other}` say the same thing twice.", one=both[0], other=both[1]),
                "Keep one.",
                code="too_many",
            )

    def check_not_empty(self) -> None:
        """Note a key that is written with nothing after it: what was meant may stand too far left."""
        if self.tree is not None and self.is_absent:
            self.note("Nothing stands here.", "Fill it in, or leave the key out.", code="empty")

    def text(self, default: str = "") -> str:
        """The text, without the blanks around it."""
        if self.is_absent:
            return default
        if not isinstance(self.tree, Text):
            self.note("A text is expected here.", "Put it in quotes if it holds brackets or braces.")
            return default
        return self.tree.text.strip()

    def phrase(self, read: Callable[[str], T], default: T) -> T:
        """What the phrase means."""
        text = self.text()
        if not text:
            return default
        try:
            return read(text)
        except PhraseRefused as refused:
            self.note(refused.sentence, refused.advice, code="phrase")
            return default

    def name(self, pattern: str = KEY, length_max: int = KEY_LENGTH_MAX) -> str:
        """A key."""
        text = self.text()
        if text:
            self.check_name(text, pattern, length_max)
        return text

    def check_name(self, name: str, pattern: str, length_max: int) -> None:
        """Note a key that is not spelt as keys are."""
        if len(name) > length_max:
            self.note(
                worded(
                    "`{name}…` is longer than {length_max} characters.", name=name[:20], length_max=length_max
                ),
                "Shorten it.",
                code="name",
            )
        elif not re.fullmatch(pattern, name):
            advice = worded(
                "Use small letters, digits and hyphens, beginning with a letter, such as gift-card."
            )
            if pattern != KEY:
                advice = worded("Use letters, digits and underscores, beginning with a letter.")
            self.note(worded("`{name}` cannot be a key.", name=name), advice, code="name")

    def choice(self, options: Iterable[str], default: str) -> str:
        """One of a few words."""
        text = self.text(default)
        if text != default and text not in options:
            self.note(
                worded("`{text}` is not possible here{meant}", text=text, meant=did_you_mean(text, options)),
                code="choice",
            )
            return default
        return text

    def flag(self, *, default: bool) -> bool:
        """True or false."""
        return self.choice(("true", "false"), "true" if default else "false") == "true"

    def whole(self, least: int, most: int) -> int | None:
        """A whole number within bounds."""
        text = self.text()
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,10}", text) or not least <= int(text) <= most:
            self.note(
                worded(
                    "`{text}` is not a whole number from {least:,} to {most:,}.",
                    text=text,
                    least=least,
                    most=most,
                ),
                code="number",
            )
            return None
        return int(text)

    def number(self) -> Decimal | None:
        """A number with or without decimals, also below zero."""
        text = self.text()
        if not text:
            return None
        sign = -1 if text.startswith("-") else 1
        number = self.phrase(lambda written: read_number(written.removeprefix("-")), None)
        return None if number is None else sign * number

    def entries(self, pattern: str = KEY, length_max: int = KEY_LENGTH_MAX) -> list[tuple[str, Place]]:
        """The places of a map, by their keys, in the order written."""
        if self.is_absent:
            return []
        if not isinstance(self.tree, Entries):
            self.note("A map is expected here.", "Write key: and what belongs to it below, further in.")
            return []
        if len(self.tree.entries) > ITEMS_MAX:
            self.note(
                worded("There are more than {items_max:,} entries.", items_max=ITEMS_MAX),
                "Split the programme in two.",
            )
        below = [(name, self.at(name)) for name in self.tree.entries]
        for name, place in below:
            place.check_name(name, pattern, length_max)
            place.check_not_empty()
        return below

    def items(self) -> list[Place]:
        """The places of a list."""
        if self.is_absent:
            return []
        if not isinstance(self.tree, Items):
            self.note("A list is expected here.", "Write one item a line, each after a hyphen.")
            return []
        if len(self.tree.items) > ITEMS_MAX:
            self.note(
                worded("There are more than {items_max:,} items.", items_max=ITEMS_MAX),
                "Split the programme in two.",
            )
        below = [self.at(number) for number in range(len(self.tree.items))]
        if not below:
            self.note("The list is empty.", "Fill it in, or leave the key out.", code="empty")
        for place in below:
            place.check_not_empty()
        return below

    def one_or_more(self) -> list[Place]:
        """The one thing that stands here, or the places of a list of them."""
        if self.is_absent:
            return []
        return self.items() if isinstance(self.tree, Items) else [self]
