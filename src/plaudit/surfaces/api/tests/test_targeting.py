"""Tiers, segments and offers over HTTP, and their reasons."""

from __future__ import annotations

from datetime import date, timedelta

from plaudit.foundation.ids import show
from plaudit.insights.tests.clubs import Club, make_club
from plaudit.people.tests.factories import make_organisation
from plaudit.surfaces.api.tests.calling import Program, body_of, program

DAY = date(2026, 3, 2)


def busy() -> tuple[Club, Program]:
    """Ada came four times and is on silver, bo came once."""
    club = make_club("ada", "bo")
    with club.on(DAY):
        club.buys("ada", "30", times=4)
        club.buys("bo", "5")
    return club, program(club.id)


def test_ladders_are_told_with_how_many_stand_on_each_level():
    club, caller = busy()
    with club.on(DAY + timedelta(days=1)):
        found = {one["key"]: one for one in body_of(caller.get("/ladders"))["items"]}
        one = body_of(caller.get("/ladders/club/status"))

    assert [(level["key"], level["members"]) for level in found["status"]["levels"]] == [
        ("silver", 1),
        ("gold", 0),
    ]
    assert (found["visits"]["on"], found["visits"]["earned"], found["visits"]["months"]) == (
        "purchase",
        None,
        12,
    )
    assert one == found["status"]
    assert caller.get("/ladders/club/none").status_code == 404


def test_a_members_tier_comes_with_what_keeps_and_raises_it():
    club, caller = busy()
    with club.on(DAY + timedelta(days=1)):
        tiers = {one["ladder"]: one for one in body_of(caller.get("/members/ext:till:ada/tiers"))["items"]}

    assert tiers["status"] == {
        "programme": "club",
        "ladder": "status",
        "name": "Status",
        "level": "silver",
        "level_name": "Silver",
        "since": "2026-03-02",
        "amount": 120,
        "kept_until": "2028-01-01",
        "falls_on": "2028-01-01",
        "falls_to": None,
        "keep": {"amount": 100, "by": "2027-12-31"},
        "next": {"level": "gold", "name": "Gold", "missing": 180},
    }
    assert (tiers["visits"]["level"], tiers["visits"]["next"]) == ("guest", None)


def test_a_segment_is_read_by_pages_and_kept_in_a_snapshot():
    club = make_club(*(names := [f"m{number}" for number in range(5)]))
    with club.on(DAY):
        club.buys(names, "5", times=4)
        caller = program(club.id)
        first = body_of(caller.get("/segments/club/regulars/members", limit=3))
        rest = body_of(caller.get("/segments/club/regulars/members", limit=3, after=first["next"]))
        taken = body_of(caller.post("/segments/club/regulars/snapshots", {"name": "may"}))
        club.buys("late", "1")
        again = body_of(caller.post("/segments/club/regulars/snapshots", {"name": "may"}))

    everybody = [one["member"] for one in (*first["items"], *rest["items"])]
    assert sorted(everybody) == sorted(show("mem", one) for one in club.members.values())
    assert (len(first["items"]), rest["has_more"]) == (3, False)
    assert (taken["members"], again) == (5, taken)
    assert body_of(caller.get("/segments/club/regulars"))["members"] == 5
    kept = body_of(caller.get("/segments/club/regulars/snapshots/may"))["items"]
    assert [one["member"] for one in kept] == everybody
    (mine,) = body_of(caller.get("/members/ext:till:m0/segments"))["items"]
    assert mine["key"] == "regulars"
    assert caller.get("/segments/club/regulars/snapshots/june").status_code == 404


def test_an_offer_is_made_to_a_list_once_and_taken_once():
    club, caller = busy()
    ada, bo = (show("mem", club.members[name]) for name in ("ada", "bo"))
    with club.on(DAY + timedelta(days=1)):
        made = [
            body_of(caller.post("/offers/club/single/members", {"members": listed}))["made"]
            for listed in ([ada], ["ext:till:ada", bo])
        ]
        refused = caller.post("/offers/club/spring/accept", {"member": bo})
        taken = body_of(caller.post("/offers/club/single/accept", {"member": ada}))
        again = body_of(caller.post("/offers/club/single/accept", {"member": "ext:till:ada"}))
        figures = body_of(caller.get("/offers/club/single"))["figures"]
        (mine,) = [
            one
            for one in body_of(caller.get("/members/ext:till:ada/offers"))["items"]
            if one["key"] == "single"
        ]

    assert made == [1, 1]
    assert (refused.status_code, body_of(refused)["code"]) == (403, "offer_not_made")
    assert taken == again
    assert (figures["accepted"], figures["made"]["of"], figures["control"]["of"]) == (1, 2, 0)
    assert (mine["holds"], mine["accepted_at"]) == (True, taken["accepted_at"])


def test_a_list_with_a_stranger_on_it_is_refused_whole():
    club, caller = busy()
    other = make_club("eve")
    ada, eve = show("mem", club.members["ada"]), show("mem", other.members["eve"])
    with club.on(DAY + timedelta(days=1)):
        for stranger in (eve, "ext:till:nobody", "mem_x"):
            answer = caller.post("/offers/club/single/members", {"members": [ada, stranger]})
            assert answer.status_code == 404
        assert body_of(caller.get("/offers/club/single"))["figures"]["made"]["of"] == 0


def test_reasons_are_told_to_nobody_elses_program():
    club, caller = busy()
    stranger = program(make_organisation().id)
    told = {
        "tiers/club/status": "Silver since 2 March 2026",
        "segments/club/regulars": "In Regulars since 2 March 2026",
        "offers/club/single": "For you was not made to this member.",
    }
    with club.on(DAY + timedelta(days=1)):
        for what, said in told.items():
            at = f"/members/ext:till:ada/{what}/explanation"
            why = body_of(caller.get(at))
            assert why["sentence"].startswith(said)
            assert (why["decided_by"]["programme"], why["decided_by"]["version"]) == ("club", 1)
            assert stranger.get(at).status_code == 404
