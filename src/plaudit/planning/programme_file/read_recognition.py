"""Reads recognition: behaviours, moments, allowances."""

from __future__ import annotations

from decimal import Decimal

from plaudit.earning.definitions import Every
from plaudit.foundation.worded import worded
from plaudit.planning.programme_file import format_recognition as sections
from plaudit.planning.programme_file.phrases import read_per_member, read_wait
from plaudit.planning.programme_file.read_fields import read_audience
from plaudit.planning.programme_file.read_rules import POINTS_MAX, Setting, read_unit_key
from plaudit.planning.programme_file.reading import Place
from plaudit.planning.programme_file.recognition import (
    Behaviour,
    Customers,
    Moment,
    Nominations,
    Recognition,
)
from plaudit.planning.programme_file.shapes import ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX
from plaudit.recognition import definitions as recognition
from plaudit.recognition.definitions import VISIBLE_WORDS

_COUNT_MAX = 1_000


def read_recognition(place: Place, setting: Setting) -> Recognition | None:
    """What a file says of recognition, None where it says nothing."""
    if place.is_absent:
        place.check_not_empty()
        return None
    place = place.section(sections.RECOGNITION)
    times, every = place.at("per_pair").phrase(read_per_member, (recognition.PER_PAIR, Every.MONTH))
    if every is not Every.MONTH:
        place.at("per_pair").note("This is counted by the month.", "Write it such as 4 times a month.")
    return Recognition(
        name=place.at("name").text(),
        unit=read_unit_key(place, setting),
        behaviours=tuple(
            _read_behaviour(key, below.section(sections.BEHAVIOUR))
            for key, below in place.at("behaviours").entries()
        ),
        moments=tuple(
            _read_moment(key, below.section(sections.MOMENT)) for key, below in place.at("moments").entries()
        ),
        supervisors=_read_amount(place.at("supervisors")) or Decimal(0),
        colleagues=_read_amount(place.at("colleagues")) or Decimal(0),
        every=Every(place.at("every").choice(sections.EVERY, "month")),
        per_pair=times,
        per_day=place.at("per_day").whole(1, _COUNT_MAX) or recognition.PER_DAY,
        undo_minutes=place.at("undo_minutes").whole(1, sections.UNDO_MAX) or recognition.UNDO_MINUTES,
        visible=place.at("visible").choice(tuple(VISIBLE_WORDS), "team"),
        promptly_days=_read_days(place.at("promptly"), recognition.PROMPTLY_DAYS),
        notice_days=_read_days(place.at("notice"), recognition.NOTICE_DAYS),
        audience=read_audience(place.at("audience")) or ("staff",),
        customers=_read_customers(place.at("customers")),
        nominations=_read_nominations(place.at("nominations")),
    )


def _read_customers(place: Place) -> Customers | None:
    if place.is_absent:
        place.check_not_empty()
        return None
    place = place.section(sections.CUSTOMERS)
    return Customers(place.at("a_day").whole(1, _COUNT_MAX) or 1, _read_amount(place.at("earn")))


def _read_nominations(place: Place) -> Nominations | None:
    if place.is_absent:
        place.check_not_empty()
        return None
    place = place.section(sections.NOMINATIONS)
    return Nominations(
        up_to=_read_amount(place.at("up_to")) or Decimal(0),
        budget=_read_amount(place.at("budget")) or Decimal(0),
        every=Every(place.at("every").choice(sections.EVERY, "quarter")),
    )


def _read_behaviour(key: str, place: Place) -> Behaviour:
    return Behaviour(
        key=key,
        name=place.at("name").text(key),
        means=place.at("means").text(),
        examples=tuple(below.text() for below in place.at("examples").items()),
        earn=_read_amount(place.at("earn")),
    )


def _read_moment(key: str, place: Place) -> Moment:
    return Moment(
        key=key,
        name=place.at("name").text(key),
        on=place.at("on").name(ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX),
        when=place.at("when").text(),
        behaviour=place.at("behaviour").name(),
        shows=tuple(below.text() for below in place.at("shows").items()),
    )


def _read_amount(place: Place) -> Decimal | None:
    number = place.number()
    if number is not None and not 0 < number <= POINTS_MAX:
        place.note("This is not a possible number.", "Write one above zero, or leave it out.")
        return None
    return number


def _read_days(place: Place, default: int) -> int:
    days = place.phrase(read_wait, default)
    if days > sections.DAYS_MAX:
        place.note(
            "By then nobody remembers.", worded("Write at most {days_max} days.", days_max=sections.DAYS_MAX)
        )
    return days
