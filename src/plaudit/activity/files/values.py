"""Single cells made into values: text, exact numbers, yes and no, durations; and how a value is shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    Inexact,
    InvalidOperation,
)
from typing import Any, TypeAlias

import msgspec

DIGITS_MAX = 38
TEXT_CHARACTERS_MAX = 20_000

# Products of two 38-digit numbers and sums of very many of them fit; losing a digit is an error.
EXACT = Context(prec=120, Emax=999, Emin=-999, traps=[Inexact, InvalidOperation])
ROUNDINGS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}

Converted: TypeAlias = tuple[Any, str | None]
Convert: TypeAlias = Callable[[str], Converted]


class CellProblem(Exception):
    """Why one cell cannot be used: a repair code and a sentence saying what was found and what to do."""

    def __init__(self, repair: str, sentence: str) -> None:
        super().__init__(sentence)
        self.repair = repair
        self.sentence = sentence


class Remembered(dict[str, Any]):
    """Texts and what they mean, worked out once each, as the cells of a column repeat.

    `convert` answers with the value and a note. A value with a note is worked out anew each time, so
    that the note is counted for every row. Beyond `size` texts the memory starts again.
    """

    __slots__ = ("_convert", "_noted", "_size")

    def __init__(self, convert: Convert, noted: Counter[str], size: int) -> None:
        super().__init__()
        self._convert = convert
        self._noted = noted
        self._size = size

    def __missing__(self, text: str) -> Any:
        value, note = self._convert(text)
        if note is not None:
            self._noted[note] += 1
        else:
            if len(self) >= self._size:
                self.clear()
            self[text] = value
        return value


_json = msgspec.json.Encoder(decimal_format="number", enc_hook=str)


def text_of(value: Any) -> str:
    """A cell of any kind as the text a person would have typed, without blanks around it; "" where empty."""
    kind = value.__class__
    if kind is str:
        return str(value).strip()
    if value is None:
        return ""
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    if kind is Decimal:
        return format(value, "f")
    if kind is datetime:
        return str(value.isoformat(" "))
    if kind is timedelta:
        seconds = value // timedelta(seconds=1)
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, date | time):
        return value.isoformat()
    return _json.encode(value).decode()


def shown_text(value: Any) -> str:
    """A cell as text for a rejects file: as it stands, blanks and all."""
    return value if isinstance(value, str) else text_of(value)


def shown(text: object, longest: int = 60) -> str:
    """A found text in quotes, cut where long, for a sentence."""
    plain = str(text).replace("\0", "\u2400").encode("utf-8", "backslashreplace").decode()
    plain = " ".join(plain.split("\n"))
    return f"“{plain[:longest]}…”" if len(plain) > longest else f"“{plain}”"


_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_PLAIN_NUMBER = re.compile(r"\s*[+-]?[0-9][0-9.,]*\s*")


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would run this cell: it begins with = + - or @ and is not simply a number."""
    return _FORMULA.match(text) is not None and _PLAIN_NUMBER.fullmatch(text) is None


def number_reader(
    *, decimal_comma: bool = False, thousands: str = "", scientific: bool = False
) -> Callable[[str], Decimal]:
    """A strict reader of exact numbers. It raises CellProblem `number_unreadable` or `number_too_large`."""
    mark = "," if decimal_comma else "."
    sign = "[+-]?"
    whole = "[0-9]+"
    if thousands:
        whole = rf"(?:[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+|[0-9]+)"
    power = "(?:[eE][+-]?[0-9]{1,2})?" if scientific else ""
    pattern = re.compile(rf"{sign}(?:{whole}(?:{re.escape(mark)}[0-9]+)?|{re.escape(mark)}[0-9]+){power}")
    advice = _number_advice(mark, thousands)

    def read(text: str) -> Decimal:
        if pattern.fullmatch(text) is None:
            raise CellProblem("number_unreadable", f"{shown(text)} is not a number. {advice(text)}")
        if len(text) > DIGITS_MAX:
            raise CellProblem("number_too_large", f"{shown(text)} has more than {DIGITS_MAX} digits.")
        plain = text.replace(thousands, "") if thousands else text
        number = Decimal(plain.replace(",", ".") if decimal_comma else plain)
        if scientific:
            if abs(number.adjusted()) > DIGITS_MAX:
                raise CellProblem("number_too_large", f"{shown(text)} has more than {DIGITS_MAX} digits.")
            number = Decimal(format(number, "f"))
        return number or abs(number)

    return read


