"""Provisioning: what a directory tells becomes people, roles, members and teams here, and ends with them."""

from __future__ import annotations

from typing import Any

import pytest

from plaudit.foundation.models import Audit
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.actions.erasing import erase_identities
from plaudit.people.actions.group_stays import begin_stays
from plaudit.people.actions.provisioning import provision_person
from plaudit.people.actions.provisioning_groups import provision_group
from plaudit.people.models import Member, Role, TeamStay, User
from plaudit.people.provisioned import ProvisionedPerson, ProvisionedTeam
from plaudit.people.scim.refusals import NameTaken
from plaudit.people.scim.schemas import ENTERPRISE, ENTERPRISE_SCHEMA, USER_SCHEMA, normal
from plaudit.people.tests.browsing import signed_in
from plaudit.people.tests.directory import Directory, made, user
from plaudit.people.tests.factories import (
    ACTOR,
    make_member,
    make_organisation,
    make_sandbox,
    make_team,
    make_user,
)


def roles_of(at: int, email: str) -> set[str]:
    with in_organisation(at):
        return set(Role.objects.filter(user__email=email).values_list("name", flat=True))


def team_of(at: int, key: str) -> list[tuple[str, bool]]:
    """Who was in a team: name, and whether they are in it still."""
    with in_organisation(at):
        stays = TeamStay.objects.filter(team__key=key).select_related("member").order_by("member__name")
        return [(one.member.name, one.ended_at is None) for one in stays]


def is_in(client: Any) -> bool:
    return bool(client.get("/me/security").status_code == 200)


def test_rfc_7644_3_3_somebody_is_made_and_told_back_with_id_location_and_version():
    _, directory = made()
    told = user()

    answer = directory.send("POST", "/Users", {**told, "password": "t1meMa$heen", "nonsense": 1})

    shown = answer.json()
    assert answer.status_code == 201
    assert answer["Content-Type"] == "application/scim+json"
    assert answer["Location"] == shown["meta"]["location"] == f"http://localhost/scim/v2/Users/{shown['id']}"
    assert answer["ETag"] == shown["meta"]["version"]
    assert {name: shown[name] for name in told} == told
    assert shown["meta"]["resourceType"] == "User"
    assert {"password", "nonsense"} & shown.keys() == set()


def test_somebody_new_is_a_member_of_staff_who_signs_in():
    at, directory = made()
    shown = directory.make()
    email = shown["emails"][0]["value"]

    assert roles_of(at, email) == {"member"}
    with in_organisation(at):
        member = Member.objects.get(user__email=email)
        assert (member.kind, member.email, member.name) == (
            "staff",
            email,
            f"{shown['name']['givenName']} Jensen",
        )
        assert member.identities.get().external_id == shown["externalId"]
    assert is_in(signed_in(at, User.objects.get(email=email).id))


def test_roles_are_those_the_directory_assigns_and_stay_where_it_assigns_none():
    at, directory = made()
    shown = directory.make(roles=[{"value": "Desk"}, {"value": "finance"}])
    email = shown["emails"][0]["value"]
    assert roles_of(at, email) == {"desk", "finance"}

    directory.patch(
        f"/Users/{shown['id']}", {"op": "replace", "path": "roles", "value": [{"value": "manager"}]}
    )
    assert roles_of(at, email) == {"manager"}
    directory.patch(f"/Users/{shown['id']}", {"op": "remove", "path": "roles"})
    assert roles_of(at, email) == {"manager"}
    with in_organisation(at):
        assert not Member.objects.filter(user__email=email).exists()


def test_a_directory_makes_no_operator_and_unmakes_none():
    at, directory = made()
    told = user(roles=[{"value": "operator"}])
    refused = directory.send("POST", "/Users", told)
    assert (refused.status_code, refused.json()["scimType"]) == (400, "invalidValue")
    assert not User.objects.filter(email=told["emails"][0]["value"]).exists()

    boss = make_user(at, roles=["operator"])
    directory.make(userName=boss.email, emails=[{"value": boss.email}], roles=[{"value": "desk"}])
    assert roles_of(at, boss.email) == {"operator", "desk"}


def test_whoever_is_known_here_already_is_taken_over_and_not_made_again():
    at, directory = made()
    told = user()
    email = told["emails"][0]["value"]
    known = make_member(at, email=email)
    colleague = make_user(at, roles=["auditor"])

    directory.send("POST", "/Users", told)
    directory.make(emails=[{"value": colleague.email}])

    with in_organisation(at):
        assert Member.objects.get(user__email=email).id == known.id
    assert roles_of(at, colleague.email) == {"auditor"}


@pytest.mark.parametrize("again", ["userName", "emails"])
def test_rfc_7644_3_3_somebody_who_is_there_already_is_a_conflict(again: str):
    _, directory = made()
    first = directory.make()
    second = {**user(), again: first[again].upper() if again == "userName" else first[again]}

    refused = directory.send("POST", "/Users", second)

    assert (refused.status_code, refused.json()["scimType"], refused.json()["status"]) == (
        409,
        "uniqueness",
        "409",
    )
    assert refused.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


