"""Badges taken along: the one that was got last, and only as long as it stands."""

from __future__ import annotations

import pytest

from plaudit.credentials.actions.giving import give_credential
from plaudit.credentials.holdings import grounded, holdings
from plaudit.credentials.models import Credential, Kind
from plaudit.credentials.refusals import NothingToShow
from plaudit.earning.tests.factories import NOON, make_event, purchase
from plaudit.engagement.definitions import Kind as PartKind
from plaudit.engagement.definitions import Part
from plaudit.engagement.tests.factories import Keeping, make_keeping
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.tests.factories import ACTOR

ORDERS = Part(PartKind.ACHIEVEMENT, "orders", "Orders", "purchase")
REGULAR = Part(PartKind.BADGE, "regular", "A regular", when="orders >= 2", description="Two orders")


def takes(keeping: Keeping) -> Credential:
    return give_credential(
        keeping.organisation,
        member_id=keeping.member("ada"),
        kind=Kind.BADGE,
        about="main/regular",
        actor=ACTOR,
    )


def buys(keeping: Keeping, *ids: str) -> None:
    keeping.story.send(*(purchase("ada", "10", id=id, at=NOON) for id in ids))
    keeping.follow()


def test_a_badge_is_taken_along_by_its_name_while_it_stands():
    keeping = make_keeping(ORDERS, REGULAR)
    buys(keeping, "a")
    with pytest.raises(NothingToShow):
        takes(keeping)
    buys(keeping, "b")
    one = takes(keeping)

    says = one.document["credentialSubject"]["achievement"]
    assert (says["name"], says["description"], says["achievementType"]) == (
        "A regular",
        "Two orders",
        "Badge",
    )
    assert says["id"].endswith("#badge/main/regular")
    keeping.story.send(make_event("purchase.cancelled", None, {}, corrects="b"))
    keeping.follow()
    with in_organisation(keeping.organisation):
        assert not grounded(keeping.organisation, [one])
        assert not holdings(keeping.organisation, [one.member_id])


def test_a_badge_got_once_more_is_another_credential():
    keeping = make_keeping(ORDERS, REGULAR)
    buys(keeping, "a", "b")
    first = takes(keeping)
    keeping.story.send(make_event("purchase.cancelled", None, {}, corrects="b"))
    keeping.follow()
    buys(keeping, "c")
    second = takes(keeping)

    with in_organisation(keeping.organisation):
        assert grounded(keeping.organisation, [first, second]) == {second.id}
