"""Two members found to be one person, and found otherwise again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.actions.members import add_external_id, update_member
from plaudit.people.actions.merging import merge_identities, separate_identities
from plaudit.people.exporting import export_members
from plaudit.people.merging import same_person
from plaudit.people.models import Member, Merge
from plaudit.people.refusals import (
    AlreadyMerged,
    MemberNotActive,
    MergedWithItself,
    NotMerged,
    SurvivorMovedOn,
)
from plaudit.people.resolving import find_members
from plaudit.people.standing import person
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_team, make_user


def _merge(organisation_id: int, survivor: Member, absorbed: Member) -> Merge:
    return merge_identities(
        organisation_id, survivor_id=survivor.id, absorbed_id=absorbed.id, reason="Same person", actor=ACTOR
    )


def _separate(organisation_id: int, merge: Merge) -> Merge:
    return separate_identities(organisation_id, merge_id=merge.id, reason="Two people", actor=ACTOR)


def _who(organisation_id: int, *external_ids: tuple[str, str]) -> list[UUID | None]:
    with in_organisation(organisation_id):
        found = find_members(organisation_id, external_ids)
        return [found.get(external_id) for external_id in external_ids]


def _two(organisation_id: int) -> tuple[Member, Member]:
    return (
        make_member(organisation_id, name="Ada", external_ids=[("crm", "a")]),
        make_member(organisation_id, name="A. L.", external_ids=[("till", "b"), ("web", "b")]),
    )


def test_after_a_merge_every_name_means_the_survivor():
    at = make_organisation().id
    ada, other = _two(at)

    _merge(at, ada, other)

    assert _who(at, ("crm", "a"), ("till", "b"), ("web", "b")) == [ada.id] * 3
    with in_organisation(at):
        assert same_person(ada.id, other.id)
        assert Member.objects.get(id=other.id).state == "merged"


def test_undone_every_name_means_who_it_meant_and_new_ones_stay():
    at = make_organisation().id
    ada, other = _two(at)
    merge = _merge(at, ada, other)
    add_external_id(at, member_id=ada.id, source="app", external_id="new", actor=ACTOR)

    _separate(at, merge)

    assert _who(at, ("crm", "a"), ("till", "b"), ("web", "b"), ("app", "new")) == [
        ada.id,
        other.id,
        other.id,
        ada.id,
    ]
    with in_organisation(at):
        assert not same_person(ada.id, other.id)
        assert Member.objects.get(id=other.id).state == "active"
    with pytest.raises(NotMerged):
        _separate(at, merge)


def test_merged_and_undone_a_member_is_exported_as_before():
    at = make_organisation().id
    ada, other = _two(at)
    make_team(at, key="north", members=[ada], since=clock.now() - timedelta(days=9))
    make_team(at, key="south", members=[other], since=clock.now() - timedelta(days=9))
    make_user(at, roles=[], member=other)
    before = list(export_members(at, actor=ACTOR, only=[other.id]))

    _separate(at, _merge(at, ada, other))

    assert list(export_members(at, actor=ACTOR, only=[other.id])) == before
    (ada_now,) = export_members(at, actor=ACTOR, only=[ada.id])
    assert [stay["team"] for stay in ada_now["teams"] if stay["until"] is None] == ["north"]


def test_the_survivor_goes_on_in_the_teams_and_with_the_sign_in_of_the_absorbed():
    at = make_organisation().id
    ada, other = _two(at)
    make_team(at, key="north", members=[ada, other], since=clock.now() - timedelta(days=9))
    make_team(at, key="south", members=[other], since=clock.now() - timedelta(days=9))
    user = make_user(at, roles=[], member=other)

    merge = _merge(at, ada, other)

    (ada_now,) = export_members(at, actor=ACTOR, only=[ada.id])
    assert sorted(stay["team"] for stay in ada_now["teams"] if stay["until"] is None) == ["north", "south"]
    assert person(at, user.id).member_id == ada.id

    _separate(at, merge)
    assert person(at, user.id).member_id == other.id


def test_the_survivor_keeps_their_own_sign_in():
    at = make_organisation().id
    ada, other = _two(at)
    hers, theirs = make_user(at, roles=[], member=ada), make_user(at, roles=[], member=other)

    merge = _merge(at, ada, other)
    assert person(at, hers.id).member_id == ada.id
    assert not person(at, theirs.id).is_known

    _separate(at, merge)
    assert person(at, theirs.id).member_id == other.id


def test_a_chain_of_merges_is_one_person_and_is_undone_from_its_end():
    at = make_organisation().id
    ada, other = _two(at)
    third = make_member(at, name="Ada Lovelace", external_ids=[("hr", "c")])
    first, second = _merge(at, ada, other), _merge(at, third, ada)

    assert _who(at, ("till", "b"), ("crm", "a"), ("hr", "c")) == [third.id] * 3
    with in_organisation(at):
        assert same_person(other.id, third.id)
    with pytest.raises(SurvivorMovedOn):
        _separate(at, first)

    _separate(at, second)
    _separate(at, first)
    assert _who(at, ("till", "b"), ("crm", "a"), ("hr", "c")) == [other.id, ada.id, third.id]


def test_who_was_merged_cannot_be_merged_or_changed_again():
    at = make_organisation().id
    ada, other = _two(at)
    third = make_member(at)
    _merge(at, ada, other)

    for survivor, absorbed in ((third, other), (other, third), (ada, other)):
        with pytest.raises(AlreadyMerged):
            _merge(at, survivor, absorbed)
    with pytest.raises(MergedWithItself):
        _merge(at, ada, ada)
    with pytest.raises(MemberNotActive):
        update_member(at, member_id=other.id, name="Ghost", actor=ACTOR)


@rounds
def test_of_many_who_merge_the_same_two_at_once_in_both_directions_one_does(round_: int):
    at = make_organisation().id
    two = _two(at)

    def merge(number: int) -> Merge:
        return _merge(at, two[number % 2], two[1 - number % 2])

    got = at_once(CONTENDERS, merge)

    assert sum(isinstance(one, Merge) for one in got) == 1
    assert sum(isinstance(one, AlreadyMerged) for one in got) == CONTENDERS - 1
    with in_organisation(at):
        assert sorted(Member.objects.values_list("state", flat=True)) == ["active", "merged"]
