"""Reads what there is to learn."""

from __future__ import annotations

import re
from decimal import Decimal

from plaudit.foundation.worded import worded
from plaudit.learning.definitions import Counts, Kind, Learning, MoveOn, Offering
from plaudit.planning.programme_file import format_learning as sections
from plaudit.planning.programme_file.phrases import PhraseRefused, count_text, read_wait
from plaudit.planning.programme_file.read_rules import POINTS_MAX, Setting, read_unit_key
from plaudit.planning.programme_file.read_scenarios import read_scenarios
from plaudit.planning.programme_file.reading import Place
from plaudit.planning.programme_file.shapes import FIELD_NAME

_USUAL = Offering("", "", Kind.SEMINAR)
_MINUTES_MAX = 100_000
_FOR_EVER = "for ever"


def read_certificate(text: str) -> int:
    """`24 months` or `2 years`, as months; 0 for `for ever`."""
    found = re.fullmatch(sections.CERTIFICATE, text)
    if found is None:
        raise PhraseRefused(
            worded("`{text}` is not how long.", text=text), "Write 24 months, 2 years, or for ever."
        )
    if not found["count"]:
        return 0
    return int(found["count"]) * (12 if found["span"] == "year" else 1)


def certificate_text(months: int) -> str:
    """As `read_certificate` reads it."""
    return count_text(months, "month") if months else _FOR_EVER


def read_learning(place: Place, *, programme: str, time_zone: str, setting: Setting) -> Learning | None:
    """What a file offers to learn; None where it says nothing of it."""
    if place.is_absent:
        place.check_not_empty()
        return None
    place = place.section(sections.LEARNING)
    entries = place.at("offerings").entries()
    offerings = tuple(_read_offering(key, below, setting) for key, below in entries)
    role = place.at("role").name(FIELD_NAME) or "role"
    scenarios = read_scenarios(place.at("scenarios"), setting)
    return Learning(programme, time_zone, role, offerings, scenarios) if offerings or scenarios else None


def _read_offering(key: str, place: Place, setting: Setting) -> Offering:
    place = place.section(sections.OFFERING)
    earn = _read_earn(place.at("earn"))
    certificate = place.at("certificate")
    return Offering(
        key=key,
        name=place.at("name").text(key),
        kind=Kind(place.at("kind").choice(tuple(Kind), Kind.SEMINAR)),
        description=place.at("description").text(),
        provider=place.at("provider").text(),
        partner=place.at("partner").name(),
        minutes=place.at("minutes").whole(0, _MINUTES_MAX) or 0,
        earn=earn,
        unit=read_unit_key(place, setting) if earn is not None else "",
        counts=Counts(place.at("counts").choice(tuple(Counts), _USUAL.counts)),
        has_certificate=not certificate.is_absent,
        certificate_months=certificate.phrase(read_certificate, 0),
        notice_days=place.at("notice").phrase(read_wait, _USUAL.notice_days),
        after=_read_keys(place.at("after")),
        steps=_read_keys(place.at("steps")),
        renewal=_read_keys(place.at("renewal")),
        needed_by=tuple(below.text() for below in place.at("needed_by").one_or_more()),
        claim=place.at("claim").flag(default=False),
        activity=place.at("activity").text(),
        move_on=MoveOn(place.at("move_on").choice(tuple(MoveOn), _USUAL.move_on)),
    )


def _read_earn(place: Place) -> Decimal | None:
    earn = place.number()
    if earn is not None and not 0 < earn <= POINTS_MAX:
        place.note("This is not a possible number.", "Write one above zero.")
    return earn


def _read_keys(place: Place) -> tuple[str, ...]:
    return tuple(below.name() for below in place.one_or_more())
