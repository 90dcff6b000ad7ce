"""Why members stand on levels, are in segments and have offers, down to what counted and who decided."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.tests.clubs import Club, make_club
from plaudit.people.tests.factories import ACTOR
from plaudit.targeting.actions.offering import accept_offer, make_offer
from plaudit.targeting.models import Drawn

SPRING = date(2026, 3, 2)


def climbed() -> Club:
    """Ada bought for 60 and 70 a week apart, Bob never."""
    club = make_club("ada", "bob")
    for days, amount in ((0, "60"), (7, "70")):
        with club.on(SPRING + timedelta(days=days)):
            club.buys("ada", amount)
    return club


def test_a_level_is_explained_by_the_days_that_count_and_comes_to_the_amount():
    club = climbed()
    with club.on(date(2026, 4, 1)):
        why = club.why("ada", "tier:club/status")

    assert why.sentence == (
        "Silver since 9 March 2026: 130 points counted, and it takes 100 points"
        " (points earned within the calendar year)."
    )
    assert [(one.label, one.value, one.source) for one in why.inputs] == [
        ("Purchase", "70 points", "till"),
        ("Purchase", "60 points", "till"),
    ]
    assert all(one.reference.startswith("act_") for one in why.inputs)
    assert [(one.label, one.amount) for one in why.sums] == [("2 March 2026", 60), ("9 March 2026", 70)]
    assert (why.total.amount, why.adds_up()) == (130, True)
    assert why.would_change == (
        "170 points more reach Gold, as long as what counts today does.",
        "Silver goes on 1 January 2028, and no level follows, unless 100 points more count by 31 December 2027.",
    )


def test_what_keeps_a_level_is_the_least_that_does():
    club = climbed()
    with club.on(date(2027, 12, 31)):
        club.buys("ada", "99")
        (_, goes) = club.why("ada", "tier:club/status").would_change
        assert "unless 1 point more count by 31 December 2027" in goes
        club.buys("ada", "1")
    with club.on(date(2028, 6, 1)):
        kept = club.why("ada", "tier:club/status")
    assert kept.sentence.startswith("Silver since 9 March 2026: it took 100 points")
    assert "and is kept; 0 points counted today" in kept.sentence


def test_the_version_that_set_the_threshold_is_named_and_not_a_later_one():
    club = climbed()
    with club.on(date(2026, 4, 1)):
        assert club.why("ada", "tier:club/status").authority.version == 1
        club.applies(("floor(amount)", "floor(amount * 1)"))
        assert club.why("ada", "tier:club/status").authority.version == 1
        club.applies(("from: 300", "from: 120"))
        why = club.why("ada", "tier:club/status")

    assert (why.authority.version, why.authority.name) == (3, "Status: Gold")
    assert why.authority.since == datetime(2026, 4, 1, 12, tzinfo=UTC)
    assert "Silver from 100 and gold from 120" in why.authority.words


def test_who_has_no_level_is_told_what_the_first_takes():
    club = climbed()
    with club.on(date(2026, 4, 1)):
        points = club.why("bob", "tier:club/status")
        visits = club.why("ada", "tier:club/visits")

    assert points.sentence.startswith("No level of Status yet: 0 points counted, and Silver takes 100 points")
    assert points.total.amount == 0
    assert visits.sentence.startswith("Guest since 9 March 2026: 2 counted, and it takes 2")
    assert (visits.unit, visits.total.value) == (None, "2")


def test_a_correction_is_gone_from_the_reason_too():
    club = make_club("ada")
    with club.on(SPRING):
        club.buys("ada", "150", id="coat")
        club.refunds("coat", "90")
        why = club.why("ada", "tier:club/status")

    assert [(one.label, one.amount) for one in why.sums] == [("2 March 2026", 60)]
    assert why.sentence.startswith("No level of Status yet: 60 points counted")


def test_a_segment_is_explained_by_its_condition_with_the_figures_put_in():
    club = make_club("ada", "bob")
    with club.on(SPRING):
        club.buys("ada", "5", times=4)
        club.buys("bob", "5")
        inside, outside = (club.why(who, "segment:club/regulars") for who in ("ada", "bob"))

    assert (
        inside.sentence == "In Regulars since 2 March 2026: it is for members for whom visits is at least 4."
    )
    assert [(one.label, one.value) for one in inside.sums] == [("4 >= 4", "true")]
    assert (inside.total.value, outside.total.value) == ("yes", "no")
    assert next(one.value for one in inside.inputs) == "4"
    assert sum(one.reference.startswith("act_") for one in inside.inputs) == 4
    assert [(one.label, one.value) for one in outside.sums] == [("1 >= 4", "false")]
    assert outside.would_change[0] == "Members enter it as soon as visits is at least 4."


def test_an_offer_is_explained_by_how_somebody_was_drawn():
    names = [f"m{number}" for number in range(40)]
    club = make_club(*names, "ada")
    with club.on(SPRING):
        club.buys(names, "5", times=4)
    with club.on(SPRING + timedelta(days=1)), in_organisation(club.id):
        groups = dict(Drawn.objects.filter(organisation_id=club.id).values_list("member_id", "is_control"))
    made, kept_back = (
        next(name for name in names if groups[club.members[name]] is control) for control in (False, True)
    )
    with club.on(SPRING + timedelta(days=2)):
        accept_offer(club.id, "club", "spring", member_id=club.members[made])
        make_offer(club.id, "club", "single", member_id=club.members["ada"], actor=ACTOR)
        taken, nothing, never, open_ = (
            club.why(*asked)
            for asked in (
                (made, "offer:club/spring"),
                (kept_back, "offer:club/spring"),
                ("ada", "offer:club/spring"),
                ("ada", "offer:club/single"),
            )
        )

    assert taken.sentence.startswith(
        "Spring holds: it was made to this member on 2 March 2026, and taken on 4 March"
    )
    assert ("What it gives", "Double in spring") in [(one.label, one.value) for one in taken.inputs]
    assert "drawn among the 50 of 100 who get nothing" in nothing.sentence
    assert never.would_change == ("Whoever comes to be in regulars while it runs is drawn.",)
    assert open_.would_change == ("Taking it would.",)
    assert [one.total.value for one in (taken, nothing, never, open_)] == ["yes", "no", "no", "no"]


def test_what_is_not_there_is_not_found():
    club = make_club("ada")
    for reference in ("tier:club/none", "segment:club/none", "offer:club/none", "level:club/x", ""):
        with pytest.raises(NotFound):
            club.why("ada", reference)
