"""Reads rules, limits, campaigns and examples: what earns, and how much at most."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from plaudit.earning.definitions import Every, Per
from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.foundation.worded import listed, worded
from plaudit.planning.programme_file import format_rules as sections
from plaudit.planning.programme_file.phrases import (
    LimitPhrase,
    Quantity,
    Wait,
    read_beginning,
    read_day,
    read_limit,
    read_moment,
    read_pending,
    read_quantity,
)
from plaudit.planning.programme_file.programme import Campaign, Example, Limit, Rule, Unit, Window
from plaudit.planning.programme_file.read_fields import check_currency, read_audience
from plaudit.planning.programme_file.reading import Place
from plaudit.planning.programme_file.shapes import ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX, FIELD_NAME

FACTOR_MAX = 1000
POINTS_MAX = 10**12


@dataclass(frozen=True, slots=True)
class Setting:
    """What the rest of the file is read against: the units it declares and its currency."""

    units: tuple[Unit, ...]
    currency: str

    def called(self, word: str) -> Unit | None:
        """The unit of that key or name."""
        lower = word.lower()
        return next(
            (unit for unit in self.units if lower in (unit.key, unit.one.lower(), unit.other.lower())), None
        )

    @property
    def only_unit(self) -> Unit | None:
        """The unit that goes without saying."""
        return self.units[0] if len(self.units) == 1 else None


def read_rules(place: Place, setting: Setting) -> tuple[Rule, ...]:
    """Every rule of a map of rules."""
    return tuple(_read_rule(key, below, setting) for key, below in place.entries())


def _read_rule(key: str, place: Place, setting: Setting) -> Rule:
    place = place.section(sections.RULE)
    unit = read_unit_key(place, setting)
    on = place.at("on").name(ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX)
    wait = place.at("pending").phrase(read_pending, Wait())
    return Rule(
        key=key,
        name=place.at("name").text(key),
        on=on,
        unit=unit,
        when=place.at("when").text(),
        earn=place.at("earn").text(),
        take=place.at("take").text(),
        multiply=read_factor(place.at("multiply")),
        of=tuple(below.name() for below in place.at("of").one_or_more()),
        audience=read_audience(place.at("audience")),
        window=read_window(place),
        pending_days=wait.days,
        pending_until=wait.until,
        limits=read_limits(place.at("limits"), setting, unit),
        because=place.at("because").text(),
        objective=place.at("objective").name(),
        rounding=_read_rounding(place.at("rounding")),
        examples=tuple(_read_rule_example(below, on, unit) for below in place.at("examples").items()),
    )


def _read_rounding(place: Place) -> str:
    """Which events are rounded together; each line by itself goes without saying."""
    choice = place.choice(sections.ROUNDINGS, "line")
    return "" if choice == "line" else choice


def read_unit_key(place: Place, setting: Setting) -> str:
    """The unit a rule earns: named, or the only one there is."""
    below = place.at("unit")
    if not below.is_absent:
        key = below.text()
        known = [unit.key for unit in setting.units]
        if key not in known:
            below.note(
                worded("There is no unit `{key}`{meant}", key=key, meant=did_you_mean(key, known)),
                code="unknown_unit",
            )
        return key
    if setting.only_unit is None and setting.units:
        keys = ", ".join(f"`{unit.key}`" for unit in setting.units)
        place.note(
            "It is not said which unit this is about.",
            worded("Add unit: and one of {keys}.", keys=keys),
            code="missing",
        )
    return setting.units[0].key if setting.units else ""


def read_factor(place: Place) -> Decimal | None:
    factor = place.number()
    if factor is not None and not (1 < factor <= FACTOR_MAX and factor == round(factor, 6)):
        place.note(
            worded("A multiplier is more than 1 and at most {factor_max}.", factor_max=FACTOR_MAX),
            "To give half as much again, write 1.5.",
        )
        return Decimal(2)
    return factor


def read_window(place: Place) -> Window:
    """From one moment up to another, as local times; `through` a day is until the next one begins."""
    starts: datetime | None = place.at("from").phrase(read_beginning, None)
    ends: datetime | None = place.at("until").phrase(read_moment, None)
    last_day: date | None = place.at("through").phrase(read_day, None)
    if last_day is not None:
        ends = datetime.combine(last_day, datetime.min.time()) + timedelta(days=1)
    if starts is not None and ends is not None and starts >= ends:
        name = "through" if last_day is not None else "until"
        place.at(name).note("This ends before it begins.", "Swap the dates or correct one.")
    return Window(starts, ends)


def read_limits(place: Place, setting: Setting, unit: str = "") -> tuple[Limit, ...]:
    """One limit or several; `unit` is what the rule earns, where they belong to a rule."""
    read = (_read_limit(below, setting, unit) for below in place.one_or_more())
    return tuple(limit for limit in read if limit is not None)


def _read_limit(place: Place, setting: Setting, unit: str) -> Limit | None:
    name = ""
    if place.tree is not None and hasattr(place.tree, "entries"):
        place = place.section(sections.LIMIT)
        name = place.at("name").name()
        place = place.at("limit")
    phrase: LimitPhrase | None = place.phrase(read_limit, None)
    if phrase is None:
        return None
    counted = read_counted(place, phrase.at_most, setting, unit)
    if counted is None:
        return None
    quantity, key = counted
    return Limit(quantity, phrase.every, phrase.per, key, phrase.partial, name)


def read_counted(
    place: Place, written: Quantity, setting: Setting, unit: str = ""
) -> tuple[Quantity, str] | None:
    """What is counted and the unit it is counted in: times, a unit's points, or money at the unit's worth."""
    if written.of in ("times", "time"):
        if written.number < 1 or written.number != int(written.number):
            place.note("A number of times is a whole number.", "Write once, twice, 3 times.")
            return None
        return Quantity(written.number, "times"), ""
    money = re.fullmatch(r"([A-Z]{3})(?: of (.+))?", written.of)
    if money is not None:
        return _read_counted_money(place, Quantity(written.number, money[1]), money[2] or unit, setting)
    found = setting.called(written.of)
    if found is None:
        if setting.units:
            words = [unit.other for unit in setting.units]
            place.note(
                worded(
                    "`{of}` is not a unit{meant}",
                    of=written.of,
                    meant=did_you_mean(written.of, [*words, "times"]),
                ),
                code="unknown_unit",
            )
        return None
    if unit and found.key != unit:
        place.note(
            worded(
                "The rule earns {named}, and this counts {other}.",
                named=_named(setting, unit),
                other=found.other,
            ),
            "Count what the rule earns, or times.",
        )
        return None
    if not 0 < written.number <= POINTS_MAX or written.number != round(written.number, found.precision):
        decimals = (
            worded("{precision} decimals", precision=found.precision)
            if found.precision
            else worded("no decimals")
        )
        place.note(
            worded("This is not a possible number of {other}.", other=found.other),
            worded("It is above zero and has {decimals}.", decimals=decimals),
        )
        return None
    return Quantity(written.number, found.key), found.key


def _read_counted_money(
    place: Place, money: Quantity, of: str, setting: Setting
) -> tuple[Quantity, str] | None:
    before = len(place.problems.found)
    check_currency(place, money.of, setting.currency)
    valued = [unit for unit in setting.units if unit.worth is not None]
    unit = setting.called(of) if of else valued[0] if len(valued) == 1 else None
    if unit is None:
        keys = listed((f"{money.of} of {one.other}" for one in setting.units), by="or")
        place.note("It is not said which unit's money this is.", worded("Write {keys}.", keys=keys))
    elif unit.worth is None:
        place.note(
            worded("It is not said what {other} are worth, so money cannot limit them.", other=unit.other),
            worded("Add worth: to the unit {key}.", key=unit.key),
        )
    elif money.number < unit.worth.scaleb(-unit.precision):
        place.note(worded("This is less than the smallest amount of {other}.", other=unit.other), "Raise it.")
    elif money.number > unit.worth * POINTS_MAX:
        place.note(worded("This is more {other} than can be counted.", other=unit.other), "Lower it.")
    if unit is None or len(place.problems.found) > before:
        return None
    return money, unit.key


def _named(setting: Setting, key: str) -> str:
    return next((unit.other for unit in setting.units if unit.key == key), key)


def _read_rule_example(place: Place, on: str, unit: str) -> Example:
    place = place.section(sections.RULE_EXAMPLE)
    earns = place.at("earns").number()
    return _example(place, on, {unit: earns} if earns is not None else {})


def read_examples(place: Place, setting: Setting) -> tuple[Example, ...]:
    """Examples of the whole programme."""
    examples = []
    for below in place.items():
        section = below.section(sections.EXAMPLE)
        earns = {}
        for key, amount in section.at("earns").entries():
            number = amount.number()
            if setting.units and setting.called(key) is None:
                amount.note(
                    worded(
                        "There is no unit `{key}`{meant}",
                        key=key,
                        meant=did_you_mean(key, [unit.key for unit in setting.units]),
                    )
                )
            elif number is not None:
                earns[key] = number
        examples.append(_example(section, section.at("on").text(), earns))
    return tuple(examples)


def _example(place: Place, on: str, earns: Mapping[str, Decimal]) -> Example:
    at: datetime | None = place.at("at").phrase(read_beginning, None)
    return Example(on, _facts(place.at("given")), _facts(place.at("member")), at, earns)


def _facts(place: Place) -> dict[str, Any]:
    """Values by field as written; the fields' types say later what they mean. Nothing written is null."""
    return {name: None if below.is_absent else below.text() for name, below in place.named(FIELD_NAME)}