def test_rfc_7644_3_5_1_replacing_somebody_leaves_out_what_is_not_told_again():
    at, directory = made()
    shown = directory.make(title="Guide")

    told = {name: shown[name] for name in ("userName", "emails")} | {"id": "other", "displayName": "Babs"}
    after = directory.send("PUT", f"/Users/{shown['id']}", told).json()

    assert (after["id"], after["displayName"], after["active"]) == (shown["id"], "Babs", True)
    assert {"title", "externalId", ENTERPRISE} & after.keys() == set()
    with in_organisation(at):
        assert Member.objects.get(user__email=shown["emails"][0]["value"]).name == "Babs"


@pytest.mark.parametrize(
    "way", [{"path": "active", "value": False}, {"path": "active", "value": "False"}, {"value": {"active": False}}, "PUT", "DELETE"],
    ids=str,
)  # fmt: skip
def test_whoever_leaves_is_out_at_once_here_and_in_the_sandboxes(way: Any):
    live = make_organisation()
    sandbox = make_sandbox(live)
    directory = Directory(live.id)
    shown = directory.make(roles=[{"value": "manager"}, {"value": "member"}])
    email = shown["emails"][0]["value"]
    make_user(sandbox.id, email=email, roles=["manager"])
    person = User.objects.get(email=email)
    here, there = signed_in(live.id, person.id), signed_in(sandbox.id, person.id)
    assert is_in(here) and is_in(there)

    if way == "DELETE":
        assert directory.send("DELETE", f"/Users/{shown['id']}").status_code == 204
        assert directory.get(f"/Users/{shown['id']}").status_code == 404
    elif way == "PUT":
        assert directory.send("PUT", f"/Users/{shown['id']}", {**shown, "active": False}).status_code == 200
    else:
        assert directory.patch(f"/Users/{shown['id']}", {"op": "replace", **way}).json()["active"] is False

    assert not is_in(here) and not is_in(there)
    assert roles_of(live.id, email) == roles_of(sandbox.id, email) == set()
    if way != "DELETE":
        directory.patch(f"/Users/{shown['id']}", {"op": "replace", "path": "active", "value": True})
        assert roles_of(live.id, email) == {"manager", "member"}
        assert not is_in(here)


def test_whoever_came_back_without_assigned_roles_has_those_they_had():
    at, directory = made()
    shown = directory.make()
    email = shown["emails"][0]["value"]
    make_user(at, roles=["finance"], email=email)
    for active in (False, True):
        directory.patch(f"/Users/{shown['id']}", {"op": "replace", "value": {"active": active}})

    assert roles_of(at, email) == {"member", "finance"}


def test_the_last_operator_does_not_leave_by_the_directory():
    at = make_organisation().id
    directory, boss = Directory(at), make_user(at, roles=["operator"])
    shown = directory.make(emails=[{"value": boss.email}])

    refused = directory.patch(f"/Users/{shown['id']}", {"op": "replace", "path": "active", "value": False})

    assert refused.status_code == 409
    assert "Nobody else is an operator here" in refused.json()["detail"]
    assert roles_of(at, boss.email) == {"operator"}


def test_another_address_is_another_person_and_what_they_are_elsewhere_is_left_alone():
    """A directory changes nobody's address: links would go to it, and open other organisations with it."""
    at, directory = made()
    other = make_organisation().id
    shown = directory.make(roles=[{"value": "desk"}, {"value": "member"}])
    before = shown["emails"][0]["value"]
    make_user(other, email=before, roles=["operator"])
    client = signed_in(at, User.objects.get(email=before).id)
    name = User.objects.get(email=before).name

    new = f"new-{before}"
    directory.patch(
        f"/Users/{shown['id']}",
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": new},
        {"op": "replace", "path": "displayName", "value": "Somebody Else"},
    )

    assert roles_of(at, new) == {"desk", "member"}
    assert roles_of(at, before) == set()
    assert roles_of(other, before) == {"operator"}
    assert User.objects.get(email=before).name == name
    assert not is_in(client)
    with in_organisation(at):
        assert Member.objects.filter(identities__external_id=shown["externalId"]).count() == 1
        assert Member.objects.get(identities__external_id=shown["externalId"]).user == User.objects.get(
            email=new
        )


def test_a_group_is_a_team_and_who_is_in_it_stays_there_until_they_are_taken_out():
    at = make_organisation().id
    directory = Directory(at)
    babs, kim = directory.make(displayName="Babs"), directory.make(displayName="Kim")
    clerk = directory.make(displayName="Clerk", roles=[{"value": "desk"}])

    group = directory.group("Tour Guides", [babs, kim, clerk])

    assert [one["display"] for one in group["members"]] == ["Babs", "Kim", "Clerk"]
    assert team_of(at, "tour-guides") == [("Babs", True), ("Kim", True)]
    assert directory.get(f"/Users/{babs['id']}").json()["groups"][0]["display"] == "Tour Guides"
    assert directory.found(f'groups.value eq "{group["id"]}" and active eq true', sortBy="displayName") == [
        babs["userName"], clerk["userName"], kim["userName"],
    ]  # fmt: skip
    assert directory.found(f'members.value eq "{babs["id"]}"', "Groups") == ["Tour Guides"]

    directory.patch(f"/Groups/{group['id']}", {"op": "remove", "path": f'members[value eq "{babs["id"]}"]'})
    directory.patch(f"/Users/{clerk['id']}", {"op": "add", "path": "roles", "value": [{"value": "member"}]})
    assert [name for name, is_there in team_of(at, "tour-guides") if is_there] == ["Clerk", "Kim"]

    directory.patch(f"/Groups/{group['id']}", {"op": "replace", "value": {"displayName": "Guides"}})
    assert directory.send("DELETE", f"/Groups/{group['id']}").status_code == 204
    assert not any(is_there for _, is_there in team_of(at, "tour-guides"))
    assert directory.group("guides")["displayName"] == "Guides"


