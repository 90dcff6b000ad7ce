"""Findings over HTTP: why they stand out, who is heard, who decides, and who does not."""

from __future__ import annotations

from typing import Any

import pytest

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.people.tests.factories import ACTOR, make_member
from plaudit.recognition.actions.reviewing import count_now, look_now
from plaudit.recognition.queries.reviews import LOOK_AGAIN
from plaudit.recognition.tests.factories import Noticing
from plaudit.recognition.tests.ringed import LOOK_AT, RING, make_ringed
from plaudit.surfaces.api.tests.calling import Program, body_of, program


@pytest.fixture
def noticing() -> Noticing:
    return make_ringed()


def found_in(noticing: Noticing, caller: Program) -> str:
    """The one finding, as `/findings/fnd_…`."""
    with clock.frozen_at(LOOK_AT):
        look_now(noticing.organisation, count_now(noticing.organisation), actor=ACTOR)
    (one,) = body_of(caller.get("/findings"))["items"]
    return f"/findings/{one['id']}"


def named(noticing: Noticing, name: str) -> str:
    return show("mem", noticing.id(name))


def test_a_finding_says_what_was_counted_what_chance_brings_and_how_often_it_would_be_wrong(noticing):
    caller = program(noticing.organisation)
    one: dict[str, Any] = body_of(caller.get(found_in(noticing, caller)))

    assert one["members"] == sorted(named(noticing, name) for name in RING)
    because = one["because"]
    assert (because["null_model"], because["false_positive_rate"]) == ("configuration", "0.01")
    assert because["recognitions"] == 12 * 11 + 36
    assert because["one_in"] == one["one_in"] > 100
    strong = [link for link in because["links"] if link["observed"] == 13]
    assert {(link["giver"], link["recipient"]) for link in strong} == {
        (named(noticing, giver), named(noticing, recipient))
        for giver, recipient in (("Una", "Vic"), ("Vic", "Wyn"), ("Wyn", "Una"))
    }
    assert all(float(link["expected"]) < 3 and link["one_in"] > 1 for link in strong)
    assert [part["words"] for part in one["concerned"]] == ["", "", ""]


def test_those_it_names_are_heard_and_what_is_doubted_is_decided_by_another_program(noticing):
    caller, same = program(noticing.organisation), program(noticing.organisation)
    other = program(noticing.organisation, "findings:write", made_by="usr_9")
    at = found_in(noticing, caller)
    talked = {"outcome": "talked_about", "words": "We met"}

    assert body_of(caller.post(f"{at}/decide", talked))["code"] == "not_heard_yet"
    early = caller.post(f"{at}/say", {"member": named(noticing, "Una"), "words": "Why?"})
    assert early.status_code == 404
    assert body_of(caller.post(f"{at}/ask", {}))["state"] == "asked"
    for name in RING:
        caller.post(f"{at}/say", {"member": named(noticing, name), "words": f"{name} shares a desk"})
    decided = body_of(caller.post(f"{at}/decide", talked))
    assert (decided["state"], decided["outcome"], decided["words"]) == ("decided", "talked_about", "We met")
    doubted = body_of(
        caller.post(f"{at}/doubt", {"member": named(noticing, "Vic"), "words": "All were meant"})
    )
    assert (doubted["state"], doubted["decided_before_by"]) == ("doubted", decided["decided_by"])
    assert "All were meant" in [part["doubt"] for part in doubted["concerned"]]
    for of_one_person in (caller, same):
        again = of_one_person.post(f"{at}/decide", talked)
        assert (again.status_code, body_of(again)["code"]) == (409, "somebody_else_decides")
    last = body_of(other.post(f"{at}/decide", {"outcome": "nothing_wrong", "words": "Nothing"}))

    assert last["decided_by"] not in ("", decided["decided_by"])
    assert [one["state"] for one in body_of(caller.get("/findings", state="decided"))["items"]] == ["decided"]
    assert body_of(caller.get("/findings", state="waiting"))["items"] == []


def test_nobody_reviews_what_names_themselves_or_speaks_for_who_is_not_in_it(noticing):
    caller = program(noticing.organisation)
    at = found_in(noticing, caller)
    una, stranger = named(noticing, "Una"), show("mem", make_member(noticing.organisation).id)

    for act, body in {"take": {}, "ask": {}, "decide": {"outcome": "nothing_wrong", "words": "x"}}.items():
        assert body_of(caller.post(f"{at}/{act}", {**body, "reviewer": una}))["code"] == "own_finding", act
    assert body_of(caller.post(f"{at}/take", {"reviewer": stranger}))["owner"].startswith("key_")
    caller.post(f"{at}/ask", {})
    for act in ("say", "doubt"):
        said = caller.post(f"{at}/{act}", {"member": stranger, "words": "Me too"})
        assert said.status_code == 404, act


def test_a_look_is_asked_for_once_in_four_weeks_and_a_retry_gets_the_same_look(noticing):
    caller = program(noticing.organisation)
    with clock.frozen_at(LOOK_AT):
        made = caller.post("/recognition-looks", {}, key="look-1")
        retried = caller.post("/recognition-looks", {}, key="look-1")
        soon = caller.post("/recognition-looks", {})
    with clock.frozen_at(LOOK_AT + LOOK_AGAIN):
        later = caller.post("/recognition-looks", {})

    assert (made.status_code, body_of(made)["findings"]) == (201, 1)
    assert body_of(retried) == body_of(made)
    assert (soon.status_code, body_of(soon)["code"]) == (409, "looked_lately")
    front = body_of(caller.get("/recognition-looks", limit=1))
    assert front["items"] == [body_of(later)]
    assert body_of(caller.get("/recognition-looks", after=front["next"]))["items"] == [body_of(made)]


def test_findings_are_read_and_decided_with_scopes_of_their_own(noticing):
    at = found_in(noticing, program(noticing.organisation))
    reader = program(noticing.organisation, "findings:read")

    assert reader.get(at).status_code == 200
    assert reader.post(f"{at}/take", {}).status_code == 403
    for other in (program(noticing.organisation, "recognition:read", "recognition:write"),):
        assert {other.get(at).status_code, other.post("/recognition-looks", {}).status_code} == {403}