def read_campaigns(place: Place, setting: Setting) -> tuple[Campaign, ...]:
    """Every campaign with its rules."""
    return tuple(_read_campaign(key, below, setting) for key, below in place.entries())


def _read_campaign(key: str, place: Place, setting: Setting) -> Campaign:
    place = place.section(sections.CAMPAIGN)
    window = read_window(place)
    if window == Window() and not any(
        place.problems.under((*place.path, name)) for name in ("from", "through", "until")
    ):
        place.note(
            "It is not said when the campaign is.",
            "Add from:, through: or both; or move its rules to the top.",
            code="missing",
        )
    return Campaign(
        key=key,
        name=place.at("name").text(key),
        description=place.at("description").text(),
        window=window,
        limits=read_limits(place.at("limits"), setting),
        rules=read_rules(place.at("rules"), setting),
        budget=_read_budget(place.at("budget"), setting),
    )


def _read_budget(place: Place, setting: Setting) -> Limit | None:
    written = place.phrase(read_quantity, Quantity(Decimal(0), ""))
    if not written.of:
        return None
    if written.of in ("times", "time"):
        place.note("A budget is an amount of points or money.", "For a number of times write a limit.")
        return None
    counted = read_counted(place, written, setting)
    return Limit(counted[0], Every.LIFETIME, Per.ALL, counted[1]) if counted else None
