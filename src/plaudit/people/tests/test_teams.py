"""Teams: joined, left and moved between, with a history that no two stays contradict."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError

from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.actions.teams import create_team, join_team, leave_team, move_team, rename_team
from plaudit.people.models import Member, TeamStay
from plaudit.people.queries import led_by, team_history, team_members
from plaudit.people.refusals import NotInTeam, StayOverlaps, TeamKeyTaken
from plaudit.people.teams import teams_at
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_team


def _teams_of(organisation_id: int, member: Member, moment: datetime) -> tuple[str, ...]:
    with in_organisation(organisation_id):
        return teams_at(organisation_id, [(0, member.id, moment)]).get(0, ())


def test_a_member_is_in_a_team_from_joining_until_just_before_leaving():
    at = make_organisation().id
    ada, now = make_member(at), clock.now()
    make_team(at, key="north", members=[ada], since=now - timedelta(days=9))

    leave_team(at, key="north", member_id=ada.id, ended_at=now - timedelta(days=2), actor=ACTOR)

    days = {day: _teams_of(at, ada, now - timedelta(days=day)) for day in (10, 9, 3, 2)}
    assert days == {10: (), 9: ("north",), 3: ("north",), 2: ()}


def test_a_member_may_be_in_several_teams_but_in_none_twice():
    at = make_organisation().id
    ada, now = make_member(at), clock.now()
    make_team(at, key="north", members=[ada])
    make_team(at, key="south", members=[ada])

    with pytest.raises(StayOverlaps):
        join_team(at, key="north", member_id=ada.id, actor=ACTOR)

    assert _teams_of(at, ada, now + timedelta(days=1)) == ("north", "south")


def test_a_stay_cannot_begin_before_one_that_is_on_record_ended():
    at = make_organisation().id
    ada, now = make_member(at), clock.now()
    make_team(at, key="north", members=[ada], since=now - timedelta(days=9))
    leave_team(at, key="north", member_id=ada.id, ended_at=now - timedelta(days=5), actor=ACTOR)

    with pytest.raises(StayOverlaps):
        join_team(at, key="north", member_id=ada.id, began_at=now - timedelta(days=6), actor=ACTOR)
    join_team(at, key="north", member_id=ada.id, began_at=now - timedelta(days=5), actor=ACTOR)

    with in_organisation(at):
        assert len(team_history(at, ada.id)) == 2


def test_the_database_refuses_overlapping_stays_by_itself():
    at = make_organisation().id
    ada, now = make_member(at), clock.now()
    team = make_team(at, members=[ada], since=now - timedelta(days=9))

    with pytest.raises(IntegrityError, match="a_member_is_in_a_team_once_at_a_time"), in_organisation(at):
        TeamStay.objects.create(
            organisation_id=at, team=team, member=ada, began_at=now - timedelta(days=1), ended_at=now
        )


@rounds
def test_of_twenty_who_put_a_member_in_a_team_at_once_one_does(round_: int):
    at = make_organisation().id
    ada = make_member(at)
    make_team(at, key="north")

    def join(_number: int) -> TeamStay:
        return join_team(at, key="north", member_id=ada.id, actor=ACTOR)

    got = at_once(CONTENDERS, join)

    assert sum(isinstance(one, TeamStay) for one in got) == 1
    assert sum(isinstance(one, StayOverlaps) for one in got) == 19


def test_a_move_is_whole_or_not_at_all():
    at = make_organisation().id
    ada, now = make_member(at), clock.now()
    make_team(at, key="north", members=[ada], since=now - timedelta(days=9))
    make_team(at, key="south", members=[ada], since=now - timedelta(days=9))
    make_team(at, key="west")

    with pytest.raises(StayOverlaps):
        move_team(at, member_id=ada.id, from_key="north", to_key="south", actor=ACTOR)
    assert _teams_of(at, ada, clock.now()) == ("north", "south")

    move_team(at, member_id=ada.id, from_key="north", to_key="west", moment=now, actor=ACTOR)
    assert _teams_of(at, ada, now - timedelta(seconds=1)) == ("north", "south")
    assert _teams_of(at, ada, now) == ("south", "west")


def test_nobody_leaves_a_team_they_are_not_in():
    at = make_organisation().id
    ada = make_member(at)
    make_team(at, key="north")

    with pytest.raises(NotInTeam):
        leave_team(at, key="north", member_id=ada.id, actor=ACTOR)
    with pytest.raises(NotFound):
        leave_team(at, key="nowhere", member_id=ada.id, actor=ACTOR)


def test_a_stay_that_would_end_as_it_begins_never_was():
    at = make_organisation().id
    ada, now = make_member(at), clock.now()
    make_team(at, key="north", members=[ada], since=now)

    leave_team(at, key="north", member_id=ada.id, ended_at=now, actor=ACTOR)

    with in_organisation(at):
        assert team_history(at, ada.id) == []


def test_a_team_is_made_once_and_may_be_renamed():
    at = make_organisation().id
    create_team(at, key="north", name="North", actor=ACTOR)

    with pytest.raises(TeamKeyTaken):
        create_team(at, key="north", name="Again", actor=ACTOR)

    assert rename_team(at, key="north", name="Northern", actor=ACTOR).name == "Northern"


def test_a_team_shows_its_leaders_first():
    at = make_organisation().id
    ada, bob, cy = (make_member(at, name=name) for name in ("Ada", "Bob", "Cy"))
    make_team(at, key="north", members=[ada, bob], led_by=[cy])
    make_team(at, key="south", members=[cy])

    with in_organisation(at):
        assert [stay.member.name for stay in team_members(at, "north")] == ["Cy", "Ada", "Bob"]
        assert set(led_by(at, cy.id)) == {ada.id, bob.id, cy.id}
        assert led_by(at, ada.id) == []
