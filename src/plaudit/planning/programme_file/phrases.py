"""The small phrases of a programme file: amounts, periods, limits, expiry, moments. Read and written here.

Every phrase has one spelling. Its pattern serves the reader here and the published JSON Schema alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from plaudit.earning.definitions import Every, Per
from plaudit.foundation.worded import worded

NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,9})?"
_WORDS = r"[^ ,]+(?: [^ ,]+){0,4}?"
_SPAN = r"(?P<count>[1-9][0-9]{0,3}) (?P<span>day|week|month|year)s?"
_EVERY = r"(?:a (?P<every>day|week|month|quarter|year)|ever)"

QUANTITY = rf"(?P<number>{NUMBER}) (?P<of>{_WORDS})"
MONEY = rf"(?P<number>{NUMBER}) (?P<currency>[A-Z]{{3}})"
STEP = rf"(?P<number>{NUMBER}) (?P<of>{_WORDS}) for (?:(?P<worth>{NUMBER}) (?P<currency>[A-Z]{{3}})|(?P<percent>[1-9][0-9]?|100) ?%)"
LIMIT = rf"at most (?:(?P<word>once|twice)|{QUANTITY}) {_EVERY} (?:per (?P<per>member|team)|for everyone)(?P<whole> or nothing)?"
PER_MEMBER = rf"(?:(?P<word>once|twice)|(?P<number>[1-9][0-9]{{0,8}}) times) {_EVERY}"
WAIT = r"(?P<count>[1-9][0-9]{0,3}) (?P<span>day|week)s?"
PENDING = rf"{WAIT}|until (?P<until>[A-Za-z][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*)"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
MOMENT = rf"(?P<day>{DAY})[T ](?P<time>[0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}})?)"
BEGINNING = rf"(?P<day>{DAY})(?:[T ](?P<time>[0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}})?))?"
EXPIRY = (
    rf"never|after {_SPAN}(?P<inactive> of inactivity)?(?: at the end of the (?P<round>month|quarter|year))?"
    rf"|at the end of the (?P<end>month|quarter|year)|on (?P<on>{DAY})"
)
PART = r"(?P<part>[A-Za-z_][A-Za-z0-9_]*) ?/ ?(?P<whole>[A-Za-z_][A-Za-z0-9_]*)"
FIELD = (
    r"(?P<optional>optional )?(?:(?P<kind>integer|text|boolean|date|timestamp)|decimal\((?P<scale>[1-6])\))"
)

_ONCE = {"once": 1, "twice": 2}


class PhraseRefused(Exception):
    """A phrase cannot be read; says what is wrong and how it is spelt."""

    def __init__(self, sentence: str, advice: str) -> None:
        self.sentence = sentence
        self.advice = advice
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of something, as written: 500 points, 2.50 USD, 3 times."""

    number: Decimal
    of: str


@dataclass(frozen=True, slots=True)
class LimitPhrase:
    """At most so much of something, how often and for whom."""

    at_most: Quantity
    every: Every
    per: Per
    partial: bool


@dataclass(frozen=True, slots=True)
class Expiry:
    """When points expire: after a period (ISO 8601), rounded up; at the end of a period; on a day; or never.

    With `inactive` the period counts from the last time the member earned or spent.
    """

    after: str = ""
    round_to: str = ""
    end_of: str = ""
    on: date | None = None
    inactive: bool = False

    def stored(self) -> dict[str, str]:
        """The policy as the ledger keeps it."""
        kept = {
            "inactive" if self.inactive else "after": self.after,
            "round_to": self.round_to,
            "end_of": self.end_of,
            "on": self.on.isoformat() if self.on else "",
        }
        return {name: value for name, value in kept.items() if value}


def schema_pattern(pattern: str) -> str:
    """The pattern as JSON Schema spells it: anchored, without names."""
    return f"^(?:{re.sub(r'[?]P<[a-z]+>', '', pattern)})$"


def read_number(text: str) -> Decimal:
    """A number, its thousands set apart with commas or not at all."""
    if not re.fullmatch(NUMBER, text):
        raise PhraseRefused(
            worded("`{text}` is not a number.", text=text), "Write digits, such as 1000, 1,000 or 2.50."
        )
    return exact(Decimal(text.replace(",", "")))


