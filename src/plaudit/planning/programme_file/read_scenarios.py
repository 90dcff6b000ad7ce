"""Reads conversations to practise."""

from __future__ import annotations

from plaudit.earning.compiling import MEMBER_KINDS
from plaudit.learning.conversations import PASS_PERCENT, Choice, Scenario, Turn
from plaudit.planning.programme_file import format_scenarios as sections
from plaudit.planning.programme_file.read_fields import read_audience
from plaudit.planning.programme_file.read_rules import POINTS_MAX, Setting, read_unit_key
from plaudit.planning.programme_file.reading import Place


def read_scenarios(place: Place, setting: Setting) -> tuple[Scenario, ...]:
    """Every scenario, in the order of the file."""
    return tuple(_read_scenario(key, below, setting) for key, below in place.entries())


def _read_scenario(key: str, place: Place, setting: Setting) -> Scenario:
    place = place.section(sections.SCENARIO)
    earn = place.at("earn").number()
    if earn is not None and not 0 < earn <= POINTS_MAX:
        place.at("earn").note("This is not a possible number.", "Write one above zero.")
    return Scenario(
        key=key,
        name=place.at("name").text(key),
        intro=place.at("intro").text(),
        audience=_read_audience(place.at("audience")),
        teaches=tuple(below.name() for below in place.at("teaches").one_or_more()),
        pass_percent=place.at("pass").whole(1, 100) or PASS_PERCENT,
        earn=earn,
        unit=read_unit_key(place, setting) if earn is not None else "",
        turns=tuple(_read_turn(each, below) for each, below in place.at("turns").entries()),
    )


def _read_audience(place: Place) -> tuple[str, ...]:
    return ("staff",) if place.is_absent else read_audience(place) or MEMBER_KINDS


def _read_turn(key: str, place: Place) -> Turn:
    place = place.section(sections.TURN)
    choices = tuple(_read_choice(each, below) for each, below in place.at("choices").entries())
    return Turn(key, place.at("says").text(key), choices)


def _read_choice(key: str, place: Place) -> Choice:
    place = place.section(sections.TURN_CHOICE)
    follows = place.at("next").name()
    return Choice(
        key=key,
        say=place.at("say").text(key),
        points=place.at("points").whole(0, sections.POINTS_MOST) or 0,
        because=place.at("because").text(),
        next=follows if follows != sections.END else "",
    )
