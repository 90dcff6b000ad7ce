"""Filters and paths (RFC 7644, 3.4.2.2 and 3.5.2): their grammar, read into a tree. Pure."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from plaudit.people.scim.refusals import FilterNotTaken, PathNotTaken, ScimRefusal
from plaudit.people.scim.schemas import Attribute, Schema, can_be_kept

LENGTH_MAX = 4_000
DEPTH_MAX = 20

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<word>[A-Za-z$][\w$.:\-]*)|(?P<number>-?\d+(?:\.\d+)?)|(?P<mark>[()\[\].]))'
)
COMPARISONS = frozenset({"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"})
_VALUES = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Path:
    """An attribute, or a part of one. `extension` is the name of the schema it stands under, if not the first."""

    attribute: Attribute
    part: Attribute | None = None
    extension: str = ""

    @property
    def leaf(self) -> Attribute:
        """What is compared: the part, the value of a list, or the attribute itself."""
        return self.part or (self.attribute.part("value") if self.attribute.many else None) or self.attribute


@dataclass(frozen=True, slots=True)
class Compare:
    path: Path
    how: str
    value: str | bool | float | None


@dataclass(frozen=True, slots=True)
class Present:
    path: Path


@dataclass(frozen=True, slots=True)
class Within:
    """Some value of a list meets a filter as a whole."""

    path: Path
    inside: Filter


@dataclass(frozen=True, slots=True)
class Not:
    inside: Filter


@dataclass(frozen=True, slots=True)
class Both:
    left: Filter
    right: Filter


@dataclass(frozen=True, slots=True)
class Either:
    left: Filter
    right: Filter


Filter = Compare | Present | Within | Not | Both | Either


@dataclass(frozen=True, slots=True)
class Target:
    """What a change is made to: an attribute, some values of it by a filter, a part of it or of those."""

    path: Path
    where: Filter | None = None


class Reading:
    """Reads one filter or path by the attributes of these schemas; the first is the resource's own."""

    def __init__(self, text: str, schemas: tuple[Schema, ...], refusal: type[ScimRefusal]) -> None:
        if len(text) > LENGTH_MAX:
            raise refusal(f"It is longer than {LENGTH_MAX} characters.")
        self._schemas, self._refusal = schemas, refusal
        self._tokens = list(_tokens(text, refusal))
        self._at = 0
        self._depth = 0

    def filter(self) -> Filter:
        """All of it as a filter."""
        found = self._either(within=None)
        self._end()
        return found

    def target(self) -> Target:
        """All of it as the path of a change."""
        path, where = self._path(self._take("word"), within=None), None
        if self._next_is("["):
            if not path.attribute.many or path.part is not None:
                raise self._refusal(f"{path.attribute.name} has no values to choose from.")
            where = self._bracketed(path)
            if self._next_is("."):
                self._at += 1
                path = Path(path.attribute, self._part(path.attribute, self._take("word")), path.extension)
        self._end()
        return Target(path, where)

    def _either(self, within: Attribute | None) -> Filter:
        found = self._both(within)
        while self._word_is("or"):
            self._at += 1
            found = Either(found, self._both(within))
        return found

    def _both(self, within: Attribute | None) -> Filter:
        found = self._single(within)
        while self._word_is("and"):
            self._at += 1
            found = Both(found, self._single(within))
        return found

    def _single(self, within: Attribute | None) -> Filter:
        self._depth += 1
        if self._depth > DEPTH_MAX * 10:
            raise self._refusal("It has too many parts.")
        if self._word_is("not") and self._peek(1) == ("mark", "("):
            self._at += 1
            return Not(self._in_brackets(within))
        if self._next_is("("):
            return self._in_brackets(within)
        path = self._path(self._take("word"), within)
        if self._next_is("["):
            if within is not None or not path.attribute.many or path.part is not None:
                raise self._refusal(f"{path.attribute.name} has no values to choose from.")
            return Within(path, self._bracketed(path))
        how = self._take("word").lower()
        if how == "pr":
            return Present(path)
        if how not in COMPARISONS:
            raise self._refusal(f"{how} is no way to compare.")
        return self._compared(path, how)

    def _compared(self, path: Path, how: str) -> Compare:
        leaf = path.leaf
        if leaf.type == "complex":
            raise self._refusal(f"{leaf.name} has parts: compare one of them.")
        kind, text = self._peek(0)
        self._at += 1
        if kind == "text":
            value: Any = json.loads(text)
            if not can_be_kept(value):
                raise self._refusal("It has a character that no text here holds.")
        elif kind == "number":
            value = float(text)
        elif kind == "word" and text in _VALUES:
            value = _VALUES[text]
        else:
            raise self._refusal("A value to compare with is missing.")
        if value is not None and (leaf.type == "boolean") != isinstance(value, bool):
            raise self._refusal(f"{leaf.name} is not of that kind.")
        if isinstance(value, float):
            raise self._refusal(f"{leaf.name} is no number.")
        if how not in ("eq", "ne") and not isinstance(value, str):
            raise self._refusal(f"{leaf.name} is equal to that or it is not; {how} does not tell.")
        return Compare(path, how, value)

    def _in_brackets(self, within: Attribute | None) -> Filter:
        self._mark("(")
        found = self._either(within)
        self._mark(")")
        return found

    def _bracketed(self, path: Path) -> Filter:
        self._mark("[")
        found = self._either(path.attribute)
        self._mark("]")
        return found

    def _path(self, text: str, within: Attribute | None) -> Path:
        """The attribute a word names: with or without its schema, alone or with a part."""
        if within is not None:
            return Path(within, self._part(within, text))
        schema = next((one for one in self._schemas if text.lower().startswith(f"{one.id.lower()}:")), None)
        plain = text[len(schema.id) + 1 :] if schema else text
        schema = schema or self._schemas[0]
        name, _, part = plain.partition(".")
        attribute = schema.attribute(name)
        if attribute is None:
            raise self._refusal(f"There is no attribute {text[:100]}.")
        extension = schema.id if schema is not self._schemas[0] else ""
        return Path(attribute, self._part(attribute, part) if part else None, extension)

    def _part(self, attribute: Attribute, name: str) -> Attribute:
        found = attribute.part(name.lstrip("."))
        if found is None:
            raise self._refusal(f"{attribute.name} has no part {name[:100]}.")
        return found

    def _peek(self, ahead: int) -> tuple[str, str]:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ("end", "")

    def _next_is(self, mark: str) -> bool:
        return self._peek(0) == ("mark", mark)

    def _word_is(self, word: str) -> bool:
        kind, text = self._peek(0)
        return kind == "word" and text.lower() == word

    def _take(self, kind: str) -> str:
        found, text = self._peek(0)
        if found != kind:
            raise self._refusal(f"{text or 'Its end'} stands where an attribute or a comparison should.")
        self._at += 1
        return text

    def _mark(self, mark: str) -> None:
        if not self._next_is(mark):
            raise self._refusal(f"{mark} is missing.")
        self._at += 1

    def _end(self) -> None:
        if self._at != len(self._tokens):
            raise self._refusal(f"{self._peek(0)[1][:100]} follows where nothing more should.")


