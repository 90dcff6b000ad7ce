"""How numbers, days and lists are written in the language at work: the one door for every sentence and page.

Programs are answered in English, where a number is 1,250 and a day 3 March 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal

from django.utils import formats
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from plaudit.foundation.languages import ENGLISH

MINUS = "\u2212"
LEFT_TO_RIGHT = "\u200e"
_WIDE = Context(prec=200)


def number(value: int | Decimal, *, decimals: int | None = None) -> str:
    """A number with the language's grouping and decimal mark, and a true minus sign; rounded half up to `decimals`."""
    size = Decimal(value).copy_abs()
    if decimals is not None:
        # Django would cut off what is beyond the places it is asked for.
        size = size.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)
    written = formats.number_format(size, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return f"{sign(MINUS) if value < 0 and size else ''}{written}"


def digits(text: str) -> str:
    """A number that is written out with a decimal point, such as "0.50", ungrouped, with the language's mark."""
    return text.replace("-", MINUS).replace(".", formats.get_format("DECIMAL_SEPARATOR"))


def sign(mark: str) -> str:
    """A sign that stands before its number: in right-to-left text it would jump behind it."""
    return f"{LEFT_TO_RIGHT}{mark}" if get_language_bidi() else mark


def day(value: date) -> str:
    """A day, such as "3 March 2026" or "3. März 2026"."""
    # British days have their months cut short; in a sentence they stand whole.
    in_english = (get_language() or ENGLISH).startswith("en")
    return formats.date_format(value, "j F Y" if in_english else "DATE_FORMAT")


def minute(value: datetime) -> str:
    """A time of day to the minute, such as "14:05", where the value says it is."""
    return formats.time_format(value.time(), "H:i")


def listed(words: Sequence[str]) -> str:
    """Some words as a list in a sentence: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return _("{some} and {last}").format(some=", ".join(words[:-1]), last=words[-1])


def labels(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What may be chosen, each with what it is called."""
    return [(value, _(label)) for value, label in choices]
