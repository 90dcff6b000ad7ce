"""Referrals: both sides earn by what the friend does, lose it with it, and nobody refers themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plaudit.earning.definitions import Every, Of
from plaudit.earning.tests.factories import NOON, make_event, make_limit, purchase, refund
from plaudit.engagement.actions.referring import enrol_friend
from plaudit.engagement.models import Referral, ReferralCode, ReferralMark
from plaudit.engagement.refusals import AlreadyReferred, NotNew, ReferralsClosed, SelfReferral, SharedDevice
from plaudit.engagement.rules.marks import marks_of, same_address, same_number
from plaudit.engagement.tests.factories import Referring, make_referring
from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.actions.erasing import erase_identities
from plaudit.people.models import Member
from plaudit.people.tests.factories import ACTOR

DAY = timedelta(days=1)


def buy(referring: Referring, who: str, amount: str, id: str, *, days: int = 0) -> None:
    referring.story.send(purchase(who, amount, at=NOON + days * DAY, id=id))
    referring.follow()


def points(referring: Referring) -> tuple[int, int]:
    return referring.story.available("ada"), referring.story.available("bob")


@pytest.fixture
def started() -> tuple[Referring, str]:
    """Ada has a code, and Bob joined with it at noon."""
    referring = make_referring()
    with clock.frozen_at(NOON):
        code = referring.code_of(referring.enrols("ada"))
        referring.joins(referring.enrols("bob"), code)
    return referring, code


def test_the_first_purchase_that_is_large_enough_pays_both_and_no_other_does(started):
    referring, _ = started
    buy(referring, "bob", "24.99", "small")
    assert points(referring) == (0, 0)
    buy(referring, "bob", "25", "large")
    assert points(referring) == (50, 20)
    buy(referring, "bob", "100", "larger")
    buy(referring, "ada", "100", "own")
    assert points(referring) == (50, 20)
    assert referring.invites(referring.member("ada")) == ["qualified"]


def test_its_reversal_takes_back_both_and_another_one_pays_again(started):
    referring, _ = started
    buy(referring, "bob", "30", "first")
    referring.story.send(refund("first", "5.01"))
    referring.follow()
    assert points(referring) == (0, 0)
    assert referring.invites(referring.member("ada")) == ["withdrawn"]

    buy(referring, "bob", "30", "second", days=29)
    assert points(referring) == (50, 20)
    buy(referring, "bob", "30", "third")
    referring.story.send(make_event("purchase.cancelled", None, {}, corrects="second"))
    referring.follow()
    assert points(referring) == (50, 20), "the third is as good"


def test_what_comes_before_joining_or_when_the_time_is_over_does_not_count(started):
    referring, _ = started
    buy(referring, "bob", "30", "before", days=-1)
    buy(referring, "bob", "30", "after", days=30)
    assert points(referring) == (0, 0)
    with clock.frozen_at(NOON + 30 * DAY):
        assert referring.invites(referring.member("ada")) == ["late"]
    with clock.frozen_at(NOON + 29 * DAY):
        assert referring.invites(referring.member("ada")) == ["waiting"]


def test_the_limit_of_who_refers_leaves_the_friend_their_own_and_comes_back_with_a_reversal():
    referring = make_referring(limits=(make_limit(1, of=Of.TIMES, every=Every.YEAR),))
    with clock.frozen_at(NOON):
        code = referring.code_of(referring.enrols("ada"))
        for friend in ("bob", "cleo"):
            referring.joins(referring.enrols(friend), code)
    for friend in ("bob", "cleo"):
        buy(referring, friend, "30", friend)
    assert [referring.story.available(who) for who in ("ada", "bob", "cleo")] == [50, 20, 20]

    with clock.frozen_at(NOON):
        referring.joins(referring.enrols("dan"), code)
    referring.story.send(make_event("purchase.cancelled", None, {}, corrects="bob"))
    buy(referring, "dan", "30", "dan")
    assert [referring.story.available(who) for who in ("ada", "bob", "dan")] == [50, 0, 20]


def refused(referring: Referring, code: str, expected: type[Refusal], *, device: str = "", **details) -> None:
    """Somebody new comes with a code and is refused; nothing is left of it but the member."""
    friend = referring.enrols(f"new-{expected.code}", **details)
    with pytest.raises(expected):
        referring.joins(friend, code, device=device)
    with in_organisation(referring.organisation):
        assert not Referral.objects.filter(friend_id=friend).exists()


def test_nobody_refers_themselves_under_another_membership_either():
    referring = make_referring()
    ada = referring.enrols("ada", email="Ada+shop@example.com", attributes={"phone": "+44 20 7946 0018"})
    code = referring.code_of(ada)

    with pytest.raises(SelfReferral):
        referring.joins(ada, code)
    refused(referring, code, SelfReferral, email="ada@example.com")
    with pytest.raises(SelfReferral):
        referring.joins(referring.enrols("phone", attributes={"phone": "0044 (20) 7946-0018"}), code)


def test_two_members_of_referrals_do_not_share_a_device():
    referring = make_referring()
    code = referring.code_of(referring.enrols("ada"), device="tablet")
    refused(referring, code, SharedDevice, device="tablet")
    referring.joins(referring.enrols("bob"), code, device="phone")
    with pytest.raises(SharedDevice):
        referring.joins(referring.enrols("cleo"), code, device=" phone ")


def test_each_friend_is_referred_once_under_whichever_membership():
    referring = make_referring()
    code, other = (referring.code_of(referring.enrols(who)) for who in ("ada", "eve"))
    bob = referring.enrols("bob", email="bob@example.com")
    first = referring.joins(bob, code)

    assert referring.joins(bob, f" {code[:4].upper()}-{code[4:]}").id == first.id
    with pytest.raises(AlreadyReferred):
        referring.joins(bob, other)
    refused(referring, other, AlreadyReferred, email="BOB+again@example.com")


def test_codes_are_for_those_who_are_new_and_while_friends_are_referred():
    referring = make_referring(audience=("customer",))
    ada = referring.enrols("ada")
    code = referring.code_of(ada)
    assert code == referring.code_of(ada)
    refused(referring, code, NotNew, joined_at=clock.now() - 30 * DAY)
    refused(referring, code, ReferralsClosed, kind="staff")
    with pytest.raises(NotFound):
        referring.joins(ada, "22222222")
    referring.ask()
    with pytest.raises(ReferralsClosed):
        referring.joins(referring.enrols("bob"), code)


def test_a_friend_who_cannot_come_is_not_enrolled_and_one_who_can_is():
    referring = make_referring()
    code = referring.code_of(referring.enrols("ada", email="ada@example.com"))

    def come(email: str) -> Referral:
        return enrol_friend(
            referring.organisation, code=code, kind="customer", name="Bob", email=email, actor=ACTOR
        )

    with pytest.raises(SelfReferral):
        come("ada@example.com")
    come("bob@example.com")
    with in_organisation(referring.organisation):
        assert Member.objects.filter(name="Bob").count() == 1


def test_codes_and_marks_go_with_the_person_and_what_happened_stays(started):
    referring, code = started
    ada = referring.member("ada")
    with in_organisation(referring.organisation):
        ReferralMark.objects.create(
            organisation_id=referring.organisation, kind="device", digest="ab", member_id=ada
        )
    erase_identities(referring.organisation, member_id=ada, reason="Asked to be", actor=ACTOR)
    with in_organisation(referring.organisation):
        assert not ReferralMark.objects.filter(member_id=ada).exists()
        assert not ReferralCode.objects.filter(member_id=ada).exists()
        assert Referral.objects.filter(referrer_id=ada).count() == 1
    with pytest.raises(NotFound):
        referring.joins(referring.enrols("cleo"), code)


def test_marks_tell_alike_and_nothing_else():
    assert same_address(" Ada+x@Example.com ") == "ada@example.com"
    assert same_address("nobody") == same_number("12") == ""
    assert same_number("+1 (212) 555-0101") == same_number("001 212 5550101") == "12125550101"
    assert marks_of(b"a", email="", attributes={"phone": 5550101}, device="") != marks_of(
        b"b", email="", attributes={"phone": "555 0101"}, device=""
    )
    assert marks_of(b"a", email="", attributes={}, device=" ") == frozenset()


def test_a_page_of_events_asks_for_referrals_once():
    referring = make_referring()
    code = referring.code_of(referring.enrols("ada"))
    for number in range(5):
        referring.joins(referring.enrols(f"f{number}"), code)
    referring.story.send(
        *(purchase(f"f{number}", "30", at=clock.now(), id=f"p{number}") for number in range(5))
    )
    with CaptureQueriesContext(connection) as asked:
        referring.follow()
    assert len(asked) < 60
    assert referring.story.available("ada") == 250


@rounds
def test_a_code_asked_for_by_many_at_once_is_one_code(round_: int):
    referring = make_referring()
    ada = referring.enrols("ada")

    assert len(set(map(str, at_once(CONTENDERS, lambda _: referring.code_of(ada))))) == 1


@rounds
def test_of_twenty_codes_redeemed_at_once_by_one_friend_one_counts(round_: int):
    referring = make_referring()
    codes = [referring.code_of(referring.enrols(f"m{number}")) for number in range(4)]
    bob = referring.enrols("bob", email="bob@example.com")
    again = referring.enrols("again", email="bob@example.com")

    got = at_once(
        CONTENDERS, lambda number: referring.joins((bob, again)[number % 2], codes[number // 2 % 4]).id
    )

    with in_organisation(referring.organisation):
        assert Referral.objects.filter(organisation_id=referring.organisation).count() == 1
    assert all(isinstance(one, AlreadyReferred) for one in got if isinstance(one, Refusal))


@rounds
def test_friends_who_qualify_at_once_earn_their_referrer_no_more_than_the_limit(round_: int):
    referring = make_referring(limits=(make_limit(5, of=Of.TIMES, every=Every.YEAR),))
    code = referring.code_of(referring.enrols("ada"))
    for number in range(CONTENDERS):
        referring.joins(referring.enrols(f"f{number}"), code)
    now = clock.now()

    def qualify(number: int) -> None:
        referring.story.send(purchase(f"f{number}", "30", at=now, id=f"p{number}"))
        referring.follow()

    at_once(CONTENDERS, qualify)
    referring.follow()

    assert referring.story.available("ada") == 250
    assert sum(referring.story.available(f"f{number}") for number in range(CONTENDERS)) == 20 * CONTENDERS
