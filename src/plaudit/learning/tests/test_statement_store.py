"""A store of statements, as programs meet it: kept once, found again, voided, and counted where they complete something.

The numbers are those of "xAPI LRS Conformance Requirements" 1.0.3, by the Advanced Distributed Learning Initiative
(github.com/adlnet/xapi-lrs-conformance-requirements).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from plaudit.foundation.exact import encode
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.definitions import MoveOn
from plaudit.learning.rules.move_on import CATEGORY, MOVES_ON, SESSION
from plaudit.learning.statement_models import SpokenOf, Statement
from plaudit.learning.tests.factories import LEARNING, Academy, make_academy
from plaudit.learning.tests.saying import ADL, COURSE, WHOLE, Json, said
from plaudit.people.actions.erasing import erase_identities
from plaudit.people.tests.browsing import program
from plaudit.people.tests.factories import ACTOR

AT = "/xapi/statements"
VERSION = {"X-Experience-API-Version": "1.0.3"}
BOTH = ["statements:read", "statements:write"]
STRICT = "https://learn.example/courses/first-aid"


def _reached_by_statements(one: Any) -> Any:
    if one.key == "listening":
        return replace(one, activity=COURSE)
    if one.key == "first-aid":
        return replace(one, activity=STRICT, move_on=MoveOn.COMPLETED_AND_PASSED)
    return one


class Store:
    """An academy whose listening and first aid statements speak of, and a program that sends and asks."""

    def __init__(self, scopes: list[str] | None = None) -> None:
        offerings = tuple(_reached_by_statements(one) for one in LEARNING.offerings)
        self.academy: Academy = make_academy(learning=replace(LEARNING, offerings=offerings))
        self.client = program(self.academy.id, scopes or BOTH)

    def call(
        self, method: str, body: object = None, headers: Mapping[str, str] | None = None, **query: str
    ) -> Any:
        data = body if isinstance(body, bytes) else b"" if body is None else encode(body)
        return self.client.generic(
            method,
            AT,
            data,
            content_type="application/json",
            headers=VERSION if headers is None else headers,
            query_params=query,
        )

    def keeps(self, *statements: Json) -> list[str]:
        answer = self.call("POST", list(statements))
        assert answer.status_code == 200, answer.content
        kept: list[str] = answer.json()
        return kept

    def one(self, id: str, **query: str) -> Any:
        return self.call("GET", None, None, statementId=id, **query)

    def finds(self, **query: str) -> list[str]:
        answer = self.call("GET", None, None, **query)
        assert answer.status_code == 200, answer.content
        return [one["id"] for one in answer.json()["statements"]]


@lru_cache(maxsize=1)
def store() -> Store:
    """One for every test that does not mind what others sent."""
    return Store()


def a_person() -> Json:
    return {"account": {"homePage": "https://learn.example", "name": str(uuid4())}}


def test_xapi_00146_a_list_is_kept_and_its_ids_are_told_in_order():
    who, id = a_person(), str(uuid4())

    kept = store().keeps(said(who=who, id=id), said("passed", who=who))

    assert kept[0] == id and len(set(kept)) == 2
    assert store().finds(agent=encode(who)) == kept[::-1]
    assert store().finds(agent=encode(who), ascending="true") == kept


def test_xapi_00143_to_00145_one_is_put_under_its_id():
    id = str(uuid4())

    assert store().call("PUT", said(), statementId=id).status_code == 204
    assert store().call("PUT", said()).status_code == 400
    assert store().call("PUT", said(id=str(uuid4())), statementId=id).status_code == 400
    assert store().one(id).json()["object"] == {"id": COURSE}


def test_xapi_00142_an_id_says_one_thing_for_ever():
    id = str(uuid4())
    first = said(id=id, result={"score": {"scaled": 0.5}})
    store().keeps(first)
    before = store().one(id).json()

    assert store().keeps(first) == [id]
    assert (
        store().call("PUT", {**first, "result": {"score": {"scaled": 0.50}}}, statementId=id).status_code
        == 204
    )
    again = store().call("POST", said("passed", id=id))
    assert again.status_code == 409
    both = store().call("POST", [said(id=str(uuid4())), said("passed", id=id)])
    assert both.status_code == 409
    assert store().one(id).json() == before


def test_a_list_is_kept_whole_or_not_at_all():
    who = a_person()

    assert store().call("POST", [said(who=who), said(who=who, mood="good")]).status_code == 400
    twice = said(who=who, id=str(uuid4()))
    assert store().call("POST", [twice, twice]).status_code == 400
    assert store().finds(agent=encode(who)) == []


def test_xapi_00170_a_statement_comes_back_exactly_as_it_was_said():
    id = str(uuid4())
    store().keeps({**WHOLE, "id": id})

    shown = store().one(id).json()

    ours = {name: shown.pop(name) for name in ("authority", "stored")}
    lists = {
        name: one if isinstance(one, list) else [one]
        for name, one in WHOLE["context"]["contextActivities"].items()
    }
    context = {**WHOLE["context"], "contextActivities": lists}  # XAPI-00096
    assert shown == {**WHOLE, "id": id, "context": context}
    assert ours["authority"]["account"]["name"].startswith("key_")  # XAPI-00099
    assert ours["stored"]  # XAPI-00097


def test_xapi_00026_and_00097_what_is_not_said_is_ours_to_say():
    (id,) = store().keeps(said())

    shown = store().one(id).json()

    assert shown["timestamp"] == shown["stored"]
    assert shown["version"] == "1.0.0"


def test_xapi_00021_a_property_twice_is_no_statement():
    twice = encode(said()).replace('"verb":', '"verb":{},"verb":', 1).encode()

    assert store().call("POST", twice).status_code == 400
    assert store().call("POST", b"no json").status_code == 400


@pytest.mark.parametrize(
    "version, status", [("1.0", 200), ("1.0.9", 200), ("1.1.0", 400), ("0.95", 400), ("", 400)]
)
def test_xapi_00331_and_00333_versions(version, status):
    answer = store().call("GET", headers={"X-Experience-API-Version": version} if version else {}, limit="1")

    assert answer.status_code == status
    assert answer["X-Experience-API-Version"] == "1.0.3"


def test_about_is_told_to_everybody():
    answer = store().client.get("/xapi/about")

    assert (answer.status_code, answer.json()) == (200, {"version": ["1.0.3"]})


def test_xapi_00016_to_00018_what_is_voided_is_found_only_as_that():
    who = a_person()
    (id,) = store().keeps(said(who=who))
    (void,) = store().keeps(said("voided", who=who, object={"objectType": "StatementRef", "id": id}))
    (in_vain,) = store().keeps(said("voided", who=who, object={"objectType": "StatementRef", "id": void}))

    assert store().one(id).status_code == 404
    assert store().call("GET", voidedStatementId=id).json()["id"] == id
    assert store().call("GET", voidedStatementId=void).status_code == 404
    assert store().finds(agent=encode(who)) == [in_vain, void]  # XAPI-00162


@pytest.mark.parametrize(
    "query",
    [
        {"statementId": "7"},
        {"statementId": WHOLE["id"], "verb": f"{ADL}passed"},  # XAPI-00151
        {"voidedStatementId": WHOLE["id"], "limit": "1"},  # XAPI-00150
        {"statementId": WHOLE["id"], "voidedStatementId": WHOLE["id"]},
        {"agent": "ada"},
        {"agent": '{"objectType":"Group","member":[{"mbox":"mailto:a@x.example"}]}'},
        {"verb": "passed"},
        {"verb": "a:\0"},
        {"activity": "listening"},
        {"registration": "7"},
        {"since": "yesterday"},
        {"limit": "-1"},
        {"ascending": "yes"},
        {"format": "short"},
        {"mood": "good"},
        {"attachments": "perhaps"},
    ],
)
def test_xapi_00012_a_question_is_held_to_what_statements_are(query):
    assert store().call("GET", **query).status_code == 400


def test_xapi_00176_to_00181_what_fits_is_found():
    who, other = a_person(), a_person()
    registration, unit = str(uuid4()), f"https://learn.example/{uuid4()}"
    context = {
        "registration": registration,
        "instructor": other,
        "contextActivities": {"parent": {"id": unit}},
    }
    (id,) = store().keeps(said("passed", who=who, context=context))
    (of_unit,) = store().keeps(said(who=who, what=unit))
    (of_other,) = store().keeps(said(who=who, object={"objectType": "Agent", **other}))

    assert store().finds(agent=encode(other)) == [of_other]
    assert store().finds(agent=encode(other), related_agents="true") == [of_other, id]
    assert store().finds(activity=unit) == [of_unit]
    assert store().finds(activity=unit, related_activities="true") == [of_unit, id]
    assert store().finds(registration=registration) == [id]
    assert store().finds(agent=encode(who), verb=f"{ADL}passed") == [id]
    stored = store().one(of_unit).json()["stored"]
    assert store().finds(agent=encode(who), since=stored) == [of_other]
    assert store().finds(agent=encode(who), until=stored) == [of_unit, id]
    assert store().finds(agent=encode(a_person())) == []  # XAPI-00149


def test_xapi_00173_there_is_more_until_there_is_not():
    who = a_person()
    kept = store().keeps(*(said(who=who) for _ in range(5)))

    found, answer = [], store().call("GET", agent=encode(who), limit="2").json()
    while True:
        found += [one["id"] for one in answer["statements"]]
        if not answer["more"]:
            break
        answer = store().client.get(answer["more"], headers=VERSION).json()

    assert found == kept[::-1]


def test_xapi_00169_and_00171_other_forms():
    id = str(uuid4())
    store().keeps({**WHOLE, "id": id})

    short = store().one(id, format="ids").json()
    assert short["actor"] == {"objectType": "Agent", "mbox": WHOLE["actor"]["mbox"]}
    assert short["verb"] == {"id": WHOLE["verb"]["id"]}
    assert short["object"] == {"objectType": "Activity", "id": COURSE}
    german = store().call(
        "GET", headers={**VERSION, "Accept-Language": "de-AT, de;q=0.9"}, statementId=id, format="canonical"
    ).json()  # fmt: skip
    assert german["verb"]["display"] == {"de": "schloss ab"}
    assert german["object"]["definition"]["name"] == {"en-GB": "Listening"}


def test_head_says_what_get_says_without_the_words():
    answer = store().call("HEAD", limit="1")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["X-Experience-API-Consistent-Through"]


def test_a_key_is_a_password_too_and_needs_its_scope():
    reader = Store(["statements:read"])
    secret = reader.client.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    basic = b64encode(f"anything:{secret}".encode()).decode()

    answered = reader.call("GET", headers={**VERSION, "Authorization": f"Basic {basic}"})
    assert answered.status_code == 200
    assert reader.call("POST", said()).status_code == 403
    for wrong in ("Basic !", f"Basic {b64encode(b'a:b').decode()}"):
        assert reader.call("GET", headers={**VERSION, "Authorization": wrong}).status_code == 401


def test_a_statement_completes_what_it_is_about_and_voiding_it_takes_that_back():
    made = Store()
    ada = made.academy.member("Ada", email="Ada@people.example")
    nobody = made.keeps(said(who={"mbox": "mailto:nobody@people.example"}))
    (id,) = made.keeps(said("passed"))

    assert nobody and made.academy.available(ada) == 1_000
    made.keeps(said("completed"), said("attended"))
    assert made.academy.standing(ada) == ["listening"]
    made.keeps(said("voided", object={"objectType": "StatementRef", "id": id}))
    assert made.academy.available(ada) == 0


def test_under_cmi5_an_attempt_completes_once_all_it_asks_for_was_said():
    made = Store()
    ada = made.academy.member("Ada", external_ids=[("lms", "ada-7")])
    who = {"account": {"homePage": "https://lms.example", "name": "ada-7"}}

    def in_session(verb: str, registration: str, *, moves: bool = True) -> Json:
        marks = [{"id": CATEGORY}, *([{"id": MOVES_ON}] if moves else [])]
        activities = {"category": marks, "grouping": [{"id": STRICT}]}
        context = {
            "registration": registration,
            "contextActivities": activities,
            "extensions": {SESSION: "s"},
        }
        return said(verb, who=who, what="https://lms.example/units/7", context=context)

    one, other = str(uuid4()), str(uuid4())
    made.keeps(in_session("completed", one), in_session("passed", other))
    made.keeps(in_session("passed", one, moves=False))
    assert made.academy.available(ada) == 0
    made.keeps(in_session("passed", one))
    assert (made.academy.available(ada), made.academy.standing(ada)) == (500, ["first-aid"])


def test_when_a_member_is_erased_their_statements_say_somebody():
    made = Store()
    ada = made.academy.member("Ada", email="ada@people.example")
    (id,) = made.keeps(said())

    erase_identities(made.academy.id, member_id=ada, reason="Asked for", actor=ACTOR)

    assert made.one(id).json()["actor"]["account"]["name"] == "forgotten"
    with in_organisation(made.academy.id):
        kept = str(list(Statement.objects.values_list("body", "agents")))
        assert "ada@" not in kept and not SpokenOf.objects.filter(member_id=ada).exists()