def exact(number: Decimal) -> Decimal:
    """The same number without trailing zeros or exponent, so that equal numbers are alike."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def read_quantity(text: str) -> Quantity:
    """`500 points`."""
    found = re.fullmatch(QUANTITY, text)
    if found is None:
        raise PhraseRefused(
            worded("`{text}` is not an amount.", text=text),
            "Write a number and its unit, such as 500 points.",
        )
    return Quantity(read_number(found["number"]), found["of"])


def read_money(text: str) -> Quantity:
    """`2.50 USD`."""
    found = re.fullmatch(MONEY, text)
    if found is None:
        raise PhraseRefused(
            worded("`{text}` is not an amount of money.", text=text),
            "Write a number and a currency, such as 2.50 USD.",
        )
    return Quantity(read_number(found["number"]), found["currency"])


@dataclass(frozen=True, slots=True)
class StepPhrase:
    """So many points for so much money, or for so many percent off."""

    price: Quantity
    value: Quantity | None = None
    percent: int | None = None


def read_step(text: str) -> StepPhrase:
    """`3000 points for 25 USD`, or `1000 points for 5 %`."""
    found = re.fullmatch(STEP, text)
    if found is None:
        raise PhraseRefused(
            worded("`{text}` is not a step.", text=text),
            "Write 3000 points for 25 USD, or 1000 points for 5 %.",
        )
    price = Quantity(read_number(found["number"]), found["of"])
    if found["percent"]:
        return StepPhrase(price, percent=int(found["percent"]))
    return StepPhrase(price, Quantity(read_number(found["worth"]), found["currency"]))


def step_text(step: StepPhrase) -> str:
    """As `read_step` reads it."""
    worth = quantity_text(step.value) if step.value is not None else f"{step.percent} %"
    return f"{quantity_text(step.price)} for {worth}"


def read_limit(text: str) -> LimitPhrase:
    """`at most 500 points a day per member`."""
    found = re.fullmatch(LIMIT, text)
    if found is None:
        raise PhraseRefused("This limit cannot be read.", _limit_advice(text))
    once = found["word"]
    quantity = (
        Quantity(Decimal(_ONCE[once]), "times")
        if once
        else Quantity(read_number(found["number"]), found["of"])
    )
    return LimitPhrase(
        quantity,
        Every(found["every"] or "lifetime"),
        Per(found["per"]) if found["per"] else Per.ALL,
        partial=not found["whole"],
    )


_LOOSE_QUANTITY = re.compile(rf"({NUMBER})\s*([A-Za-z]+)|\b(once|twice)\b")
_LOOSE_EVERY = re.compile(
    r"\b(?:a|an|per|each|every|in a)\s+(day|week|month|quarter|year)\b|\b(?:dai|week|month|quarter|year)ly\b"
)


def _limit_advice(text: str) -> str:
    """The limit a person probably meant, well spelt; otherwise an example."""
    lower = text.lower()
    quantity = _LOOSE_QUANTITY.search(lower)
    if quantity is None:
        return worded(
            "Write it like: at most 500 points a day per member; or: at most once a month for everyone."
        )
    amount = quantity[3] or f"{quantity[1]} {quantity[2]}"
    every = _LOOSE_EVERY.search(lower)
    adverbs = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}
    period = f"a {every[1] or adverbs[every[0]]}" if every else "ever"
    holder = "per member" if "member" in lower else "per team" if "team" in lower else "for everyone"
    return worded("Write: at most {amount} {period} {holder}.", amount=amount, period=period, holder=holder)


def limit_text(phrase: LimitPhrase) -> str:
    """The limit as it is written."""
    at_most = quantity_text(phrase.at_most)
    if phrase.at_most.of == "times":
        at_most = {1: "once", 2: "twice"}.get(int(phrase.at_most.number), at_most)
    per = "for everyone" if phrase.per is Per.ALL else f"per {phrase.per}"
    return f"at most {at_most} {every_text(phrase.every)} {per}{'' if phrase.partial else ' or nothing'}"


def every_text(every: str) -> str:
    """`a month`, or `ever` for a lifetime."""
    return "ever" if every == Every.LIFETIME else f"a {every}"


def number_text(number: Decimal) -> str:
    """A number in plain digits."""
    return format(number, "f")


def quantity_text(quantity: Quantity) -> str:
    """`500 points`; money with all its decimals or none, such as 2.50 USD."""
    number = quantity.number
    if re.match(r"[A-Z]{3}\b", quantity.of) and number != number.to_integral_value():
        exponent = number.as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) else 0
        return f"{number:.{max(2, decimals)}f} {quantity.of}"
    return f"{number_text(number)} {quantity.of}"


def read_per_member(text: str) -> tuple[int, Every]:
    """`3 times a month`."""
    found = re.fullmatch(PER_MEMBER, text)
    if found is None:
        raise PhraseRefused(
            worded("`{text}` cannot be read.", text=text),
            "Write it like: once ever, twice a year, 3 times a month.",
        )
    times = _ONCE[found["word"]] if found["word"] else int(found["number"])
    return times, Every(found["every"] or "lifetime")


def per_member_text(times: int, every: str) -> str:
    """As `read_per_member` reads it."""
    return f"{ {1: 'once', 2: 'twice'}.get(times, f'{times} times') } {every_text(every)}"


@dataclass(frozen=True, slots=True)
class Wait:
    """How long points are pending: so many days, or until an activity of this key confirms them."""

    days: int = 0
    until: str = ""


def read_pending(text: str) -> Wait:
    """`14 days`, as `read_wait` reads it; or `until order.delivered`."""
    found = re.fullmatch(PENDING, text)
    if found is not None and found["until"]:
        return Wait(until=found["until"])
    return Wait(read_wait(text))


def read_wait(text: str) -> int:
    """`14 days` or `2 weeks`, as days."""
    found = re.fullmatch(WAIT, text)
    if found is None:
        raise PhraseRefused(
            worded("`{text}` is not a number of days.", text=text), "Write 14 days, or 2 weeks."
        )
    return int(found["count"]) * (7 if found["span"] == "week" else 1)


def wait_text(days: int, until: str) -> str:
    """As `read_pending` reads it; nothing where nothing waits."""
    return f"until {until}" if until else count_text(days, "day") if days else ""


def read_expiry(text: str) -> Expiry:
    """`after 24 months at the end of the month`."""
    found = re.fullmatch(EXPIRY, text)
    if found is None:
        meant = re.search(_SPAN, text)
        raise PhraseRefused(
            worded("`{text}` does not say when points expire.", text=text),
            worded("Write: after {meant}.", meant=meant[0])
            if meant
            else worded(
                "Write never, after 24 months, after 24 months at the end of the month, at the end of the year, or on 2027-12-31."
            ),
        )
    if found["on"]:
        return Expiry(on=_day(found["on"]))
    if found["end"]:
        return Expiry(end_of=found["end"])
    if found["count"]:
        return Expiry(
            after=f"P{found['count']}{found['span'][0].upper()}",
            round_to=found["round"] or "",
            inactive=found["inactive"] is not None,
        )
    return Expiry()


_SPANS = {"D": "day", "W": "week", "M": "month", "Y": "year"}


def expiry_text(expiry: Expiry) -> str:
    """As `read_expiry` reads it."""
    if expiry.on:
        return f"on {expiry.on.isoformat()}"
    if expiry.end_of:
        return f"at the end of the {expiry.end_of}"
    if not expiry.after:
        return "never"
    rounded = " of inactivity" if expiry.inactive else ""
    rounded += f" at the end of the {expiry.round_to}" if expiry.round_to else ""
    if not re.fullmatch(r"P[0-9]+[DWMY]", expiry.after):
        return f"after {expiry.after}{rounded}"
    return f"after {count_text(int(expiry.after[1:-1]), _SPANS[expiry.after[-1]])}{rounded}"


def count_text(count: int, noun: str) -> str:
    """`1 day`, `14 days`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def read_beginning(text: str) -> datetime:
    """A day, from its first moment, or a moment; in the programme's time zone, so without one here."""
    found = re.fullmatch(BEGINNING, text)
    if found is None:
        raise PhraseRefused(
            worded("`{text}` is not a day.", text=text), "Write 2026-06-01, or 2026-06-01 18:00."
        )
    return datetime.combine(_day(found["day"]), _time(found["time"]))


