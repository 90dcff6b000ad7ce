"""What courses keep, as players meet it: states and profiles, seen before they are changed, merged, and forgotten.

The sections are those of the Experience API (xAPI) 1.0.3, part three, by the Advanced Distributed Learning Initiative
(github.com/adlnet/xAPI-Spec).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any
from uuid import uuid4

import pytest

from plaudit.foundation.exact import decode, encode
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.documents import DOCUMENT_BYTES_MAX, DOCUMENTS_MAX
from plaudit.learning.document_models import Document
from plaudit.learning.queries.own_copy import kept_of, statements_of
from plaudit.learning.tests.factories import Academy, make_academy
from plaudit.learning.tests.keeping import fill
from plaudit.learning.tests.saying import COURSE, MAILBOX, Json, said
from plaudit.people.actions.erasing import erase_identities
from plaudit.people.tests.browsing import program
from plaudit.people.tests.factories import ACTOR

VERSION = {"X-Experience-API-Version": "1.0.3"}
STATE, ACTIVITY, AGENT = "/xapi/activities/state", "/xapi/activities/profile", "/xapi/agents/profile"
RESOURCES = pytest.mark.parametrize("at", [STATE, ACTIVITY, AGENT])
PROFILES = pytest.mark.parametrize("at", [ACTIVITY, AGENT])


class Player:
    """A course that plays, with its key."""

    def __init__(self, scopes: tuple[str, ...] = ("statements:read", "statements:write")) -> None:
        self.academy: Academy = make_academy()
        self.client = program(self.academy.id, list(scopes))

    def call(
        self,
        method: str,
        at: str,
        query: dict[str, str],
        body: bytes = b"",
        *,
        media: str = "application/json",
        **headers: str,
    ) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, at, body, content_type=media, headers={**VERSION, **named}, query_params=query
        )


@lru_cache(maxsize=1)
def player() -> Player:
    """One for every test that does not mind what others keep."""
    return Player()


def somebody() -> Json:
    return {"account": {"homePage": "https://learn.example", "name": str(uuid4())}}


def place(at: str, **more: str) -> dict[str, str]:
    """Where a document of that kind may stand that nobody else knows of."""
    who = {"agent": encode(somebody())} if at != ACTIVITY else {}
    what = {"activityId": f"{COURSE}/{uuid4()}"} if at != AGENT else {}
    return {**who, **what, "stateId" if at == STATE else "profileId": "bookmark", **more}


def around(query: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if name not in ("stateId", "profileId")}


@RESOURCES
def test_2_2_a_document_comes_back_as_it_was_put_with_its_media_type(at):
    where, content = place(at), b"\x00\xff page 3 of 9"

    assert player().call("PUT", at, where, content, media="application/x-page").status_code == 204
    found = player().call("GET", at, where)

    assert (found.status_code, found.content) == (200, content)
    assert found["Content-Type"] == "application/x-page"
    assert found["X-Content-Type-Options"] == "nosniff"
    assert found["X-Experience-API-Version"] == "1.0.3"
    assert found["Last-Modified"].endswith("GMT")
    head = player().call("HEAD", at, where)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", found["ETag"])


@RESOURCES
def test_3_1_an_etag_is_the_sha1_of_the_document_in_quotes(at):
    where = place(at)
    kept = player().call("PUT", at, where, b'{"page":3}')

    expected = f'"{hashlib.sha1(b"""{"page":3}""", usedforsecurity=False).hexdigest()}"'
    assert player().call("GET", at, where)["ETag"] == expected == kept["ETag"]


@RESOURCES
def test_3_1_who_has_seen_another_state_changes_nothing(at):
    where = place(at)
    seen = player().call("PUT", at, where, b'{"page":1}', If_None_Match="*")
    assert seen.status_code == 204

    assert player().call("PUT", at, where, b'{"page":2}', If_None_Match="*").status_code == 412
    for method in ("PUT", "POST", "DELETE"):
        answer = player().call(method, at, where, b'{"page":2}', If_Match='"0000"')
        assert (answer.status_code, answer.json()["code"]) == (412, "document_changed")
    assert player().call("GET", at, where).json() == {"page": 1}
    assert player().call("PUT", at, where, b'{"page":2}', If_Match=seen["ETag"]).status_code == 204
    assert player().call("PUT", at, where, b'{"page":3}', If_Match=seen["ETag"]).status_code == 412
    assert player().call("PUT", at, where, b'{"page":3}', If_Match="*").status_code == 204
    assert player().call("PUT", at, place(at), b"{}", If_Match="*").status_code == 412


@PROFILES
def test_3_1_a_profile_is_not_written_over_by_who_names_no_state_of_it(at):
    where = place(at)
    assert player().call("PUT", at, where, b'{"page":1}').status_code == 204

    answer = player().call("PUT", at, where, b'{"page":2}')

    assert (answer.status_code, answer.json()["code"]) == (409, "document_known")
    assert "If-Match" in answer.json()["way_forward"]
    assert player().call("GET", at, where).json() == {"page": 1}


def test_3_1_a_state_may_be_written_over_without_naming_it():
    where = place(STATE)

    for page in (b'{"page":1}', b'{"page":2}'):
        assert player().call("PUT", STATE, where, page).status_code == 204

    assert player().call("GET", STATE, where).json() == {"page": 2}


@RESOURCES
def test_2_2_json_is_merged_property_by_property_and_not_deeper(at):
    where = place(at)
    player().call("POST", at, where, b'{"x":"foo","y":{"a":1},"n":1.50}')

    merged = player().call(
        "POST", at, where, b'{"x":"bar","y":{"b":2},"z":"faz"}', media="application/json; charset=utf-8"
    )

    assert merged.status_code == 204
    found = player().call("GET", at, where)
    assert found.json() == {"x": "bar", "y": {"b": 2}, "n": 1.5, "z": "faz"}
    assert b"1.50" in found.content
    assert found["ETag"] == merged["ETag"]


@RESOURCES
@pytest.mark.parametrize(
    "there, media, more, sent_as",
    [
        (b"page 3", "text/plain", b"{}", "application/json"),
        (b"{}", "application/json", b"page 3", "text/plain"),
        (b"[]", "application/json", b"{}", "application/json"),
        (b"{}", "application/json", b"[]", "application/json"),
        (b"{}", "application/json", b"{", "application/json"),
        (b"{}", "application/json", b'{"n":NaN}', "application/json"),
    ],
)
def test_2_2_what_is_no_json_object_is_not_merged_and_stays(at, there, media, more, sent_as):
    where = place(at)
    player().call("PUT", at, where, there, media=media)

    assert player().call("POST", at, where, more, media=sent_as).status_code == 400
    assert player().call("GET", at, where).content == there


@RESOURCES
def test_2_2_what_is_called_json_is_json(at):
    assert player().call("PUT", at, place(at), b"{page").status_code == 400


@RESOURCES
def test_2_3_to_2_7_names_are_listed_and_those_changed_since(at):
    where, by = place(at), "stateId" if at == STATE else "profileId"
    player().call("PUT", at, where, b"{}")
    before = player().call("GET", at, around(where))["X-Experience-API-Consistent-Through"]
    player().call("PUT", at, {**where, by: "answers"}, b"{}")

    assert player().call("GET", at, around(where)).json() == ["answers", "bookmark"]
    assert player().call("GET", at, {**around(where), "since": before}).json() == ["answers"]
    assert player().call("GET", at, {**where, "since": before}).status_code == 400
    assert player().call("GET", at, around(place(at))).json() == []


@RESOURCES
def test_2_3_to_2_7_what_was_taken_away_is_gone_and_taking_it_again_is_no_fault(at):
    where = place(at)
    player().call("PUT", at, where, b"{}")

    for _ in range(2):
        assert player().call("DELETE", at, where).status_code == 204
        assert player().call("GET", at, where).status_code == 404


def test_2_3_a_state_is_of_one_registration_and_all_are_taken_away_together():
    where = place(STATE)
    one, other = ({**where, "registration": str(uuid4())} for _ in range(2))
    for page, at in enumerate((where, one, other)):
        player().call("PUT", STATE, at, encode({"page": page}).encode())

    assert [player().call("GET", STATE, at).json()["page"] for at in (where, one, other)] == [0, 1, 2]
    assert player().call("DELETE", STATE, around(one)).status_code == 204
    assert [player().call("GET", STATE, at).status_code for at in (where, one, other)] == [200, 404, 200]
    assert player().call("GET", STATE, around(where)).json() == ["bookmark"]
    assert player().call("DELETE", STATE, around(where)).status_code == 204
    assert player().call("GET", STATE, around(where)).json() == []


def test_2_3_a_learner_is_known_by_the_identifier_however_they_are_called():
    where = place(STATE)
    player().call("PUT", STATE, where, b"{}")
    named = encode({"objectType": "Agent", "name": "Ada", **decode(where["agent"])})

    assert player().call("GET", STATE, {**where, "agent": named}).status_code == 200
    assert player().call("GET", STATE, {**where, "agent": encode(somebody())}).status_code == 404


@pytest.mark.parametrize(
    "method, at, query",
    [
        ("GET", STATE, {"agent": '{"mbox":"mailto:a@x.example"}'}),
        ("GET", STATE, {"activityId": COURSE}),
        ("PUT", STATE, {"activityId": COURSE, "agent": '{"mbox":"mailto:a@x.example"}'}),
        ("PUT", STATE, place(STATE, stateId="")),
        ("PUT", STATE, place(STATE, stateId="a\0b")),
        ("PUT", STATE, place(STATE, stateId="x" * 1_001)),
        ("PUT", STATE, place(STATE, activityId="a:\0")),
        ("GET", STATE, place(STATE, registration="7")),
        ("GET", STATE, place(STATE, agent="{}")),
        ("GET", STATE, place(STATE, agent='{"mbox":"mailto:a\\u0000@x.example"}')),
        ("GET", STATE, place(STATE, mood="good")),
        ("GET", ACTIVITY, {}),
        ("GET", ACTIVITY, {"activityId": "listening"}),
        ("DELETE", ACTIVITY, {"activityId": COURSE}),
        ("GET", AGENT, {}),
        ("DELETE", AGENT, {"agent": '{"mbox":"mailto:a@x.example"}'}),
        ("POST", AGENT, {"agent": '{"mbox":"mailto:a@x.example"}'}),
    ],
)
def test_2_3_to_2_7_what_an_address_names_is_held_to_what_it_must_be(method, at, query):
    assert player().call(method, at, query, b"{}").status_code == 400


@RESOURCES
def test_3_3_a_version_is_said_and_a_key_needs_its_scope(at):
    where = place(at)
    reader = Player(("statements:read",))

    assert player().client.get(at, query_params=where).status_code == 400
    assert reader.call("GET", at, where).status_code == 404
    assert reader.call("PUT", at, where, b"{}").status_code == 403


@RESOURCES
def test_a_document_is_kept_up_to_its_size(at):
    where = place(at)

    for more, status in ((0, 204), (1, 413)):
        content = b"x" * (DOCUMENT_BYTES_MAX + more)
        answer = player().call("PUT", at, place(at), content, media="text/plain")
        assert answer.status_code == status
    player().call("PUT", at, where, encode({"a": "x" * 300_000}).encode())
    grown = player().call("POST", at, where, encode({"b": "x" * 300_000}).encode())
    assert (grown.status_code, grown.json()["code"]) == (413, "document_too_large")


@RESOURCES
def test_so_many_documents_are_in_one_place_and_no_more(at):
    where, by = place(at), "stateId" if at == STATE else "profileId"
    player().call("PUT", at, where, b"{}")
    fill(player().academy.id, DOCUMENTS_MAX - 2)

    assert player().call("PUT", at, {**where, by: "last"}, b"{}").status_code == 204
    answer = player().call("PUT", at, {**where, by: "one-more"}, b"{}")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_documents")
    assert player().call("POST", at, {**where, by: "last"}, b"{}").status_code == 204
    assert player().call("PUT", at, place(at), b"{}").status_code == 204


@RESOURCES
def test_nobody_reads_what_another_organisation_keeps(at):
    where = place(at)
    player().call("PUT", at, where, b"{}")

    assert Player().call("GET", at, where).status_code == 404
    assert Player().call("GET", at, around(where)).json() == []


def test_a_member_has_a_copy_of_what_courses_said_and_keep_of_them():
    made = Player()
    ada, bo = made.academy.member("Ada", email="ada@people.example"), made.academy.member("Bo")
    here = {"activityId": COURSE, "agent": encode(MAILBOX)}
    made.call("PUT", STATE, {**here, "stateId": "page"}, b'{"page":3}')
    made.call("PUT", STATE, {**here, "stateId": "picture"}, b"\xff\xd8", media="image/jpeg")
    made.call("POST", "/xapi/statements", {}, encode(said(who=MAILBOX)).encode())

    with in_organisation(made.academy.id):
        copies = {one["name"]: one for one in kept_of(made.academy.id, [ada])}
        (statement,) = statements_of(made.academy.id, [ada])
        assert (kept_of(made.academy.id, [bo]), statements_of(made.academy.id, [bo])) == ([], [])

    assert copies["page"]["text"] == '{"page":3}'
    assert copies["picture"]["base64"] == "/9g="
    assert statement["actor"] == MAILBOX


def test_when_a_member_is_erased_what_courses_keep_of_them_is_gone():
    made = Player()
    agent = encode({"mbox": "mailto:Ada@people.example"})
    here = {"activityId": COURSE, "agent": agent}
    made.call("PUT", STATE, {**here, "stateId": "before"}, b"{}")  # before anybody knew who that is
    ada = made.academy.member("Ada", email="ada@people.example")
    made.call("PUT", STATE, {**here, "stateId": "after"}, b"{}")
    made.call("PUT", AGENT, {"agent": agent, "profileId": "likes"}, b"{}")
    made.call("PUT", ACTIVITY, {"activityId": COURSE, "profileId": "all"}, b"{}")

    erase_identities(made.academy.id, member_id=ada, reason="Asked for", actor=ACTOR)

    with in_organisation(made.academy.id):
        assert list(Document.objects.values_list("name", flat=True)) == ["all"]
