"""YAML text to a tree of texts with line numbers: no types are guessed, nothing is lost, nothing repeats.

YAML decides what is a list, a map and a text, and no more: `on: purchase`, `choices: [yes, no]` and
`2026-06-01` stay what was written. Anchors, tags, several documents and keys written twice are refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.problems import Path, Problems

CHARACTERS_MAX = 256 * 1024
DEPTH_MAX = 12
ITEMS_MAX = 2_000
TEXT_LENGTH_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Text:
    """A text, number or anything else written in one piece. `is_plain` where it stood without quotes."""

    text: str
    is_plain: bool = False
    line: int = 0

    @property
    def is_empty(self) -> bool:
        """Nothing, or YAML's word for it."""
        return not self.text or (self.is_plain and self.text in ("~", "null"))


@dataclass(slots=True)
class Items:
    """A list."""

    items: list[Tree] = field(default_factory=list)
    line: int = 0


@dataclass(slots=True)
class Entries:
    """A map, in the order written. `key_lines` says where each key stands."""

    entries: dict[str, Tree] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)
    line: int = 0


Tree = Text | Items | Entries

# YAML 1.1 ends a line at these, YAML 1.2 and every editor do not.
_STRANGE_LINE_END = re.compile("[\u0085\u2028\u2029]")