def read_moment(text: str) -> datetime:
    """A moment, which takes a time of day, so that nobody wonders whether the day itself is in."""
    found = re.fullmatch(MOMENT, text)
    if found is None:
        day = f"through: {text}" if re.fullmatch(DAY, text) else "through: 2026-08-31"
        raise PhraseRefused(
            worded("`{text}` has no time of day.", text=text),
            worded("Write `{day}` for a last whole day, or a moment such as 2026-08-31 18:00.", day=day),
        )
    return datetime.combine(_day(found["day"]), _time(found["time"]))


def read_day(text: str) -> date:
    """`2026-08-31`."""
    if not re.fullmatch(DAY, text):
        raise PhraseRefused(
            worded("`{text}` is not a day.", text=text), "Write year-month-day, such as 2026-08-31."
        )
    return _day(text)


def moment_text(moment: datetime) -> str:
    """As `read_beginning` reads it: a day alone where it begins at midnight."""
    if moment.time() == time():
        return moment.date().isoformat()
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise PhraseRefused(
            worded("There is no day {text} in the calendar.", text=text), "Write year-month-day."
        ) from None
    if not 1900 <= day.year <= 2199:
        raise PhraseRefused(worded("{text} is out of range.", text=text), "Years go from 1900 to 2199.")
    return day


def _time(text: str | None) -> time:
    try:
        return time.fromisoformat(text or "00:00")
    except ValueError:
        raise PhraseRefused(
            worded("There is no time {text} on a clock.", text=text), "Hours go from 00 to 23."
        ) from None
