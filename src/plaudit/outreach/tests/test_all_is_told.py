"""Every transfer in the ledger is told once, by whichever act it was posted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection

from plaudit.earning.tests.factories import NOON, Story, make_rule, make_story, purchase, refund
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.actions.capture import capture
from plaudit.ledger.actions.expire import expire
from plaudit.ledger.actions.hold import hold
from plaudit.ledger.actions.release import release
from plaudit.ledger.actions.reverse import reverse
from plaudit.ledger.models import Unit
from plaudit.ledger.references import read_transfer
from plaudit.membership.actions.merge import merge_members, separate_members
from plaudit.outreach.queries.feed import feed
from plaudit.people.resolving import find_members

LATER = datetime(2027, 6, 1, tzinfo=UTC)


def posted(organisation: int) -> Counter[tuple[int, int]]:
    with in_organisation(organisation), connection.cursor() as cursor:
        cursor.execute("select wallet_id, line from ledger_transfer")
        return Counter((wallet, line) for wallet, line in cursor.fetchall())


def told(organisation: int) -> Counter[tuple[int, int]]:
    found: Counter[tuple[int, int]] = Counter()
    after: str | None = None
    while True:
        page = feed(organisation, after=after, limit=7)
        found.update(read_transfer(m.data["transfer"]) for m in page.messages if "transfer" in m.data)
        after = page.cursor
        if not page.has_more:
            return found


def member(story: Story, name: str) -> UUID:
    with in_organisation(story.organisation.id):
        return find_members(story.organisation.id, [("till", name)])[("till", name)]


def expiring(story: Story) -> None:
    with in_organisation(story.organisation.id):
        Unit.objects.update(expiry={"after": "P1M"})


def earn_in_a_batch(story: Story) -> None:
    story.send(*(purchase(f"m{number % 3}", "10", id=f"p{number}") for number in range(9)))


def refund_before_the_purchase(story: Story) -> None:
    story.send(refund("p-1", "4"))
    story.send(purchase("bob", "7"), purchase("ada", "10", id="p-1"))


def refund_in_parts(story: Story) -> None:
    story.buy("ada", "20", id="p-1")
    story.send(refund("p-1", "5"), purchase("ada", "3"))
    story.send(refund("p-1", "15", at=NOON))


def refund_after_a_merge(story: Story) -> None:
    story.buy("ada", "20", id="p-1")
    story.buy("eve", "1")
    organisation = story.organisation.id
    merged = merge_members(
        organisation,
        survivor_id=member(story, "eve"),
        absorbed_id=member(story, "ada"),
        reason="One person",
        actor="usr_0",
    )
    story.send(refund("p-1", "5"))
    separate_members(organisation, merge_id=merged.merge.id, reason="Two people", actor="usr_0")


def let_points_lapse(story: Story) -> None:
    expiring(story)
    story.buy("ada", "20")
    with clock.frozen_at(LATER):
        expire(story.organisation.id)


def adjust_where_points_have_lapsed(story: Story) -> None:
    expiring(story)
    story.buy("ada", "20")
    with clock.frozen_at(LATER):
        give(story, 30)


def take_where_points_have_lapsed(story: Story) -> None:
    expiring(story)
    story.buy("ada", "20")
    with clock.frozen_at(LATER):
        story.buy("ada", "9", at=LATER)
        story.send(refund("none", "1"))


def hold_where_points_have_lapsed(story: Story) -> None:
    expiring(story)
    story.buy("ada", "20")
    with clock.frozen_at(LATER):
        story.buy("ada", "9", at=LATER)
        hold(
            story.organisation.id,
            member_id=member(story, "ada"),
            unit="points",
            amount=5,
            key="h1",
            actor="usr_0",
        )


def hold_and_capture_a_part(story: Story) -> None:
    story.buy("ada", "20")
    organisation = story.organisation.id
    held = hold(
        organisation, member_id=member(story, "ada"), unit="points", amount=12, key="h1", actor="usr_0"
    )
    capture(organisation, held.reference, amount=5, key="c1", actor="usr_0")


def hold_and_release(story: Story) -> None:
    story.buy("ada", "20")
    organisation = story.organisation.id
    held = hold(
        organisation, member_id=member(story, "ada"), unit="points", amount=12, key="h1", actor="usr_0"
    )
    release(organisation, held.reference, key="r1", actor="usr_0")


def reverse_by_hand(story: Story) -> None:
    story.buy("ada", "20")
    reverse(
        story.organisation.id,
        give(story, 30),
        reason="Mistake",
        key="r1",
        actor="usr_0",
    )


def give(story: Story, amount: int) -> str:
    return adjust(
        story.organisation.id,
        member_id=member(story, "ada"),
        unit="points",
        amount=amount,
        reason="Goodwill",
        key="g1",
        actor="usr_0",
    ).reference


@pytest.mark.parametrize(
    "act",
    [
        earn_in_a_batch,
        refund_before_the_purchase,
        refund_in_parts,
        refund_after_a_merge,
        let_points_lapse,
        adjust_where_points_have_lapsed,
        take_where_points_have_lapsed,
        hold_where_points_have_lapsed,
        hold_and_capture_a_part,
        hold_and_release,
        reverse_by_hand,
    ],
    ids=lambda act: act.__name__,
)
def test_every_transfer_is_told_once(act: Callable[[Story], None]):
    story = make_story(make_rule(), make_rule("taken", on="purchase", take="1"))

    act(story)

    in_the_ledger = posted(story.organisation.id)
    assert in_the_ledger
    assert told(story.organisation.id) == in_the_ledger
