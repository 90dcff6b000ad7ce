"""How numbers, points, money and moments are written for a person, in the active language.

Amounts arrive as integers in the unit's smallest part and never pass through a float.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from plaudit.foundation import written
from plaudit.foundation.told import told
from plaudit.surfaces.design.plurals import plural_name

NBSP = "\u00a0"

_MINOR_DIGITS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
"""ISO 4217 minor units of the currencies that do not have two."""

_SIGNS = {"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "USD": "US$"}
_SIGN_LEADS = frozenset({"en", "ja", "zh", "ko", "th"})

Number = int | Decimal


def number(value: Number, *, decimals: int | None = None) -> str:
    """A number with the language's grouping and decimal mark, and a true minus sign."""
    return written.number(value, decimals=decimals)


def signed(value: Number) -> str:
    """A number that always shows its direction: ``+50``, ``−300``, ``0``."""
    return f"{written.sign('+')}{number(value)}" if value > 0 else number(value)


def in_units(amount: int, unit: object) -> Decimal:
    """An amount in the unit's smallest part, as a number of units without trailing zeros."""
    precision = _fact(unit, "precision") or 0
    units = Decimal(amount).scaleb(-int(str(precision)))
    return units.quantize(Decimal(1)) if units == units.to_integral_value() else units.normalize()


def points(amount: int, unit: object = None) -> str:
    """An amount with its unit's name: ``1 point``, ``1,250 points`` (no-break space between)."""
    units = in_units(amount, unit)
    return f"{number(units)}{NBSP}{unit_name(units, unit)}"


def signed_points(amount: int, unit: object = None) -> str:
    """As ``points``, always with its direction."""
    return f"{written.sign('+')}{points(amount, unit)}" if amount > 0 else points(amount, unit)


def unit_name(units: Decimal, unit: object = None) -> str:
    """The unit's name that goes with that many; "points" when the programme gives no name.

    ``unit`` is a mapping ``{"one": …, "other": …, "precision": 0}`` or anything with ``names``
    (such a mapping) and ``precision``.
    """
    names = _fact(unit, "names") or unit
    if isinstance(names, Mapping) and names.get("other"):
        forms = {str(form): told(str(name)) for form, name in names.items()}
        return plural_name(forms, get_language() or "en", units)
    return ngettext("point", "points", 1 if abs(units) == 1 else 2)


def minor_digits(currency: str) -> int:
    """How many decimals a currency has: 2 for GBP, 0 for JPY, 3 for KWD."""
    return _MINOR_DIGITS.get(currency, 2)


def money(minor: int, currency: str) -> str:
    """Minor units of a currency as an amount of money: ``£4.50``, ``4,50 €``, ``−US$25.00``."""
    digits = minor_digits(currency)
    amount = number(abs(Decimal(minor)).scaleb(-digits), decimals=digits)
    return _with_sign(amount, currency, is_negative=minor < 0)


def whole_money(major: int, currency: str) -> str:
    """Whole units of a currency without decimals, for the axis of a chart: ``£2,000``."""
    return _with_sign(number(abs(major)), currency, is_negative=major < 0)


def _with_sign(amount: str, currency: str, *, is_negative: bool) -> str:
    language = (get_language() or "en").lower()
    sign = (
        "$" if (currency, language) in {("USD", "en-us"), ("USD", "en")} else _SIGNS.get(currency, currency)
    )
    if language.split("-")[0] not in _SIGN_LEADS:
        money = f"{amount}{NBSP}{sign}"
    else:
        money = f"{sign}{NBSP if sign.isalpha() else ''}{amount}"
    return f"{written.sign(written.MINUS) if is_negative else ''}{money}"


def percent(ratio: Number, *, decimals: int = 0) -> str:
    """A ratio (``Decimal("0.083")``) as a percentage, with a space where the language has one."""
    gap = "" if (get_language() or "en").lower().split("-")[0] in _SIGN_LEADS else NBSP
    return f"{number(Decimal(ratio).scaleb(2), decimals=decimals)}{gap}%"


def day(value: date | datetime) -> SafeString:
    """A calendar day in the person's time zone, as a ``<time>`` element."""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    words = formats.date_format(local, _day_format()).replace(" ", NBSP)
    machine = local.date() if isinstance(local, datetime) else local
    return format_html('<time datetime="{}">{}</time>', machine.isoformat(), words)


def moment(value: datetime, *, with_zone: bool = False) -> SafeString:
    """A day and time to the minute in the person's time zone, as a ``<time>`` element."""
    local = timezone.localtime(value)
    words = f"{formats.date_format(local, _day_format())}, {_time_of_day(local)}".replace(" ", NBSP, 2)
    zone = f"{NBSP}{local.tzname()}" if with_zone else ""
    return format_html('<time datetime="{}">{}{}</time>', local.isoformat(), words, zone)


def clock_time(value: datetime) -> SafeString:
    """A time of day with seconds, for "Updated 12:04:10", as a ``<time>`` element."""
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), local.strftime("%H:%M:%S"))


def _day_format() -> str:
    """Days stand in narrow columns, so their months are short; British and American ones are by themselves."""
    return "j. N Y" if (get_language() or "").startswith("de") else "DATE_FORMAT"


def _time_of_day(local: datetime) -> str:
    twelve_hours = (get_language() or "en").lower() in {"en", "en-us"}
    return formats.time_format(local.time(), "g:i A" if twelve_hours else "H:i").replace(" ", NBSP)


def _fact(thing: object, name: str) -> object:
    if isinstance(thing, Mapping):
        return thing.get(name)
    return getattr(thing, name, None)
