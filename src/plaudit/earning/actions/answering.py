"""Takes events in for callers who wait for an answer: what became of each, what it earned, what there is now.

A repeated event is answered with what the first delivery earned, read back from the book.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from django.db import connection

from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.take_in import take_in
from plaudit.earning.explaining import EventExplanation, explain_event
from plaudit.earning.outcomes import Granted, Outcome, Status
from plaudit.earning.published import published_rule
from plaudit.foundation.coalescing import Together, bisect
from plaudit.foundation.refusals import Problem, Refusal
from plaudit.foundation.rehearsal import rehearse
from plaudit.foundation.tenancy import act
from plaudit.ledger.balances import Balance, balances_of_members
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.told import ToldTransfer, transfers_of_events

# As many events are posted together at most; a larger request is several transactions, one after another.
TOGETHER_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Taken:
    """One event as its sender is told of it. `balances` are the member's, after the whole batch."""

    outcome: Outcome
    balances: tuple[Balance, ...] = ()
    explanation: EventExplanation | None = None

    def refuse(self) -> None:
        """Raise the refusal of an event that was not taken: `SameIdOtherEvent`, `EventTypeUnknown`, `Problem`."""
        refusal = self.refusal()
        if refusal is not None:
            raise refusal

    def refusal(self) -> Refusal | None:
        """Why the event was not taken; None where it was."""
        if self.outcome.status in (Status.RECORDED, Status.REPEATED):
            return None
        if self.outcome.refusal is not None:
            return self.outcome.refusal
        return refusal_of_faults(self.outcome)


def refusal_of_faults(outcome: Outcome) -> Problem:
    """What is wrong with an event's data, every fault with its place in the event."""
    return Problem(
        f"The data is not that of {outcome.event.type}.",
        errors=[
            {"in": "body", "pointer": f"/data{one.pointer}", "code": one.code, "detail": one.sentence}
            for one in outcome.problems
        ],
    )


def take_in_and_tell(organisation_id: int, events: Sequence[IncomingEvent]) -> list[Taken]:
    """Take these events in, in one transaction; what to tell each sender, in the order given."""
    return act(organisation_id, partial(_take_in, organisation_id, events))


def take_in_parts(organisation_id: int, events: Sequence[IncomingEvent]) -> Iterator[Taken | Exception]:
    """Take many events in, some thousands a transaction; what to tell of each, in the order given.

    A part that fails is cut in two until what fails stands alone, and only that event is answered with
    the error. A database that is not there is raised: what was answered before then stands.
    """
    for start in range(0, len(events), TOGETHER_MAX):
        yield from bisect(partial(take_in_and_tell, organisation_id), events[start : start + TOGETHER_MAX])


_together = Together(take_in_and_tell)


def take_in_one(organisation_id: int, event: IncomingEvent) -> Taken:
    """Take one event in, together with whatever else this process is being sent just now.

    Answers after the commit. Raises `TooBusy` where more waits than can be written down. Must not be
    called inside a transaction: it would wait for others while holding locks they need.
    """
    assert not connection.in_atomic_block, "whoever waits for a batch holds nothing"
    # Back to the pool: a batch that gathers must not keep its own members from arriving.
    connection.close()
    return _together.hand_in(organisation_id, event)


def rehearse_events(
    organisation_id: int, events: Sequence[IncomingEvent], *, explained: bool = False
) -> list[Taken]:
    """What these events would earn, were they sent now, by the very path they would take. Nothing remains."""

    def step() -> list[Taken]:
        taken = _take_in(organisation_id, events)
        return explain_taken(organisation_id, taken) if explained else taken

    return rehearse(organisation_id, step)


def explain_taken(organisation_id: int, taken: Iterable[Taken]) -> list[Taken]:
    """The same, each event that was taken with its explanation. To be called inside `in_organisation`."""
    return [
        one
        if one.outcome.event_id is None or one.refusal() is not None
        else replace(one, explanation=explain_event(organisation_id, one.outcome.event_id))
        for one in taken
    ]


def _take_in(organisation_id: int, events: Sequence[IncomingEvent]) -> list[Taken]:
    outcomes = take_in(organisation_id, events)
    for outcome in outcomes:
        if outcome.twin_of is not None and outcome.status is Status.REPEATED:
            first = outcomes[outcome.twin_of]
            outcome.event_id, outcome.member_id = first.event_id, first.member_id
            outcome.grants = first.grants
    _read_back(organisation_id, [one for one in outcomes if one.status is Status.REPEATED])
    members = {one.member_id for one in outcomes if one.member_id is not None}
    balances = balances_of_members(organisation_id, members)
    return [
        Taken(one, tuple(balances.get(one.member_id, ())) if one.member_id is not None else ())
        for one in outcomes
    ]


def _read_back(organisation_id: int, repeated: Sequence[Outcome]) -> None:
    """Give events that were in the book before what they earned then."""
    before = [one for one in repeated if one.twin_of is None and one.event_id is not None]
    if not before:
        return
    grants: dict[UUID | None, list[Granted]] = {}
    for told in transfers_of_events(
        organisation_id, sorted({one.event_id for one in before if one.event_id})
    ):
        if told.rule_id is not None and told.kind in (Kind.ACCRUAL, Kind.DEDUCTION):
            grants.setdefault(told.event_id, []).append(_granted(organisation_id, told))
    for outcome in before:
        outcome.grants = tuple(grants.get(outcome.event_id, ()))


def _granted(organisation_id: int, told: ToldTransfer) -> Granted:
    assert told.rule_id is not None
    amount = told.amount if told.kind is Kind.ACCRUAL else -told.amount
    rule = published_rule(organisation_id, told.rule_id).rule
    return Granted(rule.key, told.unit, amount, told.target is Place.PENDING)
