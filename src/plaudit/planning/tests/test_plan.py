"""A plan says what a file would change here, and refuses what cannot change any more."""

from __future__ import annotations

import pytest

from plaudit.activity.types import declared_types
from plaudit.earning.tests.factories import Story, refund
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.units import units_by_key
from plaudit.people.tests.factories import make_organisation
from plaudit.planning.actions.apply import apply
from plaudit.planning.plans import plan, validate
from plaudit.planning.programme_file.tests.factories import make_file
from plaudit.planning.queries import programmes
from plaudit.planning.refusals import ProgrammeFileRefused
from plaudit.rewards.models import Reward

ACTOR = "usr_1"


@pytest.fixture
def story() -> Story:
    """An organisation with one small programme live."""
    story = Story(make_organisation())
    apply(story.organisation.id, make_file(), actor=ACTOR)
    return story


def planned(story: Story, **sections: str) -> list[str]:
    """What applying the file with these sections would change."""
    return plan(story.organisation.id, make_file(**sections)).sentences()


def refused(story: Story, **sections: str) -> list[str]:
    """Why the file with these sections cannot be applied."""
    with pytest.raises(ProgrammeFileRefused) as refusal:
        plan(story.organisation.id, make_file(**sections))
    return [str(problem) for problem in refusal.value.problems]


def test_planning_changes_nothing(story):
    told = plan(story.organisation.id, make_file(programme="other", name="Another shop"))

    assert told.sentences()[0] == "New programme other: Another shop, for everyone."
    assert (told.live, told.next, told.state) == (None, 1, "draft")
    with in_organisation(story.organisation.id):
        assert [one.key for one in programmes(story.organisation.id)] == ["corner-shop"]


def test_a_plan_names_every_change_in_plain_words(story):
    told = plan(
        story.organisation.id,
        make_file(
            units="{points: {one: point, other: points, worth: 0.02 USD, expires: after 2 years}}",
            rules="{purchases: {name: 1 point per $1, on: purchase, earn: floor(amount), limits: at most 5 USD a day per member}}",
            rewards="{mug: {name: Our mug, price: 500 points, stock: 20}}",
        ),
    )

    assert (told.live, told.next, told.state, told.changes_nothing) == (1, 2, "live", False)
    assert told.sentences() == [
        "One point is worth 0.02 USD, not 0.01 USD; so is what members hold already.",
        "Points earned from now on expire after 2 years, not never; those earned already keep their date.",
        "New limit on rule purchases: at most 5 USD a day per member (that is 250 points); it counts from now on.",
        "New reward mug (Our mug): 500 points, 20 in stock.",
    ]


def test_a_units_precision_is_fixed_once_anybody_holds_it(story):
    precise = {"units": "{points: {one: point, other: points, worth: 0.01 USD, precision: 2}}"}
    assert planned(story, **precise) == ["Unit points now has 2 decimals, not 0."]

    story.buy("ada", "10.00")

    assert refused(story, **precise) == [
        "line 6, units › points › precision: The precision of points is 0 and fixed: 1 members hold it. Declare a new unit beside it."
    ]


def test_a_units_currency_is_fixed_once_anybody_holds_it(story):
    euros = {"currency": "EUR", "units": "{points: {one: point, other: points, worth: 0.01 EUR}}"}
    story.buy("ada", "10.00")

    (said,) = refused(story, **euros)

    assert "points is valued in USD, and 1 members hold it. Declare a new unit beside it." in said


def test_owing_cannot_be_forbidden_while_somebody_owes(story):
    owing = {"units": "{points: {one: point, other: points, worth: 0.01 USD, may_owe: true}}"}
    taking = {"rules": "{r: {name: a, on: purchase, take: floor(amount)}}"}
    apply(story.organisation.id, make_file(**owing, **taking), actor=ACTOR)
    story.buy("ada", "10.00")
    assert story.available("ada") == -10

    (said,) = refused(story)
    assert "1 members owe points, so owing cannot be forbidden now." in said

    apply(story.organisation.id, make_file(**owing), actor=ACTOR)
    story.buy("ada", "10.00")
    apply(story.organisation.id, make_file(), actor=ACTOR)
    with in_organisation(story.organisation.id):
        assert not units_by_key(story.organisation.id)["points"].may_owe


def test_letting_members_owe_holds_for_those_who_hold_points_already(story):
    story.buy("ada", "10.00", id="first")
    apply(
        story.organisation.id,
        make_file(
            units="{points: {one: point, other: points, worth: 0.01 USD, may_owe: true}}",
            rules="{purchases: {name: a, on: purchase, earn: floor(amount)}, fee: {name: b, on: purchase, when: amount > 50, take: 200}}",
        ),
        actor=ACTOR,
    )

    story.buy("ada", "60.00")

    assert story.available("ada") == 10 + 60 - 200


