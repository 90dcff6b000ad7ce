"""The programme of a professional body, as its shipped file has it, lived through on a sandbox's clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.take_in import take_in
from plaudit.earning.outcomes import Status
from plaudit.engagement.actions.follow_on import follow_on
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.balances import balances
from plaudit.membership.actions.entitle import use_entitlement
from plaudit.membership.actions.join import Asked, join
from plaudit.membership.actions.renew import renew
from plaudit.membership.actions.settle import pay
from plaudit.membership.models import Membership
from plaudit.membership.refusals import TermNotSold
from plaudit.people.actions.clock import move_sandbox_clock
from plaudit.people.resolving import attributes_of
from plaudit.people.tests.factories import make_member, make_sandbox
from plaudit.planning.actions.apply import apply
from plaudit.planning.templates import template
from plaudit.rewards.actions.add_codes import add_codes
from plaudit.rewards.actions.redeem import redeem
from plaudit.rewards.models import Reward
from plaudit.rewards.queries import offers

ACTOR = "usr_0"
PROGRAMME = "crmi-membership"


@dataclass
class Body:
    """A sandbox with the shipped programme, and short ways to let things happen at its own clock."""

    id: int
    happened: dict[str, int] = field(default_factory=dict)

    def member(self, name: str) -> UUID:
        return make_member(self.id, name=name, external_ids=[("crm", name)]).id

    def joins(self, member_id: UUID, term: str, role: str = "Individual contributor") -> Asked:
        return join(
            self.id,
            member_id=member_id,
            programme=PROGRAMME,
            term=term,
            role=role,
            profession="help-desk",
            key=f"join-{member_id}",
            actor=ACTOR,
        )

    def pays(self, asked: Asked, amount: int) -> None:
        number = asked.invoice.number
        pay(self.id, invoice=number, amount=amount, currency="USD", key=f"paid-{number}", actor=ACTOR)

    def reports(self, name: str, type: str, **data: object) -> int:
        """Let something be reported of a member; the points it earned."""
        number = len(self.happened)
        self.happened[f"event-{number}"] = number
        with in_organisation(self.id):
            now = clock.now()
        event = IncomingEvent("crm", f"event-{number}", type, name, "crm", now, data)
        (outcome,) = take_in(self.id, [event])
        assert outcome.status is Status.RECORDED, outcome
        return sum(grant.amount for grant in outcome.grants)

    def available(self, member_id: UUID) -> int:
        with in_organisation(self.id):
            return sum(one.available for one in balances(self.id, member_id))

    def reward(self, key: str) -> int:
        with in_organisation(self.id):
            return Reward.objects.get(organisation_id=self.id, key=key).id

    def membership(self, asked: Asked) -> Membership:
        with in_organisation(self.id):
            return Membership.objects.get(id=asked.membership.id)

    def goes_to_the_conference_for_less(self, asked: Asked, *, fee: int) -> int:
        """Use the discount on this fee; what comes off."""
        return use_entitlement(
            self.id,
            membership_id=asked.membership.id,
            entitlement="conference-discount",
            occasion="score-2006",
            fee=fee,
            key="score",
            actor=ACTOR,
        ).discount

    def goes_to(self, year: int, month: int, day: int) -> None:
        move_sandbox_clock(self.id, until=datetime(year, month, day, 15, tzinfo=UTC), actor=ACTOR)


@pytest.fixture
def body() -> Iterator[Body]:
    with clock.frozen_at(datetime(2005, 8, 5, 15, tzinfo=UTC)):
        made = Body(make_sandbox().id)
        apply(made.id, template(PROGRAMME).source, actor=ACTOR)
        yield made


def test_a_year_of_learning_is_worth_what_the_body_promised(body):
    ada = body.member("ada")
    body.goes_to(2005, 11, 3)

    joined = body.joins(ada, "one-year")
    assert (joined.invoice.amount, joined.invoice.currency) == (300_00, "USD")
    assert joined.invoice.lines == [
        {
            "words": "One year as Customer Service Professional: the price through 31 December 2005,"
            " asked for on 3 November 2005",
            "amount": 300_00,
        }
    ]
    assert joined.membership.level == "professional"
    assert "Individual contributor" in joined.membership.why_level
    assert (joined.membership.state, body.available(ada)) == ("pending", 0)

    body.pays(joined, 300_00)
    assert body.available(ada) == 1_000
    assert body.membership(joined).state == "active"
    with in_organisation(body.id):
        assert attributes_of(body.id, [ada])[ada]["level"] == "professional"

    assert body.goes_to_the_conference_for_less(joined, fee=1_195_00) == 119_50
    body.goes_to(2006, 3, 20)
    assert body.reports("ada", "conference.attended", edition=2006) == 4_000
    assert body.reports("ada", "seminar.attended", title="Service recovery") == 1_000
    assert body.reports("ada", "seminar.attended", title="Listening", partner="service-academy") == 1_000
    assert body.reports("ada", "seminar.attended", title="Selling", partner="somebody-else") == 0
    assert body.reports("ada", "certification.completed") == 15_000
    assert body.reports("ada", "report.purchased") == 3_000
    assert body.available(ada) == 25_000

    gift = body.reward("gift-25")
    add_codes(body.id, reward_id=gift, codes=["GIFT-25-A"], actor=ACTOR)
    redemption = redeem(body.id, member_id=ada, reward_id=gift, key="gift", actor=ACTOR, price=3_000)
    assert (redemption.state, body.available(ada)) == ("fulfilled", 22_000)

    body.goes_to(2006, 10, 20)
    renewed = renew(body.id, membership_id=joined.membership.id, key="again", actor=ACTOR)
    assert renewed.invoice.amount == 350_00
    body.pays(renewed, 350_00)
    assert body.available(ada) == 22_000 + 1_500
    assert body.membership(joined).ends_on == date(2007, 11, 3)


def test_conferences_in_a_row_earn_a_bonus_from_the_second_on(body):
    ada = body.member("ada")
    for edition, expected in ((2005, 4_000), (2006, 9_000), (2007, 14_000), (2009, 18_000)):
        body.reports("ada", "conference.attended", edition=edition)
        follow_on(body.id)
        assert body.available(ada) == expected


def test_three_years_bought_early_start_with_5000_and_a_year_bought_late_costs_350(body):
    bea, carl, dora = (body.member(name) for name in ("bea", "carl", "dora"))
    body.goes_to(2005, 12, 31)
    early = body.joins(bea, "three-years", role="Vice-President")
    body.pays(early, 825_00)
    assert (early.invoice.amount, body.available(bea)) == (825_00, 5_000)
    assert body.membership(early).level == "executive"
    assert body.membership(early).ends_on == date(2008, 12, 31)

    body.goes_to(2006, 1, 1)
    late = body.joins(carl, "one-year", role="Director")
    assert late.invoice.amount == 350_00
    body.pays(late, 350_00)
    assert body.available(carl) == 1_000
    with pytest.raises(TermNotSold):
        body.joins(dora, "three-years")


def test_the_ladder_runs_from_25_to_1000_dollars_and_a_point_buys_more_the_higher_it_is(body):
    with in_organisation(body.id):
        on_offer = sorted((one.price, one.value_minor or 0) for one in offers(body.id))

    assert (on_offer[0], on_offer[-1]) == ((3_000, 25_00), (100_000, 1_000_00))
    worth = [value * 1_000 // price for price, value in on_offer]
    assert worth == sorted(worth) and (worth[0], worth[-1]) == (833, 1_000)
    assert len(set(worth)) > 2


def test_a_membership_not_renewed_has_its_grace_and_lapses(body):
    ada = body.member("ada")
    body.goes_to(2005, 11, 3)
    joined = body.joins(ada, "one-year")
    body.pays(joined, 300_00)

    body.goes_to(2006, 11, 3)
    assert body.membership(joined).state == "grace"
    body.goes_to(2007, 1, 1)
    assert body.membership(joined).state == "grace"
    body.goes_to(2007, 1, 2)
    assert body.membership(joined).state == "lapsed"
    with in_organisation(body.id):
        assert "level" not in attributes_of(body.id, [ada])[ada]
