"""What practices report themselves: the activities, and the rules that a bare number beside a thing stands for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, Protocol

from plaudit.earning.compiling import field_type
from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.phrases import number_text
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.programme import Activity, Programme, Rule


class OwnType(Protocol):
    """A kind of own activity; `corrects` names the one it takes back."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, Mapping[str, Any]]: ...
    @property
    def corrects(self) -> str: ...


def own_activity(own: OwnType) -> Activity:
    """The activity as a file would declare it; rules may be on it."""
    fields = {name: field_type(stored) for name, stored in own.fields.items()}
    return Activity(own.name, own.title, fields=fields, corrects=own.corrects)


def shorthand_rule(
    programme: Programme,
    part: str,
    key: str,
    *,
    name: str,
    on: OwnType,
    unit: str,
    earn: Decimal,
    also: str = "",
    called: str = "",
) -> Rule:
    """The rule behind `earn: 50` of a part, such as a survey: for that part alone, and where `also` holds.

    The part is what its activity calls it, and what the rule's key begins with, unless that is `called` otherwise.
    """
    return Rule(
        key=f"{called or part}.{key}",
        name=name,
        on=on.name,
        unit=unit,
        when=f"programme = '{programme.key}' and {part} = '{key}'{also}",
        earn=number_text(earn),
    )


def does_not_fit(earn: Decimal | None, precision: int) -> bool:
    """Whether a unit has too few decimals for this."""
    return earn is not None and earn != round(earn, precision)


def check_not_declared(programme: Programme, own: Collection[OwnType], problems: Problems) -> None:
    """Note activities of the file that take the names of these."""
    names = {one.name for one in own}
    for activity in programme.activities:
        if activity.key in names:
            problems.note(
                ("activities", activity.key),
                worded("`{key}` is what Plaudit reports itself.", key=activity.key),
                "Give the activity another key; rules may be on Plaudit's own without it.",
            )


def check_countable(
    programme: Programme, unit: str, number: Decimal | None, path: Path, problems: Problems
) -> None:
    """Note a number that its unit cannot count."""
    precision = next((one.precision for one in programme.units if one.key == unit), 0)
    if does_not_fit(number, precision):
        problems.note(
            path,
            worded("The unit has {precision} decimals.", precision=precision)
            if precision
            else worded("The unit has no decimals."),
            "Write a number that it can count.",
        )
