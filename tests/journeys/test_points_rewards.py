"""The shipped points programme, from an empty installation to points that lapse two years on, figure by figure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from importlib import resources
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.take_in import take_in
from plaudit.earning.outcomes import Status
from plaudit.engagement.actions.follow_on import follow_on
from plaudit.foundation import clock
from plaudit.foundation.jobs import run_due
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.balances import balances
from plaudit.ledger.places import Kind
from plaudit.ledger.statements import statement
from plaudit.ledger.verification.verify import verify
from plaudit.people.actions.members import update_member
from plaudit.people.models import Organisation
from plaudit.people.resolving import find_members
from plaudit.people.tests.factories import ACTOR, make_organisation
from plaudit.rewards.actions.redeem import redeem
from plaudit.rewards.models import Reward
from plaudit.surfaces.cli.tests.calling import call

SOURCE = (resources.files("plaudit.programmes") / "points-rewards.yaml").read_text(encoding="utf-8")


@dataclass
class Shop:
    """An organisation that runs the shipped programme, and short ways to let things happen in it."""

    organisation: Organisation
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @contextmanager
    def on(self, day: str) -> Iterator[datetime]:
        """Eleven in the morning of a day in New York, when everything due before it has happened."""
        moment = datetime.fromisoformat(f"{day}T15:00:00").replace(tzinfo=UTC)
        with clock.frozen_at(moment):
            run_due(self.organisation.id)
            yield moment

    def happens(
        self, type: str, who: str | None, *, key: str = "", of: str | None = None, **data: Any
    ) -> dict[str, int]:
        """Report something that happens now; what each rule granted for it."""
        (outcome,) = take_in(
            self.organisation.id,
            [
                IncomingEvent(
                    "shop", key or f"e{next(self._numbers)}", type, who, None, clock.now(), dict(data), of
                )
            ],
        )
        assert outcome.status is Status.RECORDED, outcome
        return {one.rule: one.amount for one in outcome.grants}

    def buys(self, who: str, amount: str, *, key: str = "", **data: Any) -> dict[str, int]:
        """An order is paid."""
        return self.happens("purchase", who, key=key, amount=Decimal(amount), **data)

    def refunds(self, of: str, amount: str) -> None:
        """Money is paid back for an order."""
        self.happens("purchase.refunded", None, of=of, refunded=Decimal(amount))

    def redeems(self, who: str, reward: str) -> None:
        """Somebody spends points."""
        with in_organisation(self.organisation.id):
            reward_id = Reward.objects.get(organisation_id=self.organisation.id, key=reward).id
        redeem(
            self.organisation.id,
            member_id=self.member(who),
            reward_id=reward_id,
            key=f"r{next(self._numbers)}",
            actor=ACTOR,
        )

    def member(self, who: str) -> UUID:
        with in_organisation(self.organisation.id):
            return find_members(self.organisation.id, [("shop", who)])[("shop", who)]

    def has(self, who: str) -> tuple[int, int]:
        """What somebody can spend, and what is pending."""
        with in_organisation(self.organisation.id):
            (one,) = balances(self.organisation.id, self.member(who))
            return one.available, one.pending

    def kinds(self, who: str) -> list[Kind]:
        """The kinds of somebody's lines, oldest first."""
        with in_organisation(self.organisation.id):
            lines = statement(self.organisation.id, self.member(who), "points", limit=200).lines
            return [line.kind for line in reversed(lines)]


@pytest.fixture
def shop() -> Shop:
    """An organisation with nothing in it but the shipped file, applied with one command."""
    shop = Shop(make_organisation(time_zone="America/New_York"))
    with clock.frozen_at(datetime(2026, 1, 1, 12, tzinfo=UTC)):  # what is asked counts from then on
        said = call("programme", "apply", "-", given=SOURCE, org=shop.organisation.slug)
    assert said.code == 0, said.talk
    return shop


def test_a_customer_earns_refunds_and_spends_as_the_programme_says(shop: Shop):
    with shop.on("2026-09-02"):
        assert shop.buys("mina", "49.90") == {"purchases": 49}
        assert shop.happens("survey.completed", "mina", score=9) == {"surveys": 10}
        assert shop.happens("survey.completed", "mina", score=9) == {}
        assert shop.has("mina") == (10, 49)
    with shop.on("2026-09-03"):
        assert shop.happens("social.shared", "mina", network="a network") == {"shares": 5}
        assert shop.happens("social.shared", "mina") == {}
    with shop.on("2026-09-04"):
        assert shop.happens("referral.completed", "mina") == {"referrals": 50}
        assert shop.has("mina") == (65, 49)
    with shop.on("2026-09-05"):
        order = {"gift_cards": Decimal(30), "place": "harbour"}  # a Saturday: the harbour counts once
        assert shop.buys("mina", "150.00", key="big", **order) == {"purchases": 120, "double-over-100": 120}
        assert shop.has("mina") == (65, 289)
    with shop.on("2026-09-10"):
        shop.refunds("big", "75.00")
        assert shop.has("mina") == (65, 169)
    with shop.on("2026-09-17"):
        assert shop.has("mina") == (114, 120)
    with shop.on("2026-09-20"):
        assert shop.has("mina") == (234, 0)
        shop.redeems("mina", "thank-you")
        assert shop.has("mina") == (134, 0)
        assert verify(shop.organisation.id).broken() == []


