"""How the demo's service staff noticed one another: over the last weeks, and once a month in the year before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.resolving import find_members
from plaudit.recognition.actions.recognise import Giving, recognise
from plaudit.surfaces.cli.demo.people import STANDS_IN, TEAMS, staff

ACTOR = "demo"

Step = tuple[datetime, Callable[[], object]]
"""When something happened, and what lets it happen."""

_WEEKS, _MONTHS = 12, 12
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
    helped = [one for one in staff() if one.team == STANDS_IN[1]]
    for week in range(_WEEKS):
        for turn, after in enumerate((2, 20, 50)):
            behaviour, words = _WORDS[(2 * week + turn) % len(_WORDS)]
            recipient = others[(week * 3 + turn) % (len(others) - 1)]
            if turn == 2 and week % 2:
                recipient = helped[week % len(helped)]
            ago = timedelta(days=7 * week + turn + 1)
            yield Noticed(lead.number, recipient.number, ago, timedelta(hours=after), behaviour, words)
        behaviour, words = _WORDS[(week + 3) % len(_WORDS)]
        ago = timedelta(days=7 * week + 5)
        who, whom = others[(week + 1) % len(others)], others[week % len(others)]
        yield Noticed(who.number, whom.number, ago, timedelta(hours=8), behaviour, words)


def given(organisation_id: int, now: datetime) -> Iterator[Step]:
    """All of it, each with its moment; a start that is gone on with gives nothing twice."""
    ids = desk_ids(organisation_id)
    for number, one in enumerate(sorted(noticed(), key=lambda each: each.ago, reverse=True)):
        yield now - one.ago, partial(_give, organisation_id, one, ids, now - one.ago, key=f"demo-{number}")


def in_order(steps: Iterable[Step]) -> None:
    """Let these happen, the oldest first: what is made later is shown above it."""
    for moment, step in sorted(steps, key=lambda each: each[0]):
        with clock.frozen_at(moment):
            step()


def desk_ids(organisation_id: int) -> dict[str, UUID]:
    """Everybody at the service desk: their ids by their numbers there, in the order of these."""
    numbers = [("desk", one.number) for one in staff()]
    with in_organisation(organisation_id):
        members = find_members(organisation_id, numbers)
    return {number: members[("desk", number)] for _, number in numbers}


def _give(organisation_id: int, one: Noticed, ids: dict[str, UUID], at: datetime, *, key: str) -> None:
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
