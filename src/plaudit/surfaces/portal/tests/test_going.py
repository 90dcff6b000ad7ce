"""What keeps a member going, on their pages: challenges, streaks, competitions, offers, badges and levels."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plaudit.engagement.actions.referring import redeem_code
from plaudit.people.actions.choosing import choose
from plaudit.people.choices import BY_NAME
from plaudit.people.tests.factories import ACTOR, make_member
from plaudit.surfaces.design.tests.markup import Page
from plaudit.surfaces.portal.tests.going import Going, begin_going
from plaudit.surfaces.portal.tests.visiting import begin_visit

PAGES = (
    "/",
    "/earn",
    "/challenges",
    "/challenges?show=all",
    "/badges",
    "/refer",
    "/tier",
    "/membership",
    "/expiry",
)


@lru_cache(maxsize=1)
def fresh() -> Going:
    """A shop in which Mina has done nothing yet; nothing here changes it."""
    return begin_going()


@lru_cache(maxsize=1)
def lived() -> Going:
    """A shop in which she has; nothing here changes it."""
    going = begin_going()
    going.lives()
    going.offers("spring")
    going.offers("summer")
    going.joins(paid=True)
    return going


def sound(page: str) -> None:
    read = Page(page)
    assert read.open == []
    assert {name for name, count in read.ids.items() if count > 1} == set()
    assert set(read.pointed) - set(read.ids) == set()
    assert read.headings.count(1) == 1
    assert {name for name in read.attributes if name == "style" or name.startswith("on")} == set()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("world", [fresh, lived])
def test_a_page_is_sound_whether_or_not_there_is_anything_on_it(world, path):
    sound(world().page(path))


@pytest.mark.parametrize("key", ["three-a-month", "daily", "voices"])
@pytest.mark.parametrize("world", [fresh, lived])
def test_each_of_them_has_a_sound_page_of_its_own(world, key):
    sound(world().page(f"/challenges/{world().part(key)}"))


def test_a_challenge_says_how_far_what_is_next_and_until_when():
    page = lived().page("/challenges")

    assert re.search(r"[1-4] of [36] this month\.", page)
    assert re.search(r"more for 50 points and the badge “Regular”\.|more for 20 points\.", page)
    assert "Until" in page


def test_a_streak_counts_its_row_and_says_how_many_rests_are_left():
    page = lived().page("/challenges")

    assert "4 days in a row." in page
    assert "1 rest left this week" in page
    assert "Not begun. Start any day." in fresh().page("/challenges")


def test_what_counted_is_linked_and_what_counts_is_said():
    page = lived().page(f"/challenges/{lived().part('three-a-month')}")

    assert "Each purchase counts, when order value is at least 5." in page
    assert re.search(r'href="/activity/act_\w+">Purchase', page)


def test_in_a_competition_one_sees_ones_place_the_rule_for_ties_and_nobodys_name():
    going = lived()
    page = going.page(f"/challenges/{going.part('voices')}")

    assert "Two who have the same share the place, and the next place is left out." in page
    assert "It is decided 2 days after its end" in page
    assert re.findall(r'<td class="num">(\d)</td><th scope="row">(?:<strong>)?(\w+)', page) == [
        ("1", "You"),
        ("2", "Somebody"),
        ("2", "Somebody"),
    ]


def test_others_are_seen_by_name_once_they_chose_it_and_no_longer_once_they_did_not():
    going = begin_going()
    going.lives()
    ada = going.other("ada")
    path = f"/challenges/{going.part('voices')}"
    choose(going.shop.id, member_id=ada.id, choices={BY_NAME: True}, actor=ACTOR)
    unnamed = going.page(path)  # the till told no name of hers

    assert unnamed.count("Somebody") == 2
    assert "Those beside you see your name." in going.post(
        "/challenges/by-name", challenge=str(going.part("voices")), by_name="yes"
    )
    assert "Others see you as somebody." in going.post(
        "/challenges/by-name", challenge=str(going.part("voices")), by_name="no"
    )


def test_one_that_is_hidden_is_gone_until_it_is_asked_for():
    going = begin_going()
    part = str(going.part("daily"))

    hidden = going.post("/challenges/hide", challenge=part)
    assert "Hidden. What you do still counts." in hidden
    assert "Day by day" not in hidden
    assert "Day by day" in going.page("/challenges", show="all")
    assert "You have hidden everything" in going.post("/challenges/hide")
    assert "Day by day" in going.post("/challenges/hide", hide="no")


def test_an_offer_is_accepted_and_one_never_made_is_refused_on_the_page():
    going = begin_going()
    going.offers("spring")
    page = going.page("/challenges")
    assert "15 points more" in page
    assert "Accept" in page

    accepted = going.post("/challenges/accept", programme="corner-shop", offer="spring")
    refused = going.client.post("/challenges/accept", {"programme": "corner-shop", "offer": "summer"})

    assert "It holds for you" in accepted
    assert refused.status_code == 403
    assert going.client.post("/challenges/accept", {}).status_code == 404


def test_badges_are_held_with_what_they_are_for_and_the_others_can_be_had():
    page = lived().page("/badges")

    held, _, open_ = page.partition("To be had")
    assert ("Steady as she goes" in held, "Voice" in open_, "Steady" in open_) == (True, True, False)
    assert "Three good months" in page
    assert "You hold no badge yet" in fresh().page("/badges")


def test_a_friend_is_brought_by_ones_own_code_on_terms_that_are_said():
    going = begin_going()
    terms = going.page("/refer")
    for words in (
        "50 points",
        "20 points",
        "30 days of joining",
        "At most 20 times a year",
        "At least 25 of it.",
    ):
        assert words in terms
    assert "Nobody yet." in terms

    page = going.post("/refer/code", programme="corner-shop")
    code = page.partition("join?friend=")[2][:8]
    redeem_code(going.shop.id, code=code, member_id=make_member(going.shop.id, name="Ada").id, actor=ACTOR)

    assert going.post("/refer/code", programme="corner-shop").count(code) == 2
    assert "Has joined; nothing counted yet" in going.page("/refer")
    assert "Ada" not in going.page("/refer")
    assert going.client.post("/refer/code", {"programme": "elsewhere"}).status_code == 409


def test_where_no_programme_takes_friends_the_page_says_so_and_nothing_leads_to_it():
    visit = begin_visit()

    sound(visit.page("/refer"))
    assert "Friends cannot be brought at the moment" in visit.page("/refer")
    assert 'href="/refer"' not in visit.page("/earn")
    assert 'href="/refer"' in fresh().page("/earn")


def test_a_level_says_what_it_brings_until_when_and_what_keeps_and_raises_it():
    page = lived().page("/tier")

    assert re.search(r'class="display">Silver', page)
    assert "Free delivery" in page
    assert re.search(r"Yours through .{0,60}31", page)
    assert re.search(r"more for Gold\.", page)
    assert "Question" in page
    assert "Counts today" in page
    about = re.search(r'/cases/new\?about=(tier:[^"]+)"', page)
    assert about is not None
    sound(lived().page("/cases/new", about=about[1]))
    assert re.search(r"Silver since .{0,60}points counted, and it takes", page.replace("\u00a0", " "))
    assert "No level yet" in fresh().page("/tier")
    assert "100 points more for Silver." in fresh().page("/tier").replace("\u00a0", " ")


def test_a_level_can_be_questioned():
    asked = lived().page("/cases/new", about="tier:corner-shop/status").replace("\u00a0", " ")

    assert re.search(r"Silver since .{0,60}points counted, and it takes", asked)
    assert lived().client.get("/cases/new", {"about": "tier:corner-shop/none"}).status_code == 404


def test_home_shows_one_challenge_the_level_and_the_membership():
    page = lived().page("/")

    assert 'id="going"' in page
    assert re.search(r'href="/tier">Silver', page)
    assert re.search(r'href="/membership">Friend', page)


def test_there_is_no_such_page_where_no_programme_has_levels_or_memberships():
    visit = begin_visit()

    assert [visit.client.get(path).status_code for path in ("/tier", "/membership")] == [404, 404]
    assert "Nothing is running for you at the moment" in visit.page("/challenges")
    home = visit.page("/")
    assert 'href="/tier"' not in home
    assert 'href="/membership"' not in home


def test_nobody_reaches_a_challenge_of_elsewhere():
    assert lived().client.get(f"/challenges/{fresh().part('daily')}").status_code == 404
    assert (
        lived().client.post("/challenges/hide", {"challenge": str(fresh().part("daily"))}).status_code == 404
    )


def test_a_page_costs_the_same_however_much_was_done():
    going = begin_going()
    paths = (
        "/",
        "/challenges",
        "/badges",
        "/refer",
        "/tier",
        "/earn",
        f"/challenges/{going.part('three-a-month')}",
    )

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            going.page(path)
        return len(counted)

    for path in paths:
        going.page(path)  # what is published is kept in memory from the first page on
    going.lives()
    few = {path: queries(path) for path in paths}
    going.lives()
    going.lives()

    dearer = {path: queries(path) for path in paths if queries(path) > few[path]}
    assert dearer == {}
    assert max(few.values()) <= 34
