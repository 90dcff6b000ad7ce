"""Roles: granted once, withdrawn, and never the last operator's."""

from __future__ import annotations

import pytest

from plaudit.foundation.models import Audit
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.actions.roles import bind_user, grant_role, invite_user, withdraw_role
from plaudit.people.models import Member, Role
from plaudit.people.queries import organisations_of, people
from plaudit.people.refusals import LastOperator
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_user


def test_a_role_granted_twice_is_held_once_and_noted_once():
    at = make_organisation().id
    grace = make_user(at, roles=["desk"])

    grant_role(at, user_id=grace.id, role="desk", actor=ACTOR)

    with in_organisation(at):
        assert [one.roles for one in people(at)] == [("desk",)]
        assert Audit.objects.filter(organisation_id=at, act="role.granted").count() == 1


def test_a_person_is_one_person_in_every_organisation():
    here, there, elsewhere = (make_organisation() for _ in range(3))
    grace = make_user(here.id, roles=["manager"])

    again = invite_user(there.id, email=grace.email.upper(), roles=["desk"], actor=ACTOR)

    assert again.id == grace.id
    assert organisations_of(grace.id) == [here, there]
    assert elsewhere not in organisations_of(grace.id)
    with in_organisation(there.id):
        assert Role.objects.filter(user=grace).get().name == "desk"


def test_a_role_nobody_knows_and_one_nobody_holds_are_refused():
    at = make_organisation().id
    grace = make_user(at, roles=["desk"])

    with pytest.raises(Problem):
        grant_role(at, user_id=grace.id, role="emperor", actor=ACTOR)
    with pytest.raises(NotFound):
        grant_role(at, user_id=10**6, role="desk", actor=ACTOR)
    with pytest.raises(NotFound):
        withdraw_role(at, user_id=grace.id, role="manager", actor=ACTOR)


@rounds
def test_the_last_operator_stays_even_if_all_leave_at_once(round_: int):
    at = make_organisation().id
    operators = [make_user(at, roles=["operator"]) for _ in range(CONTENDERS)]

    def leave(number: int) -> None:
        withdraw_role(at, user_id=operators[number].id, role="operator", actor=ACTOR)

    got = at_once(CONTENDERS, leave)

    assert sorted(type(one).__name__ for one in got) == ["LastOperator"] + ["NoneType"] * (CONTENDERS - 1)
    with in_organisation(at):
        assert Role.objects.filter(name="operator").count() == 1
    assert LastOperator().status == 409


def test_a_person_is_one_member_at_a_time():
    at = make_organisation().id
    ada, bob = make_member(at), make_member(at, name="Bob")
    grace = make_user(at, roles=[], member=ada)

    bind_user(at, user_id=grace.id, member_id=bob.id, actor=ACTOR)

    with in_organisation(at):
        assert list(Member.objects.filter(user=grace).values_list("name", flat=True)) == ["Bob"]
