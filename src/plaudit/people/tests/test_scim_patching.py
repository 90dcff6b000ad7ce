"""Changes: RFC 7644, 3.5.2, by its examples, and the forms that directories in use send."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from plaudit.people.scim.patching import patched
from plaudit.people.scim.refusals import (
    BodyNotTaken,
    NothingThere,
    NotToBeChanged,
    PathNotTaken,
    ScimRefusal,
    ValueNotTaken,
)
from plaudit.people.scim.schemas import ENTERPRISE, ENTERPRISE_SCHEMA, GROUP_SCHEMA, USER_SCHEMA

BABS: dict[str, Any] = {
    "userName": "bjensen",
    "name": {"formatted": "Ms. Barbara J Jensen III", "familyName": "Jensen", "givenName": "Barbara"},
    "emails": [{"value": "bjensen@example.com", "type": "work", "primary": True}, {"value": "babs@jensen.org", "type": "home"}],
    "addresses": [
        {"type": "work", "streetAddress": "100 Universal City Plaza", "locality": "Hollywood", "primary": True},
        {"type": "home", "streetAddress": "456 Hollywood Blvd", "locality": "Hollywood"},
    ],
    "active": True,
}  # fmt: skip
TEAM: dict[str, Any] = {
    "displayName": "Tour Guides",
    "members": [{"value": "2819c223"}, {"value": "902c246b"}],
}


def user(*operations: dict[str, Any]) -> dict[str, Any]:
    return patched(BABS, list(operations), USER_SCHEMA, ENTERPRISE_SCHEMA)


def group(*operations: dict[str, Any]) -> dict[str, Any]:
    return patched(TEAM, list(operations), GROUP_SCHEMA)


def changed(before: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**deepcopy(before), **fields}


def test_rfc_7644_3_5_2_1_a_member_is_added_to_a_group():
    new = [{"display": "Babs Jensen", "$ref": "https://example.com/v2/Users/4bd9b0c1", "value": "4bd9b0c1"}]

    assert group({"op": "add", "path": "members", "value": new}) == changed(
        TEAM, members=[*TEAM["members"], *new]
    )


def test_rfc_7644_3_5_2_1_several_attributes_are_added_without_a_path():
    value = {"emails": [{"value": "babs@example.org", "type": "other"}], "nickName": "Babs"}

    after = user({"op": "add", "value": value})

    assert after == changed(BABS, emails=[*BABS["emails"], *value["emails"]], nickName="Babs")


def test_rfc_7644_3_5_2_1_what_is_there_already_is_not_added_again():
    assert group({"op": "add", "path": "members", "value": [{"value": "2819c223"}]}) == TEAM


def test_rfc_7644_3_5_2_2_one_member_is_removed_by_a_filter():
    after = group({"op": "remove", "path": 'members[value eq "2819c223"]'})

    assert after == changed(TEAM, members=[{"value": "902c246b"}])


def test_rfc_7644_3_5_2_2_all_members_are_removed():
    assert group({"op": "remove", "path": "members"}) == {"displayName": "Tour Guides"}


def test_rfc_7644_3_5_2_2_values_are_removed_by_a_filter_of_two_parts():
    after = user({"op": "remove", "path": 'emails[type eq "work" and value ew "example.com"]'})

    assert after == changed(BABS, emails=[BABS["emails"][1]])


def test_rfc_7644_3_5_2_2_members_are_removed_and_added_in_one_request():
    after = group(
        {"op": "remove", "path": 'members[value eq "2819c223"]'},
        {"op": "add", "path": "members", "value": [{"value": "08e1d05d"}]},
    )

    assert [one["value"] for one in after["members"]] == ["902c246b", "08e1d05d"]


def test_rfc_7644_3_5_2_3_all_members_are_replaced():
    after = group({"op": "replace", "path": "members", "value": [{"value": "a"}, {"value": "b"}]})

    assert after["members"] == [{"value": "a"}, {"value": "b"}]


def test_rfc_7644_3_5_2_3_one_address_is_replaced():
    new = {
        "type": "work",
        "streetAddress": "911 Universal City Plaza",
        "locality": "Hollywood",
        "primary": True,
    }

    after = user({"op": "replace", "path": 'addresses[type eq "work"]', "value": new})

    assert after == changed(BABS, addresses=[new, BABS["addresses"][1]])


def test_rfc_7644_3_5_2_3_one_part_of_one_address_is_replaced():
    after = user(
        {"op": "replace", "path": 'addresses[type eq "work"].streetAddress', "value": "1010 Broadway Ave"}
    )

    assert [one["streetAddress"] for one in after["addresses"]] == ["1010 Broadway Ave", "456 Hollywood Blvd"]


def test_rfc_7644_3_5_2_3_what_is_named_without_a_path_is_replaced():
    value = {"emails": [{"value": "bj@example.com", "type": "work", "primary": True}], "nickName": "Babs"}

    assert user({"op": "replace", "value": value}) == changed(BABS, **value)


def test_rfc_7644_3_5_2_3_a_filter_that_means_nothing_is_no_target():
    with pytest.raises(NothingThere):
        user({"op": "replace", "path": 'emails[type eq "other"].value', "value": "x@example.com"})


def test_rfc_7644_3_5_2_1_a_new_primary_value_is_the_only_one():
    after = user({"op": "add", "path": "emails", "value": [{"value": "new@example.com", "primary": True}]})

    assert [one.get("primary") for one in after["emails"]] == [False, None, True]


def test_rfc_7644_3_5_2_a_part_of_a_name_is_replaced_and_the_rest_stays():
    after = user({"op": "replace", "path": "name", "value": {"familyName": "Smith"}})

    assert after["name"] == {**BABS["name"], "familyName": "Smith"}
    assert user({"op": "remove", "path": "name.formatted"})["name"].keys() == {"familyName", "givenName"}


# Forms in use that the letter of the standard does not have, with the same meaning.
@pytest.mark.parametrize(
    "operation, after",
    [
        ({"op": "Replace", "path": "active", "value": "False"}, {"active": False}),
        ({"op": "replace", "value": {"active": False}}, {"active": False}),
        ({"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "555"}, {"phoneNumbers": [{"type": "mobile", "value": "555"}]}),
        ({"op": "Replace", "value": {"name.familyName": "Smith"}}, {"name": {**BABS["name"], "familyName": "Smith"}}),
        ({"op": "Add", "path": f"{ENTERPRISE}:department", "value": "Sales"}, {ENTERPRISE: {"department": "Sales"}}),
        ({"op": "add", "value": {ENTERPRISE: {"department": "Sales"}}}, {ENTERPRISE: {"department": "Sales"}}),
        ({"op": "add", "value": {f"{ENTERPRISE}:manager": {"value": "26118915"}}}, {ENTERPRISE: {"manager": {"value": "26118915"}}}),
        ({"op": "replace", "value": {"id": "x", "schemas": [], "nickName": "B"}}, {"nickName": "B"}),
        ({"op": "replace", "path": "USERNAME", "value": "babs"}, {"userName": "babs"}),
        ({"op": "replace", "path": "nickName", "value": None}, {}),
        ({"op": "add", "path": "roles", "value": "desk"}, {"roles": [{"value": "desk"}]}),
        ({"op": "replace", "path": "emails.type", "value": "old"}, {"emails": [{**one, "type": "old"} for one in BABS["emails"]]}),
    ],
    ids=lambda one: str(one)[:60],
)  # fmt: skip
def test_what_directories_send_is_understood(operation: dict[str, Any], after: dict[str, Any]):
    assert user(operation) == changed(BABS, **after)


def test_members_are_removed_by_their_values_as_some_directories_ask():
    after = group({"op": "Remove", "path": "members", "value": [{"value": "2819c223"}]})

    assert after["members"] == [{"value": "902c246b"}]


@pytest.mark.parametrize(
    "operations, refusal",
    [
        ([], BodyNotTaken), (None, BodyNotTaken), (["x"], BodyNotTaken), ([{"op": "move"}], BodyNotTaken), ([{}], BodyNotTaken),
        ([{"op": "remove"}], NothingThere), ([{"op": "add", "value": 5}], ValueNotTaken),
        ([{"op": "add", "path": 5, "value": "x"}], BodyNotTaken), ([{"op": "add", "path": "nothing", "value": "x"}], PathNotTaken),
        ([{"op": "add", "path": 'emails[type eq "x"', "value": "x"}], PathNotTaken),
        ([{"op": "add", "path": 'name[familyName eq "x"]', "value": "x"}], PathNotTaken),
        ([{"op": "replace", "path": "id", "value": "x"}], NotToBeChanged),
        ([{"op": "add", "path": "groups", "value": [{"value": "x"}]}], NotToBeChanged),
        ([{"op": "remove", "path": "userName"}], NotToBeChanged),
        ([{"op": "replace", "path": "active", "value": "perhaps"}], ValueNotTaken),
        ([{"op": "replace", "path": "nickName", "value": {"a": 1}}], ValueNotTaken),
        ([{"op": "replace", "path": "nickName", "value": "\0"}], ValueNotTaken),
        ([{"op": "replace", "path": "nickName", "value": "x" * 1_001}], ValueNotTaken),
        ([{"op": "add", "path": "nickName", "value": "x"}] * 1_001, BodyNotTaken),
    ],
    ids=lambda one: str(one)[:60],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_changed(operations: Any, refusal: type[ScimRefusal]):
    before = deepcopy(BABS)

    with pytest.raises(refusal):
        patched(BABS, operations, USER_SCHEMA, ENTERPRISE_SCHEMA)

    assert before == BABS
