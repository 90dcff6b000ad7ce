"""Challenges, offers, segments, tiers and memberships in the console: what their pages show, and what is done there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plaudit.foundation import ids
from plaudit.foundation.jobs import run_due
from plaudit.foundation.tenancy import in_organisation
from plaudit.membership.actions.join import join
from plaudit.membership.models import Membership
from plaudit.membership.stepping import membership_ref
from plaudit.people.saved_views import SavedView
from plaudit.people.tests.factories import ACTOR, make_organisation
from plaudit.planning.actions.apply import apply
from plaudit.planning.templates import template
from plaudit.surfaces.console.tests.shops import Company, make_company
from plaudit.targeting.queries.offers import report_of

MORE = """
challenges:
  five:
    name: Two purchases
    on: purchase
    target: 2
    earn: 50
  later: {name: Next century, on: purchase, target: 2, earn: 5, from: 2150-01-01}
competitions:
  top: {name: Top of the month, on: purchase, sum: amount, every: month, prizes: [{at: 1, earn: 30}, {at: 2, earn: 10}]}
tiers:
  club:
    name: The club
    earned: points
    within: all time
    levels: {silver: {name: Silver, from: 50, benefits: [A biscuit]}, gold: {name: Gold, from: 90000}}
segments:
  buyers: {name: Buyers, facts: {bought: {on: purchase}}, when: bought > 0}
offers:
  spring: {name: Spring bonus, segment: buyers, control: 50, goal: {on: purchase}}
membership:
  levels: {friend: {name: Friend, roles: [walker]}, patron: {name: Patron, roles: [guide]}}
  terms: {year: {name: A year, years: 1}}
  prices: [{term: year, price: 30 USD}, {term: year, level: patron, price: 60 USD}]
