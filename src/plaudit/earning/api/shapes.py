"""Events, what they earned and why, as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from plaudit.activity.queries import BookedEvent
from plaudit.earning.actions.answering import Taken
from plaudit.earning.explaining import EventExplanation, RuleVerdict, Verdict
from plaudit.earning.outcomes import Granted
from plaudit.foundation.api.shapes import Answer
from plaudit.foundation.ids import show
from plaudit.ledger.api.shapes import ShownBalance

_MATCHED = {Verdict.GRANTED, Verdict.CUT, Verdict.TAKEN, Verdict.NOTHING}

EventRef = Annotated[str, Field(description="An event, `act_…`.", max_length=100)]


class ShownGrant(Answer):
    """Points one rule granted, or took where `amount` is below zero. `pending` ones cannot be spent yet."""

    rule: str
    unit: str
    amount: int
    pending: bool


class ShownVerdict(Answer):
    """What one rule said of an event: whether it paid, why or why not, its arithmetic, what would change it."""

    programme: str
    version: int
    rule: str
    rule_id: str | None
    name: str
    unit: str
    verdict: Literal["granted", "cut", "taken", "condition", "window", "audience", "nothing"]
    sentence: str
    wanted: int
    granted: int
    arithmetic: list[str]
    would_change: str


class ShownExplanation(Answer):
    """Why an event earned what it did: one sentence, and what every rule that was asked said of it.

    `member_attributes` are the member's as they were used then.
    """

    sentence: str
    member_attributes: dict[str, Any]
    verdicts: list[ShownVerdict]


class EventLinks(Answer):
    """Where to read on."""

    event: str
    explanation: str


class TakenEvent(Answer):
    """What became of one event. A rehearsed one (`dry_run`) has no `id` and no links, for nothing remains of it."""

    id: str | None
    status: Literal["recorded", "repeated"]
    dry_run: bool
    source: str
    key: str
    type: str
    member: str | None
    grants: list[ShownGrant]
    balances: list[ShownBalance]
    explanation: ShownExplanation | None
    links: EventLinks | None


class ShownEvent(Answer):
    """An event as it was recorded. `key` is the id its source gave it; `corrects` the key of what it corrects."""

    id: str
    source: str
    key: str
    type: str
    type_version: int
    member: str | None
    occurred_at: datetime
    recorded_at: datetime
    corrects: str | None
    import_id: str | None
    data: dict[str, Any]
    links: EventLinks


class ExplainedEvent(Answer):
    """An event, and why it earned what it did."""

    event: ShownEvent
    explanation: ShownExplanation


def taken_event(taken: Taken, *, dry_run: bool, explain: str = "none") -> dict[str, Any]:
    """One event that was taken, for its sender, in the shape of `TakenEvent`.

    A plain one: checking what we made ourselves would cost a lone event more than its rules do. `explain`
    says which verdicts: none, matched or all.
    """
    outcome = taken.outcome
    reference = show("act", outcome.event_id) if outcome.event_id is not None and not dry_run else None
    return {
        "id": reference,
        "status": "repeated" if outcome.status == "repeated" else "recorded",
        "dry_run": dry_run,
        "source": outcome.event.source,
        "key": outcome.event.id,
        "type": outcome.event.type,
        "member": show("mem", outcome.member_id) if outcome.member_id is not None else None,
        "grants": shown_grants(outcome.grants),
        "balances": [
            {
                "unit": balance.unit,
                "precision": balance.precision,
                "available": balance.available,
                "pending": balance.pending,
                "held": balance.held,
            }
            for balance in taken.balances
        ],
        "explanation": shown_explanation(taken.explanation, explain).model_dump()
        if taken.explanation
        else None,
        "links": _links_of(reference) if reference else None,
    }


def shown_grants(grants: tuple[Granted, ...]) -> list[dict[str, Any]]:
    """Grants by unit, within one in the order of the rules, and nothing that came to nothing."""
    return [
        {"rule": one.rule, "unit": one.unit, "amount": one.amount, "pending": one.pending}
        for one in sorted(grants, key=lambda one: one.unit)
        if one.amount
    ]


def shown_explanation(explanation: EventExplanation, explain: str = "all") -> ShownExplanation:
    """An explanation with every verdict, or only those of rules that paid or wanted to."""
    return ShownExplanation(
        sentence=explanation.sentence(),
        member_attributes=explanation.member,
        verdicts=[
            _verdict(one) for one in explanation.verdicts if explain == "all" or one.verdict in _MATCHED
        ],
    )


def _verdict(one: RuleVerdict) -> ShownVerdict:
    return ShownVerdict(
        programme=one.programme,
        version=one.version,
        rule=one.rule,
        rule_id=f"rul_{one.rule_id}" if one.rule_id is not None else None,
        name=one.name,
        unit=one.unit,
        verdict=one.verdict.value,
        sentence=one.sentence,
        wanted=one.wanted,
        granted=one.granted,
        arithmetic=list(one.arithmetic),
        would_change=one.would_change,
    )


def shown_event(event: BookedEvent) -> ShownEvent:
    """An event of the book."""
    reference = show("act", event.id)
    return ShownEvent(
        id=reference,
        source=event.source,
        key=event.key,
        type=event.type,
        type_version=event.type_version,
        member=show("mem", event.member_id) if event.member_id is not None else None,
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        corrects=event.corrects_key,
        import_id=f"imp_{event.batch_id}" if event.batch_id is not None else None,
        data=event.data,
        links=links_of(reference),
    )


def links_of(reference: str) -> EventLinks:
    """Where to read on about an event."""
    return EventLinks(**_links_of(reference))


def _links_of(reference: str) -> dict[str, str]:
    at = f"/api/v1/events/{reference}"
    return {"event": at, "explanation": f"{at}/explanation"}
