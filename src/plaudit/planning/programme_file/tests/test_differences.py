"""What changes is said in plain sentences, one for each thing, and nothing is said where nothing changes."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given, settings

from plaudit.foundation.tests.examples import examples
from plaudit.planning.programme_file.differences import changes_between
from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.tests.factories import left_in_english, make_programme, shipped_files
from plaudit.planning.programme_file.tests.programmes import programmes

PURCHASES = "name: 1 point per $1, on: purchase, earn: floor(amount)"


def rules(*lines: str) -> dict[str, str]:
    return {"rules": "\n" + "\n".join(lines) + "\n"}


def sentences(older: dict[str, str], newer: dict[str, str]) -> list[str]:
    """What changes from one file to another."""
    return [change.sentence for change in changes_between(make_programme(**older), make_programme(**newer))]


@settings(max_examples=examples(15))
@given(programmes())
def test_a_programme_does_not_differ_from_itself(programme):
    assert changes_between(programme, programme) == []


@settings(max_examples=examples(15))
@given(programmes(), programmes())
def test_two_programmes_that_differ_differ_in_words(one, other):
    changes = changes_between(one, other)

    assert bool(changes) == (one != other) or one.key != other.key
    assert all(change.sentence.endswith(".") for change in changes)
    with translation.override("de"):
        assert [left_in_english(change.sentence) for change in changes] == [set()] * len(changes)


@pytest.mark.parametrize(
    "older, newer, said",
    [
        ({}, {"name": "New shop"}, ["The programme is now called New shop, not Corner shop."]),
        ({}, {"audience": "staff"}, ["The programme is for staff, not for everyone."]),
        (
            {},
            {"time_zone": "Europe/Paris"},
            [
                "Days begin at midnight in Europe/Paris, not in America/New_York; limits count by the new days at once."
            ],
        ),
        ({}, {"stacking": "best"}, ["Several multipliers on one event now combine by best, not by add."]),
        ({}, {"objectives": "{sales: More sales}"}, ["New objective sales: More sales."]),
        (
            {},
            {"units": "{points: {one: point, other: points, worth: 0.02 USD}}"},
            ["One point is worth 0.02 USD, not 0.01 USD; so is what members hold already."],
        ),
        (
            {},
            {"units": "{points: {one: point, other: points, worth: 0.01 USD, expires: after 1 year}}"},
            [
                "Points earned from now on expire after 1 year, not never; those earned already keep their date."
            ],
        ),
        (
            {"units": "{points: {one: point, other: points, worth: 0.01 USD, expires: after 1 year}}"},
            {},
            [
                "Points earned from now on never expire, not after 1 year; those earned already keep their date."
            ],
        ),
        (
            {},
            {"units": "{points: {one: point, other: points, worth: 0.01 USD, may_owe: true}}"},
            ["A correction can now leave a member owing points."],
        ),
        (
            {},
            {"units": "{points: {one: point, other: points, worth: 0.01 USD, approval_from: never}}"},
            ["Manual adjustments of points no longer need a second person."],
        ),
        (
            {},
            {
                "units": "{points: {one: point, other: points, worth: 0.01 USD}, stars: {one: star, other: stars}}",
                **rules("purchases: {" + PURCHASES + ", unit: points}"),
            },
            ["New unit stars (1 star, 2 stars): with no worth in money, never expiring."],
        ),
    ],
)
def test_a_change_of_the_head_or_a_unit_is_said(older, newer, said):
    assert sentences(older, newer) == said


def test_a_change_of_an_activity_says_what_senders_must_do():
    newer = """
        purchase: {title: Order, fields: {amount: decimal(3), shop: text, note: optional text}}
        refund: {title: Refund, corrects: purchase, fields: {refunded: decimal(2)}}
        visit: {title: Visit}
    """

    assert sentences({}, {"activities": newer}) == [
        "Activity purchase is now called Order, not Purchase.",
        "Activity purchase: amount is now decimal(3), not decimal(2).",
        "Activity purchase: shop (text) is new and must be sent from now on, or the event is refused.",
        "Activity purchase: note (optional text) is new and may be sent.",
        "Activity purchase: channel is no longer read.",
        "Activity refund now corrects purchase; corrections recorded already stay as they are.",
        "New activity visit (Visit).",
    ]


def test_a_change_of_a_rule_says_what_it_does_and_did():
    older = rules(
        "a: {name: A, on: purchase, earn: floor(amount)}",
        "b: {name: B, on: purchase, earn: 1}",
        "c: {name: C, on: purchase, take: 1}",
    )
    newer = rules(
        "d: {name: D, on: purchase, when: amount > 5, multiply: 2, of: a, through: 2026-12-31}",
        "a: {name: A, on: purchase, when: amount > 0, earn: floor(amount * 2), pending: 14 days, audience: staff, because: 'Because of {amount}.'}",
        "c: {name: C, on: refund, take: 1}",
    )

    assert sentences(older, newer) == [
        "New rule d (D): purchase, where amount > 5, multiplies a by 2, through 2026-12-31.",
        "Rule a now fires where amount > 0, not always.",
        "Rule a now earns floor(amount * 2) points; before, it earns floor(amount) points.",
        "Rule a: points now wait 14 days, not for nothing; those waiting already keep their day.",
        "Rule a is now for staff, not for everyone.",
        "Rule a now tells members: Because of {amount}.",
        "Rule c is now about refund, not purchase.",
        "Rule b (B) ends: it earns nothing more, and what it earned stays.",
    ]


def test_a_change_of_order_is_said():
    lines = ("a: {name: A, on: purchase, earn: 1}", "b: {name: B, on: purchase, earn: 2}")

    assert sentences(rules(*lines), rules(*reversed(lines))) == ["The rules are asked in another order."]


def test_a_change_of_a_limit_says_that_what_is_used_stays_used():
    def limited(limit: str) -> dict[str, str]:
        return rules(f"purchases: {{{PURCHASES}, limits: {limit}}}")

    assert sentences({}, limited("at most 12000 points a day per member")) == [
        "New limit on rule purchases: at most 12,000 points a day per member; it counts from now on."
    ]
    assert sentences(
        limited("at most 5 points a day per member"), limited("at most 1 USD a day per member")
    ) == [
        (
            "The limit on rule purchases is at most 1 USD a day per member (that is 100 points), "
            "not at most 5 points a day per member; what is used of it stays used."
        )
    ]
    assert sentences(
        limited("at most 5 points a day per member"), limited("at most 5 points a week per member")
    ) == [
        "New limit on rule purchases: at most 5 points a week per member; it counts from now on.",
        "No longer a limit on rule purchases: at most 5 points a day per member.",
    ]


def test_a_change_of_worth_shows_in_limits_of_money():
    limit = rules(f"purchases: {{{PURCHASES}, limits: at most 1 USD a day per member}}")
    worth = {"units": "{points: {one: point, other: points, worth: 0.02 USD}}"}

    assert sentences(limit, limit | worth)[1] == (
        "The limit on rule purchases is at most 1 USD a day per member (that is 50 points), "
        "not at most 1 USD a day per member (that is 100 points); what is used of it stays used."
    )


def test_a_change_of_a_campaign_is_said():
    def campaign(text: str) -> dict[str, str]:
        return {"campaigns": f"{{c: {{name: C, {text}, rules: {{r: {{name: R, on: purchase, earn: 5}}}}}}}}"}

    assert sentences({}, campaign("from: 2026-06-01, budget: 100 points")) == [
        "New campaign c (C), from 2026-06-01, with 1 rule.",
        "New rule r (R): purchase earns 5 points, during c.",
        "New limit on campaign c: at most 100 points ever for everyone; it counts from now on.",
    ]
    assert sentences(campaign("from: 2026-06-01"), campaign("from: 2026-06-01, through: 2026-06-30")) == [
        "Campaign c is now from 2026-06-01 through 2026-06-30, not from 2026-06-01."
    ]
    assert sentences(campaign("from: 2026-06-01"), {}) == [
        "Campaign c (C) is gone; what it gave stays.",
        "Rule r (R) ends: it earns nothing more, and what it earned stays.",
    ]


def test_a_change_of_a_reward_is_said():
    def reward(text: str) -> dict[str, str]:
        return {"rewards": f"{{mug: {{name: Mug, {text}}}}}"}

    assert sentences({}, reward("price: 200 points, stock: 5")) == [
        "New reward mug (Mug): 200 points, 5 in stock."
    ]
    assert sentences(reward("price: 200 points"), reward("price: 1 point, cancel: never")) == [
        "Reward mug costs 1 point, not 200 points.",
        "Reward mug can no longer be cancelled.",
    ]
    assert sentences(reward("price: 200 points"), {}) == [
        "Reward mug (Mug) leaves the catalogue; redemptions already made go on."
    ]


def test_steps_and_terms_of_a_reward_are_said():
    def card(text: str) -> dict[str, str]:
        return {"rewards": f"{{card: {{name: Card, kind: gift_card, {text}}}}}"}

    older = card("ladder: [3000 points for 25 USD]")
    newer = card("ladder: [3000 points for 25 USD, 100000 points for 1000 USD], approval_from: 500 USD")
    assert sentences({}, newer) == [
        "New reward card (Card): 3000 points for 25 USD or 100,000 points for 1000 USD.",
        "Reward card needs a second person from 500 USD.",
    ]
    assert sentences(older, newer) == [
        "Reward card costs 3000 points for 25 USD or 100,000 points for 1000 USD, not 3000 points for 25 USD.",
        "Reward card needs a second person from 500 USD.",
    ]
    assert sentences(newer, older)[1] == "Reward card no longer needs a second person from 500 USD."


def test_examples_change_nothing_and_it_is_said():
    with_example = {"examples": "[{on: purchase, given: {amount: 5}, earns: {points: 5}}]"}

    assert sentences({}, with_example) == ["The examples are different; they only test the rules."]


def test_a_new_programme_is_told_whole():
    programme = parse_programme(shipped_files()["service-desk"]).programme

    told = [
        change.sentence for change in changes_between(Programme("service-desk", ""), programme, is_new=True)
    ]

    assert told[0] == "New programme service-desk: Stars for the service desk, for staff."
    assert (
        "New unit stars (1 star, 2 stars): worth 0.05 GBP each, expiring at the end of the year, which members may owe."
        in told
    )
    assert "New activity ticket.reopened (Ticket reopened), which corrects ticket.resolved." in told
    assert (
        "New rule five-stars (10 stars for a five-star rating): call.rated, where rating = 5, earns 10 stars."
        in told
    )
    assert "New limit on rule five-stars: at most 10 times a day per member." in told
    assert (
        "New limit on the whole programme: at most 2000 GBP a month for everyone (that is 40,000 stars)."
        in told
    )
    assert (
        "New reward coffee (A coffee on us): 50 stars, worth 2.50 GBP, 10 times a month per member." in told
    )
