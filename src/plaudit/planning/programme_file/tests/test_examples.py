"""Examples run through the rules as they will run live."""

from __future__ import annotations

import pytest

from plaudit.planning.programme_file.tests.factories import make_file, said_about

RULES = """
    purchases: {name: a, on: purchase, earn: floor(amount), limits: at most 100 points a day per member}
    double: {name: b, on: purchase, when: amount >= 50, multiply: 2, of: purchases}
    triple: {name: c, on: purchase, when: channel = 'web', multiply: 3}
    fee: {name: d, on: purchase, when: amount < 1, take: 5}
    gold: {name: e, on: purchase, when: member.level = 'gold', earn: 7, audience: customer}
"""

CAMPAIGNS = """
    june:
      name: June
      from: 2026-06-01
      through: 2026-06-30
      rules: {june-bonus: {name: f, on: purchase, earn: 1000}}
"""


def made(examples: str, **sections: str) -> list[str]:
    """What comes of these examples in a file with everything that can happen in it."""
    given = {"rules": RULES, "campaigns": CAMPAIGNS, "member_fields": "{level: [silver, gold]}", **sections}
    return said_about(make_file(examples=examples, **given))


@pytest.mark.parametrize(
    "example",
    [
        "{on: purchase, given: {amount: 10}, earns: {points: 10}}",
        "{on: purchase, given: {amount: 50}, earns: {points: 100}}",
        "{on: purchase, given: {amount: 10, channel: web}, earns: {points: 30}}",
        "{on: purchase, given: {amount: 60, channel: web}, earns: {points: 240}}",
        "{on: purchase, given: {amount: 500}, earns: {points: 200}}",
        "{on: purchase, given: {amount: 0.50}, earns: {points: -5}}",
        "{on: purchase, given: {amount: 10}, member: {level: gold}, earns: {points: 17}}",
        "{on: purchase, given: {amount: 10}, member: {level: gold, kind: staff}, earns: {points: 10}}",
        "{on: purchase, given: {amount: 10}, at: 2026-06-30 23:59, earns: {points: 1010}}",
        "{on: purchase, given: {amount: 10}, at: 2026-07-01, earns: {points: 10}}",
        "{on: refund, given: {refunded: 10}, earns: {points: 0}}",
    ],
)
def test_an_example_of_everything_comes_true(example):
    assert made(f"[{example}]") == []


@pytest.mark.parametrize("stacking, points", [("add", 4 * 60), ("multiply", 6 * 60), ("best", 3 * 60)])
def test_multipliers_stack_as_the_file_says(stacking, points):
    example = f"[{{on: purchase, given: {{amount: 60, channel: web}}, earns: {{points: {points}}}}}]"

    assert made(example, stacking=stacking) == []


def test_an_example_under_a_rule_is_of_that_rule_alone():
    rules = """
        purchases:
          name: a
          on: purchase
          earn: floor(amount)
          limits: at most 100 points a day per member
          examples: [{given: {amount: 500}, earns: 500}]
        double:
          name: b
          on: purchase
          multiply: 2
          of: purchases
          examples: [{given: {amount: 500}, earns: 500}]
        fee:
          name: c
          on: purchase
          take: 5
          from: 2026-06-01
          examples: [{given: {amount: 1}, earns: -5}, {given: {amount: 1}, at: 2026-05-31 23:59, earns: 0}]
    """

    assert said_about(make_file(rules=rules)) == []


def test_an_example_says_what_came_out_instead():
    assert made("[{on: purchase, given: {amount: 10}, earns: {points: 11}}]") == [
        "line 23, examples › 1 › earns: This earns 10 points, not 11 points. Correct the example, or the rules."
    ]


def test_examples_wait_until_everything_else_is_right():
    said = made("[{on: purchase, given: {amount: 10}, earns: {points: 11}}]", time_zone="Nowhere")

    assert len(said) == 1 and "time_zone" in said[0]
