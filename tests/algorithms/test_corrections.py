"""What a correction does to points that are spent already: debt, stop at nothing, or write off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from plaudit.earning.tests.factories import (
    NOON,
    Story,
    amounts,
    declare_type,
    make_event,
    make_limit,
    make_rule,
    make_story,
    refund,
)
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.because import because
from plaudit.insights.lines import told_lines
from plaudit.ledger.places import Kind
from plaudit.ledger.statements import StatementLine, statement
from plaudit.ledger.tests.factories import give
from plaudit.ledger.verification.verify import verify
from plaudit.outreach.queries.feed import feed
from plaudit.people.resolving import find_members
from tests.algorithms.worked import Row, worked

POLICIES: dict[str, dict[str, Any]] = {
    "debt": {"may_owe": True},
    "stop at nothing": {"may_owe": False},
    "write off": {"may_owe": False, "writes_off": True},
}


def spent(story: Story, amount: int) -> None:
    """Let Ada spend some."""
    with in_organisation(story.organisation.id):
        ada = find_members(story.organisation.id, [("till", "ada")])[("till", "ada")]
    give(story.organisation.id, ada, -amount)


def lines(story: Story) -> list[StatementLine]:
    """Ada's statement, oldest first."""
    with in_organisation(story.organisation.id):
        ada = find_members(story.organisation.id, [("till", "ada")])[("till", "ada")]
        return statement(story.organisation.id, ada, "points").lines[::-1]


@pytest.mark.parametrize(
    "policy, after_refund, after_the_next",
    [("debt", -70, -20), ("stop at nothing", 0, 50), ("write off", 0, 50)],
)
def test_a_refund_after_the_points_were_spent_follows_the_policy(
    policy: str, after_refund: int, after_the_next: int
):
    story = make_story(make_rule(), **POLICIES[policy])
    story.buy("ada", "100", id="a")
    spent(story, 70)
    story.send(refund("a", "100"))
    assert story.available("ada") == after_refund

    story.buy("ada", "50")

    assert story.available("ada") == after_the_next
    assert verify(story.organisation.id).broken() == []


def test_a_write_off_is_a_line_that_says_why_and_adds_up():
    story = make_story(make_rule(), **POLICIES["write off"])
    story.buy("ada", "100", id="a")
    spent(story, 70)
    story.send(refund("a", "100"))

    found = lines(story)

    assert [(line.kind, line.amount, line.after) for line in found[2:]] == [
        (Kind.WRITE_OFF, 70, 100),
        (Kind.REVERSAL, 100, 0),
    ]
    with in_organisation(story.organisation.id):
        why = because(story.organisation.id, found[2].reference)
        titles = [told.title for told in told_lines(story.organisation.id, found)]
    assert why.sentence.startswith("70 points written off: they were spent before purchase.refunded")
    assert why.adds_up()
    assert titles[2] == "Written off: spent before it was taken back"


def test_the_use_of_limits_comes_back_whole_where_the_rest_is_written_off():
    rule = make_rule(limits=(make_limit(100),))
    story = make_story(rule, **POLICIES["write off"])
    story.buy("ada", "100", id="a")
    spent(story, 70)
    story.send(refund("a", "100"))

    assert amounts([story.buy("ada", "100")]) == [[("purchases", 100)]]


def test_two_refunds_in_part_write_off_each_what_it_misses():
    story = make_story(make_rule(), **POLICIES["write off"])
    story.buy("ada", "100", id="a")
    spent(story, 70)
    story.send(refund("a", "50"))
    story.send(refund("a", "50"))

    assert [(line.kind, line.amount) for line in lines(story)[2:]] == [
        (Kind.WRITE_OFF, 20),
        (Kind.REVERSAL, 50),
        (Kind.WRITE_OFF, 50),
        (Kind.REVERSAL, 50),
    ]
    assert story.available("ada") == 0


