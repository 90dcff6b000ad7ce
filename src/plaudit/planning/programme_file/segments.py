"""Segments in the file: as values, in the phrases they are written in, and what they become below."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plaudit.earning.expressions.types import FieldType, boolean
from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.phrases import PhraseRefused, count_text
from plaudit.targeting import definitions as targeting
from plaudit.targeting.definitions import FactKind, Measure, standing_name

_ACTIVITY = r"(?P<on>[A-Za-z][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*)"
READY = rf"(?P<ready>frequent|occasional|inactive|champions|at risk) by {_ACTIVITY}"
IN = r"all time|(?P<count>[1-9][0-9]{0,3}) days?"

FREQUENT_FROM = 4
READY_DAYS = 90

KINDS = {
    "how many": FactKind.HOW_MANY,
    "how much": FactKind.HOW_MUCH,
    "days since": FactKind.DAYS_SINCE,
    "rank by how many": FactKind.RANK_HOW_MANY,
    "rank by how much": FactKind.RANK_HOW_MUCH,
    "rank by days since": FactKind.RANK_DAYS_SINCE,
}
_READY_WHEN = {
    "frequent": f"visits >= {FREQUENT_FROM}",
    "occasional": f"visits between 1 and {FREQUENT_FROM - 1}",
    "inactive": f"last >= {READY_DAYS}",
    "champions": "recency >= 4 and frequency >= 4 and money >= 4",
    "at risk": "recency <= 2 and frequency >= 4",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a segment asks of activity. `days` is how far back, 0 for all time."""

    name: str
    kind: FactKind = FactKind.HOW_MANY
    earned: str = ""
    on: str = ""
    when: str = ""
    amount: str = ""
    days: int = 0

    @property
    def measure(self) -> Measure:
        """What it counts."""
        return Measure(self.earned, self.on, self.when, self.amount)


@dataclass(frozen=True, slots=True)
class Ready:
    """A segment that comes ready: which, and by which activity."""

    name: str
    on: str


@dataclass(frozen=True, slots=True)
class Segment:
    """Members for whom `when` holds, or one that comes `ready`; `amount` is what its activity is worth there."""

    key: str
    name: str
    ready: Ready | None = None
    amount: str = ""
    facts: tuple[Fact, ...] = ()
    when: str = ""
    teams: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()

    @property
    def standing(self) -> tuple[str, FieldType]:
        """What it says of a member: the name, and true, or missing."""
        return standing_name(self.key), boolean(nullable=True, label=f"whether the member is in {self.name}")

    @property
    def all_facts(self) -> tuple[Fact, ...]:
        """Its own facts, or those of the one that comes ready."""
        return _ready_facts(self.ready, self.amount) if self.ready is not None else self.facts

    @property
    def condition(self) -> str:
        """Its own condition, or that of the one that comes ready."""
        return _READY_WHEN[self.ready.name] if self.ready is not None else self.when


def _ready_facts(ready: Ready, amount: str) -> tuple[Fact, ...]:
    if ready.name in ("frequent", "occasional"):
        return (Fact("visits", on=ready.on, days=READY_DAYS),)
    if ready.name == "inactive":
        return (Fact("last", FactKind.DAYS_SINCE, on=ready.on),)
    return (
        Fact("recency", FactKind.RANK_DAYS_SINCE, on=ready.on),
        Fact("frequency", FactKind.RANK_HOW_MANY, on=ready.on),
        Fact("money", FactKind.RANK_HOW_MUCH, on=ready.on, amount=amount),
    )


def segment_definition(
    segment: Segment, audience: tuple[str, ...], member_fields: Mapping[str, Mapping[str, Any]]
) -> targeting.Segment:
    """The segment as it is published."""
    return targeting.Segment(
        key=segment.key,
        name=segment.name,
        when=segment.condition,
        facts=tuple(
            targeting.Fact(fact.name, fact.kind, fact.measure, fact.days) for fact in segment.all_facts
        ),
        teams=segment.teams,
        audience=segment.audience or audience,
        member_fields=member_fields,
    )


def read_ready(text: str) -> Ready:
    """`frequent by purchase`."""
    found = re.fullmatch(READY, text)
    if found is None:
        advice = worded("Write frequent, occasional, inactive, champions or at risk, and by which activity.")
        raise PhraseRefused(worded("`{text}` is not a segment that comes ready.", text=text), advice)
    return Ready(found["ready"], found["on"])


def read_in(text: str) -> int:
    """`90 days`; 0 for all time."""
    found = re.fullmatch(IN, text)
    if found is None:
        raise PhraseRefused(
            worded("`{text}` does not say how far back.", text=text), "Write 90 days, or all time."
        )
    return int(found["count"] or 0)


def segment_document(segment: Segment) -> dict[str, Any]:
    """The segment as its file spells it."""
    ready = segment.ready
    said = {
        "name": segment.name,
        "ready": f"{ready.name} by {ready.on}" if ready is not None else "",
        "amount": segment.amount,
        "facts": {fact.name: _fact_document(fact) for fact in segment.facts},
        "when": segment.when,
        "teams": list(segment.teams),
        "audience": segment.audience[0] if len(segment.audience) == 1 else list(segment.audience),
    }
    return {key: value for key, value in said.items() if value not in ("", [], {})}


def _fact_document(fact: Fact) -> dict[str, Any]:
    kind = next(text for text, kind in KINDS.items() if kind is fact.kind)
    said = {
        "is": kind if fact.kind is not FactKind.HOW_MANY else "",
        "earned": fact.earned,
        "on": fact.on,
        "when": fact.when,
        "amount": fact.amount,
        "in": count_text(fact.days, "day") if fact.days else "",
    }
    return {key: value for key, value in said.items() if value}