def test_stock_cannot_fall_below_what_was_taken(story):
    mug = "{mug: {name: Our mug, price: 5 points, stock: %d}}"
    apply(story.organisation.id, make_file(rewards=mug % 10), actor=ACTOR)
    with in_organisation(story.organisation.id):
        Reward.objects.filter(organisation_id=story.organisation.id, key="mug").update(taken=4)

    (said,) = refused(story, rewards=mug % 3)

    assert "rewards › mug › stock: 4 of mug are taken already, more than 3. Raise the stock" in said
    assert planned(story, rewards=mug % 4) == ["Reward mug is now 5 points, 4 in stock."]


def test_programmes_that_share_an_activity_must_agree_on_it(story):
    other = {"programme": "other", "rules": "{r: {name: a, on: purchase, earn: 1}}"}

    said = refused(story, activities="{purchase: {title: Purchase, fields: {amount: decimal(3)}}}", **other)

    assert said == [
        (
            "line 8, activities › purchase › fields › amount: `amount` is decimal(2) in programme corner-shop. "
            "Write it as programme corner-shop does, or give the activity another key."
        )
    ]


def test_a_shared_activity_carries_what_either_programme_asks_for(story):
    other = {"programme": "other", "rules": "{r: {name: a, on: purchase, when: vip, earn: 5}}"}
    shared = "{purchase: {title: Purchase, fields: {amount: decimal(2), vip: optional boolean}}}"

    applied = apply(story.organisation.id, make_file(activities=shared, **other), actor=ACTOR)

    assert "Activity purchase: vip (optional boolean) is new and may be sent." in applied.plan.sentences()
    with in_organisation(story.organisation.id):
        assert set(declared_types(story.organisation.id)["purchase"].fields) == {"amount", "channel", "vip"}
    assert plan(story.organisation.id, make_file()).changes_nothing
    assert plan(story.organisation.id, make_file(activities=shared, **other)).changes_nothing


def test_whom_an_activity_enrols_follows_the_audience(story):
    apply(story.organisation.id, make_file(audience="staff"), actor=ACTOR)
    with in_organisation(story.organisation.id):
        assert declared_types(story.organisation.id)["purchase"].enrols == "staff"

    told = planned(story, audience="partner")

    assert told == [
        "The programme is for partners, not for staff.",
        "Activity purchase: somebody it names for the first time becomes partner; nobody who is known changes.",
        "Activity refund: somebody it names for the first time becomes partner; nobody who is known changes.",
    ]


def test_whom_a_shared_activity_enrols_stays_unless_a_file_says_otherwise(story):
    other = {"programme": "other", "audience": "staff", "rules": "{r: {name: a, on: purchase, earn: 1}}"}
    apply(story.organisation.id, make_file(**other), actor=ACTOR)
    with in_organisation(story.organisation.id):
        assert declared_types(story.organisation.id)["purchase"].enrols == "customer"

    saying = "{purchase: {title: Purchase, enrols: partner, fields: {amount: decimal(2)}}}"
    apply(story.organisation.id, make_file(activities=saying, **other), actor=ACTOR)

    with in_organisation(story.organisation.id):
        assert declared_types(story.organisation.id)["purchase"].enrols == "partner"
    assert plan(story.organisation.id, make_file()).changes_nothing
    (said,) = refused(
        story, activities="{purchase: {title: Purchase, enrols: staff, fields: {amount: decimal(2)}}}"
    )
    assert "Programme other declares `purchase` with another `enrols`." in said


def test_a_change_of_a_shared_unit_warns_of_the_other_programme(story):
    apply(story.organisation.id, make_file(programme="other"), actor=ACTOR)

    told = plan(
        story.organisation.id,
        make_file(programme="other", units="{points: {one: point, other: points, worth: 0.05 USD}}"),
    )

    assert told.warnings == (
        (
            "Programme corner-shop also counts points, and its file says: worth 0.01 USD each, never expiring. "
            "From now on this file holds for both; its limits in money follow when it is applied again."
        ),
    )


def test_a_refund_takes_back_what_the_file_says(story):
    story.buy("ada", "100.00", id="order-1")

    story.send(refund_of("order-1", "25.00"))

    assert story.available("ada") == 75


def refund_of(order: str, amount: str):
    """A refund, by the name the small file gives it."""
    event = refund(order, amount)
    return type(event)(
        event.source,
        event.id,
        "refund",
        event.subject,
        event.subject_source,
        event.time,
        event.data,
        event.corrects,
    )


def test_a_file_is_checked_by_itself_without_an_organisation():
    assert validate(make_file()).key == "corner-shop"
    with pytest.raises(ProgrammeFileRefused):
        validate(make_file(stacking="most"))
