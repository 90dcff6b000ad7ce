"""Reads challenges, streaks, competitions, achievements and badges."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from plaudit.earning.definitions import Every
from plaudit.foundation.worded import worded
from plaudit.planning.programme_file import format_engaging as sections
from plaudit.planning.programme_file.engaging import Badge, Goal, Pursuit
from plaudit.planning.programme_file.phrases import read_per_member, read_wait
from plaudit.planning.programme_file.read_fields import read_audience
from plaudit.planning.programme_file.read_rules import Setting, read_factor, read_unit_key, read_window
from plaudit.planning.programme_file.reading import Place
from plaudit.planning.programme_file.shapes import ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX

SPANS = {"days": "day", "weeks": "week", "editions": "edition"}
_AT_MOST = 10**9
PLACES_MAX = 1_000


def read_challenges(place: Place, setting: Setting) -> tuple[Pursuit, ...]:
    """Every challenge."""
    return tuple(_read_challenge(key, below, setting) for key, below in place.entries())


def read_streaks(place: Place, setting: Setting) -> tuple[Pursuit, ...]:
    """Every streak."""
    return tuple(_read_streak(key, below, setting) for key, below in place.entries())


def _read_challenge(key: str, place: Place, setting: Setting) -> Pursuit:
    place = place.section(sections.CHALLENGE)
    every = place.at("every").choice(sections.PERIODS, "")
    return replace(
        _read(key, place, setting),
        sum=place.at("sum").text(),
        every=Every(every) if every else Every.LIFETIME,
        goals=_read_goals(place, "target", "targets"),
    )


def _read_streak(key: str, place: Place, setting: Setting) -> Pursuit:
    place = place.section(sections.STREAK)
    spans = SPANS.get(place.at("in").choice(tuple(SPANS), "days"), "day")
    rest, rest_every = place.at("rest").phrase(read_per_member, (0, Every.WEEK))
    streak = replace(
        _read(key, place, setting),
        goals=_read_goals(place, "length", "lengths"),
        spans=spans,
        again=place.at("again").whole(1, _AT_MOST),
        rest=rest,
        rest_every=rest_every,
        members_midnight=place.at("midnight").choice(("programme", "member"), "programme") == "member",
        edition=place.at("edition").text(),
        cancelled=tuple(
            sorted({below.whole(1, 10**6) or 1 for below in place.at("cancelled").one_or_more()})
        ),
        multiply=read_factor(place.at("multiply")),
    )
    _check_streak(place, streak)
    return streak


def read_competitions(place: Place, setting: Setting) -> tuple[Pursuit, ...]:
    """Every competition."""
    return tuple(_read_competition(key, below, setting) for key, below in place.entries())


def _read_competition(key: str, place: Place, setting: Setting) -> Pursuit:
    place = place.section(sections.COMPETITION)
    every = place.at("every").choice(sections.PERIODS, "")
    one = replace(
        _read(key, place, setting),
        sum=place.at("sum").text(),
        every=Every(every) if every else Every.LIFETIME,
        goals=_read_goals(place, "prize", "prizes"),
        ties=place.at("ties").choice(("first", "share"), "first"),
        wait_days=place.at("wait").phrase(read_wait, 0),
    )
    if any(goal.at != int(goal.at) or goal.at > PLACES_MAX for goal in one.goals):
        place.at("prizes").note(
            "This is not a place.",
            worded("Write whole numbers from 1 to {places_max}.", places_max=PLACES_MAX),
        )
    if one.every is Every.LIFETIME and one.ends is None and not _has_faulty_end(place):
        place.note("It is not said when it is decided.", "Add every:, through: or until:.", code="missing")
    return one


def read_achievements(place: Place, setting: Setting) -> tuple[Pursuit, ...]:
    """Every achievement."""
    return tuple(_read_achievement(key, below, setting) for key, below in place.entries())


def _read_achievement(key: str, place: Place, setting: Setting) -> Pursuit:
    place = place.section(sections.ACHIEVEMENT)
    goals = _read_goals(place, "target", "targets")
    for name in ("earn", "badge"):
        if not goals and not place.at(name).is_absent:
            place.at(name).note("It is not said what is to be reached for it.", "Add target: 100.")
    return replace(_read(key, place, setting), sum=place.at("sum").text(), goals=goals)


def read_badges(place: Place) -> tuple[Badge, ...]:
    """Every badge."""
    found = []
    for key, below in place.entries():
        section = below.section(sections.BADGE)
        name, told = section.at("name").text(key), section.at("description").text()
        found.append(Badge(key, name, told, section.at("when").text()))
    return tuple(found)


def _has_faulty_end(place: Place) -> bool:
    return any(place.problems.under((*place.path, name)) for name in ("every", "through", "until"))


def _check_streak(place: Place, streak: Pursuit) -> None:
    """What belongs to one way of counting alone."""
    for goal in streak.goals:
        if goal.at != int(goal.at):
            place.note("A length is a whole number.", "Write a number such as 7.")
    if streak.spans == "edition" and (streak.rest or streak.members_midnight):
        place.note("Editions know no rest days and no midnight.", "Leave rest: and midnight: out.")
    if streak.spans != "edition" and (streak.edition or streak.cancelled):
        place.note("Only a streak in editions has editions.", "Write in: editions, or leave them out.")
    rests = {"day": (Every.WEEK, Every.MONTH), "week": (Every.MONTH, Every.QUARTER, Every.YEAR)}
    if streak.rest and streak.spans in rests and streak.rest_every not in rests[streak.spans]:
        allowed = " or ".join(worded("once a {every}", every=every) for every in rests[streak.spans])
        place.at("rest").note(
            "A rest is not counted in this period.", worded("Write it such as {allowed}.", allowed=allowed)
        )
    if streak.spans == "day" and streak.rest >= 7:
        place.at("rest").note("With that much rest the streak never breaks.", "Allow fewer.")


def _read(key: str, place: Place, setting: Setting) -> Pursuit:
    """What all three have."""
    window = read_window(place)
    return Pursuit(
        key=key,
        name=place.at("name").text(key),
        description=place.at("description").text(),
        on=place.at("on").name(ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX),
        unit=read_unit_key(place, setting),
        when=place.at("when").text(),
        audience=read_audience(place.at("audience")),
        starts=window.starts,
        ends=window.ends,
    )


def _read_goals(place: Place, one: str, several: str) -> tuple[Goal, ...]:
    if not place.at(one).is_absent:
        return (_read_goal(place, place.at(one)),)
    for name in ("earn", "badge"):
        if not place.at(name).is_absent and not place.at(several).is_absent:
            place.at(name).note(
                worded("With {several}: each has its own.", several=several),
                worded("Write it with each of the {several}.", several=several),
            )
    goals = tuple(
        _read_goal(section, section.at("at"))
        for section in (below.section(sections.GOAL) for below in place.at(several).items())
    )
    if len({goal.at for goal in goals}) < len(goals):
        place.at(several).note("Two of them are alike.", "Keep one.")
    return tuple(sorted(goals, key=lambda goal: goal.at))


def _read_goal(place: Place, at: Place) -> Goal:
    number = at.number()
    if number is not None and not (0 < number <= _AT_MOST and number == round(number, 2)):
        at.note("This cannot be reached.", "Write a number above zero, with two decimals at most.")
    return Goal(at=number or Decimal(1), earn=_read_earn(place.at("earn")), badge=place.at("badge").name())


def _read_earn(place: Place) -> Decimal | None:
    earn = place.number()
    if earn is not None and not 0 < earn <= _AT_MOST:
        place.note("It cannot earn this.", "Write a number above zero.")
        return None
    return earn