def read_filter(text: str, *schemas: Schema) -> Filter:
    """The filter behind a text. Raises `FilterNotTaken`."""
    return Reading(text, schemas, FilterNotTaken).filter()


def read_target(text: str, *schemas: Schema) -> Target:
    """What the path of a change means. Raises `PathNotTaken`."""
    return Reading(text, schemas, PathNotTaken).target()


def _tokens(text: str, refusal: type[ScimRefusal]) -> Iterator[tuple[str, str]]:
    at, depth = 0, 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise refusal(f"“{text[at : at + 20].strip()}” cannot be read.")
        kind = found.lastgroup or ""
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(found[kind], 0) if kind == "mark" else 0
        if depth > DEPTH_MAX:
            raise refusal(f"It is nested more than {DEPTH_MAX} deep.")
        if kind == "text":
            try:
                json.loads(found[kind])
            except ValueError:
                raise refusal(f"{found[kind][:50]} is not a text as JSON writes it.") from None
        yield kind, found[kind]
        at = found.end()


def meets(element: dict[str, Any], wanted: Filter) -> bool:
    """Whether one value of a list meets a filter over its parts."""
    match wanted:
        case Both(left, right):
            return meets(element, left) and meets(element, right)
        case Either(left, right):
            return meets(element, left) or meets(element, right)
        case Not(inside):
            return not meets(element, inside)
        case Present(path):
            return element.get(path.leaf.name) not in (None, "")
        case Compare(path, how, value):
            return compared(element.get(path.leaf.name), how, value, exact=path.leaf.exact)
        case Within():
            return False  # a list has no lists in it


_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "co": operator.contains,
    "sw": str.startswith,
    "ew": str.endswith,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


def compared(said: Any, how: str, value: Any, *, exact: bool) -> bool:
    """Whether a value compares so; what is not there is unlike everything but null."""
    if said is None or value is None:
        return how in ("eq", "ne") and (said is value) == (how == "eq")
    if isinstance(said, str) and isinstance(value, str) and not exact:
        said, value = said.lower(), value.lower()
    return bool(_COMPARED[how](said, value))