def test_a_team_that_is_there_becomes_the_group_and_nobody_else_leaves_it():
    at = make_organisation().id
    directory = Directory(at)
    make_team(at, key="north", members=[make_member(at, name="Ada")])

    group = directory.group("North", [directory.make(displayName="Babs")])
    directory.send("PUT", f"/Groups/{group['id']}", {"displayName": "North"})

    assert [name for name, is_there in team_of(at, "north") if is_there] == ["Ada"]


@pytest.mark.parametrize(
    "body, status",
    [
        ({"displayName": ""}, 400), ({}, 400), ([], 400), ("x", 400), ({"displayName": "x", "members": [{"value": "x"}]}, 400),
        ({"displayName": "x", "members": [{"value": "018f0000-0000-7000-8000-00000000dead"}]}, 400),
        ({"displayName": "x", "members": [{"value": "x", "type": "Group"}]}, 400), ({"displayName": "a\nb"}, 400),
        ({"displayName": "taken"}, 409),
    ],
    ids=str,
)  # fmt: skip
def test_a_group_that_cannot_be_is_refused(body: Any, status: int):
    _, directory = made()
    if status == 409:
        directory.group("Taken")

    refused = directory.send("POST", "/Groups", body)

    assert (refused.status_code, refused.json()["status"]) == (status, str(status))


def test_nobody_of_another_organisation_is_found_changed_or_taken_into_a_group():
    _, directory = made()
    stranger = Directory(make_organisation().id)
    theirs, group = directory.make(), directory.group("Theirs alone")

    assert stranger.get("/Users").json()["totalResults"] == 0
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        body = (
            None
            if method in ("GET", "DELETE")
            else {**user(), "displayName": "x", "Operations": [{"op": "add", "value": {}}]}
        )
        for path in (f"/Users/{theirs['id']}", f"/Groups/{group['id']}"):
            answer = stranger.send(method, path, body)
            assert answer.status_code == 404, (method, path)
            assert theirs["userName"] not in answer.content.decode()
    refused = stranger.send("POST", "/Groups", {"displayName": "x", "members": [{"value": theirs["id"]}]})
    assert refused.status_code == 400


def test_what_the_directory_said_of_somebody_goes_when_they_are_erased():
    at, directory = made()
    shown = directory.make()
    with in_organisation(at):
        member = Member.objects.get(identities__external_id=shown["externalId"])

    erase_identities(at, member_id=member.id, reason="Asked for it.", actor=ACTOR)

    assert directory.get(f"/Users/{shown['id']}").status_code == 404
    assert not User.objects.filter(email=shown["emails"][0]["value"]).exists()


def test_the_audit_trail_says_who_was_let_in_and_names_nobody():
    at = make_organisation().id
    shown = Directory(at).make()

    with in_organisation(at):
        acts = list(Audit.objects.values("act", "actor", "details"))
    assert {"person.provisioned", "role.granted", "member.enrolled"} <= {one["act"] for one in acts}
    assert shown["userName"] not in str(acts)


@rounds
def test_one_person_provisioned_twenty_times_at_once_is_one(round_: int):
    at = make_organisation().id
    said = normal(USER_SCHEMA, user(), extension=ENTERPRISE_SCHEMA)

    def make(_number: int) -> ProvisionedPerson:
        return provision_person(at, said, actor=ACTOR)

    got = at_once(CONTENDERS, make)

    assert sum(isinstance(one, ProvisionedPerson) for one in got) == 1
    assert sum(isinstance(one, NameTaken) for one in got) == CONTENDERS - 1
    with in_organisation(at):
        assert Member.objects.count() == 1


@rounds
def test_one_group_provisioned_twenty_times_at_once_is_one_team(round_: int):
    at = make_organisation().id
    shown = Directory(at).make()
    said = {"displayName": "Guides", "members": [{"value": shown["id"]}]}

    def make(_number: int) -> ProvisionedTeam:
        return provision_group(at, said, actor=ACTOR)

    got = at_once(CONTENDERS, make)

    assert sum(isinstance(one, ProvisionedTeam) for one in got) == 1
    assert sum(isinstance(one, NameTaken) for one in got) == CONTENDERS - 1
    with in_organisation(at):
        begin_stays(at)
        assert TeamStay.objects.filter(team__key="guides").count() == 1
