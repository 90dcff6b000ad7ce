"""Organisations: live ones, sandboxes, and a sandbox's clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from plaudit.foundation import clock, due
from plaudit.foundation.due import Due, Happening
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import at_once
from plaudit.people.actions.clock import move_sandbox_clock, preview_clock
from plaudit.people.actions.organisations import create_organisation
from plaudit.people.actions.teams import create_team
from plaudit.people.models import Organisation, Team
from plaudit.people.queries import ClockStanding, clock_standing
from plaudit.people.refusals import (
    ClockIsMoving,
    ClockOnlyGoesForward,
    ClockTooFar,
    NotASandbox,
    SlugTaken,
    TimeZoneUnknown,
)
from plaudit.people.tests.factories import ACTOR, make_organisation, make_sandbox

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _now_in(organisation_id: int) -> datetime:
    with in_organisation(organisation_id):
        return clock.now()


def _standing(organisation_id: int) -> ClockStanding:
    with in_organisation(organisation_id):
        return clock_standing(organisation_id)


@pytest.fixture
def bells(monkeypatch):
    """A happening: every midnight a bell rings, and leaves a team named after the day. It may break once."""

    def waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
        rung = set(Team.objects.filter(organisation_id=organisation_id).values_list("key", flat=True))
        midnight = (after + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        midnight = max(midnight, NOW.replace(hour=0) + timedelta(days=1))
        while midnight <= until:
            if f"bell-{midnight:%m%d}" not in rung:
                yield Due(midnight, "bells", "a bell rings")
            midnight += timedelta(days=1)

    def ring(organisation_id):
        at = _now_in(organisation_id)
        if f"{at:%m%d}" == "0305" and broken:
            raise broken.pop()
        with in_organisation(organisation_id):
            missed = list(waiting(organisation_id, NOW, at))
        for bell in missed:
            create_team(organisation_id, key=f"bell-{bell.at:%m%d}", name="Bell", actor=ACTOR)
        return [f"a bell rang on {bell.at:%d %B}" for bell in missed]

    broken: list[Exception] = []
    monkeypatch.setattr(due, "_happenings", {"bells": Happening("bells", waiting, ring)})
    return broken


def test_a_sandbox_has_the_settings_of_its_original():
    live = make_organisation(time_zone="Europe/Lisbon")

    sandbox = make_sandbox(live)

    assert (sandbox.kind, sandbox.time_zone, sandbox.copied_from) == ("sandbox", "Europe/Lisbon", live)
    assert sandbox.code != live.code


def test_an_organisation_that_cannot_be_is_not_made():
    live = make_organisation()

    with pytest.raises(SlugTaken):
        create_organisation(live.slug, name="Again", actor=ACTOR)
    with pytest.raises(TimeZoneUnknown):
        create_organisation("nowhere", name="Nowhere", time_zone="Europe/Atlantis", actor=ACTOR)
    with pytest.raises(Problem):
        create_organisation("Not A Slug", name="", actor=ACTOR)
    with pytest.raises(NotFound):
        create_organisation("copy-of-a-copy", name="Copy", sandbox_of=make_sandbox(live).id, actor=ACTOR)
    assert not Organisation.objects.filter(slug__in=["nowhere", "copy-of-a-copy"]).exists()


def test_only_a_sandbox_moves_its_clock():
    live = make_organisation()

    with pytest.raises(NotASandbox):
        move_sandbox_clock(live.id, until=clock.wall() + timedelta(days=1), actor=ACTOR)
    with pytest.raises(IntegrityError, match="only_a_sandbox_moves_its_clock"):
        Organisation.objects.filter(id=live.id).update(clock_shift=timedelta(days=1))


def test_a_sandbox_clock_goes_forward_and_not_back(bells):
    sandbox = make_sandbox().id
    with clock.frozen_at(NOW):
        move_sandbox_clock(sandbox, until=NOW + timedelta(days=2), actor=ACTOR)
        assert _now_in(sandbox) == NOW + timedelta(days=2)

        with pytest.raises(ClockOnlyGoesForward):
            move_sandbox_clock(sandbox, until=NOW + timedelta(days=1), actor=ACTOR)
        with pytest.raises(ClockTooFar):
            move_sandbox_clock(sandbox, until=NOW + timedelta(days=366 * 11), actor=ACTOR)

        assert _now_in(sandbox) == NOW + timedelta(days=2)
        assert _now_in(make_organisation().id) == NOW


def test_time_on_the_way_makes_happen_what_was_previewed_in_order(bells):
    sandbox = make_sandbox().id
    with clock.frozen_at(NOW):
        until = NOW + timedelta(days=3)

        previewed = preview_clock(sandbox, until=until)
        happened = move_sandbox_clock(sandbox, until=until, actor=ACTOR)

    midnights = [datetime(2026, 3, day, tzinfo=UTC) for day in (2, 3, 4)]
    assert [one.at for one in previewed] == midnights
    assert [one.at for one in happened] == midnights
    assert [one.changes for one in happened] == [(f"a bell rang on 0{day} March",) for day in (2, 3, 4)]


def test_a_clock_that_broke_half_way_stands_there_and_can_be_moved_on(bells):
    sandbox = make_sandbox().id
    bells.append(RuntimeError("the rope broke"))
    with clock.frozen_at(NOW):
        until = NOW + timedelta(days=6)
        with pytest.raises(RuntimeError):
            move_sandbox_clock(sandbox, until=until, actor=ACTOR)
        assert _standing(sandbox) == ClockStanding(datetime(2026, 3, 5, tzinfo=UTC), until, "failed")

        happened = move_sandbox_clock(sandbox, until=until, actor=ACTOR)

        assert _now_in(sandbox) == until
        assert [one.changes for one in happened] == [(f"a bell rang on 0{day} March",) for day in (5, 6, 7)]
        with in_organisation(sandbox):
            bells_rung = sorted(Team.objects.values_list("key", flat=True))
        assert bells_rung == [f"bell-030{day}" for day in (2, 3, 4, 5, 6, 7)]
        assert _standing(sandbox).state == "ready"


def test_a_clock_is_moved_by_one_person_at_a_time(monkeypatch):
    sandbox = make_sandbox().id
    seen: list[object] = []

    def waiting(organisation_id, after, until):
        if not seen and after < NOW + timedelta(days=1) <= until:
            yield Due(NOW + timedelta(days=1), "meddle", "somebody meddles")

    def meddle(organisation_id):
        def move(_number):
            return move_sandbox_clock(organisation_id, until=NOW + timedelta(days=9), actor=ACTOR)

        seen.append(_standing(organisation_id).state)
        seen.extend(at_once(1, move))
        return []

    monkeypatch.setattr(due, "_happenings", {"meddle": Happening("meddle", waiting, meddle)})
    with clock.frozen_at(NOW):
        move_sandbox_clock(sandbox, until=NOW + timedelta(days=2), actor=ACTOR)
        assert _now_in(sandbox) == NOW + timedelta(days=2)

    assert seen[0] == "advancing"
    assert isinstance(seen[1], ClockIsMoving)
