"""What a file's columns seem to hold, judged by the first rows: kinds, formats, and how full they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from plaudit.activity.files.moments import MomentFormat
from plaudit.activity.files.values import looks_like_formula, text_of

DATES = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%-d/%-m/%Y",
    "%-m/%-d/%Y",
    "%Y/%m/%d",
    "%d-%m-%Y",
    "%d %b %Y",
)
MOMENTS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "iso",
    "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%-m/%-d/%Y %-H:%M",
    "%-d/%-m/%Y %-H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
)
COMPACT = "%Y%m%d"
TIMES = ("%H:%M:%S", "%H:%M", "%I:%M %p")
_DATE_NAMED = re.compile(r"date|_on$|\bon$|day|since|time|when", re.IGNORECASE)
_DURATION_NAMED = re.compile(r"duration|talk|handle|length|elapsed|wait", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """One column as the first rows show it.

    `kind` is text, integer, decimal, yes_no, date, date_time, time, duration, list or empty; `format` says
    how dates are written and `formats` which others fit as well; `scale` is the most decimals seen.
    """

    name: str
    kind: str
    filled: int
    different: int
    seen: int
    examples: tuple[str, ...]
    format: str = ""
    formats: tuple[str, ...] = ()
    scale: int = 0
    decimal_comma: bool = False
    formulas: int = 0

    @property
    def unique(self) -> bool:
        return self.filled == self.seen == self.different and self.seen > 1


def profile(name: str, cells: Sequence[Any]) -> ColumnSeen:
    """What a column seems to hold, judged by these of its cells."""
    values = [cell for cell in cells if text_of(cell)]
    texts = [text_of(cell) for cell in values]
    different = tuple(dict.fromkeys(texts))
    formulas = sum(isinstance(cell, str) and looks_like_formula(cell) for cell in values)
    base = {"filled": len(texts), "different": len(different), "seen": len(cells), "examples": different[:5]}
    kind, rest = _kind(name, values, different)
    return ColumnSeen(name, kind, formulas=formulas, **base, **rest)  # type: ignore[arg-type]  # by name


def _kind(name: str, values: list[Any], texts: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    if not texts:
        return "empty", {}
    native = _native_kind(name, values)
    if native is not None:
        return native
    if {text.lower() for text in texts} <= {"y", "n", "yes", "no", "true", "false"}:
        return "yes_no", {}
    dates = _matching(DATES, texts)
    if not dates and _DATE_NAMED.search(name):
        dates = _matching((COMPACT,), texts)
    if dates:
        return "date", {"format": dates[0], "formats": dates[1:]}
    moments = _matching(MOMENTS, texts)
    if moments:
        return "date_time", {"format": moments[0], "formats": moments[1:]}
    times = _matching(TIMES, texts)
    if times:
        return _clock_kind(name), {"format": times[0]}
    return _number_kind(texts)


def _native_kind(name: str, values: list[Any]) -> tuple[str, dict[str, Any]] | None:
    """The kind of cells that are more than text."""
    kinds = {value.__class__ for value in values}
    if kinds == {bool}:
        return "yes_no", {}
    if kinds == {list}:
        return "list", {}
    if kinds == {datetime}:
        midnight = all(value.time() == time(0) and value.tzinfo is None for value in values)
        return (
            ("date", {"format": "%Y-%m-%d"}) if midnight else ("date_time", {"format": "%Y-%m-%d %H:%M:%S"})
        )
    if kinds == {date}:
        return "date", {"format": "%Y-%m-%d"}
    if kinds == {time}:
        return _clock_kind(name), {"format": "%H:%M:%S"}
    if kinds == {int}:
        return "integer", {}
    return None


def _clock_kind(name: str) -> str:
    return "duration" if _DURATION_NAMED.search(name) else "time"


def _matching(formats: tuple[str, ...], texts: tuple[str, ...]) -> tuple[str, ...]:
    """The formats every text is written in."""
    fitting = []
    for text in formats:
        read = _format(text).read
        try:
            found = [read(each) for each in texts]
        except ValueError:
            continue
        if text != "iso" or all(isinstance(each, datetime) for each in found):
            fitting.append(text)
    return tuple(fitting)


@lru_cache(maxsize=100)
def _format(text: str) -> MomentFormat:
    """One of the few formats looked for; a file may have very many columns."""
    return MomentFormat(text)


def _number_kind(texts: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    if all(re.fullmatch(r"[+-]?(0|[1-9][0-9]{0,17})", text) for text in texts):
        return "integer", {}
    if all(re.fullmatch(r"[+-]?[0-9]{1,18}(\.[0-9]{1,12})?", text) for text in texts):
        if any(re.fullmatch(r"0[0-9]+", text) for text in texts):
            return "text", {}
        decimals = [Decimal(text).normalize() for text in texts]
        scale = max(max(-int(number.as_tuple().exponent), 0) for number in decimals)
        return ("decimal", {"scale": scale}) if scale else ("integer", {})
    if all(re.fullmatch(r"[+-]?[0-9]{1,18}(,[0-9]{1,12})?", text) for text in texts):
        return "decimal", {"scale": max(len(text.partition(",")[2]) for text in texts), "decimal_comma": True}
    return "text", {}
