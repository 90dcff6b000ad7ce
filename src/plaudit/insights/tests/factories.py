"""A corner shop with its programme in force, and short ways to let things happen in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.take_in import take_in
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.because import because, because_of_event
from plaudit.insights.reasons import Because
from plaudit.ledger.places import Kind
from plaudit.ledger.statements import StatementLine, statement
from plaudit.people.models import Member, Organisation, User
from plaudit.people.tests.factories import make_member, make_organisation, make_user
from plaudit.planning.actions.apply import apply
from plaudit.rewards.actions.add_codes import add_codes
from plaudit.rewards.models import Reward

PROGRAMME = """
plaudit: 1
programme: corner-shop
name: Corner shop
time_zone: Europe/London
currency: GBP
audience: customer
units:
  points: {one: point, other: points, worth: 0.01 GBP, expires: after 12 months at the end of the month}
member_fields: {tier: [gold, silver]}
activities:
  purchase:
    title: Purchase
    fields: {amount: {type: decimal(2), label: order value}, gift_card: optional boolean, till: optional text}
  purchase.refunded: {title: Refund, corrects: purchase, part: refunded / amount, fields: {refunded: decimal(2)}}
  survey: {title: Survey, fields: {score: optional integer}}
  visit: {title: Visit}
  party: {title: Party, fields: {guests: integer}}
  bag.lost: {title: Lost bag}
rules:
  purchases:
    name: 1 point per £1
    on: purchase
    when: gift_card is null or not gift_card
    earn: floor(amount)
    because: You spent {amount} with us.
    examples: [{given: {amount: 11.77}, earns: 11}]
  big-orders:
    name: Half as much again from £100
    on: purchase
    when: amount >= 100
    multiply: 1.5
    of: purchases
    because: Orders of £100 or more count one and a half times.
  surveys:
    name: 10 points for your opinion
    on: survey
    earn: 10
    limits: at most once a month per member
    because: You told us what you think.
  parties:
    name: 20 points a guest
    on: party
    earn: guests * 20
    limits: at most 50 points a month per member
  visits:
    name: 25 points for coming by
    on: visit
    earn: 25
    pending: 7 days
  bags:
    name: 5 points for a lost bag
    on: bag.lost
    take: 5
rewards:
  coffee: {name: A coffee, price: 50 points, value: 2.50 GBP}
  voucher: {name: £5 voucher, price: 100 points, kind: code, value: 5 GBP}
  mug: {name: The last mug, price: 80 points, kind: physical, stock: 1, value: 6 GBP}
  trip: {name: A trip to the sea, price: "5,000 points", value: 60 GBP}
"""

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

_numbers = count(1)


@dataclass
class Shop:
    """The shop, its manager, and one customer who may sign in."""

    organisation: Organisation
    manager: User
    mina: Member
    mina_signs_in: User

    @property
    def id(self) -> int:
        return self.organisation.id

    @property
    def manager_ref(self) -> str:
        return f"usr_{self.manager.id}"

    def happens(
        self,
        type: str,
        data: Mapping[str, Any] | None = None,
        *,
        who: str = "mina",
        at: datetime | None = None,
        id: str = "",
        corrects: str | None = None,
    ) -> UUID:
        """One activity of somebody, taken in; its id in the book."""
        key = id or f"{type}-{next(_numbers)}"
        event = IncomingEvent("till", key, type, who, None, at or clock.now(), dict(data or {}), corrects)
        found = take_in(self.id, [event])[0].event_id
        assert found is not None
        return found

    def buys(self, amount: str, *, at: datetime | None = None, id: str = "") -> UUID:
        """A purchase by Mina."""
        return self.happens("purchase", {"amount": Decimal(amount)}, at=at, id=id)

    def lines(self, member_id: UUID | None = None) -> list[StatementLine]:
        """Every line of somebody's statement, the newest first."""
        with in_organisation(self.id):
            return statement(self.id, member_id or self.mina.id, "points", limit=200).lines

    def newest(self, kind: Kind, member_id: UUID | None = None) -> StatementLine:
        """The newest line of a kind."""
        return next(line for line in self.lines(member_id) if line.kind is kind)

    def why(self, line: StatementLine) -> Because:
        """The reason behind a line."""
        with in_organisation(self.id):
            return because(self.id, line.reference)

    def why_of(self, event_id: UUID) -> Because:
        """The reason behind an activity."""
        with in_organisation(self.id):
            return because_of_event(self.id, event_id)

    def reward_id(self, key: str) -> int:
        """The reward with this key."""
        with in_organisation(self.id):
            return Reward.objects.get(organisation_id=self.id, key=key).id


def make_shop(*, opened_at: datetime | None = None, programme: str = PROGRAMME) -> Shop:
    """A shop with three voucher codes and one customer, Mina, who has nothing yet; London's time zone."""
    with clock.frozen_at(opened_at or clock.now()):
        organisation = make_organisation(time_zone="Europe/London")
        manager = make_user(organisation.id, roles=["manager"])
        apply(organisation.id, programme, actor=f"usr_{manager.id}", reason="Opening")
        mina = make_member(organisation.id, name="Mina Okafor", external_ids=[("till", "mina")])
        user = make_user(organisation.id, roles=["member"], member=mina)
        shop = Shop(organisation, manager, mina, user)
        codes = [f"HBR-{number}" for number in range(3)]
        add_codes(organisation.id, reward_id=shop.reward_id("voucher"), codes=codes, actor=shop.manager_ref)
    return shop
