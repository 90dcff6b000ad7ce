"""The small phrases of a programme file as people read them: as a file spells them in English, told in any language."""

from __future__ import annotations

import re
from collections.abc import Callable

from plaudit.earning.definitions import Every, Per
from plaudit.foundation.worded import Worded, figure, joined, worded, worded_count
from plaudit.planning.programme_file.phrases import Expiry, LimitPhrase, Quantity, StepPhrase, quantity_text

_COUNTED: dict[str, Callable[[int], Worded]] = {
    "answer": lambda n: worded_count(n, "{n} answer", "{n} answers"),
    "day": lambda n: worded_count(n, "{n} day", "{n} days"),
    "decimal": lambda n: worded_count(n, "{n} decimal", "{n} decimals"),
    "edition": lambda n: worded_count(n, "{n} edition", "{n} editions"),
    "level": lambda n: worded_count(n, "{n} level", "{n} levels"),
    "minute": lambda n: worded_count(n, "{n} minute", "{n} minutes"),
    "month": lambda n: worded_count(n, "{n} month", "{n} months"),
    "more text": lambda n: worded_count(n, "{n} more text", "{n} more texts"),
    "rule": lambda n: worded_count(n, "{n} rule", "{n} rules"),
    "text": lambda n: worded_count(n, "{n} text", "{n} texts"),
    "time": lambda n: worded_count(n, "{n} time", "{n} times"),
    "turn": lambda n: worded_count(n, "{n} turn", "{n} turns"),
    "week": lambda n: worded_count(n, "{n} week", "{n} weeks"),
    "year": lambda n: worded_count(n, "{n} year", "{n} years"),
}
# Told by other words: “a day” is also what a field can hold.
_EVERY = {
    "day": Worded("a day", "each day"),
    "week": Worded("a week", "each week"),
    "month": Worded("a month", "each month"),
    "quarter": Worded("a quarter", "each quarter"),
    "year": Worded("a year", "each year"),
    Every.LIFETIME: worded("ever"),
}
_ENDS = {
    "month": worded("at the end of the month"),
    "quarter": worded("at the end of the quarter"),
    "year": worded("at the end of the year"),
}
_PER = {"member": worded("per member"), "team": worded("per team"), Per.ALL: worded("for everyone")}
_PHRASES = {
    str(phrase): phrase
    for phrase in (
        worded("the calendar year"),
        worded("the membership year"),
        worded("all time"),
        worded("while it lasts"),
        worded("to the end of the year"),
        worded("to the end of next year"),
        worded("recalculated"),
        worded("one step down"),
        worded("for ever"),
        worded("28 February"),
        worded("1 March"),
        worded("times"),
        worded("order"),
        worded("day"),
        worded("half up"),
        worded("half even"),
        worded("down"),
        worded("up"),
    )
}
_AFTER: dict[str, Callable[[int], Worded]] = {
    "D": lambda n: worded_count(n, "after {n} day", "after {n} days"),
    "W": lambda n: worded_count(n, "after {n} week", "after {n} weeks"),
    "M": lambda n: worded_count(n, "after {n} month", "after {n} months"),
    "Y": lambda n: worded_count(n, "after {n} year", "after {n} years"),
}


def phrase_words(text: str) -> str:
    """A phrase of the file with one spelling, or a number of months; whatever else it is as it is written."""
    counted_months = re.fullmatch(r"([0-9]+) (day|week|month|year)s?", text)
    if counted_months:
        return counted(int(counted_months[1]), counted_months[2])
    return _PHRASES.get(text, text)


def counted(count: int, noun: str) -> Worded:
    """`1 day`, `14 days`."""
    return _COUNTED[noun](count)


def quantity_words(quantity: Quantity) -> Worded:
    """`2,000 points`, `2.50 USD`."""
    digits, _, of = quantity_text(quantity).partition(" ")
    return joined((figure(digits), phrase_words(of)), by=" ")


def every_words(every: str) -> Worded:
    """`a month`, or `ever` for a lifetime."""
    return _EVERY[every]


def per_member_words(times: int, every: str) -> Worded:
    """`3 times a month`."""
    often = {1: worded("once"), 2: worded("twice")}.get(times) or counted(times, "time")
    return joined((often, every_words(every)), by=" ")


def limit_phrase_words(phrase: LimitPhrase) -> Worded:
    """`at most 500 points a day per member`."""
    number = phrase.at_most.number
    often = {1: worded("once"), 2: worded("twice")}.get(int(number)) if phrase.at_most.of == "times" else None
    whole = "" if phrase.partial else worded(" or nothing")
    return worded(
        "at most {amount} {every} {per}{whole}",
        amount=often or quantity_words(phrase.at_most),
        every=every_words(phrase.every),
        per=_PER[phrase.per],
        whole=whole,
    )


def step_words(step: StepPhrase) -> Worded:
    """`3000 points for 25 USD`, or `1000 points for 5 %`."""
    worth = quantity_words(step.value) if step.value is not None else f"{step.percent} %"
    return worded("{price} for {worth}", price=quantity_words(step.price), worth=worth)


def wait_words(days: int, until: str) -> str:
    """`14 days`, or `until order.delivered`; nothing where nothing waits."""
    return worded("until {activity}", activity=until) if until else counted(days, "day") if days else ""


def expiry_words(expiry: Expiry) -> Worded:
    """`after 24 months at the end of the month`."""
    if expiry.on:
        return worded("on {day}", day=expiry.on.isoformat())
    if expiry.end_of:
        return _ENDS[expiry.end_of]
    if not expiry.after:
        return worded("never")
    period = re.fullmatch(r"P([0-9]+)([DWMY])", expiry.after)
    said = [_AFTER[period[2]](int(period[1])) if period else worded("after {period}", period=expiry.after)]
    said += [worded("of inactivity")] if expiry.inactive else []
    said += [_ENDS[expiry.round_to]] if expiry.round_to else []
    return joined(said, by=" ")
