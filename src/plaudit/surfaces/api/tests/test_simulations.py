"""What-if over HTTP: handed in, run by a worker, followed, read; nothing of it happens inside a request."""

from __future__ import annotations

from typing import Any

from plaudit.earning.tests.factories import Story, make_story, purchase
from plaudit.foundation import ids
from plaudit.foundation.jobs.declaring import at_once
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.models import Transfer
from plaudit.people.tests.factories import make_organisation
from plaudit.planning.actions.simulate import run_simulation
from plaudit.planning.models import Simulation
from plaudit.surfaces.api.tests.calling import Program, body_of, program

DRAFT = """\
plaudit: 1
programme: main
name: Main
time_zone: UTC
units:
  points: {one: point, other: points}
activities:
  purchase:
    title: Purchase
    fields: {amount: decimal(2)}
rules:
  purchases:
    name: 2 points per euro, 50 a day
    on: purchase
    earn: floor(amount * 2)
    limits: at most 50 points a day per member
"""


def test_a_draft_handed_in_is_replayed_by_a_worker_and_its_result_is_read() -> None:
    story = make_story()
    story.send(purchase("ada", "10"), purchase("bo", "100"))
    before = _transfers(story)
    caller = program(story.organisation.id)

    with at_once() as queued:
        begun = caller.post("/simulations", {"file": DRAFT})
    waiting = _followed(caller, body_of(begun)["id"])
    for job in queued:
        job()
        job()  # a worker that lost its job to another finds it done
    done = _followed(caller, body_of(begun)["id"])

    assert begun.status_code == 202
    assert (waiting["state"], waiting["units"]) == ("waiting", None)
    assert (done["state"], done["events"]) == ("done", 2)
    (unit,) = done["units"]
    assert (unit["draft"], unit["live"]) == (70, 110)
    assert [(one["draft"], one["live"]) for one in unit["losers"]] == [(50, 100)]
    member = caller.get(f"/members/{unit['winners'][0]['name']}")
    assert member.status_code == 200
    assert _transfers(story) == before


def test_a_replay_of_nothing_is_refused_with_the_reason_kept() -> None:
    caller = program(make_story().organisation.id)

    with at_once() as queued:
        begun = body_of(caller.post("/simulations", {"file": DRAFT}))
    for job in queued:
        job()
    refused = _followed(caller, begun["id"])

    assert (refused["state"], refused["refusal"]["code"]) == ("refused", "nothing_to_replay")


def test_a_replay_that_is_cancelled_while_it_runs_comes_to_nothing() -> None:
    story = make_story()
    at = story.organisation.id
    story.send(purchase("ada", "10"))
    caller = program(at)
    with at_once():
        begun = body_of(caller.post("/simulations", {"file": DRAFT}))["id"]
    stages = []

    def stop(stage: str, _rows: int) -> None:
        stages.append(stage)
        if stage == "replaying":
            answer = caller.post(f"/simulations/{begun}/cancel")
            assert body_of(answer)["state"] == "cancelled"

    run_simulation(at, ids.read("sim", begun, kind="simulation"), progress=stop)

    assert stages[-1] == "replaying"
    found = _followed(caller, begun)
    assert (found["state"], found["units"], found["refusal"]) == ("cancelled", None, None)
    assert body_of(caller.post(f"/simulations/{begun}/cancel"))["state"] == "cancelled"


def test_a_replay_that_waits_is_cancelled_and_one_that_ended_is_not() -> None:
    story = make_story()
    story.send(purchase("ada", "10"))
    caller = program(story.organisation.id)
    with at_once() as queued:
        waits = body_of(caller.post("/simulations", {"file": DRAFT}))["id"]
        ends = body_of(caller.post("/simulations", {"file": DRAFT}))["id"]
    assert caller.post(f"/simulations/{waits}/cancel").status_code == 200
    for job in queued:
        job()

    refused = caller.post(f"/simulations/{ends}/cancel")

    assert (refused.status_code, body_of(refused)["code"]) == (409, "simulation_ended")
    assert [_followed(caller, one)["state"] for one in (waits, ends)] == ["cancelled", "done"]


def test_a_window_leaves_the_rest_of_history_out() -> None:
    story = make_story()
    story.send(purchase("ada", "10"))
    caller = program(story.organisation.id)

    with at_once() as queued:
        begun = body_of(caller.post("/simulations", {"file": DRAFT, "starts_at": "2027-01-01T00:00:00Z"}))
    for job in queued:
        job()

    assert _followed(caller, begun["id"])["state"] == "refused"


def test_a_faulty_draft_and_a_window_that_ends_first_are_refused_at_once() -> None:
    organisation = make_organisation()
    caller = program(organisation.id)
    backwards = {"starts_at": "2026-02-01T00:00:00Z", "ends_at": "2026-01-01T00:00:00Z"}

    with at_once() as queued:
        faulty = caller.post("/simulations", {"file": "plaudit: 1\n"})
        turned = caller.post("/simulations", {"file": DRAFT, **backwards})

    assert (faulty.status_code, turned.status_code, queued) == (422, 422, [])
    with in_organisation(organisation.id):
        assert not Simulation.objects.filter(organisation_id=organisation.id).exists()


def test_replays_are_listed_newest_first_and_only_to_their_organisation() -> None:
    story = make_story()
    caller, other = program(story.organisation.id), program(make_organisation().id)
    with at_once():
        first = body_of(caller.post("/simulations", {"file": DRAFT}))["id"]
        second = body_of(caller.post("/simulations", {"file": DRAFT}))["id"]

    page = body_of(caller.get("/simulations", limit=1))
    rest = body_of(caller.get("/simulations", limit=1, after=page["next"]))

    assert [one["id"] for one in page["items"] + rest["items"]] == [second, first]
    assert body_of(other.get("/simulations"))["items"] == []
    assert other.get(f"/simulations/{first}").status_code == 404


def _followed(caller: Program, reference: str) -> Any:
    return body_of(caller.get(f"/simulations/{reference}"))


def _transfers(story: Story) -> int:
    with in_organisation(story.organisation.id):
        return Transfer.objects.filter(organisation_id=story.organisation.id).count()