@pytest.mark.parametrize("policy", POLICIES)
def test_a_refund_before_its_purchase_and_400_days_late_come_to_the_same(policy: str):
    first, late = (make_story(make_rule(), **POLICIES[policy]) for _ in range(2))
    first.send(refund("a", "100"))
    first.buy("ada", "100", id="a")
    late.buy("ada", "100", id="a")
    with clock.frozen_at(NOON + timedelta(days=400)):
        late.send(refund("a", "100", at=NOON + timedelta(days=400)))

        assert first.available("ada") == late.available("ada") == 0
        for story in (first, late):
            assert verify(story.organisation.id).broken() == []


def test_a_merged_ticket_takes_back_what_the_absorbed_one_earned_and_keeps_the_other():
    """A service desk's ticket that is merged into another was never solved by itself."""
    story = make_story(
        make_rule("solved", on="ticket.solved", earn="10"),
        types={"ticket.solved": {}},
    )
    with in_organisation(story.organisation.id):
        from_ticket = {"corrects": "ticket.solved"}
        declare(story, "ticket.merged", **from_ticket)
    story.publish(make_rule("solved", on="ticket.solved", earn="10"))
    story.send(
        make_event("ticket.solved", "ben", {}, id="t1"), make_event("ticket.solved", "ben", {}, id="t2")
    )
    story.send(make_event("ticket.merged", None, {}, corrects="t2"))

    assert story.available("ben") == 10


def test_a_changed_rating_takes_back_the_old_one_and_grants_by_the_new():
    rating = {"stars": {"kind": "integer"}}
    rules = make_rule("well-rated", on="rated", when="stars >= 4", earn="stars * 2")
    story = make_story(rules, types={"rated": rating})
    with in_organisation(story.organisation.id):
        declare(story, "rating.changed", corrects="rated")
    story.publish(rules)
    story.send(make_event("rated", "ben", {"stars": 5}, id="r1"))
    assert story.available("ben") == 10

    story.send(make_event("rating.changed", None, {}, corrects="r1"))
    story.send(make_event("rated", "ben", {"stars": 4}, id="r1b"))

    assert story.available("ben") == 8


def declare(story: Story, name: str, **given: str) -> None:
    """Declare a correction's type."""
    declare_type(story.organisation.id, name, {}, **given)


def test_the_member_is_told_of_what_a_correction_took():
    story = make_story(make_rule(), **POLICIES["write off"])
    story.buy("ada", "100", id="a")
    spent(story, 70)
    story.send(refund("a", "100"))

    told = [
        message for message in feed(story.organisation.id, limit=500).messages if "amount" in message.data
    ]

    assert [(one.type, one.data["amount"]) for one in told[-2:]] == [
        ("points.written_off", 70),
        ("points.reversed", 100),
    ]
    assert len({one.data["member"] for one in told}) == 1


def amounts_of(story: Story, kind: Kind) -> list[int]:
    """The amounts of Ada's lines of one kind, oldest first."""
    return [line.amount for line in lines(story) if line.kind is kind]


@pytest.mark.parametrize("row", worked("corrections", "parts"), ids=str)
def test_what_is_paid_back_in_parts_takes_back_as_the_table_says(row: Row):
    story = make_story(make_rule())
    story.buy("ada", row["paid"], id="a")
    assert story.available("ada") == int(row["earned"])

    taken, left = [], int(row["earned"])
    for part in row["paid back"].split(", "):
        story.send(refund("a", part))
        taken.append(left - story.available("ada"))
        left = story.available("ada")

    assert ", ".join(str(amount) for amount in taken) == row["taken back"]


@pytest.mark.parametrize("row", worked("corrections", "spent"), ids=str)
def test_what_is_spent_before_goes_as_the_table_says(row: Row):
    policy: dict[str, Any] = {"may_owe": False}
    if row["policy"] != "neither":
        policy[row["policy"]] = True
    story = make_story(make_rule(), **policy)
    story.buy("ada", "100", id="a")
    if row["spent"] != "0":
        spent(story, int(row["spent"]))

    story.send(refund("a", "100"))

    assert sum(amounts_of(story, Kind.REVERSAL)) == int(row["taken back"])
    assert sum(amounts_of(story, Kind.WRITE_OFF)) == int(row["written off"])
    assert story.available("ada") == int(row["balance"])
    story.buy("ada", "50")
    assert story.available("ada") == int(row["and after 50 more"])