"""
PAGES = ("challenges", "segments", "tiers", "memberships", "")


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(response.content.decode())).split())


@lru_cache(maxsize=1)
def made() -> Company:
    """A company in which everything goes on; no test changes it."""
    company = Company(make_organisation())
    source = company.source + MORE
    apply(company.id, source, actor=ACTOR)
    for name in ("Ada", "Bo", "Cy", "Di"):
        member = company.member(name)
        company.buy(member, "60.00")
        if name != "Di":
            company.buy(member, "10.00")
    join(
        company.id,
        member_id=member.id,
        programme="points-basics",
        term="year",
        role="walker",
        key="j",
        actor=ACTOR,
    )
    run_due(company.id)
    return company


def a_membership(company: Company) -> str:
    """The reference of a membership of it."""
    with in_organisation(company.id):
        return membership_ref(Membership.objects.filter(organisation_id=company.id)[0].id)


@dataclass
class Body(Company):
    """An organisation that sells memberships."""

    programme: str = "crmi-membership"

    def joined(self) -> Membership:
        ada = self.member("Ada")
        return join(
            self.id, member_id=ada.id, programme=self.programme, term="one-year", role="Supervisor", key="j",
            actor=ACTOR,
        ).membership  # fmt: skip


def make_body() -> Body:
    body = Body(make_organisation())
    apply(body.id, template(body.programme).source, actor=ACTOR)
    return body


def test_every_page_of_an_empty_organisation_says_what_to_do():
    manager = make_company().person("manager")
    for page in PAGES:
        answer = manager.get(f"/console/{page}")
        assert answer.status_code == 200, page
        assert "<table" not in answer.content.decode() or page == "", page


def test_what_goes_on_is_listed_with_its_state_and_how_many_take_part():
    page = text_of(made().person("manager").get("/console/challenges"))

    assert "Two purchases" in page and "2 × purchase earns 50 points" in page
    assert "Next century" in page and "Not yet" in page
    assert "2 places win" in page
    row = page.partition("Two purchases")[2].partition("Next century")[0]
    assert re.search(r"\b4 3\b", row), row


def test_an_offer_says_what_it_brought_with_its_interval():
    with in_organisation(made().id):
        report = report_of(made().id, "points-basics", "spring")
    page = text_of(made().person("manager").get("/console/challenges"))

    assert report.exposed.of + report.control.of == 4
    assert "Spring bonus" in page and "Buyers" in page
    if report.difference is not None:
        assert "percentage points (" in page
        assert "it may be chance" in page


def test_stopping_shows_the_plan_and_changes_nothing_before_it_is_applied():
    company = Company(make_organisation())
    apply(company.id, company.source + MORE, actor=ACTOR)
    manager = company.person("manager")

    plan = manager.get("/console/challenges/points-basics/challenges/five/stop")
    assert plan.status_code == 200
    assert "Challenge five is now" in text_of(plan)
    assert "Apply as version 2" in text_of(plan)
    assert "Ended: five" in text_of(plan)
    hidden = {
        name: unescape(value)
        for name, value in re.findall(
            r'<input type="hidden" name="(source|reason|expected)" value="([^"]*)"', plan.content.decode()
        )
    }
    assert manager.post("/console/programmes/apply", hidden).status_code == 302
    assert "Version 2" in text_of(manager.get("/console/programmes/of/points-basics"))
    assert manager.get("/console/challenges/points-basics/rules/purchases/stop").status_code == 404
    assert (
        company.person("finance").get("/console/challenges/points-basics/challenges/five/stop").status_code
        == 403
    )


def test_a_segment_says_who_is_in_it_to_those_who_may_see_members():
    manager, developer = made().person("manager"), made().person("developer")
    listed = text_of(manager.get("/console/segments"))
    page = text_of(manager.get("/console/segments/points-basics/buyers"))
    file = manager.get("/console/segments/points-basics/buyers", {"format": "csv"}).content.decode()

    assert "Buyers" in listed and "Spring bonus" in listed
    assert "4 members in it" in page and "Ada" in page
    assert file.count("mem_") == 4
    assert developer.get("/console/segments").status_code == 200
    assert developer.get("/console/segments/points-basics/buyers").status_code == 403
    assert manager.get("/console/segments/points-basics/nobody").status_code == 404


def test_members_are_narrowed_to_a_segment_and_the_view_is_kept():
    company = Company(make_organisation())
    apply(company.id, company.source + MORE, actor=ACTOR)
    company.buy(company.member("Ada"))
    company.member("Zoe")
    run_due(company.id)
    manager, desk = company.person("manager"), company.person("desk")
    asked = "segment=points-basics%2Fbuyers"
    keep = "/console/members/views/keep"

    page = text_of(manager.get(f"/console/members?{asked}"))
    assert "Ada" in page and "Zoe" not in page
    assert manager.post(keep, {"name": "Who buys", "query": asked, "shared": "yes"}).status_code == 302
    assert desk.post(keep, {"name": "Mine", "query": "kind=staff", "shared": "yes"}).status_code == 302
    assert manager.post(keep, {"name": " ", "query": asked}).status_code == 422

    seen = text_of(desk.get(f"/console/members?{asked}"))
    assert "Who buys shared" in seen and "Mine" in seen and "Forget this view" in seen
    assert "Mine" not in text_of(manager.get("/console/members"))
    assert manager.get("/console/members?segment=points-basics/nobody").status_code == 404
    with in_organisation(company.id):
        mine, shared = SavedView.objects.filter(organisation_id=company.id).order_by("name")
    assert manager.post(f"/console/members/views/{mine.id}/drop").status_code == 404
    assert desk.post(f"/console/members/views/{shared.id}/drop").status_code == 302
    assert "Who buys" not in text_of(manager.get("/console/members"))


def test_a_ladder_says_how_many_stand_on_each_level():
    manager = made().person("manager")
    page = text_of(manager.get("/console/tiers"))
    level = text_of(manager.get("/console/tiers/points-basics/club/silver"))

    assert "The club" in page and "A biscuit" in page
    assert "Most members: Silver" in page
    assert "Ada" in level
    assert "Nobody stands on this level" in text_of(manager.get("/console/tiers/points-basics/club/gold"))
    assert manager.get("/console/tiers/points-basics/none/gold").status_code == 404


def test_lists_cost_the_same_few_questions_however_much_there_is():
    manager = made().person("manager")
    counts = {}
    for page in PAGES:
        manager.get(f"/console/{page}")
        with CaptureQueriesContext(connection) as asked:
            manager.get(f"/console/{page}")
        counts[page] = len(asked)

    assert max(counts.values()) <= 24, counts


def test_a_membership_is_paid_upgraded_and_given_back_in_the_console():
    body = make_body()
    own = body.joined()
    reference = membership_ref(own.id)
    finance = body.person("finance")
    at = f"/console/memberships/{reference}"

    listed = text_of(finance.get("/console/memberships"))
    assert "Ada" in listed and "Invoices open 1" in listed
    page = finance.get(at)
    assert "is open." in text_of(page)
    assert finance.post(f"{at}/1/pay", {"amount": "none", "key": "a"}).status_code == 422
    paid = {"amount": "350.00", "key": "a", "words": "bank transfer"}
    assert finance.post(f"{at}/1/pay", paid).status_code == 302
    assert finance.post(f"{at}/1/pay", paid).status_code == 302
    with in_organisation(body.id):
        assert Membership.objects.get(id=own.id).state == "active"
        (payment,) = Membership.objects.get(id=own.id).invoices.get().entries.all()
    assert "Invoices open 0" in text_of(finance.get("/console/memberships"))
    levels = re.findall(r'<option value="([a-z-]+)">', finance.get(at).content.decode())
    assert finance.post(f"{at}/upgrade", {"level": levels[-1], "key": "u"}).status_code == 302
    assert "Upgraded" in text_of(finance.get(at))
    refund = f"{at}/1/refund/{ids.show('pay', payment.id)}"
    assert finance.post(refund, {"amount": "999", "key": "r", "words": "Sorry"}).status_code in (409, 422)
    assert finance.get("/console/memberships", {"format": "csv"}).content.decode().count("mbs_") == 1


def test_money_is_taken_by_those_who_may_and_on_their_own_membership_alone():
    body, other = make_body(), make_body()
    own, theirs = body.joined(), other.joined()
    paid = {"amount": "350.00", "key": "a"}

    assert (
        body.person("desk").post(f"/console/memberships/{membership_ref(own.id)}/1/pay", paid).status_code
        == 403
    )
    finance = body.person("finance")
    assert finance.get(f"/console/memberships/{membership_ref(theirs.id)}").status_code == 404
    assert finance.post(f"/console/memberships/{membership_ref(own.id)}/7/pay", paid).status_code == 404


@pytest.mark.parametrize("wanted", ["running", "over", "nonsense"])
def test_what_goes_on_is_narrowed_to_one_state(wanted: str):
    page = text_of(made().person("manager").get("/console/challenges", {"state": wanted}))

    assert ("Two purchases" in page) == (wanted != "over")
    assert ("Next century" in page) == (wanted == "nonsense")


def test_home_tells_cost_against_budget():
    company = Company(make_organisation())
    apply(
        company.id, company.source.replace("at most 10,000 USD a month", "at most 4 USD a month"), actor=ACTOR
    )
    company.buy(company.member(), "50.00")

    page = text_of(company.person("manager").get("/console/"))

    assert "Cost against budget" in page and "this month" in page
    assert "US$0.50 of US$4.00" in page
