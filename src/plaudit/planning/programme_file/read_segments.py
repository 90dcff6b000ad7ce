"""Reads segments: their facts, their condition, or which one that comes ready."""

from __future__ import annotations

from plaudit.planning.programme_file import format_segments as sections
from plaudit.planning.programme_file.read_fields import read_audience
from plaudit.planning.programme_file.reading import Place
from plaudit.planning.programme_file.segments import KINDS, Fact, Segment, read_in, read_ready
from plaudit.planning.programme_file.shapes import ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX, FIELD_NAME


def read_segments(place: Place) -> tuple[Segment, ...]:
    """Every segment of a map of them."""
    return tuple(_read_segment(key, below.section(sections.SEGMENT)) for key, below in place.entries())


def _read_segment(key: str, place: Place) -> Segment:
    return Segment(
        key=key,
        name=place.at("name").text(key),
        ready=place.at("ready").phrase(read_ready, None),
        amount=place.at("amount").text(),
        facts=tuple(
            _read_fact(name, below.section(sections.SEGMENT_FACT))
            for name, below in place.at("facts").entries(FIELD_NAME)
        ),
        when=place.at("when").text(),
        teams=tuple(below.text() for below in place.at("teams").items()),
        audience=read_audience(place.at("audience")),
    )


def _read_fact(name: str, place: Place) -> Fact:
    return Fact(
        name=name,
        kind=KINDS[place.at("is").choice(tuple(KINDS), "how many")],
        earned=place.at("earned").name(),
        on=place.at("on").name(ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX),
        when=place.at("when").text(),
        amount=place.at("amount").text(),
        days=place.at("in").phrase(read_in, 0),
    )
