"""The parts of a mapping's text, taken out one by one; every fault found is kept, with its place and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from plaudit.activity.files.expression_operands import ExpressionProblem
from plaudit.activity.files.expressions import Expression, parse_expression
from plaudit.activity.files.moments import FormatProblem, MomentFormat
from plaudit.activity.files.yaml_text import pointer_part
from plaudit.foundation.zones import zone_names


@dataclass
class Report:
    """The faults of one mapping text."""

    lines: dict[str, int]
    errors: list[dict[str, Any]] = field(default_factory=list)

    def add(self, pointer: str, code: str, detail: str) -> None:
        place = pointer
        while place not in self.lines and place:
            place = place.rpartition("/")[0]
        self.errors.append(
            {"pointer": pointer, "code": code, "detail": detail, "line": self.lines.get(place, 1)}
        )


class Part:
    """One section of the text. What is taken out is checked; `done` reports what nobody took."""

    def __init__(self, value: dict[str, Any], pointer: str, report: Report) -> None:
        self.value = value
        self.pointer = pointer
        self.report = report
        self._taken: set[str] = set()

    def has(self, key: str) -> bool:
        return self.value.get(key) is not None

    def place(self, key: str) -> str:
        return f"{self.pointer}/{pointer_part(key)}" if key else self.pointer

    def refuse(self, key: str, code: str, detail: str) -> None:
        self.report.add(self.place(key), code, detail)

    def take(self, key: str) -> Any:
        self._taken.add(key)
        return self.value.get(key)

    def text(self, key: str, default: str = "", *, needed: bool = False, longest: int = 500) -> str:
        """A text; numbers stand for themselves, as `2013` may be the name of a source."""
        value = self.take(key)
        if value is None:
            if needed:
                self.refuse(key, "missing", f"{key} is missing.")
            return default
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            self.refuse(key, "not_a_text", f"{key} must be a text.")
            return default
        text = str(value)
        if not text.strip() or len(text) > longest or "\0" in text:
            self.refuse(key, "not_a_text", f"{key} must be a text of 1 to {longest} characters.")
        return text

    def choice(self, key: str, options: tuple[str, ...], default: str) -> str:
        """One of a few words."""
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, str) or value not in options:
            self.refuse(key, "unknown_choice", f"{key} is one of {', '.join(options)}; found {value}.")
            return default
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Whether something is so: true or false."""
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.refuse(key, "not_true_or_false", f"{key} is true or false; found {value}.")
            return default
        return value

    def whole(self, key: str, lowest: int = 0, highest: int = 10**15) -> int | None:
        """A whole number, or None where it is absent."""
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            self.refuse(
                key,
                "not_a_whole_number",
                f"{key} is a whole number from {lowest} to {highest}; found {value}.",
            )
            return None
        return value

    def part(self, key: str) -> Part | None:
        """A section inside this one, or None where it is absent."""
        value = self.take(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.refuse(key, "not_a_section", f"{key} is a section of its own, with keys and values.")
            return None
        return Part(value, self.place(key), self.report)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        value = self.take(key)
        if value is None:
            return ()
        listed = value if isinstance(value, list) else [value]
        if not listed or not all(
            isinstance(item, str | int) and not isinstance(item, bool) for item in listed
        ):
            self.refuse(key, "not_a_list", f"{key} is a list of texts.")
            return ()
        return tuple(str(item) for item in listed)

    def entries(self, key: str) -> Iterator[tuple[str, Any, str]]:
        """The names, values and places of a section whose names the author chooses."""
        part = self.part(key)
        if part is not None:
            for name, value in part.value.items():
                yield name, value, part.place(name)

    def expression(self, key: str) -> Expression | None:
        value = self.take(key)
        return None if value is None else expression_of(value, self.place(key), self.report)

    def format(self, key: str, default: str = "") -> MomentFormat | None:
        """A date format, or None where there is none or it is at fault."""
        text = self.text(key, default)
        if not text:
            return None
        try:
            return MomentFormat(text)
        except FormatProblem as problem:
            self.refuse(key, "format_unknown", f"The {key} {text} cannot be used: {problem}")
            return None

    def zone(self, key: str) -> ZoneInfo | None:
        """A time zone by its name in the IANA database."""
        name = self.text(key)
        if not name:
            return None
        known = zone_names()
        if name in known:
            return ZoneInfo(name)
        close = get_close_matches(name, known, 1, 0.6)
        hint = f"did you mean {close[0]}?" if close else "an example is Europe/London."
        self.refuse(key, "time_zone_unknown", f"{name} is not a time zone; {hint}")
        return None

    def moment(self, key: str) -> datetime | None:
        """A date or moment with offset that bounds what is plausible; a date means its first moment in UTC."""
        text = self.text(key)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.refuse(key, "date_unreadable", f"{key} is a date such as 2025-01-31; found {text}.")
            return None
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

    def done(self, known: tuple[str, ...] = ()) -> None:
        """Report every key that nobody took: a misspelt key must not be silently without effect."""
        expected = sorted(self._taken | set(known))
        for key in self.value:
            if key not in expected:
                close = get_close_matches(key, expected, 1, 0.6)
                hint = f"did you mean {close[0]}?" if close else f"known here are {', '.join(expected)}."
                self.refuse(key, "unknown_key", f"{key} is not known here; {hint}")


def expression_of(value: Any, pointer: str, report: Report) -> Expression | None:
    """The expression a text holds, or None with its fault reported."""
    if not isinstance(value, str):
        report.add(pointer, "not_a_text", "An expression is a text, such as quantity * price.")
        return None
    try:
        return parse_expression(value)
    except ExpressionProblem as problem:
        report.add(pointer, "expression_invalid", str(problem))
        return None


def exact_amount(value: Any, pointer: str, report: Report) -> Decimal | None:
    """An exact number written plainly or in quotes, or None with its fault reported."""
    if isinstance(value, str):
        try:
            number = Decimal(value.strip()) if len(value) < 60 else Decimal("NaN")
        except ArithmeticError:
            number = Decimal("NaN")
        if number.is_finite():
            return number
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    report.add(pointer, "not_a_number", f"A number is expected, such as 2500315.63; found {value}.")
    return None


Reader = Callable[[Part], Any]
