"""Reads offers: to whom they are made, when, and what they are for."""

from __future__ import annotations

from plaudit.planning.programme_file import format_offers as sections
from plaudit.planning.programme_file.offers import CONTROL_MAX, Offer
from plaudit.planning.programme_file.read_rules import read_window
from plaudit.planning.programme_file.reading import Place
from plaudit.planning.programme_file.shapes import ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX
from plaudit.targeting.definitions import Measure


def read_offers(place: Place) -> tuple[Offer, ...]:
    """Every offer of a map of them."""
    return tuple(_read_offer(key, below.section(sections.OFFER)) for key, below in place.entries())


def _read_offer(key: str, place: Place) -> Offer:
    window = read_window(place)
    return Offer(
        key=key,
        name=place.at("name").text(key),
        segment=place.at("segment").name(),
        accept=place.at("accept").flag(default=False),
        control=place.at("control").whole(1, CONTROL_MAX) or 0,
        goal=_read_goal(place.at("goal")),
        starts=window.starts,
        ends=window.ends,
    )


def _read_goal(place: Place) -> Measure | None:
    if place.is_absent:
        return None
    place = place.section(sections.OFFER_GOAL)
    return Measure(
        on=place.at("on").name(ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX), when=place.at("when").text()
    )
