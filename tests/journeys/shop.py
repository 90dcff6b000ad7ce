"""A shop that runs the shipped points programme, and short ways to let days pass and things happen in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from importlib import resources
from itertools import count
from typing import Any
from uuid import UUID

from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.take_in import take_in
from plaudit.earning.outcomes import Status
from plaudit.engagement.actions.follow_on import follow_on
from plaudit.engagement.actions.referring import enrol_friend, give_code
from plaudit.engagement.queries.progress import badges_of
from plaudit.foundation import clock
from plaudit.foundation.jobs import run_due
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.balances import balances
from plaudit.ledger.places import Kind
from plaudit.ledger.statements import statement
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

    def refers(self, who: str, friend: str, *, amount: str = "25.00", key: str = "") -> None:
        """A friend joins with somebody's code and buys something."""
        code = give_code(
            self.organisation.id, member_id=self.member(who), programme="points-rewards", actor=ACTOR
        ).code
        enrol_friend(
            self.organisation.id,
            code=code,
            kind="customer",
            name=friend,
            external_ids=[("shop", friend)],
            actor=ACTOR,
        )
        self.buys(friend, amount, key=key)
        follow_on(self.organisation.id)

    def badges(self, who: str) -> list[str]:
        """The badges that somebody has."""
        with in_organisation(self.organisation.id):
            return sorted(one.badge for one in badges_of(self.organisation.id, self.member(who)))

    def redeems(self, who: str, reward: str) -> UUID:
        """Somebody spends points; the redemption."""
        with in_organisation(self.organisation.id):
            reward_id = Reward.objects.get(organisation_id=self.organisation.id, key=reward).id
        made = redeem(
            self.organisation.id,
            member_id=self.member(who),
            reward_id=reward_id,
            key=f"r{next(self._numbers)}",
            actor=ACTOR,
        )
        return made.id

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

    def asks(self, words: str) -> Any:
        """What a command answers, as JSON."""
        said = call(*words.split(), "--json", org=self.organisation.slug)
        assert said.code == 0, said.talk
        return json.loads(said.out)


def open_shop() -> Shop:
    """An organisation with nothing in it but the shipped file, applied with one command."""
    shop = Shop(make_organisation(time_zone="America/New_York"))
    with clock.frozen_at(datetime(2026, 1, 1, 12, tzinfo=UTC)):  # what is asked counts from then on
        said = call("programme", "apply", "-", given=SOURCE, org=shop.organisation.slug)
    assert said.code == 0, said.talk
    return shop
