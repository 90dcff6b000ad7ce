"""Filters: the grammar of RFC 7644, 3.4.2.2, whom each form means, and what is refused."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from plaudit.people.scim.filters import Both, Compare, Either, Not, compared, meets, read_filter
from plaudit.people.scim.refusals import FilterNotTaken
from plaudit.people.scim.schemas import ENTERPRISE, ENTERPRISE_SCHEMA, USER, USER_SCHEMA
from plaudit.people.tests.directory import Directory
from plaudit.people.tests.factories import make_organisation


@lru_cache(maxsize=1)
def harbour() -> Directory:
    """Three people whom filters tell apart; no test changes them."""
    directory = Directory(make_organisation().id)
    directory.make(
        userName="bjensen",
        externalId="b",
        name={"familyName": "O'Malley", "givenName": "Babs"},
        title="Tour Guide",
    )
    directory.make(
        userName="jsmith",
        externalId="j",
        userType="Employee",
        active=False,
        phoneNumbers=[{"value": "555", "type": "work"}],
    )
    directory.make(userName="Kim", externalId="K", userType="Intern", roles=[{"value": "desk"}], title="")
    directory.group("Tour Guides", [])
    return directory


def means(text: str) -> set[str]:
    return {{"bjensen": "b", "jsmith": "j", "Kim": "k"}[name] for name in harbour().found(text)}


# The examples of RFC 7644, 3.4.2.2, figure 2 and below, with names of ours; and what follows from its table 3.
@pytest.mark.parametrize(
    "text, whom",
    [
        ('userName eq "bjensen"', "b"),
        ('userName Eq "BJENSEN"', "b"),
        ('name.familyName co "O\'Malley"', "b"),
        ('userName sw "J"', "j"),
        (f'{USER}:userName sw "J"', "j"),
        ("title pr", "b"),
        ("not (title pr)", "jk"),
        ('meta.lastModified gt "2011-05-13T04:42:34Z"', "bjk"),
        ('meta.lastModified lt "2011-05-13T04:42:34Z"', ""),
        ('title pr and userType eq "Employee"', ""),
        ('title pr or userType eq "Intern"', "bk"),
        (f'schemas eq "{ENTERPRISE}"', "bjk"),
        (f'schemas eq "{USER}"', "bjk"),
        ('userType eq "Employee" and (emails co "harbour.example" or emails.value co "nowhere.org")', "j"),
        ('userType ne "Employee" and not (emails co "nowhere" or emails.value co "nothing.org")', "bk"),
        ('userType eq "Employee" and (emails.type eq "work")', "j"),
        ('userType eq "Employee" and emails[type eq "work" and value co "@harbour.example"]', "j"),
        ('emails[type eq "home" and value co "@harbour.example"]', ""),
        (
            'emails[type eq "work" and value co "@harbour.example"] or ims[type eq "xmpp" and value co "@foo.com"]',
            "bjk",
        ),
        ('emails[not (type eq "work")]', "bjk"),
        ("phoneNumbers pr", "j"),
        ("active eq true", "bk"),
        ("active ne true", "j"),
        ('active eq false and not (userName eq "x")', "j"),
        ('externalId eq "K"', "k"),
        ('externalId eq "k"', ""),
        ("userType eq null", "b"),
        ("userType ne null", "jk"),
        ('userName ew "ITH"', "j"),
        ('userName ge "jsmith" and userName le "kim"', "jk"),
        ('userName gt "jsmith"', "k"),
        ('roles.value eq "DESK"', "k"),
        ('name.givenName co "%" or name.givenName co "_"', ""),
        (f'{ENTERPRISE}:department eq "tour operations"', "bjk"),
        (f"{ENTERPRISE}:manager.value pr", ""),
        ("groups pr", ""),
        # and binds more than or (table 5): read the other way round, nobody would be found.
        ('userName eq "bjensen" or userName eq "jsmith" and active eq true', "b"),
        ('(userName eq "bjensen" or userName eq "jsmith") and active eq false', "j"),
        ('userName eq "\\u0062jensen"', "b"),
    ],
)
def test_rfc_7644_3_4_2_2_a_filter_means_those_whom_it_describes(text: str, whom: str):
    assert means(text) == set(whom)


@pytest.mark.parametrize(
    "text",
    [
        "userName", 'userName eq', 'userName eq bjensen', 'userName is "x"', 'eq "x"', 'userName eq "x" and', "()",
        'userName eq "x")', '(userName eq "x"', 'userName eq "x" userName eq "y"', 'name eq "x"', 'nothing eq "x"',
        'name.nothing eq "x"', 'emails[nothing eq "x"]', 'emails[type eq "x"', 'name[familyName eq "x"]', "not title pr",
        'active gt true', 'active eq "x"', "userName eq 5", "userName gt null", 'userName eq "\\x"', "userName eq 'x'",
        'meta.created gt "yesterday"', 'meta.created gt "2011-05-13T04:42:34"', 'meta.created co "2011"', "(" * 40,
        'emails[emails[type eq "x"]]', 'userName eq "\\u0000"', 'userName eq "\\ud800"', "x" * 5_000, 'password eq "x"',
        'userName eq "x" or' * 300, '"x" eq userName', "😀 pr",
    ],
)  # fmt: skip
def test_rfc_7644_3_12_what_is_no_filter_is_refused_as_one(text: str):
    answer = harbour().get("/Users", filter=text)

    assert answer.status_code == 400, text
    assert (answer.json()["scimType"], answer.json()["status"]) == ("invalidFilter", "400")


def test_rfc_7644_3_4_2_2_not_binds_most_then_and_then_or():
    said = read_filter('not (title pr) and userName eq "a" or userName eq "b"', USER_SCHEMA)

    match said:
        case Either(Both(Not(_), Compare(_, "eq", "a")), Compare(_, "eq", "b")):
            pass
        case _:
            pytest.fail(str(said))


_PARTS = some.sampled_from(["value", "type"])
_WORDS = some.sampled_from(["", "work", "Work", "wo", "%", "home", "a@b.example"])
_COMPARE = some.tuples(_PARTS, some.sampled_from(["eq", "ne", "co", "sw", "ew", "gt", "le"]), _WORDS).map(
    lambda one: f'{one[0]} {one[1]} "{one[2]}"'
)
_FILTERS = some.recursive(
    _COMPARE | _PARTS.map(lambda part: f"{part} pr"),
    lambda inner: some.one_of(
        inner.map(lambda one: f"not ({one})"),
        some.tuples(inner, some.sampled_from(["and", "or"]), inner).map(
            lambda one: f"({one[0]}) {one[1]} ({one[2]})"
        ),
    ),
    max_leaves=4,
)


@settings(max_examples=40)
@given(_FILTERS)
def test_the_database_finds_whom_the_tree_means(text: str):
    """What a change chooses in memory and what a list finds are one language."""
    wanted = read_filter(f"emails[{text}]", USER_SCHEMA)
    found = set(harbour().found(f"emails[{text}]"))
    everybody: list[dict[str, Any]] = harbour().get("/Users").json()["Resources"]
    inside = getattr(wanted, "inside")  # noqa: B009  # a Within, as the brackets say

    assert found == {
        one["userName"] for one in everybody if any(meets(email, inside) for email in one["emails"])
    }


@pytest.mark.parametrize(
    "said, how, value, is_so",
    [("Work", "eq", "work", True), (None, "eq", None, True), (None, "ne", "x", True), (None, "co", "x", False), ("b", "ge", "B", True), (True, "eq", True, True)],
)  # fmt: skip
def test_a_value_compares_without_minding_the_size_of_letters(said: Any, how: str, value: Any, is_so: bool):
    assert compared(said, how, value, exact=False) is is_so


def test_only_the_schemas_at_hand_are_searched():
    with pytest.raises(FilterNotTaken):
        read_filter("members pr", USER_SCHEMA, ENTERPRISE_SCHEMA)
