"""Reads tiers: ladders, what climbs them, and how long a level is kept."""

from __future__ import annotations

from decimal import Decimal

from plaudit.planning.programme_file import format_tiers as sections
from plaudit.planning.programme_file.phrases import read_wait
from plaudit.planning.programme_file.read_fields import read_audience
from plaudit.planning.programme_file.read_rules import POINTS_MAX
from plaudit.planning.programme_file.reading import Place
from plaudit.planning.programme_file.shapes import ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX
from plaudit.planning.programme_file.tiers import (
    WARN_DAYS,
    Keeping,
    Ladder,
    Level,
    Window,
    read_keep,
    read_then,
    read_within,
)
from plaudit.targeting.definitions import Downgrade


def read_tiers(place: Place) -> tuple[Ladder, ...]:
    """Every ladder of a map of them."""
    return tuple(_read_ladder(key, below.section(sections.TIER)) for key, below in place.entries())


def _read_ladder(key: str, place: Place) -> Ladder:
    return Ladder(
        key=key,
        name=place.at("name").text(key),
        earned=place.at("earned").name(),
        on=place.at("on").name(ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX),
        when=place.at("when").text(),
        amount=place.at("amount").text(),
        window=place.at("within").phrase(read_within, Window()),
        levels=tuple(_read_level(name, below) for name, below in place.at("levels").entries()),
        keeping=place.at("keep").phrase(read_keep, Keeping()),
        downgrade=place.at("then").phrase(read_then, Downgrade.RECALCULATED),
        grace_days=place.at("grace").phrase(read_wait, 0),
        warn_days=place.at("warn").phrase(read_wait, WARN_DAYS),
        audience=read_audience(place.at("audience")),
    )


def _read_level(key: str, place: Place) -> Level:
    place = place.section(sections.TIER_LEVEL)
    reached_from = place.at("from").number()
    if reached_from is not None and not 0 <= reached_from <= POINTS_MAX:
        place.at("from").note("A level is reached from 0 or more.", "Write a number such as 1000.")
        reached_from = None
    benefits = tuple(below.text() for below in place.at("benefits").items())
    return Level(key, place.at("name").text(key), reached_from or Decimal(0), benefits)
