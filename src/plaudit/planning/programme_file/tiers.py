"""Tiers in the file: ladders as values, the phrases they are written in, and what they become below."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from plaudit.earning.expressions.types import FieldType
from plaudit.earning.expressions.types import text as text_field
from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.phrases import PhraseRefused, count_text
from plaudit.targeting import definitions as targeting
from plaudit.targeting.definitions import Downgrade, Keep, Within, standing_name

WARN_DAYS = 30

_MONTHS = r"(?P<count>[1-9][0-9]{0,2}) months?"
WITHIN = rf"the calendar year|the membership year|all time|{_MONTHS}"
KEEP = rf"while it lasts|to the end of the year|to the end of next year|{_MONTHS}"
THEN = r"recalculated|one step down"

_WITHIN = {
    "the calendar year": Within.CALENDAR_YEAR,
    "the membership year": Within.MEMBERSHIP_YEAR,
    "all time": Within.EVER,
}
_KEEP = {
    "while it lasts": Keep.WHILE_IT_LASTS,
    "to the end of the year": Keep.END_OF_YEAR,
    "to the end of next year": Keep.END_OF_NEXT_YEAR,
}
_THEN = {"recalculated": Downgrade.RECALCULATED, "one step down": Downgrade.ONE_STEP}


@dataclass(frozen=True, slots=True)
class Window:
    """The time whose amounts count; `months` where it is a number of months."""

    within: Within = Within.CALENDAR_YEAR
    months: int = 0


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a level is kept; `months` where it is a number of months."""

    keep: Keep = Keep.WHILE_IT_LASTS
    months: int = 0


@dataclass(frozen=True, slots=True)
class Level:
    """One level, reached from so much on, in whole units."""

    key: str
    name: str
    reached_from: Decimal
    benefits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """Levels that members climb. `earned` is a unit's key, or `on` an activity with `when` and `amount`."""

    key: str
    name: str
    earned: str = ""
    on: str = ""
    when: str = ""
    amount: str = ""
    window: Window = Window()
    levels: tuple[Level, ...] = ()
    keeping: Keeping = Keeping()
    downgrade: Downgrade = Downgrade.RECALCULATED
    grace_days: int = 0
    warn_days: int = WARN_DAYS
    audience: tuple[str, ...] = ()

    @property
    def measure(self) -> targeting.Measure:
        """What it counts."""
        return targeting.Measure(self.earned, self.on, self.when, self.amount)

    @property
    def standing(self) -> tuple[str, FieldType]:
        """What it says of a member: the name, and a text that is one of its levels or missing."""
        levels = tuple(level.key for level in self.levels)
        return standing_name(self.key), text_field(*levels, nullable=True, label=f"the member's {self.name}")


def ladder_definition(ladder: Ladder, audience: tuple[str, ...], precision: int) -> targeting.Ladder:
    """The ladder as it is published: thresholds in the smallest part of what is counted."""
    return targeting.Ladder(
        key=ladder.key,
        name=ladder.name,
        measure=ladder.measure,
        levels=tuple(
            targeting.Level(one.key, one.name, int(one.reached_from.scaleb(precision)), one.benefits)
            for one in ladder.levels
        ),
        within=ladder.window.within,
        months=ladder.window.months,
        keep=ladder.keeping.keep,
        keep_months=ladder.keeping.months,
        downgrade=ladder.downgrade,
        grace_days=ladder.grace_days,
        warn_days=ladder.warn_days,
        audience=ladder.audience or audience,
    )


def read_within(text: str) -> Window:
    """`the calendar year`, `12 months`."""
    found = re.fullmatch(WITHIN, text)
    if found is None:
        advice = worded("Write the calendar year, 12 months, the membership year, or all time.")
        raise PhraseRefused(worded("`{text}` does not say in which time it counts.", text=text), advice)
    return Window(Within.MONTHS, int(found["count"])) if found["count"] else Window(_WITHIN[text])


def within_text(window: Window) -> str:
    """As `read_within` reads it."""
    if window.within is Within.MONTHS:
        return count_text(window.months, "month")
    return next(text for text, within in _WITHIN.items() if within is window.within)


def read_keep(text: str) -> Keeping:
    """`to the end of next year`, `12 months`."""
    found = re.fullmatch(KEEP, text)
    if found is None:
        advice = worded(
            "Write while it lasts, 12 months, to the end of the year, or to the end of next year."
        )
        raise PhraseRefused(worded("`{text}` does not say how long a level is kept.", text=text), advice)
    return Keeping(Keep.MONTHS, int(found["count"])) if found["count"] else Keeping(_KEEP[text])


def keep_text(keeping: Keeping) -> str:
    """As `read_keep` reads it."""
    if keeping.keep is Keep.MONTHS:
        return count_text(keeping.months, "month")
    return next(text for text, keep in _KEEP.items() if keep is keeping.keep)


def read_then(text: str) -> Downgrade:
    """`one step down`."""
    if text not in _THEN:
        raise PhraseRefused(
            worded("`{text}` does not say what comes then.", text=text),
            "Write recalculated, or one step down.",
        )
    return _THEN[text]


def then_text(downgrade: Downgrade) -> str:
    """As `read_then` reads it."""
    return next(text for text, then in _THEN.items() if then is downgrade)


def tier_document(ladder: Ladder) -> dict[str, Any]:
    """The ladder as its file spells it."""
    said = {
        "name": ladder.name,
        "earned": ladder.earned,
        "on": ladder.on,
        "when": ladder.when,
        "amount": ladder.amount,
        "within": within_text(ladder.window) if ladder.window != Window() else "",
        "keep": keep_text(ladder.keeping) if ladder.keeping != Keeping() else "",
        "then": then_text(ladder.downgrade) if ladder.downgrade is not Downgrade.RECALCULATED else "",
        "grace": count_text(ladder.grace_days, "day") if ladder.grace_days else "",
        "warn": count_text(ladder.warn_days, "day") if ladder.warn_days != WARN_DAYS else "",
        "audience": ladder.audience[0] if len(ladder.audience) == 1 else list(ladder.audience),
        "levels": {level.key: _level_document(level) for level in ladder.levels},
    }
    return {key: value for key, value in said.items() if value not in ("", [])}


def _level_document(level: Level) -> dict[str, Any]:
    benefits = {"benefits": list(level.benefits)} if level.benefits else {}
    return {"name": level.name, "from": level.reached_from, **benefits}
