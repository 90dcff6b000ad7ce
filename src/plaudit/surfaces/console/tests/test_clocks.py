"""Sandboxes and their clocks in the console: made, entered, moved by the real jobs, followed on the page."""

from __future__ import annotations

import re
from datetime import timedelta

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.keys import create_key
from plaudit.people.clock_moves import ClockMove
from plaudit.people.models import Organisation
from plaudit.people.queries import clock_moves, clock_standing, sandboxes_of
from plaudit.people.tasks import move_clock
from plaudit.people.tests.browsing import program_with
from plaudit.people.tests.factories import ACTOR
from plaudit.planning.queries import programmes
from plaudit.surfaces.console.tests.shops import PROGRAMME, make_company, make_sandbox_company
from plaudit.surfaces.console.tests.test_pages import hidden_in, queries_of, text_of

CLOCK = "/console/dev/clock"
SANDBOXES = "/console/dev/sandboxes"


def ask_to_move(client, days: int) -> None:
    """See what will happen, and have the clock moved there."""
    plan = hidden_in(client.get(CLOCK, {"days": days}))
    assert client.post(f"{CLOCK}/move", {"until": plan["until"]}).status_code == 302


def work_off(organisation_id: int) -> None:
    """Do what a worker would."""
    with in_organisation(organisation_id):
        (move, *_) = clock_moves(organisation_id)
    move_clock(organisation_id, move_id=str(move.id))


def now_in(organisation_id: int):
    with in_organisation(organisation_id):
        return clock_standing(organisation_id).now


def test_a_sandbox_is_made_with_the_programmes_in_force_and_entered():
    company = make_company()
    developer = company.person("developer")

    made = developer.post(f"{SANDBOXES}/make", {"name": "New tiers"})

    assert made.headers["Location"] == CLOCK
    (sandbox,) = sandboxes_of(company.id)
    with in_organisation(sandbox.id):
        assert [one.key for one in programmes(sandbox.id)] == [PROGRAMME]
    page = text_of(developer.get(CLOCK))
    assert "New tiers" in page
    assert "Nothing here is real" in page
    assert developer.post(f"{SANDBOXES}/leave").status_code == 302
    assert "Nothing here is real" not in text_of(developer.get(SANDBOXES))


def test_whoever_builds_with_the_original_enters_its_sandboxes_with_the_same_roles():
    company = make_company()
    company.person("developer").post(f"{SANDBOXES}/make", {"name": "One"})
    (sandbox,) = sandboxes_of(company.id)
    manager = company.person("manager")

    assert manager.post(f"{SANDBOXES}/of/{sandbox.code}/enter").status_code == 302

    assert manager.get("/console/members").status_code == 200
    assert manager.get("/console/dev/keys").status_code == 403


def test_a_sandbox_of_others_is_not_there():
    other = make_company()
    other.person("developer").post(f"{SANDBOXES}/make", {"name": "Theirs"})
    (theirs,) = sandboxes_of(other.id)
    developer = make_company().person("developer")

    assert developer.post(f"{SANDBOXES}/of/{theirs.code}/enter").status_code == 404
    assert developer.post(f"{SANDBOXES}/of/{theirs.code}/copy").status_code == 404


def test_a_sandbox_begins_anew_under_its_name():
    company = make_company()
    developer = company.person("developer")
    developer.post(f"{SANDBOXES}/make", {"name": "Try"})
    (first,) = sandboxes_of(company.id)

    assert developer.post(f"{SANDBOXES}/of/{first.code}/reset").status_code == 302

    (second,) = sandboxes_of(company.id)
    assert second.id != first.id and second.name == first.name
    assert "points-basics" in developer.get("/console/programmes").content.decode()


def test_a_deleted_sandbox_is_gone_with_its_keys_and_ways_in():
    company = make_company()
    developer, other = company.person("developer"), company.person("developer")
    developer.post(f"{SANDBOXES}/make", {"name": "Try"})
    (sandbox,) = sandboxes_of(company.id)
    other.post(f"{SANDBOXES}/of/{sandbox.code}/enter")
    key = create_key(sandbox.id, name="Till", scopes=["admin"], actor=ACTOR).secret

    assert developer.post(f"{SANDBOXES}/of/{sandbox.code}/delete").status_code == 302

    assert sandboxes_of(company.id) == []
    assert company.organisation.name in text_of(developer.get(SANDBOXES))
    assert other.get("/console/").status_code == 302
    assert program_with(key).get("/api/v1/members").status_code == 401
    assert developer.post(f"{SANDBOXES}/of/{sandbox.code}/delete").status_code == 404
    assert developer.post(f"{SANDBOXES}/of/{company.organisation.code}/delete").status_code == 404


