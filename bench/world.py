"""The organisation that is measured: twenty rules with conditions and daily limits, many members, skewed."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from plaudit.activity.actions.declare_type import declare_type
from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.publish import publish
from plaudit.earning.definitions import Definition, Every, Limit, Of, Per, Rule, Stacking
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.declare_unit import declare_unit
from plaudit.ledger.posting import lock_wallets
from plaudit.ledger.units import units_by_key
from plaudit.people.actions.organisations import create_organisation
from plaudit.people.resolving import find_or_enrol

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


def make(count: int) -> int:
    """A fresh organisation with so many rules live."""
    organisation = create_organisation(f"bench-{time.time_ns()}", name="Bench", actor="bench")
    declare_unit(organisation.id, key="points", names={"one": "point", "other": "points"}, may_owe=True)
    declare_type(organisation.id, name="purchase", title="Purchase", fields=FIELDS)
    if count:
        publish(organisation.id, definition(count))
    return organisation.id


def enrol(organisation_id: int, members: int) -> None:
    """Enrol so many members through the product's own door, and open a wallet for each."""
    for start in range(0, members, 50_000):
        names = [("till", f"m{number}") for number in range(start, min(start + 50_000, members))]
        with in_organisation(organisation_id):
            unit = units_by_key(organisation_id)["points"].id
            found = find_or_enrol(organisation_id, names, kind="customer", joined_at=NOON)
            lock_wallets(organisation_id, [(member, unit) for member in found.values()])
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def events(count: int, members: int, *, seed: int = 1) -> list[IncomingEvent]:
    """So many purchases, skewed: the busiest hundredth of the members makes a fifth of them.

    The busy ones are strewn over the whole membership, as they are in life. One second lies between one
    purchase and the next, and each seed begins a day of its own.
    """
    opens_at = NOON + timedelta(days=seed)
    dice = random.Random(seed)  # noqa: S311  # load, not secrets
    return [
        IncomingEvent(
            "till",
            f"e{seed}-{number}",
            "purchase",
            f"m{int(members * dice.random() ** 3) * _STRIDE % members}",
            None,
            opens_at + timedelta(seconds=number),
            {
                "amount": Decimal(dice.randrange(100, 20_000)) / 100,
                "channel": dice.choice(("web", "shop", "app")),
                "items": 2,
            },
        )
        for number in range(count)
    ]


_STRIDE = 7_368_787
"""A prime: a walk in such strides comes to every member once."""
