"""Makes small programmes and events for tests: plain values, the real actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from plaudit.activity.events import IncomingEvent
from plaudit.activity.models import EventType
from plaudit.earning.actions.publish import publish
from plaudit.earning.actions.take_in import take_in
from plaudit.earning.definitions import Definition, Every, Limit, Of, Per, Rule, Stacking
from plaudit.earning.outcomes import Outcome
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.models import Unit, Wallet
from plaudit.people.models import Organisation
from plaudit.people.resolving import find_members
from plaudit.people.tests.factories import make_organisation

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday

PURCHASE = {
    "amount": {"kind": "decimal", "scale": 2},
    "channel": {"kind": "text", "choices": ["web", "shop"], "nullable": True},
}

_numbers = count(1)


def make_rule(key: str = "purchases", **parts: Any) -> Rule:
    """A rule on purchases: a point a unit of currency unless told otherwise."""
    given: dict[str, Any] = {"name": key.replace("-", " "), "on": "purchase", "unit": "points", **parts}
    if not given.keys() & {"earn", "take", "multiply"}:
        given["earn"] = "floor(amount)"
    if "multiply" in given:
        given["multiply"] = Fraction(Decimal(str(given["multiply"])))
    return Rule(key=key, **given)


def make_limit(
    at_most: int,
    *,
    per: Per = Per.MEMBER,
    every: Every = Every.DAY,
    of: Of = Of.POINTS,
    partial: bool = True,
    key: str = "",
) -> Limit:
    """A limit with the key a programme file would derive."""
    return Limit(key or f"{per}/{every}/{of}", at_most, of, per, every, partial)


@dataclass
class Story:
    """An organisation with one live programme, and short ways to let things happen in it."""

    organisation: Organisation

    def publish(
        self, *rules: Rule, stacking: Stacking = Stacking.ADD, programme: str = "main", time_zone: str = "UTC"
    ) -> None:
        """Publish these rules as the programme's next version."""
        with in_organisation(self.organisation.id):
            publish(self.organisation.id, Definition(programme, ZoneInfo(time_zone), stacking, rules))

    def send(self, *events: IncomingEvent) -> list[Outcome]:
        """Take these events in as one batch."""
        return take_in(self.organisation.id, events)

    def buy(
        self, member: str, amount: str, *, at: datetime = NOON, id: str = "", channel: str | None = None
    ) -> Outcome:
        """One purchase, taken in by itself."""
        return self.send(purchase(member, amount, at=at, id=id, channel=channel))[0]

    def available(self, member: str, unit: str = "points") -> int:
        """What the member can spend."""
        return self._wallet(member, unit, "available")

    def pending(self, member: str, unit: str = "points") -> int:
        """What the member has been granted and cannot spend yet."""
        return self._wallet(member, unit, "pending")

    def _wallet(self, member: str, unit: str, column: str) -> int:
        with in_organisation(self.organisation.id):
            member_id = find_members(self.organisation.id, [("till", member)]).get(("till", member))
            if member_id is None:
                return 0
            unit_id = Unit.objects.get(organisation_id=self.organisation.id, key=unit).id
            wallet = Wallet.objects.filter(
                organisation_id=self.organisation.id, member_id=member_id, unit_id=unit_id
            ).first()
            return int(getattr(wallet, column)) if wallet else 0


def make_story(
    *rules: Rule,
    may_owe: bool = True,
    writes_off: bool = False,
    types: Mapping[str, Mapping[str, Any]] | None = None,
    **definition: Any,
) -> Story:
    """A fresh organisation with points, purchases, their refunds, and these rules live."""
    story = Story(make_organisation())
    organisation_id = story.organisation.id
    with in_organisation(organisation_id):
        Unit.objects.create(
            organisation_id=organisation_id,
            key="points",
            names={"one": "point", "other": "points"},
            may_owe=may_owe,
            writes_off=writes_off,
        )
        declare_type(organisation_id, "purchase", PURCHASE)
        declare_type(
            organisation_id,
            "purchase.refunded",
            {"refunded": {"kind": "decimal", "scale": 2}},
            corrects="purchase",
            part="refunded/amount",
        )
        declare_type(organisation_id, "purchase.cancelled", {}, corrects="purchase")
        for name, fields in (types or {}).items():
            declare_type(organisation_id, name, fields)
    story.publish(*(rules or (make_rule(),)), **definition)
    return story


def declare_type(
    organisation_id: int, name: str, fields: Mapping[str, Any], *, corrects: str = "", part: str = ""
) -> None:
    """Declare an event type."""
    EventType.objects.create(
        organisation_id=organisation_id,
        name=name,
        fields=dict(fields),
        corrects=corrects,
        part=part,
        created_at=clock.now(),
    )


def purchase(
    member: str | None, amount: str, *, at: datetime = NOON, id: str = "", channel: str | None = None
) -> IncomingEvent:
    """A purchase at the till."""
    data: dict[str, Any] = {"amount": Decimal(amount)}
    if channel is not None:
        data["channel"] = channel
    return make_event("purchase", member, data, at=at, id=id)


def refund(
    of: str, refunded: str, *, member: str | None = None, at: datetime = NOON, id: str = ""
) -> IncomingEvent:
    """Money given back for the purchase with the id `of`."""
    return make_event("purchase.refunded", member, {"refunded": Decimal(refunded)}, at=at, id=id, corrects=of)


def make_event(
    type: str,
    member: str | None,
    data: Mapping[str, Any],
    *,
    at: datetime = NOON,
    id: str = "",
    corrects: str | None = None,
) -> IncomingEvent:
    """An event of any type, from the till."""
    return IncomingEvent("till", id or f"e{next(_numbers)}", type, member, None, at, dict(data), corrects)


def amounts(outcomes: Sequence[Outcome]) -> list[list[tuple[str, int]]]:
    """What each outcome's rules granted, for comparison."""
    return [[(granted.rule, granted.amount) for granted in outcome.grants] for outcome in outcomes]