def test_doubling_by_place_season_and_circle_never_makes_more_than_double(shop: Shop):
    with shop.on("2026-10-06"):
        assert shop.buys("theo", "40.00", place="harbour") == {"purchases": 40, "double-at-the-harbour": 40}
        update_member(
            shop.organisation.id,
            member_id=shop.member("theo"),
            attributes={"circle": "regulars"},
            actor=ACTOR,
        )
        assert shop.buys("theo", "40.00", place="harbour") == {"purchases": 40, "double-at-the-harbour": 40}
        assert shop.buys("theo", "21.00", place="web") == {"purchases": 21, "more-for-regulars": 10}
        assert shop.buys("theo", "80.00", paid_with_points=Decimal("4.50")) == {
            "purchases": 75,
            "more-for-regulars": 37,
        }
    with shop.on("2026-11-28"):
        assert shop.buys("theo", "20.00") == {"purchases": 20, "holiday-double": 20}
        assert shop.buys("theo", "150.00", place="harbour") == {"purchases": 150, "double-over-100": 150}
    with shop.on("2026-12-01"):
        assert shop.buys("theo", "20.00") == {"purchases": 20, "more-for-regulars": 10}


def test_five_purchases_in_a_month_bring_fifty_more_and_a_refund_takes_them_back(shop: Shop):
    for day in range(2, 6):
        with shop.on(f"2026-09-{day:02}"):
            shop.buys("mina", "10.00", key=f"order-{day}")
            shop.buys("mina", "4.99")  # too little to count
            follow_on(shop.organisation.id)
            assert shop.has("mina")[0] == 0
    with shop.on("2026-09-06"):
        shop.buys("mina", "10.00")
        follow_on(shop.organisation.id)
        assert shop.has("mina")[0] == 50
        shop.refunds("order-3", "10.00")
        follow_on(shop.organisation.id)
        assert shop.has("mina")[0] == 0
        shop.buys("mina", "10.00")
        follow_on(shop.organisation.id)
        assert shop.has("mina")[0] == 50
        assert verify(shop.organisation.id).holds


def test_from_the_seventh_day_in_a_row_on_every_purchase_counts_double(shop: Shop):
    earned = []
    for day in (*range(7, 15), 16):  # the 15th is missed
        with shop.on(f"2026-10-{day:02}"):
            before = sum(shop.has("mina")) if day > 7 else 0
            shop.buys("mina", "4.00")  # too little for the challenge of five
            follow_on(shop.organisation.id)
            earned.append(sum(shop.has("mina")) - before)
    assert earned == [4, 4, 4, 4, 4, 4, 8, 8, 4]


def test_a_refund_of_points_that_are_spent_is_written_off(shop: Shop):
    with shop.on("2026-09-02"):
        assert shop.buys("ida", "600.00", key="coat") == {"purchases": 600, "double-over-100": 600}
    with shop.on("2026-09-20"):
        assert shop.has("ida") == (1200, 0)
        shop.redeems("ida", "food-bank")
        assert shop.has("ida") == (200, 0)
    with shop.on("2026-10-30"):
        shop.refunds("coat", "600.00")
        assert shop.has("ida") == (0, 0)
        assert shop.kinds("ida").count(Kind.WRITE_OFF) == 2  # 400 of the purchase, 600 of its doubling
        assert shop.happens("referral.completed", "ida") == {"referrals": 50}
        assert shop.has("ida") == (50, 0)
        assert verify(shop.organisation.id).broken() == []


def test_points_are_good_for_two_years_to_the_end_of_the_month(shop: Shop):
    with shop.on("2026-09-02"):
        shop.buys("mina", "49.90")
        shop.happens("survey.completed", "mina", score=9)
    with shop.on("2026-10-20"):
        shop.happens("referral.completed", "mina")
        assert shop.has("mina") == (109, 0)
    with shop.on("2028-09-30"):
        assert shop.has("mina") == (109, 0)
    with shop.on("2028-10-01"):
        assert shop.has("mina") == (50, 0)
    with shop.on("2028-11-01"):
        assert shop.has("mina") == (0, 0)
        assert verify(shop.organisation.id).broken() == []


def test_the_file_comes_back_as_it_was_and_applying_it_again_changes_nothing(shop: Shop):
    exported = call("programme", "export", "points-rewards", org=shop.organisation.slug)
    again = call("programme", "apply", "-", given=SOURCE, org=shop.organisation.slug)

    assert exported.out.rstrip("\n") == SOURCE.rstrip("\n")
    assert again.code == 0
    assert "version 2" not in again.talk + again.out
