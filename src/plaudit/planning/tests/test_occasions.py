"""Referrals, birthdays, badges, achievements and rounding from the programme file: planned, published, given back."""

from __future__ import annotations

import pytest

from plaudit.engagement.published import published_sets
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.tests.factories import make_organisation
from plaudit.planning.actions.apply import apply
from plaudit.planning.plans import plan
from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.programme_file.rounding_rules import unrounded
from plaudit.planning.queries import export, regenerate

FILE = """
plaudit: 1
programme: shop
name: Shop
audience: customer
time_zone: America/New_York
units:
  points: {one: point, other: points}
activities:
  purchase: {title: Purchase, fields: {amount: {type: decimal(2), min: 0, max: 100000}, order: optional text}}
  lines.added: {title: Line, fields: {amount: decimal(2)}}
rules:
  purchases:
    name: A point for two
    on: purchase
    earn: floor(amount * 0.5)
    rounding: day
    pending: 14 days
    limits: at most 500 points a day per member
challenges:
  five-a-month: {name: Five, on: purchase, target: 5, every: month, badge: regular}
achievements:
  orders: {name: Orders, on: purchase, target: 100, earn: 50}
badges:
  regular: {name: Regular}
  loyal: {name: Loyal, when: orders >= 10 and five_a_month >= 2}
referrals:
  name: Bring a friend
  on: purchase
  sum: amount
  at_least: 25
  within: 30 days
  earn: 50
  welcome: 20
  limits: at most 20 times a year per member
  link: https://shop.example/join?friend={code}
birthdays: {name: Happy birthday, earn: 30, before: 3 days, after: 1 week, leap_day: 1 March}
"""


def test_the_plan_says_what_comes_changes_and_goes():
    at = make_organisation().id
    said = apply(at, FILE, actor="usr_1").plan.sentences()
    for sentence in (
        (
            "New rule purchases (A point for two): purchase earns floor(amount * 0.5) points, rounded for each day,"
            " pending for 14 days."
        ),
        "New limit on rule purchases: at most 500 points a day per member.",
        "New limit on what referring friends earns: at most 20 times a year per member.",
        "New achievement orders (Orders): purchase, up to 100 gives 50 points.",
        "New badge loyal (Loyal) to whom orders >= 10 and five_a_month >= 2 holds for.",
        "New badge regular (Regular) by the goals that name it.",
        (
            "New: members refer friends (Bring a friend), for a purchase of the friend with amount of at least 25 within"
            " 30 days 50 points, and 20 points for the friend."
        ),
        (
            "New: birthdays are celebrated (Happy birthday), 30 points from 3 days before it to 7 days after it, on"
            " 1 March for 29 February in common years."
        ),
    ):
        assert sentence in said
    changed = FILE.replace("welcome: 20", "welcome: 25").replace("rounding: day", "rounding: order")
    with in_organisation(at):
        other = plan(at, changed).sentences()
        gone = plan(at, FILE[: FILE.index("referrals:")]).sentences()
    assert "Rule purchases is now rounded for each order, not for each day." in other
    assert any(one.startswith("A referral is now for a purchase") for one in other)
    assert "Birthdays are no longer celebrated; what they gave stays." in gone
    assert any(one.startswith("Friends are no longer referred") for one in gone)


def test_the_file_is_given_back_and_written_anew_the_same():
    at = make_organisation().id
    apply(at, FILE, actor="usr_1")
    with in_organisation(at):
        assert export(at, "shop") == FILE
        again = regenerate(at, "shop")
        (asked,) = published_sets(at).now()
    assert parse_programme(again).programme == parse_programme(FILE).programme
    assert asked.definition.birthdays is not None and asked.definition.birthdays.leap_day == "03-01"
    assert [(part.kind.value, part.exact) for part in asked.definition.parts if part.key == "purchases"] == [
        ("rounding", 3),
        ("rounded", 3),
    ]


@pytest.mark.parametrize(
    "was, now, said",
    [
        ("  at_least: 25\n", "", "`sum` and `at_least` belong together."),
        ("at_least: 25", "at_least: 0", "This is not a possible number."),
        ("welcome: 20", "welcome: 20.5", "The unit has no decimals."),
        ("friend={code}", "friend=", "This is not an address with {code} in it."),
        (
            "  on: purchase\n  sum: amount",
            "  on: visit\n  sum: amount",
            "There is no activity `visit` to count",
        ),
        ("within: 30 days", "within: soon", "`soon` is not a number of days."),
        ("earn: 30, before", "earn: 30.5, before", "The unit has no decimals."),
        ("before: 3 days", "before: 300 days", "This is nearer to another birthday."),
        ("leap_day: 1 March", "leap_day: 2 March", "`2 March` is not possible here"),
        ("orders >= 10", "order >= 10", "order"),
        ("badge: regular}", "badge: regulra}", "There is no badge `regulra`"),
        (
            "  orders: {name: Orders, on: purchase, target: 100, earn: 50}",
            "  orders: {name: Orders, on: purchase, earn: 50}",
            "It is not said what is to be reached for it.",
        ),
        ("  orders: {", "  five-a-month: {", "means two things to badges."),
        ("floor(amount * 0.5)", "floor(amount) + 1", "Nothing here says what to round."),
        ("pending: 14 days", "pending: until lines.added", "cannot be confirmed one by one."),
        ("floor(amount * 0.5)", "floor(amount / 3)", "division"),
        (", order: optional text", "", "does not say which order"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(was, now, said):
    source = FILE.replace("rounding: day", "rounding: order") if "order: optional" in was else FILE
    assert was in source
    problems = [str(problem) for problem in parse_programme(source.replace(was, now, 1)).problems]
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(
    "earn, inside",
    [
        ("floor(amount * 0.5)", "amount * 0.5"),
        ("floor(amount - coalesce(cards, 0), 2)", "amount - coalesce(cards, 0)"),
        ("floor(coalesce(a, 0))", "coalesce(a, 0)"),
        ("floor(a) + floor(b)", ""),
        ("round(a)", ""),
        ("floor(case when c = ')' then a else b end)", "case when c = ')' then a else b end"),
        ("5", ""),
    ],
)
def test_what_stands_inside_a_rounding_is_found(earn, inside):
    assert unrounded(earn) == inside
