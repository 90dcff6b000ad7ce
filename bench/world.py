"""The organisation that is measured: twenty rules with conditions and daily limits, many members, skewed."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from plaudit.activity.actions.declare_type import declare_type
from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.publish import publish
from plaudit.earning.definitions import Definition, Every, Limit, Of, Per, Rule, Stacking
from plaudit.ledger.actions.declare_unit import declare_unit
from plaudit.people.actions.organisations import create_organisation

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIELDS: dict[str, dict[str, Any]] = {
    "amount": {"kind": "decimal", "scale": 2},
    "channel": {"kind": "text", "choices": ["web", "shop", "app"]},
    "items": {"kind": "integer", "nullable": True},
}


def rules(count: int) -> tuple[Rule, ...]:
    """The first rule is on every purchase; each other on a band of amounts in one or two channels."""
    found = [_rule(0, "amount > 0", "floor(amount)")]
    for place in range(1, count):
        low = place * 10
        found.append(
            _rule(
                place,
                f"amount > {low} and amount <= {low + 12} and channel in ('web', 'app')",
                "floor(amount * 0.1)",
            )
        )
    return tuple(found)


def _rule(place: int, when: str, earn: str) -> Rule:
    limit = Limit(f"r{place}/member/day/points", 500, Of.POINTS, Per.MEMBER, Every.DAY)
    return Rule(f"r{place}", f"Rule {place}", "purchase", "points", when=when, earn=earn, limits=(limit,))


def definition(count: int) -> Definition:
    """The programme that is measured."""
    return Definition("bench", ZoneInfo("America/New_York"), Stacking.ADD, rules(count))


def make_world(count: int) -> int:
    """A fresh organisation with so many rules live."""
    organisation = create_organisation(f"bench-{time.time_ns()}", name="Bench", actor="bench")
    declare_unit(organisation.id, key="points", names={"one": "point", "other": "points"}, may_owe=True)
    declare_type(organisation.id, name="purchase", title="Purchase", fields=FIELDS)
    if count:
        publish(organisation.id, definition(count))
    return organisation.id


def events(count: int, members: int, *, seed: int = 1) -> list[IncomingEvent]:
    """So many purchases; a few members buy much of it (Pareto), the rest is spread."""
    dice = random.Random(seed)  # noqa: S311  # load, not secrets
    return [
        IncomingEvent(
            "till",
            f"e{seed}-{number}",
            "purchase",
            f"m{(int(dice.paretovariate(1.0)) - 1 + dice.randrange(members)) % members}",
            None,
            NOON - timedelta(minutes=number % 1000),
            {
                "amount": Decimal(dice.randrange(100, 20_000)) / 100,
                "channel": dice.choice(("web", "shop", "app")),
                "items": 2,
            },
        )
        for number in range(count)
    ]
