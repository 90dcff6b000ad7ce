"""Two members prove to be one: names and points together, there and back."""

from __future__ import annotations

from uuid import UUID

import pytest

from plaudit.foundation.models import News
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.ledger.tests.factories import balance_of, give, make_unit
from plaudit.membership.actions.erase import erase_member
from plaudit.membership.actions.merge import Merged, merge_members, separate_members
from plaudit.people.models import Member, MemberState
from plaudit.people.refusals import AlreadyMerged
from plaudit.people.resolving import find_members
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation


def _two(points: int, more: int) -> tuple[int, Member, Member]:
    at = make_organisation().id
    make_unit(at)
    ada = make_member(at, external_ids=[("crm", "a")])
    other = make_member(at, external_ids=[("till", "b")])
    give(at, ada.id, points)
    give(at, other.id, more)
    return at, ada, other


def _merge(organisation_id: int, survivor: UUID, absorbed: UUID) -> Merged:
    return merge_members(
        organisation_id, survivor_id=survivor, absorbed_id=absorbed, reason="One person", actor=ACTOR
    )


def _told(organisation_id: int) -> list[str]:
    with in_organisation(organisation_id):
        topics = News.objects.filter(organisation_id=organisation_id, topic__startswith="member.")
        return list(topics.order_by("id").values_list("topic", flat=True))


def test_the_survivor_has_every_name_and_every_point():
    at, ada, other = _two(30, 12)

    merged = _merge(at, ada.id, other.id)

    assert merged.points == {"points": 12}
    assert (balance_of(at, ada.id)[0], balance_of(at, other.id)[0]) == (42, 0)
    with in_organisation(at):
        assert find_members(at, [("till", "b")]) == {("till", "b"): ada.id}
    assert _told(at) == ["member.merged"]


def test_separated_they_are_as_before():
    at, ada, other = _two(30, 12)
    merged = _merge(at, ada.id, other.id)

    separate_members(at, merge_id=merged.merge.id, reason="Two people", actor=ACTOR)

    assert (balance_of(at, ada.id)[0], balance_of(at, other.id)[0]) == (30, 12)
    with in_organisation(at):
        assert find_members(at, [("till", "b")]) == {("till", "b"): other.id}
    assert _told(at) == ["member.merged", "member.separated"]


def test_a_refused_merge_moves_neither_names_nor_points():
    at, ada, other = _two(30, 12)
    third = make_member(at)
    _merge(at, ada.id, other.id)

    with pytest.raises(AlreadyMerged):
        _merge(at, third.id, other.id)

    assert balance_of(at, ada.id)[0] == 42
    assert _told(at) == ["member.merged"]


@rounds
def test_merges_of_the_same_two_and_points_given_at_once_lose_nothing(round_: int):
    at, ada, other = _two(30, 12)

    two = (ada.id, other.id)

    def contend(number: int) -> object:
        if number < 4:
            return _merge(at, two[number % 2], two[1 - number % 2])
        return give(at, two[number % 2], 1)

    got = at_once(CONTENDERS, contend)

    assert sum(isinstance(one, Merged) for one in got) == 1
    given = CONTENDERS - 4 - sum(isinstance(one, Refusal) for one in got[4:])
    assert balance_of(at, ada.id)[0] + balance_of(at, other.id)[0] == 42 + given


def test_an_erased_member_is_nobody_and_the_points_still_add_up():
    at, ada, other = _two(30, 12)

    erase_member(at, member_id=ada.id, reason="Asked for it", actor=ACTOR)

    assert erase_member(at, member_id=ada.id, reason="Asked for it", actor=ACTOR) == []
    assert (balance_of(at, ada.id)[0], balance_of(at, other.id)[0]) == (30, 12)
    with in_organisation(at):
        assert Member.objects.get(id=ada.id).state == MemberState.ERASED
    assert _told(at) == ["member.erased"]
