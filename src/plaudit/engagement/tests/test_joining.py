"""Members who prove to be one go on as one, and as two again when they are separated."""

from __future__ import annotations

from uuid import UUID

import pytest

from plaudit.earning.tests.factories import NOON, purchase
from plaudit.engagement.definitions import Kind
from plaudit.engagement.models import Birthday, Joining, Referral
from plaudit.engagement.published import published_sets
from plaudit.engagement.queries.ranking import leaders
from plaudit.engagement.tests.factories import (
    Keeping,
    make_celebrating,
    make_challenge,
    make_competition,
    make_keeping,
    make_referring,
)
from plaudit.foundation import clock
from plaudit.foundation.jobs import run_due
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.merging import merge_identities, separate_identities
from plaudit.people.models import Merge
from plaudit.people.tests.factories import ACTOR


def merge(keeping: Keeping, survivor: UUID, absorbed: UUID) -> Merge:
    made = merge_identities(
        keeping.organisation, survivor_id=survivor, absorbed_id=absorbed, reason="One person", actor=ACTOR
    )
    run_due(keeping.organisation)
    return made


def test_what_both_did_counts_together_and_apart_again_when_they_are_separated():
    keeping = make_keeping(make_challenge(5), make_competition())
    for who, count in (("ada", 3), ("twin", 2)):
        keeping.story.send(*(purchase(who, "10", id=f"{who}{number}") for number in range(count)))
    keeping.follow()
    ada, twin = keeping.member("ada"), keeping.member("twin")

    made = merge(keeping, ada, twin)
    assert keeping.progress("ada") == {"": 5, "2026-03": 50}
    assert keeping.story.available("ada") == 50
    with in_organisation(keeping.organisation):
        (part,) = _competitions(keeping)
        assert [
            one.member_id for one in leaders(keeping.organisation, part, "2026-03", limit=5, shares=False)
        ] == [ada]
        assert not Joining.objects.filter(organisation_id=keeping.organisation).exists()
    keeping.story.buy("twin", "10", id="as one")
    keeping.follow()
    assert keeping.progress("ada") == {"": 6, "2026-03": 60}

    separate_identities(keeping.organisation, merge_id=made.id, reason="Two after all", actor=ACTOR)
    run_due(keeping.organisation)
    assert keeping.progress("ada") == {"": 4, "2026-03": 40}
    assert keeping.progress("twin") == {"": 2, "2026-03": 20}
    assert keeping.story.available("ada") == 0


def _competitions(keeping: Keeping) -> list[int]:
    found = published_sets(keeping.organisation).newest_forms
    return [part_id for part_id, (_, part) in found.items() if part.kind is Kind.COMPETITION]


def test_who_was_given_something_for_their_birthday_is_not_given_it_as_another():
    celebrating = make_celebrating(after_days=2)
    with clock.frozen_at(NOON):
        ada, twin = celebrating.born("Ada", "1990-03-05"), celebrating.born("Twin", "1990-03-02")
        run_due(celebrating.organisation)
        merge(celebrating, ada, twin)
    celebrating.given_at("2026-03-05 12:00")
    with in_organisation(celebrating.organisation):
        kept = Birthday.objects.filter(organisation_id=celebrating.organisation)
        assert {(one.member_id, one.year) for one in kept} == {(ada, 2026), (twin, 2026)}


@pytest.mark.parametrize("first", ["buys", "merges"])
def test_a_friend_who_lives_on_as_another_still_brings_both_theirs(first):
    referring = make_referring()
    with clock.frozen_at(NOON):
        ada, bob, other = (referring.enrols(who) for who in ("ada", "bob", "other"))
        referring.joins(bob, referring.code_of(ada))
    for step in (first, {"buys": "merges", "merges": "buys"}[first]):
        if step == "buys":
            referring.story.buy("bob", "30")
            referring.follow()
        else:
            merge(referring, other, bob)
    assert (referring.story.available("ada"), referring.story.available("bob")) == (50, 20)
    with in_organisation(referring.organisation):
        assert Referral.objects.get(organisation_id=referring.organisation).friend_id == other
