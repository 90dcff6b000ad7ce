"""Progress, badges and places in competitions over HTTP."""

from __future__ import annotations

from plaudit.earning.tests.factories import purchase
from plaudit.engagement.actions.competing import decide_rounds
from plaudit.engagement.tests.factories import Keeping, make_challenge, make_competition, make_keeping
from plaudit.engagement.tests.test_competitions import APRIL
from plaudit.foundation import clock
from plaudit.surfaces.api.tests.calling import Program, body_of, program


def standing_story() -> tuple[Keeping, Program]:
    keeping = make_keeping(make_challenge(2, badge="regular"), make_competition())
    for number, (who, amount) in enumerate((("ada", "12.50"), ("bob", "30"), ("ada", "10"))):
        keeping.story.buy(who, amount, id=f"p{number}")
    keeping.follow()
    return keeping, program(keeping.organisation)


def test_progress_is_told_with_its_goals_and_what_it_comes_of():
    _, caller = standing_story()

    found = {one["kind"]: one for one in body_of(caller.get("/members/ext:till:ada/progress"))["items"]}
    assert (found["challenge"]["progress"], found["competition"]["progress"]) == ("2", "22.5")
    assert found["challenge"]["goals"] == [{"at": "2", "badge": "regular", "reached": True}]

    at = "/members/ext:till:ada/progress/main/competition/top"
    assert [one["counts"] for one in body_of(caller.get(at, period="2026-03"))["items"]] == ["10", "12.5"]
    assert caller.get("/members/ext:till:ada/progress/main/streak/top").status_code == 404


def test_badges_that_stand_are_told():
    _, caller = standing_story()

    (badge,) = body_of(caller.get("/members/ext:till:ada/badges"))["items"]
    assert (badge["badge"], badge["kind"], badge["key"]) == ("regular", "challenge", "five")
    assert body_of(caller.get("/members/ext:till:bob/badges"))["items"] == []


def test_a_round_tells_its_places_and_a_members_neighbours_and_later_corrections():
    keeping, caller = standing_story()

    live = body_of(caller.get("/competitions/main/top", period="2026-03", member="ext:till:ada"))
    assert [(one["place"], one["amount"]) for one in live["places"]] == [(1, "30"), (2, "22.5")]
    assert [one["place"] for one in live["neighbours"]] == [1, 2]
    assert live["decided_at"] is None

    with clock.frozen_at(APRIL):
        decide_rounds(keeping.organisation)
    keeping.story.buy("ada", "100", id="late")
    keeping.follow()
    decided = body_of(caller.get("/competitions/main/top", period="2026-03"))
    assert [(one["amount"], one["amount_now"]) for one in decided["places"]] == [
        ("30", "30"),
        ("22.5", "122.5"),
    ]
    assert body_of(caller.get("/competitions/main/top", period="1999-01"))["places"] == []
    assert caller.get("/competitions/main/other").status_code == 404


def test_an_event_of_plaudits_own_source_is_refused():
    _, caller = standing_story()
    event = purchase("ada", "1")
    answer = caller.report(
        {
            "specversion": "1.0",
            "id": "x",
            "source": "plaudit",
            "type": event.type,
            "subject": "ada",
            "time": "2026-03-02T12:00:00Z",
            "data": {"amount": 1},
        }
    )
    assert body_of(answer)["code"] == "source_reserved"
