"""Answers to anybody: what a public programme says, since when, and what changed from one version to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.utils.translation import get_language

from plaudit.foundation.exact import decode
from plaudit.foundation.told import read_in, told_through
from plaudit.insights.open_words import Ladders, Thing, ladders_of_value, things_of
from plaudit.membership.definitions import Scheme
from plaudit.membership.rules import price_on
from plaudit.planning.models import ProgrammeState, ProgrammeVersion
from plaudit.planning.programme_file.parse import programme_of
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.translating import tongues_of
from plaudit.planning.queries import newest_public, public_programmes
from plaudit.planning.refusals import NotPublic

LOOKED_BACK = 30
"""How many versions are looked through for when a thing began to be so."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One version of a programme in plain words."""

    programme: Programme
    things: tuple[Thing, ...]
    values: tuple[Ladders, ...]

    def of(self, *parts: str) -> list[Thing]:
        """The things of these parts, in their order."""
        return [thing for thing in self.things if thing.part in parts]


@dataclass(frozen=True, slots=True)
class OpenProgramme:
    """A public programme as it stands: its newest version, and since when each thing in it has been so.

    `since` is by a thing's part and key; one that is as old as the oldest version looked at has its moment.
    """

    key: str
    number: int
    published_at: datetime
    is_live: bool
    opened: Opened
    since: Mapping[tuple[str, str], datetime]
    numbers: Sequence[int]

    @property
    def programme(self) -> Programme:
        """The programme as its file says it."""
        return self.opened.programme

    @property
    def takes_in(self) -> bool:
        """Whether somebody may enrol by themselves now."""
        public = self.programme.public
        return self.is_live and public is not None and public.is_open


@dataclass(frozen=True, slots=True)
class OpenChange:
    """What became of one thing: `before` and `after` in words, one of them empty where it came or went."""

    part: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Fee:
    """What a term costs at a level today, in minor units; None where that is not sold now."""

    level: str
    term: str
    amount: int | None


def open_list(organisation_id: int) -> list[tuple[str, str, str]]:
    """The public programmes of an organisation: key, name and description each."""
    return [(row.programme.key, one.name, one.description) for row, one in public_programmes(organisation_id)]


def open_programme(organisation_id: int, key: str) -> OpenProgramme:
    """A public programme. Raises `NotPublic`. Ask inside `in_organisation`."""
    version, _ = newest_public(organisation_id, key)
    rows = _versions(version)
    opened = [_opened(row_id, _language()) for row_id, _, _ in rows[:LOOKED_BACK]]
    return OpenProgramme(
        key=key,
        number=version.number,
        published_at=version.published_at,
        is_live=version.programme.state == ProgrammeState.LIVE,
        opened=opened[0],
        since=_since(opened, [moment for _, _, moment in rows]),
        numbers=[number for _, number, _ in rows],
    )


def open_changes(organisation_id: int, key: str, *, older: int) -> list[OpenChange]:
    """What changed from an older version of a public programme to its newest. Raises `NotPublic`."""
    version, _ = newest_public(organisation_id, key)
    found = next((row_id for row_id, number, _ in _versions(version) if number == older), None)
    if found is None:
        raise NotPublic
    was = {(thing.part, thing.key): thing for thing in _opened(found, _language()).things}
    now = {(thing.part, thing.key): thing for thing in _opened(version.id, _language()).things}
    changes = []
    for identity in (*now, *(one for one in was if one not in now)):
        before, after = was.get(identity), now.get(identity)
        words = tuple(one.all_words if one is not None else "" for one in (before, after))
        if words[0] != words[1]:
            named = after or before
            assert named is not None
            changes.append(OpenChange(named.part, named.name, *words))
    return changes


def fees_today(scheme: Scheme, today: date) -> list[Fee]:
    """What every term costs today, level by level."""
    found = []
    for level in scheme.levels:
        for term in scheme.terms:
            price = price_on(scheme, term=term.key, level=level.key, day=today)
            found.append(Fee(level.name, term.name, price.amount if price is not None else None))
    return found


def _versions(newest: ProgrammeVersion) -> list[tuple[int, int, datetime]]:
    """Every version: its row, its number and when it was published; the newest first."""
    rows = ProgrammeVersion.objects.filter(
        organisation_id=newest.organisation_id, programme_id=newest.programme_id
    )
    return list(rows.order_by("-number").values_list("id", "number", "published_at"))


def _language() -> tuple[str, ...]:
    """In which language Plaudit says things, and in which the programme does."""
    return (get_language() or "", *read_in())


@lru_cache(maxsize=200)
def _opened(version_id: int, _languages: tuple[str, ...]) -> Opened:
    """A version in the words of a language, kept in memory: versions never change. Asked for with a row that was just found."""
    row = ProgrammeVersion.objects.only("document").get(id=version_id)
    written = programme_of(decode(row.document))
    programme = told_through(written, tongues_of(written))
    return Opened(programme, things_of(programme), ladders_of_value(programme))


def _since(opened: Sequence[Opened], moments: Sequence[datetime]) -> dict[tuple[str, str], datetime]:
    """When each thing of the newest version began to be as it is, going back from version to version."""
    since = {(thing.part, thing.key): moments[0] for thing in opened[0].things}
    words = {(thing.part, thing.key): thing.all_words for thing in opened[0].things}
    for one, moment in zip(opened[1:], moments[1:], strict=False):
        then = {(thing.part, thing.key): thing.all_words for thing in one.things}
        words = {identity: said for identity, said in words.items() if then.get(identity) == said}
        since |= dict.fromkeys(words, moment)
    return since
