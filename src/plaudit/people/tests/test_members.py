"""Members: enrolled, changed, known by several names, suspended."""

from __future__ import annotations

from uuid import UUID

import pytest

from plaudit.foundation.models import Audit
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.members import (
    add_external_id,
    enrol_member,
    remove_external_id,
    resume_member,
    suspend_member,
    update_member,
)
from plaudit.people.models import Identity, Member
from plaudit.people.refusals import ExternalIdTaken, MemberNotActive
from plaudit.people.resolving import find_members
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation


def _names(organisation_id: int, member_id: UUID) -> list[tuple[str, str]]:
    with in_organisation(organisation_id):
        found = Identity.objects.filter(organisation_id=organisation_id, member_id=member_id)
        return sorted(found.values_list("source", "external_id"))


def test_a_member_is_found_by_any_of_its_external_ids():
    at = make_organisation().id
    ada = make_member(at, external_ids=[("crm", "c-1"), ("till", "0042")])

    with in_organisation(at):
        found = find_members(at, [("crm", "c-1"), ("till", "0042"), ("till", "c-1")])

    assert found == {("crm", "c-1"): ada.id, ("till", "0042"): ada.id}


def test_an_external_id_that_means_somebody_enrols_nobody():
    at = make_organisation().id
    make_member(at, external_ids=[("crm", "c-1")])

    with pytest.raises(ExternalIdTaken):
        enrol_member(at, kind="customer", external_ids=[("crm", "c-2"), ("crm", "c-1")], actor=ACTOR)

    with in_organisation(at):
        assert Member.objects.count() == 1
        assert find_members(at, [("crm", "c-2")]) == {}


def test_the_same_external_id_may_mean_another_member_elsewhere():
    here, there = make_organisation().id, make_organisation().id
    ada = make_member(here, external_ids=[("crm", "c-1")])
    bob = make_member(there, external_ids=[("crm", "c-1")])

    with in_organisation(here):
        assert find_members(here, [("crm", "c-1")]) == {("crm", "c-1"): ada.id}
    with in_organisation(there):
        assert find_members(there, [("crm", "c-1")]) == {("crm", "c-1"): bob.id}


def test_adding_an_external_id_again_changes_nothing():
    at = make_organisation().id
    ada = make_member(at, external_ids=[("crm", "c-1")])

    for _ in range(2):
        add_external_id(at, member_id=ada.id, source="till", external_id="7", actor=ACTOR)

    assert _names(at, ada.id) == [("crm", "c-1"), ("till", "7")]


def test_a_removed_external_id_means_nobody():
    at = make_organisation().id
    ada = make_member(at, external_ids=[("crm", "c-1")])

    remove_external_id(at, member_id=ada.id, source="crm", external_id="c-1", actor=ACTOR)

    with in_organisation(at):
        assert find_members(at, [("crm", "c-1")]) == {}
    with pytest.raises(NotFound):
        remove_external_id(at, member_id=ada.id, source="crm", external_id="c-1", actor=ACTOR)


def test_an_update_changes_what_it_names_and_leaves_the_rest():
    at = make_organisation().id
    ada = make_member(at, email="ada@harbour.example", attributes={"city": "Porto", "tier": "gold"})

    update_member(at, member_id=ada.id, name="Ada L.", attributes={"city": None, "vip": True}, actor=ACTOR)

    with in_organisation(at):
        ada.refresh_from_db()
        assert (ada.name, ada.email) == ("Ada L.", "ada@harbour.example")
        assert ada.attributes == {"tier": "gold", "vip": True}


def test_the_audit_trail_keeps_which_fields_changed_and_never_what_they_said():
    at = make_organisation().id
    ada = make_member(at)

    update_member(at, member_id=ada.id, name="Countess", actor=ACTOR)

    with in_organisation(at):
        entry = Audit.objects.filter(organisation_id=at, act="member.updated").get()
    assert entry.details == {"fields": ["name"]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Ada\x00"},
        {"name": "A" * 201},
        {"email": "ada at harbour"},
        {"kind": "robot"},
        {"external_ids": [("crm", "")]},
        {"attributes": {"City": "Porto"}},
        {"attributes": {"city": ["Porto"]}},
        {"attributes": {"city": 0.1}},
    ],
)
def test_details_that_cannot_be_kept_enrol_nobody(wrong):
    at = make_organisation().id

    with pytest.raises(Problem) as refused:
        enrol_member(at, **{"kind": "customer", "actor": ACTOR, **wrong})

    assert len(refused.value.errors) == 1
    with in_organisation(at):
        assert not Member.objects.exists()


def test_a_suspended_member_is_resumed_and_suspended_again_only_from_where_they_are():
    at = make_organisation().id
    ada = make_member(at)

    suspend_member(at, member_id=ada.id, reason="Two accounts", actor=ACTOR)
    assert suspend_member(at, member_id=ada.id, reason="Two accounts", actor=ACTOR).state == "suspended"
    assert resume_member(at, member_id=ada.id, reason="Explained", actor=ACTOR).state == "active"

    with in_organisation(at):
        Member.objects.filter(id=ada.id).update(state="merged")
    with pytest.raises(MemberNotActive):
        suspend_member(at, member_id=ada.id, reason="Again", actor=ACTOR)


def test_another_organisations_member_is_nobody_here():
    here, there = make_organisation().id, make_organisation().id
    stranger = make_member(there)

    with pytest.raises(NotFound):
        update_member(here, member_id=stranger.id, name="Mine", actor=ACTOR)