def test_a_sandbox_without_a_name_is_not_made():
    company = make_company()

    answer = company.person("developer").post(f"{SANDBOXES}/make", {"name": " "})

    assert answer.status_code == 422
    assert "Give it a name." in text_of(answer)
    assert sandboxes_of(company.id) == []


def test_two_sandboxes_of_one_name_have_short_names_of_their_own():
    company = make_company()
    developer = company.person("developer")

    for _ in range(3):
        assert developer.post(f"{SANDBOXES}/make", {"name": "Try"}).status_code == 302

    assert len({one.slug for one in sandboxes_of(company.id)}) == 3


def test_what_will_happen_is_shown_before_and_what_changed_after():
    company = make_sandbox_company()
    member = company.member()
    company.buy(member)
    developer = company.person("developer")

    before = text_of(developer.get(CLOCK, {"days": 800}))
    assert "expire" in before
    assert company.available(member) == 50

    ask_to_move(developer, 800)
    moving = text_of(developer.get(CLOCK))
    assert "The clock is moving" in moving
    work_off(company.id)

    after = text_of(developer.get(CLOCK))
    assert "What changed" in after
    assert "expired" in after
    assert company.available(member) == 0
    assert developer.get(f"{CLOCK}/progress").headers["HX-Refresh"] == "true"


def test_the_clock_is_moved_to_a_day_in_the_organisations_own_zone():
    company = make_sandbox_company()
    Organisation.objects.filter(id=company.id).update(time_zone="Asia/Tokyo")
    developer = company.person("developer")
    day = (clock.wall() + timedelta(days=40)).date()

    plan = hidden_in(developer.get(CLOCK, {"to": f"{day}T09:00"}))

    assert plan["until"] == f"{day}T09:00:00+09:00"


def test_a_day_gone_by_a_day_too_far_and_no_day_at_all_are_refused_in_words():
    company = make_sandbox_company()
    developer = company.person("developer")

    assert "cannot go back" in text_of(developer.get(CLOCK, {"to": "2001-01-01"}))
    assert "at most 10 years" in text_of(developer.get(CLOCK, {"days": "9999"}))
    nothing = developer.get(CLOCK, {"to": "soon"})
    assert nothing.status_code == 422
    assert "Write the moment as in" in text_of(nothing)


def test_a_newer_move_takes_the_place_of_one_that_waits():
    company = make_sandbox_company()
    developer = company.person("developer")
    ask_to_move(developer, 1)
    with in_organisation(company.id):
        (first,) = clock_moves(company.id)
    ask_to_move(developer, 30)

    move_clock(company.id, move_id=str(first.id))
    assert now_in(company.id) < clock.wall() + timedelta(hours=1)
    work_off(company.id)

    assert now_in(company.id) > clock.wall() + timedelta(days=29)
    with in_organisation(company.id):
        assert ClockMove.objects.filter(organisation_id=company.id, ended_at=None).count() == 0


def test_a_live_organisation_has_the_real_time():
    company = make_company()
    developer = company.person("developer")

    assert "Time cannot be moved here" in text_of(developer.get(CLOCK))
    until = (clock.wall() + timedelta(days=1)).isoformat()
    assert developer.post(f"{CLOCK}/move", {"until": until}).status_code == 409


def test_the_clock_costs_the_same_however_often_it_was_moved():
    company = make_sandbox_company()
    developer = company.person("developer")
    ask_to_move(developer, 1)
    work_off(company.id)
    few = queries_of(developer, CLOCK)
    for _ in range(4):
        ask_to_move(developer, 1)
        work_off(company.id)

    assert queries_of(developer, CLOCK) == few <= 16
    assert re.search("Moves so far", text_of(developer.get(CLOCK)))
