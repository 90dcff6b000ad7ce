"""How the demo's service staff noticed one another: over the last weeks, and once a month in the year before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.resolving import find_members
from plaudit.recognition.actions.recognise import Giving, recognise
from plaudit.surfaces.cli.demo.people import TEAMS, staff

ACTOR = "demo"
_WEEKS, _MONTHS = 3, 12
_WORDS = (
    ("stays-calm", "A caller had waited an hour, and thanked you in the end."),
    ("helps-others", "You took over the call when I was lost. I learned a lot by listening."),
    ("solves-it", "You found out why the parcel went astray twice. It has not come back since."),
    ("speaks-up", "You told us which question comes every morning. The page says it now."),
    ("stays-calm", ""),
    ("solves-it", "Three letters with the carrier, and the customer never had to write again."),
)


@dataclass(frozen=True, slots=True)
class Noticed:
    """Somebody of the desk who noticed another: how long ago, how long after the deed, and in which words."""

    giver: str
    recipient: str
    ago: timedelta
    after: timedelta
    behaviour: str
    words: str


def noticed() -> Iterator[Noticed]:
    """The same every time: who leads the north desk notices one after another, and colleagues one another."""
    for team in TEAMS:
        lead, *others = [one for one in staff() if one.team == team]
        for month in range(1, _MONTHS):
            behaviour, words = _WORDS[month % len(_WORDS)]
            recipient = others[month % len(others)]
            ago = timedelta(days=30 * month + 3)
            yield Noticed(lead.number, recipient.number, ago, timedelta(hours=7 * month), behaviour, words)
    lead, *others = [one for one in staff() if one.team == next(iter(TEAMS))]
    for week in range(_WEEKS):
        for turn, after in enumerate((2, 20, 50)):
            behaviour, words = _WORDS[(2 * week + turn) % len(_WORDS)]
            recipient = others[(week * 3 + turn) % (len(others) - 1)]
            ago = timedelta(days=7 * week + turn + 1)
            yield Noticed(lead.number, recipient.number, ago, timedelta(hours=after), behaviour, words)
        behaviour, words = _WORDS[(week + 3) % len(_WORDS)]
        ago = timedelta(days=7 * week + 5)
        yield Noticed(others[week + 1].number, others[week].number, ago, timedelta(hours=8), behaviour, words)


def recognise_one_another(organisation_id: int) -> None:
    """Let all of it have been given; a start that is gone on with gives nothing twice."""
    ids = desk_ids(organisation_id)
    now = clock.now().replace(second=0, microsecond=0)
    for number, one in enumerate(sorted(noticed(), key=lambda each: each.ago, reverse=True)):
        _give(organisation_id, one, ids, now - one.ago, key=f"demo-{number}")


def desk_ids(organisation_id: int) -> dict[str, UUID]:
    """Everybody at the service desk: their ids by their numbers there, in the order of these."""
    numbers = [("desk", one.number) for one in staff()]
    with in_organisation(organisation_id):
        members = find_members(organisation_id, numbers)
    return {number: members[("desk", number)] for _, number in numbers}


def _give(organisation_id: int, one: Noticed, ids: dict[str, UUID], at: datetime, *, key: str) -> None:
    with clock.frozen_at(at):
        recognise(
            organisation_id,
            Giving(
                recipients=[ids[one.recipient]],
                behaviour=one.behaviour,
                words=one.words,
                deed_at=at - one.after,
                key=key,
            ),
            giver_id=ids[one.giver],
            actor=ACTOR,
        )
