"""Reads referrals."""

from __future__ import annotations

from plaudit.planning.programme_file import format_referrals as sections
from plaudit.planning.programme_file.phrases import read_wait
from plaudit.planning.programme_file.read_rules import POINTS_MAX, Setting, read_limits, read_unit_key
from plaudit.planning.programme_file.reading import Place
from plaudit.planning.programme_file.referrals import Referrals
from plaudit.planning.programme_file.shapes import ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX


def read_referrals(place: Place, setting: Setting) -> Referrals | None:
    """The referrals of a file, None where it has none."""
    if place.is_absent:
        place.check_not_empty()
        return None
    place = place.section(sections.REFERRALS)
    unit = read_unit_key(place, setting)
    one = Referrals(
        name=place.at("name").text(),
        on=place.at("on").name(ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX),
        unit=unit,
        within_days=place.at("within").phrase(read_wait, 0),
        description=place.at("description").text(),
        when=place.at("when").text(),
        sum=place.at("sum").text(),
        at_least=place.at("at_least").number(),
        earn=place.at("earn").number(),
        friend_earns=place.at("welcome").number(),
        limits=read_limits(place.at("limits"), setting, unit),
        link=place.at("link").text(),
    )
    for name, number in (("at_least", one.at_least), ("earn", one.earn), ("welcome", one.friend_earns)):
        if number is not None and not 0 < number <= POINTS_MAX:
            place.at(name).note("This is not a possible number.", "Write one above zero.")
    if bool(one.sum) != (one.at_least is not None):
        place.note("`sum` and `at_least` belong together.", "Write both, or neither.")
    if one.link and ("{code}" not in one.link or not one.link.startswith("https://")):
        place.at("link").note(
            "This is not an address with {code} in it.", "Write https://… with {code} where the code goes."
        )
    return one
