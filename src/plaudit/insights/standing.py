"""What the reasons of a tier, a segment and an offer share: whose it is, what counted, and which version decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from plaudit.activity.told import events_in_ranges
from plaudit.activity.types import declared_types
from plaudit.cases.rules import answered_by
from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.insights.names import names_of
from plaudit.insights.reasons import Authority, Because, Input, Link, Sum, question_words
from plaudit.insights.wording import day_words
from plaudit.ledger.units import UnitPolicy
from plaudit.people.queries import organisation
from plaudit.planning.models import ProgrammeVersion
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.queries import programme_behind
from plaudit.targeting.queries.evidence import CountedEvent

EVENTS_SHOWN = 12
_VERSIONS_READ_MAX = 50

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Standing:
    """A member and something that a practice says of them, as `reference` names it, such as `tier:club/status`."""

    organisation_id: int
    member_id: UUID
    reference: str
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The day it is where the programme is."""
        return clock.now().astimezone(self.zone).date()

    def answer(
        self,
        kind: str,
        *,
        sentence: str,
        inputs: Iterable[Input],
        authority: Authority,
        sums: Sequence[Sum],
        total: Sum,
        would_change: Iterable[str],
        happened_at: datetime,
        unit: UnitPolicy | None = None,
        links: Iterable[Link] = (),
    ) -> Because:
        """The reason in its six layers."""
        due = answered_by(
            clock.now().astimezone(ZoneInfo(organisation(self.organisation_id).time_zone)).date()
        )
        return Because(
            reference=self.reference,
            kind=kind,
            member_id=self.member_id,
            unit=unit,
            happened_at=happened_at,
            sentence=sentence,
            inputs=tuple(inputs),
            authority=authority,
            sums=tuple(sums),
            total=total,
            would_change=tuple(would_change),
            question=question_words(self.reference, due),
            answer_by=due,
            aloud=_("{sentence} That is how it stands on {day}.").format(
                sentence=sentence, day=day_words(clock.now(), self.zone)
            ),
            links=tuple(links),
        )


def decided(
    organisation_id: int, programme: str, part_of: Callable[[Programme], Part | None]
) -> tuple[ProgrammeVersion, Programme, Part]:
    """The version that made a part of a programme what it is now, its newest programme, and the part.

    Raises `NotFound` where the newest version has no such part.
    """
    versions = ProgrammeVersion.objects.filter(organisation_id=organisation_id, programme__key=programme)
    newest: tuple[Programme, Part] | None = None
    since: ProgrammeVersion | None = None
    for version in versions.order_by("-number")[:_VERSIONS_READ_MAX]:
        then = programme_behind(version)
        part = part_of(then)
        if newest is None and part is not None:
            newest = then, part
        if newest is None or part != newest[1]:
            break
        since = version
    if newest is None or since is None:
        raise NotFound(kind="part of this programme", ref=programme)
    return since, *newest


def authority(
    organisation_id: int, version: ProgrammeVersion, programme: str, name: str, words: str
) -> Authority:
    """What a version of a programme says, as what decided."""
    by = names_of(organisation_id, [version.published_by]).get(version.published_by, "")
    return Authority(name, words, version.number, version.published_at, by, programme=programme)


def activity_inputs(
    organisation_id: int, counted: Sequence[CountedEvent], say: Callable[[int], str]
) -> list[Input]:
    """The newest activities that count, each with what it counts and its reference."""
    types = declared_types(organisation_id)
    ids = sorted(one.event_id for one in counted)
    told = {
        event.id: event
        for event in events_in_ranges(organisation_id, [(i, i) for i in ids], at_most=len(ids) or 1)
    }
    inputs = []
    for one in counted:
        event = told[one.event_id]
        declared = types.get(event.type)
        title = (declared.title if declared is not None else "") or event.type
        inputs.append(Input(title, say(one.amount), event.source, event.occurred_at, show("act", event.id)))
    return inputs
