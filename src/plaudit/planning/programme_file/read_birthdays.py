"""Reads birthdays."""

from __future__ import annotations

from plaudit.foundation.worded import worded
from plaudit.planning.programme_file import format_birthdays as sections
from plaudit.planning.programme_file.birthdays import LEAP_DAYS, Birthdays
from plaudit.planning.programme_file.phrases import read_wait
from plaudit.planning.programme_file.read_fields import read_audience
from plaudit.planning.programme_file.read_rules import POINTS_MAX, Setting, read_unit_key
from plaudit.planning.programme_file.reading import Place

_DAYS_MAX = 180


def read_birthdays(place: Place, setting: Setting) -> Birthdays | None:
    """How a file celebrates birthdays, None where it does not."""
    if place.is_absent:
        place.check_not_empty()
        return None
    place = place.section(sections.BIRTHDAYS)
    one = Birthdays(
        name=place.at("name").text(),
        unit=read_unit_key(place, setting),
        description=place.at("description").text(),
        earn=place.at("earn").number(),
        before_days=place.at("before").phrase(read_wait, 0),
        after_days=place.at("after").phrase(read_wait, 0),
        leap_day=place.at("leap_day").choice(tuple(LEAP_DAYS), "28 February"),
        audience=read_audience(place.at("audience")),
    )
    if one.earn is not None and not 0 < one.earn <= POINTS_MAX:
        place.at("earn").note("This is not a possible number.", "Write one above zero.")
    for name, days in (("before", one.before_days), ("after", one.after_days)):
        if days > _DAYS_MAX:
            place.at(name).note(
                "This is nearer to another birthday.",
                worded("Write at most {days_max} days.", days_max=_DAYS_MAX),
            )
    return one
