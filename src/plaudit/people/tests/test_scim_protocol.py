"""SCIM as a protocol: versions, pages, order, parts, searches, errors, and what is told of it (RFC 7644)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plaudit.foundation.tenancy import in_organisation
from plaudit.people.models import User
from plaudit.people.provisioned import ProvisionedPerson, ProvisionedTeam
from plaudit.people.scim.schemas import ENTERPRISE, GROUP, USER
from plaudit.people.tests.browsing import browser, program
from plaudit.people.tests.directory import Directory, made, user
from plaudit.people.tests.factories import (
    make_organisation,
)


def test_rfc_7644_3_14_a_change_names_the_version_it_has_seen():
    _, directory = made()
    shown = directory.make()
    at, version = f"/Users/{shown['id']}", shown["meta"]["version"]
    change = {"op": "replace", "path": "nickName", "value": "Babs"}

    assert directory.client.get(f"/scim/v2{at}", headers={"If-None-Match": version}).status_code == 304
    changed = directory.patch(at, change, If_Match=version)
    assert changed.status_code == 200
    assert changed["ETag"] != version
    for again in (
        directory.patch(at, change, If_Match=version),
        directory.send("PUT", at, user(), If_Match='W/"x"'),
    ):
        assert again.status_code == 412
    assert directory.send("DELETE", at, If_Match=version).status_code == 412
    assert directory.send("DELETE", at, If_Match="*").status_code == 204


def test_rfc_7644_3_4_2_4_a_list_is_read_a_page_at_a_time():
    at = make_organisation().id
    directory = Directory(at)
    names = [directory.make()["userName"] for _ in range(5)]

    read = directory.get("/Users", startIndex=2, count=2).json()
    assert {name: read[name] for name in ("totalResults", "startIndex", "itemsPerPage")} == {
        "totalResults": 5, "startIndex": 2, "itemsPerPage": 2,
    }  # fmt: skip
    assert [one["userName"] for one in read["Resources"]] == names[1:3]
    for query, length in (
        ({"count": 0}, 0),
        ({"startIndex": 9}, 0),
        ({"startIndex": -4, "count": -1}, 0),
        ({}, 5),
    ):
        page = directory.get("/Users", **query).json()
        assert (page["totalResults"], len(page["Resources"])) == (5, length), query
    for wrong in (
        {"count": "x"},
        {"sortBy": "nothing"},
        {"sortBy": "name"},
        {"sortBy": "userName", "sortOrder": "up"},
    ):
        assert directory.get("/Users", **wrong).status_code == 400, wrong


def test_rfc_7644_3_4_2_3_a_list_is_put_in_order():
    at = make_organisation().id
    directory = Directory(at)
    for name, title in (("b", "Z"), ("C", ""), ("a", "y")):
        directory.make(userName=name, **({"title": title} if title else {}))

    def order(**how: str) -> str:
        return "".join(one["userName"] for one in directory.get("/Users", **how).json()["Resources"])

    assert order(sortBy="userName") == "abC"
    assert order(sortBy="userName", sortOrder="descending") == "Cba"
    assert order(sortBy="title") == "abC"
    assert order(sortBy="emails.value") == order(sortBy="meta.created") == "bCa"


def test_rfc_7644_3_9_only_the_attributes_that_are_asked_for_are_told():
    _, directory = made()
    shown = directory.make()

    some = directory.get(
        f"/Users/{shown['id']}", attributes=f"userName,name.familyName,{ENTERPRISE}:department"
    ).json()
    most = directory.get(f"/Users/{shown['id']}", excludedAttributes=f"emails.type,meta,{ENTERPRISE}").json()

    assert some == {
        "schemas": [USER, ENTERPRISE], "id": shown["id"], "userName": shown["userName"], "name": {"familyName": "Jensen"},
        ENTERPRISE: {"department": "Tour Operations"},
    }  # fmt: skip
    assert {"meta", ENTERPRISE} & most.keys() == set()
    assert [sorted(one) for one in most["emails"]] == [["primary", "value"], ["value"]]


def test_rfc_7644_3_4_3_what_is_looked_for_need_not_stand_in_the_address():
    _, directory = made()
    shown = directory.make()
    body = {"filter": f'userName eq "{shown["userName"]}"', "attributes": ["userName"], "count": 1}

    found = directory.send("POST", "/Users/.search", body).json()

    assert [one["id"] for one in found["Resources"]] == [shown["id"]]
    assert (
        directory.send("POST", "/Groups/.search", {"filter": 'displayName eq "none"'}).json()["totalResults"]
        == 0
    )
    assert directory.send("POST", "/Users/.search", {"filter": 5}).status_code == 400


def test_a_list_of_two_hundred_asks_as_often_as_a_list_of_one():
    at = make_organisation().id
    directory = Directory(at)
    group = directory.group("Everybody", [directory.make()])

    def asked(path: str) -> int:
        """How many statements look at people and groups."""
        with CaptureQueriesContext(connection) as queries:
            assert directory.get(path, count=200).status_code == 200
        return sum("people_provisioned" in one["sql"] for one in queries)

    alone = (asked("/Users"), asked("/Groups"), asked(f"/Groups/{group['id']}"))
    with in_organisation(at):
        row = ProvisionedTeam.objects.get()
        ProvisionedPerson.objects.bulk_create(
            ProvisionedPerson(
                organisation_id=at, user=User.objects.create_user(f"many-{at}-{number}@harbour.example"),
                user_name=f"many-{number}", created_at=row.created_at, changed_at=row.created_at,
            )
            for number in range(199)
        )  # fmt: skip
    everybody = directory.get("/Users", count=200, attributes="id").json()["Resources"]
    directory.send(
        "PUT",
        f"/Groups/{group['id']}",
        {"displayName": "Everybody", "members": [{"value": one["id"]} for one in everybody]},
    )

    assert len(everybody) == 200
    assert (asked("/Users"), asked("/Groups"), asked(f"/Groups/{group['id']}")) == alone
    assert alone == (4, 4, 2)


def test_only_a_key_for_provisioning_opens_it():
    at, _ = made()

    for client, status in (
        (browser(), 401),
        (program(at, ["members:write"]), 403),
        (program(at, ["admin"]), 200),
    ):
        answer = client.get("/scim/v2/Users")
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/scim+json"
    assert Directory(at).client.get("/api/v1/members").status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/ResourceTypes/User", f"/Schemas/{GROUP}"],
)
def test_rfc_7644_4_what_it_can_do_is_told(path: str):
    _, directory = made()

    said = directory.get(path).json()

    assert said["schemas"]
    assert all("meta" in one for one in said.get("Resources", [said]))


def test_rfc_7643_5_to_7_what_is_told_of_it_is_so():
    _, directory = made()
    config = directory.get("/ServiceProviderConfig").json()
    schemas = {one["id"]: one for one in directory.get("/Schemas").json()["Resources"]}
    names = {one["name"] for one in schemas[USER]["attributes"]}

    assert [config[one]["supported"] for one in ("patch", "filter", "sort", "etag", "bulk", "changePassword")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip
    assert directory.make().keys() - {"schemas", "id", "meta", "externalId", ENTERPRISE} <= names
    assert schemas[USER]["attributes"][0] == {
        "name": "userName", "type": "string", "multiValued": False, "required": True, "mutability": "readWrite",
        "returned": "default", "caseExact": False, "uniqueness": "server",
        "description": "The name they sign in by at the directory.",
    }  # fmt: skip
    assert directory.get("/Schemas/urn:nothing").status_code == 404


@pytest.mark.parametrize("body", [b"{", b"[]", b" ", b'"x"', b"\xff", b"[" * 5_000, b'{"userName": 1e999}'])
def test_a_body_that_is_none_is_refused(body: bytes):
    _, directory = made()
    answer = directory.client.generic("POST", "/scim/v2/Users", body, content_type="application/scim+json")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/scim+json")
    assert directory.client.post("/scim/v2/Users", {"a": "b"}).status_code == 415
    assert directory.get("/Users/nonsense").json()["status"] == "404"