def _number_advice(mark: str, thousands: str) -> Callable[[str], str]:
    def advice(text: str) -> str:
        if re.fullmatch(r"[+-]?[0-9.,]+[eE][+-]?[0-9]+", text):
            return "Numbers in scientific form may have lost digits: write it in full, or say scientific: true if none are lost."
        if re.fullmatch(r"[^0-9A-Za-z]*[$£€¥₹][^A-Za-z]*|[^A-Za-z]*[$£€¥₹]", text):
            return (
                "Take the currency sign away, or strip it with an expression such as replace(price, '$', '')."
            )
        other = "." if mark == "," else ","
        if re.fullmatch(rf"[+-]?[0-9]+{re.escape(other)}[0-9]+", text) and not thousands:
            said = "decimal_comma: true" if mark == "." else "decimal_comma: false"
            return f"The decimal mark is “{mark}” here; for the other set {said}, for groups of thousands set thousands."
        return f"Write digits with “{mark}” as the decimal mark and nothing else."

    return advice


def whole_number(number: Decimal) -> int:
    """The int a number is; raises CellProblem `whole_number_expected` where it has a fraction."""
    whole = int(number)
    if whole != number:
        raise CellProblem("whole_number_expected", f"{shown(format(number, 'f'))} is not a whole number.")
    return whole


def scaler(scale: int | None, rounding: str | None) -> Callable[[Decimal], Decimal]:
    """Brings a number to exactly `scale` decimals; without `rounding`, digits beyond them are an error."""
    if scale is None:
        return lambda number: number
    step = Decimal(1).scaleb(-scale)
    mode = ROUNDINGS[rounding] if rounding else None

    def fit(number: Decimal) -> Decimal:
        if mode is not None:
            return number.quantize(step, rounding=mode, context=Context(prec=120))
        try:
            return number.quantize(step, context=EXACT)
        except Inexact:
            said = f"{shown(format(number, 'f'))} has more than {scale} decimals. "
            raise CellProblem(
                "number_too_precise",
                said + "Correct it, raise scale, or say how to round with round: half_up.",
            ) from None

    return fit


_YES = frozenset({"true", "yes", "y", "1", "t"})
_NO = frozenset({"false", "no", "n", "0", "f"})


def yes_or_no(text: str) -> bool:
    """True for true, yes, y, t, 1; False for false, no, n, f, 0; in any case of letters."""
    lower = text.lower()
    if lower in _YES:
        return True
    if lower in _NO:
        return False
    raise CellProblem(
        "yes_no_unreadable",
        f"{shown(text)} is neither yes nor no. Write yes or no, or translate it under values.",
    )


_DURATION = re.compile(r"(?:([0-9]{1,6}):)?([0-9]{1,2}):([0-9]{2})(?:\.[0-9]+)?")


def duration_seconds(text: str) -> int:
    """The whole seconds of a duration written h:mm:ss or m:ss; a fraction of a second is dropped."""
    match = _DURATION.fullmatch(text)
    if match is None or int(match[3]) > 59 or (match[1] and int(match[2]) > 59):
        raise CellProblem(
            "duration_unreadable", f"{shown(text)} is not a duration. Write it as hours:minutes:seconds."
        )
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])


def list_of(text: str) -> list[Any]:
    """The list a JSON text such as ["web", "email"] holds."""
    try:
        value = msgspec.json.decode(text.encode(), type=list[Any])
    except (msgspec.DecodeError, UnicodeEncodeError):
        raise CellProblem(
            "list_unreadable", f'{shown(text)} is not a list. Write it as ["a", "b"].'
        ) from None
    if not all(item is None or isinstance(item, str | int | bool) for item in value):
        raise CellProblem("list_unreadable", f"{shown(text)} holds more than texts and whole numbers.")
    return list(value)
