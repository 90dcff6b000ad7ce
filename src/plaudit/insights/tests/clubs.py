"""A club with a ladder, a segment and an offer in force, and short ways to let days pass in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count
from uuid import UUID

from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.take_in import take_in
from plaudit.earning.outcomes import Status
from plaudit.foundation import clock
from plaudit.foundation.jobs import run_due
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.because import because_of_standing
from plaudit.insights.reasons import Because
from plaudit.people.actions.members import enrol_member
from plaudit.people.tests.factories import ACTOR, make_organisation
from plaudit.planning.actions.apply import apply

PROGRAMME = """
plaudit: 1
programme: club
name: Club
time_zone: Europe/London
units:
  points: {one: point, other: points}
activities:
  purchase: {title: Purchase, fields: {amount: decimal(2)}}
  purchase.refunded: {title: Refund, corrects: purchase, part: refunded / amount, fields: {refunded: decimal(2)}}
rules:
  purchases: {name: 1 point per £1, on: purchase, earn: floor(amount)}
  spring-double: {name: Double in spring, on: purchase, when: member.spring, multiply: 2}
tiers:
  status:
    name: Status
    earned: points
    levels:
      silver: {name: Silver, from: 100}
      gold: {name: Gold, from: 300}
    keep: to the end of next year
    then: one step down
  visits:
    name: Visits
    on: purchase
    within: 12 months
    levels: {guest: {name: Guest, from: 2}}
segments:
  regulars: {name: Regulars, ready: frequent by purchase}
offers:
  spring: {name: Spring, segment: regulars, control: 50, accept: true, goal: {on: purchase}}
  single: {name: For you, accept: true}
"""

_numbers = count(1)


@dataclass(frozen=True)
class Club:
    """The club, and its members by name."""

    id: int
    members: dict[str, UUID]

    @contextmanager
    def on(self, day: date) -> Iterator[None]:
        """Noon of a day, when everything due before it has happened."""
        with clock.frozen_at(datetime.combine(day, time(12), UTC)):
            run_due(self.id)
            yield

    def buys(self, who: str | Sequence[str], amount: str, *, times: int = 1, id: str = "") -> None:
        """Everybody named buys something now, so many times."""
        names = [who] if isinstance(who, str) else who
        events = [
            IncomingEvent(
                "till",
                id or f"p{next(_numbers)}",
                "purchase",
                name,
                None,
                clock.now(),
                {"amount": Decimal(amount)},
            )
            for name in names
            for _ in range(times)
        ]
        self._take_in(events)

    def refunds(self, id: str, amount: str) -> None:
        """Some of it is paid back."""
        data = {"refunded": Decimal(amount)}
        event = IncomingEvent(
            "till", f"r{next(_numbers)}", "purchase.refunded", None, None, clock.now(), data, id
        )
        self._take_in([event])

    def _take_in(self, events: Sequence[IncomingEvent]) -> None:
        outcomes = take_in(self.id, events)
        assert {outcome.status for outcome in outcomes} == {Status.RECORDED}, outcomes
        run_due(self.id)

    def applies(self, *changes: tuple[str, str]) -> None:
        """Another version of the programme."""
        source = PROGRAMME
        for old, new in changes:
            assert old in source
            source = source.replace(old, new)
        assert apply(self.id, source, actor=ACTOR).published
        run_due(self.id)

    def why(self, who: str, reference: str) -> Because:
        """Why somebody stands as they do."""
        with in_organisation(self.id):
            return because_of_standing(self.id, self.members[who], reference)


def make_club(*names: str) -> Club:
    """The club with these members, on the first day of 2026."""
    with clock.frozen_at(datetime(2026, 1, 1, 12, tzinfo=UTC)):
        organisation = make_organisation(time_zone="Europe/London")
        apply(organisation.id, PROGRAMME, actor=ACTOR)
        enrolled = {
            name: enrol_member(
                organisation.id, kind="customer", name=name, external_ids=[("till", name)], actor=ACTOR
            ).id
            for name in names
        }
        run_due(organisation.id)
    return Club(organisation.id, enrolled)
