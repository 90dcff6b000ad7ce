"""A person erased: no word of them is left, and what they earned still adds up."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection

from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.erasing import erase_identities
from plaudit.people.actions.members import add_external_id, update_member
from plaudit.people.actions.merging import merge_identities
from plaudit.people.actions.signing_in import make_link
from plaudit.people.models import Erasure, Member, Session, User
from plaudit.people.queries import organisations_of
from plaudit.people.refusals import MemberErased, MemberNotActive
from plaudit.people.resolving import find_members, find_or_enrol
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_team, make_user

CANARY = "zebrafinch"


def _erase(organisation_id: int, member: Member) -> list[UUID]:
    return erase_identities(organisation_id, member_id=member.id, reason="Asked for it", actor=ACTOR)


def _tables_that_say(organisation_id: int, word: str) -> list[str]:
    """Every table of the database with a row that holds this word."""
    found = []
    with in_organisation(organisation_id), connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'select exists (select from "{table}" t where t::text ilike %s)', [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_no_table_says_a_word_about_an_erased_person():
    at = make_organisation().id
    twin = make_member(at, name=f"{CANARY} twin", external_ids=[("till", f"{CANARY}-2")])
    ada = make_member(
        at,
        name=f"Ada {CANARY}",
        email=f"{CANARY}@home.example",
        external_ids=[("crm", CANARY)],
        attributes={"nickname": CANARY},
    )
    update_member(at, member_id=ada.id, name=f"Ada van {CANARY}", actor=ACTOR)
    add_external_id(at, member_id=ada.id, source="web", external_id=f"web-{CANARY}", actor=ACTOR)
    make_team(at, members=[ada])
    user = make_user(at, roles=[], member=ada, email=f"{CANARY}@home.example")
    make_link(at, user_id=user.id, actor=ACTOR)
    merge_identities(at, survivor_id=ada.id, absorbed_id=twin.id, reason="Same", actor=ACTOR)
    assert "people_member" in _tables_that_say(at, CANARY)

    erased = _erase(at, ada)

    assert set(erased) == {ada.id, twin.id}
    assert _tables_that_say(at, CANARY) == []
    with in_organisation(at):
        assert set(Erasure.objects.values_list("member_id", flat=True)) == {ada.id, twin.id}
        assert set(Member.objects.values_list("id", "state")) == {(ada.id, "erased"), (twin.id, "erased")}


def test_erasing_again_changes_nothing():
    at = make_organisation().id
    ada = make_member(at)
    _erase(at, ada)

    assert _erase(at, ada) == []

    with in_organisation(at):
        assert Erasure.objects.count() == 1


def test_nothing_can_be_added_to_somebody_erased():
    at = make_organisation().id
    ada = make_member(at)
    _erase(at, ada)

    with pytest.raises(MemberErased):
        update_member(at, member_id=ada.id, name="Back", actor=ACTOR)
    with pytest.raises(MemberErased):
        add_external_id(at, member_id=ada.id, source="crm", external_id="x", actor=ACTOR)


def test_a_person_who_returns_is_somebody_new():
    at = make_organisation().id
    ada = make_member(at, external_ids=[("crm", "1")])
    _erase(at, ada)

    with in_organisation(at):
        assert find_members(at, [("crm", "1")]) == {}
        again = find_or_enrol(at, [("crm", "1")], kind="customer", joined_at=ada.joined_at)

    assert again["crm", "1"] != ada.id


def test_a_person_with_a_role_elsewhere_stays_a_person_there():
    here, there = make_organisation(), make_organisation()
    ada = make_member(here.id)
    user = make_user(here.id, roles=[], member=ada)
    make_user(there.id, roles=["desk"], email=user.email)

    _erase(here.id, ada)

    assert organisations_of(user.id) == [there]
    assert User.objects.filter(id=user.id).exists()


def test_a_person_with_no_role_left_is_gone_with_their_sessions():
    at = make_organisation().id
    ada = make_member(at)
    user = make_user(at, roles=[], member=ada)

    _erase(at, ada)

    assert not User.objects.filter(id=user.id).exists()
    assert not Session.objects.filter(user_id=user.id).exists()


def test_who_was_merged_is_erased_with_the_survivor_and_not_alone():
    at = make_organisation().id
    ada, twin = make_member(at), make_member(at)
    merge_identities(at, survivor_id=ada.id, absorbed_id=twin.id, reason="Same", actor=ACTOR)

    with pytest.raises(MemberNotActive):
        _erase(at, twin)
