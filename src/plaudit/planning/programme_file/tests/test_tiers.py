"""Tiers in a programme file: what is refused, what a plan says, and what rules may ask."""

from __future__ import annotations

import pytest

from plaudit.planning.programme_file.definitions import definition_of, ladders_of
from plaudit.planning.programme_file.differences import changes_between
from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.programme_file.programme import Programme

FILE = """
plaudit: 1
programme: shop
name: Shop
time_zone: UTC
units:
  points: {one: point, other: points, precision: 2}
activities:
  purchase: {title: Purchase, fields: {amount: decimal(2)}}
  refund: {title: Refund, corrects: purchase}
rules:
  purchases: {name: Purchases, on: purchase, earn: amount}
  gold-doubles: {name: Gold doubles, on: purchase, when: member.tier = 'gold', multiply: 2}
tiers:
  tier:
    name: Status
    earned: points
    within: 12 months
    levels:
      silver: {name: Silver, from: 10.5}
      gold: {name: Gold, from: 100, benefits: [Double points]}
    keep: to the end of next year
    then: one step down
"""


def read(*changes: tuple[str, str]) -> Programme:
    source = FILE
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    parsed = parse_programme(source)
    assert [str(problem) for problem in parsed.problems] == []
    return parsed.programme


def test_thresholds_are_published_in_the_units_smallest_part_and_rules_know_the_ladder():
    programme = read()
    (ladder,) = ladders_of(programme)
    assert [level.reached_from for level in ladder.levels] == [1050, 10000]
    assert definition_of(programme).member_fields["tier"]["choices"] == ["silver", "gold"]


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("earned: points", "earned: pints", "There is no unit `pints`"),
        ("earned: points", "on: refund", "A correction counts nothing."),
        ("earned: points", "on: visit", "There is no activity `visit`"),
        ("earned: points", "on: purchase\n    amount: amount", "2 decimals"),
        ("earned: points", "on: purchase\n    when: member.tier = 'gold'", "is not a field of purchase"),
        ("earned: points", "earned: points\n    on: purchase", "cannot stand together"),
        ("from: 100,", "from: 10,", "takes no more than `silver`"),
        ("from: 10.5", "from: 10.555", "more decimals"),
        ("within: 12 months", "within: a year", "does not say in which time"),
        ("    keep: to the end of next year\n", "", "Without `keep`"),
        ("tier = 'gold'", "tier = 'platinum'", "is not one of the choices"),
        ("rules:", "member_fields: {tier: text}\nrules:", "kept by this file's own practices"),
        ("  tier:\n", "  kind:\n", "`member.kind` is the member's kind already"),
        ("  tier:\n", "  level:\n", "`member.level` is the level of a membership already"),
        ("  tier:\n", "  member-since:\n", "is the day on which a membership began already"),
        (
            "tiers:",
            "segments: {profession: {name: P, when: true}}\ntiers:",
            "the profession that a membership",
        ),
        (
            "tiers:",
            "offers: {level: {name: P}}\ntiers:",
            "`member.level` is the level of a membership already",
        ),
        (
            "tiers:",
            "segments: {tier: {name: P, when: true}}\ntiers:",
            "`member.tier` is the ladder `tier` already",
        ),
    ],
)
def test_what_does_not_fit_is_said(old, new, said):
    problems = parse_programme(FILE.replace(old, new)).problems
    assert any(said in str(problem) for problem in problems), [str(problem) for problem in problems]


def test_a_plan_says_what_becomes_of_a_ladder():
    was = read()
    now = read(
        ("from: 100,", "from: 200,"), ("12 months", "the calendar year"), ("one step down", "recalculated")
    )

    assert [change.sentence for change in changes_between(was, now)] == [
        "Ladder tier has silver from 10.5 and gold from 200, not silver from 10.5 and gold from 100; everybody is placed anew.",
        "Ladder tier is climbed by points earned within the calendar year, not points earned within 12 months; everything is counted anew.",
        "Ladder tier: a level is kept to the end of next year, then recalculated, not kept to the end of next year, then one step down.",
    ]