def tree_of_yaml(text: str) -> tuple[Tree | None, Problems]:
    """The tree of a YAML text (None where it cannot be read at all), the lines of its paths, and its faults."""
    problems = Problems()
    builder = _Builder(problems)
    if len(text) > CHARACTERS_MAX:
        problems.note(
            (),
            worded("The file is longer than {characters_max} kB.", characters_max=CHARACTERS_MAX // 1024),
            "Split it into two programmes.",
        )
        return None, problems
    broken = _STRANGE_LINE_END.search(text)
    if broken:
        problems.lines[()] = text.count("\n", 0, broken.start()) + 1
        problems.note(
            (), worded("There is an invisible line end (U+{code:04X}).", code=ord(broken[0])), "Remove it."
        )
        return None, problems
    try:
        for event in yaml.parse(text.removeprefix("\ufeff"), Loader=yaml.SafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as fault:
        # A key without its colon is only missed on the next line; the key's own line is the context.
        is_key = "expected ':'" in str(fault.problem)
        mark = (fault.context_mark if is_key else fault.problem_mark) or fault.context_mark
        _note_fault(problems, builder, str(fault.problem), mark.line + 1 if mark else 0)
        return None, problems
    except yaml.reader.ReaderError as fault:
        problems.lines[()] = text.count("\n", 0, fault.position) + 1
        problems.note(
            (),
            worded("There is a character YAML does not allow (U+{code:04X}).", code=fault.character),
            "Remove it.",
        )
        return None, problems
    except _TooDeep as fault:
        problems.lines[()] = fault.line
        problems.note(
            (),
            worded("This is nested more than {depth_max} deep.", depth_max=DEPTH_MAX),
            "Look for a bracket that is never closed.",
        )
        return None, problems
    root = builder.root if builder.root is not None else Entries()
    problems.lines.update(_lines(root))
    return root, problems


def tree_of_data(data: Any) -> Tree:
    """The tree of plain data, as it would come from the file that spells it."""
    if isinstance(data, Mapping):
        return Entries({str(key): tree_of_data(value) for key, value in data.items()})
    if isinstance(data, Sequence) and not isinstance(data, str):
        return Items([tree_of_data(value) for value in data])
    if isinstance(data, bool):
        return Text("true" if data else "false", is_plain=True)
    if isinstance(data, int | Decimal):
        return Text(format(data, "f") if isinstance(data, Decimal) else str(data), is_plain=True)
    return Text("" if data is None else str(data), is_plain=data is None)


class _TooDeep(Exception):
    """The text is nested too deep; raised before anything recursive sees it."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(line)


class _Builder:
    """Puts YAML's events together into a tree, without recursion."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.root: Tree | None = None
        self.open: list[Items | Entries] = []
        self.keys: list[tuple[str, int] | None] = []
        self.names: list[str | int] = []
        self.documents = 0

    @property
    def path(self) -> Path:
        """Where the reading is: the names of what is open, and the key whose value is awaited."""
        key = self.keys[-1] if self.keys else None
        return (*self.names[1:], *((key[0],) if key is not None else ()))

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents == 2:
                self.note(line, "A second document starts here (---).", "Keep one programme to a file.")
        elif self.documents > 1:
            return
        elif isinstance(event, yaml.AliasEvent):
            self.note(
                line,
                worded("There is an alias (*{anchor}).", anchor=event.anchor),
                "Write out what it stands for.",
            )
            self.add(Text("", line=line))
        elif isinstance(event, yaml.NodeEvent):
            self.check_marks(event, line)
            self.start(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()
            self.keys.pop()
            self.names.pop()

    def start(self, event: yaml.NodeEvent, line: int) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self.take_text(Text(event.value, is_plain=event.style is None, line=line))
            return
        tree: Items | Entries = (
            Entries(line=line) if isinstance(event, yaml.MappingStartEvent) else Items(line=line)
        )
        self.names.append(self.own_name())
        self.add(tree)
        self.open.append(tree)
        self.keys.append(None)
        if len(self.open) > DEPTH_MAX:
            raise _TooDeep(line)

    def own_name(self) -> str | int:
        """The name under which the next thing stands in what is open."""
        inside = self.open[-1] if self.open else None
        if isinstance(inside, Items):
            return len(inside.items)
        key = self.keys[-1] if self.keys else None
        return key[0] if key is not None else ""

    def take_text(self, text: Text) -> None:
        inside = self.open[-1] if self.open else None
        if isinstance(inside, Entries) and self.keys[-1] is None:
            self.keys[-1] = (text.text, text.line)
            return
        self.check_text(text)
        self.add(text)

    def add(self, tree: Tree) -> None:
        if not self.open:
            self.root = tree
            return
        inside = self.open[-1]
        if isinstance(inside, Items):
            inside.items.append(tree)
            return
        key = self.keys[-1]
        if key is None:
            self.note(tree.line, "A list or map stands where a key is expected.", "Keys are plain words.")
            self.keys[-1] = ("", tree.line)
            return
        name, line = key
        if name in inside.entries:
            self.note(
                line,
                worded("`{name}` is written twice.", name=name),
                worded("The first is in line {key_lines}; keep one.", key_lines=inside.key_lines[name]),
            )
        inside.entries[name] = tree
        inside.key_lines[name] = line
        self.keys[-1] = None

    def check_marks(self, event: yaml.NodeEvent, line: int) -> None:
        if event.anchor is not None:
            self.note(
                line,
                worded("There is an anchor (&{anchor}).", anchor=event.anchor),
                "Remove it, and write out what is repeated.",
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.note(
                line,
                worded("There is a tag ({tag}).", tag=tag),
                "Remove it; the format knows what each text is.",
            )

    def check_text(self, text: Text) -> None:
        if len(text.text) > TEXT_LENGTH_MAX:
            self.note(
                text.line,
                worded(
                    "This text is longer than {text_length_max:,} characters.",
                    text_length_max=TEXT_LENGTH_MAX,
                ),
                "Shorten it.",
            )
        for character in text.text:
            if character not in "\n\t" and unicodedata.category(character) in (
                "Cc",
                "Cs",
                "Zl",
                "Zp",
                "Co",
                "Cn",
            ):
                self.note(
                    text.line,
                    worded("There is an invisible character (U+{code:04X}).", code=ord(character)),
                    "Remove it.",
                )
                return

    def note(self, line: int, sentence: str, advice: str) -> None:
        self.problems.lines[self.path] = line
        self.problems.note(self.path, sentence, advice, code="yaml_mark")


_FAULTS = (
    (
        "mapping values are not allowed",
        worded("There is a colon too many on this line."),
        worded("Put the text in quotes if the colon belongs to it, or look at the indentation."),
    ),
    (
        "'\\t' that cannot start",
        worded("There is a tab here."),
        worded("Indent with spaces; YAML takes no tabs."),
    ),
    ("could not find expected ':'", worded("A colon is missing after a key."), worded("Write key: value.")),
    (
        "expected ',' or '}'",
        worded("A map in braces is not closed, or a comma is missing."),
        worded("Write {amount: 5, channel: web}."),
    ),
    (
        "expected ',' or ']'",
        worded("A list in brackets is not closed, or a comma is missing."),
        worded("Write [web, shop]."),
    ),
    (
        "expected <block end>",
        worded("This line does not fit in here."),
        worded("Give it the same indentation as its neighbours."),
    ),
    (
        "cannot start any token",
        worded("A text cannot start with this character."),
        worded("Put the text in quotes."),
    ),
    (
        "unexpected end of stream",
        worded("A quote is opened and never closed."),
        worded("Close it, or double a quote that belongs to the text."),
    ),
)


def _note_fault(problems: Problems, builder: _Builder, fault: str, line: int) -> None:
    """Put what the YAML reader says into words that name the repair."""
    path = builder.path
    problems.lines[path] = line
    for known, sentence, advice in _FAULTS:
        if known in fault:
            problems.note(path, sentence, advice, code="yaml")
            return
    problems.note(
        path,
        worded("This cannot be read as YAML: {fault}.", fault=fault),
        "Compare the line with the reference.",
        code="yaml",
    )


def _lines(tree: Tree, path: Path = ()) -> Iterator[tuple[Path, int]]:
    """The line of every path. The depth is bounded by then."""
    if isinstance(tree, Entries):
        for key, inside in tree.entries.items():
            yield (*path, key), tree.key_lines.get(key, 0)
            yield from _lines(inside, (*path, key))
    elif isinstance(tree, Items):
        for number, inside in enumerate(tree.items):
            yield (*path, number), inside.line
            yield from _lines(inside, (*path, number))
