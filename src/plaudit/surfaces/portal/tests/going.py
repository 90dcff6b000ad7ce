"""A corner shop that asks, offers and sells more than its rules: challenges, levels, an offer, a membership."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client

from plaudit.engagement.published import published_sets
from plaudit.foundation import clock
from plaudit.foundation.jobs import run_due
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.tests.factories import PROGRAMME, Shop, make_shop
from plaudit.membership.actions.join import Asked, join
from plaudit.membership.actions.settle import pay
from plaudit.people.models import Member
from plaudit.people.resolving import find_members
from plaudit.people.tests.factories import ACTOR
from plaudit.surfaces.portal.tests.visiting import Visit, signed_in
from plaudit.targeting.actions.offering import make_offer

_RULES = """\
  bonus: {name: 15 points more, on: purchase, when: member.spring and amount >= 60, earn: 15}
rewards:
"""

_MORE = """
challenges:
  three-a-month:
    name: Three a month
    description: Big and small ones count.
    on: purchase
    when: amount >= 5
    every: month
    targets: [{at: 3, earn: 20}, {at: 6, earn: 50, badge: regular}]
streaks:
  daily: {name: Day by day, on: purchase, in: days, rest: once a week, length: 3, earn: 10, badge: steady}
competitions:
  voices:
    name: Most opinions
    on: survey
    every: year
    ties: share
    wait: 2 days
    prizes: [{at: 1, earn: 100, badge: voice}, {at: 2, earn: 50}]
tiers:
  status:
    name: Status
    earned: points
    within: the calendar year
    levels:
      silver: {name: Silver, from: 100, benefits: [Free delivery]}
      gold: {name: Gold, from: 5000, benefits: [Free delivery, The sale first]}
    keep: to the end of next year
badges:
  loyal: {name: One of the loyal, description: Three good months, when: three_a_month >= 3}
  steady: {name: Steady as she goes}
  regular: {name: Regular}
  voice: {name: Voice}
referrals:
  name: Bring a friend
  description: A coffee for each of you.
  on: purchase
  sum: amount
  at_least: 25
  within: 30 days
  earn: 50
  welcome: 20
  limits: at most 20 times a year per member
  link: https://shop.example/join?friend={code}
offers:
  spring: {name: Spring bonus, accept: true}
  summer: {name: Summer bonus}
membership:
  levels:
    friend: {name: Friend, roles: [friend]}
    crew: {name: Crew, roles: [crew]}
  terms: {one-year: {name: One year, years: 1}}
  prices: [{term: one-year, price: 30 GBP}]
  entitlements: {workshop: {name: Workshops, percent: 20}}
"""

GOING = PROGRAMME.replace("rewards:\n", _RULES) + _MORE


@dataclass(frozen=True)
class Going(Visit):
    """The shop with all of that, and Mina's browser."""

    def part(self, key: str) -> int:
        """The number of a challenge, streak or competition."""
        with in_organisation(self.shop.id):
            forms = published_sets(self.shop.id).newest_forms
        return next(id for id, (_, part) in forms.items() if part.key == key)

    def lives(self) -> None:
        """Four days of purchases and two opinions by Mina, one by each of two others; all of it counted."""
        now = clock.now()
        for days in range(4):
            self.shop.buys("40.00", at=now - timedelta(days=days))
        for who in ("mina", "mina", "ada", "bo"):
            self.shop.happens("survey", {"score": 5}, who=who)
        self.counts()

    def counts(self) -> None:
        """Let everything that waits be counted."""
        run_due(self.shop.id)

    def offers(self, key: str) -> None:
        """Make an offer to Mina."""
        make_offer(self.shop.id, "corner-shop", key, member_id=self.shop.mina.id, actor=ACTOR)

    def joins(self, *, paid: bool) -> Asked:
        """Mina asks for a membership, and may pay for it."""
        asked = join(
            self.shop.id,
            member_id=self.shop.mina.id,
            programme="corner-shop",
            term="one-year",
            role="friend",
            key="joins",
            actor=ACTOR,
        )
        if paid:
            self.pays(asked.invoice.number)
        return asked

    def pays(self, number: int) -> None:
        """An invoice is paid whole."""
        pay(
            self.shop.id,
            invoice=number,
            amount=3_000,
            currency="GBP",
            method="cash",
            key=f"p{number}",
            actor=ACTOR,
        )

    def other(self, number: str) -> Member:
        """Somebody else who did something."""
        with in_organisation(self.shop.id):
            return Member.objects.get(id=find_members(self.shop.id, [("till", number)])[("till", number)])

    def post(self, path: str, **facts: str) -> str:
        """Send a form; the page it leads to."""
        answer = self.client.post(path, facts, follow=True)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()


def begin_going() -> Going:
    """A fresh shop of this kind, and its customer signed in."""
    shop: Shop = make_shop(programme=GOING)
    client: Client = signed_in(shop, shop.mina_signs_in.id)
    return Going(shop, client)
