"""Scenarios: where ways lead and what they give, passing them, and refreshers when a rule changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace

from plaudit.activity.models import Event
from plaudit.foundation import clock
from plaudit.foundation.models import News
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.publish_learning import publish_learning
from plaudit.learning.actions.reminding import remind
from plaudit.learning.conversations import Choice, Scenario, Turn
from plaudit.learning.queries.practised import passed_by_team, revisions, to_refresh
from plaudit.learning.refusals import NoScenario, NotAtTheEnd, WayNotThere
from plaudit.learning.rules.hiding import OTHERS, TeamPassed, shown
from plaudit.learning.rules.playing import WAY_MAX, play, reached, without_end
from plaudit.learning.scenario_models import ScenarioStanding
from plaudit.learning.tests.conversing import (
    BEST,
    MISSING,
    ROUND,
    WORST,
    changed,
    make_practice,
    plays,
    teaching,
)
from plaudit.learning.tests.factories import NOON, Academy
from plaudit.people.models import Member
from plaudit.people.tests.factories import make_team


@pytest.fixture
def academy() -> Academy:
    return make_practice()


def news(academy: Academy, topic: str) -> list[dict[str, object]]:
    with in_organisation(academy.id):
        return list(News.objects.filter(topic=topic).order_by("id").values_list("payload", flat=True))


def standing(academy: Academy) -> ScenarioStanding:
    with in_organisation(academy.id):
        return ScenarioStanding.objects.get()


def change(academy: Academy, scenario: Scenario) -> None:
    publish_learning(academy.id, "academy", teaching(scenario))


@pytest.mark.parametrize(
    "way, points, of, percent, passed",
    [
        ((), 0, 0, 0, False),
        (("look",), 3, 3, 100, False),
        (BEST, 5, 5, 100, True),
        (("look", "no-idea"), 3, 5, 60, False),
        (WORST, 2, 7, 28, False),
        # The first turn, met once more, gives nothing: going back repairs no score.
        (ROUND, 2, 7, 28, False),
    ],
)
def test_a_way_gives_what_its_choices_are_worth_of_what_the_best_ones_would_have_been(
    way, points, of, percent, passed
):
    played = play(MISSING, way)

    assert (played.points, played.of, played.percent, played.passed) == (points, of, percent, passed)
    assert sum(one.points for one in played.answered) == points
    assert played.ended is (played.turn is None)


@pytest.mark.parametrize(
    "way", [("nowhere",), ("look", "look"), (*BEST, "look"), ("shrug", "again") * (WAY_MAX // 2 + 1)]
)
def test_a_way_that_is_not_there_is_refused(way):
    with pytest.raises(WayNotThere):
        play(MISSING, way)


def test_turns_that_nothing_leads_to_and_that_lead_nowhere_are_found():
    astray = Turn("astray", "Hello?", (Choice("stay", "Hm.", 1, "", "astray"),))
    scenario = replace(MISSING, turns=(*MISSING.turns, astray))

    assert reached(scenario) == {"hello", "angry", "found"}
    assert list(without_end(scenario)) == ["astray"]
    assert list(without_end(MISSING)) == []


def test_small_teams_are_counted_together_or_not_at_all():
    large, small, alone = (
        TeamPassed("Large", 6, 5, 1),
        TeamPassed("Small", 4, 1, 0),
        TeamPassed(OTHERS, 1, 0, 1),
    )

    assert shown([large, small, alone]) == ([large, TeamPassed(OTHERS, 5, 1, 1)], False)
    assert shown([large, small]) == ([large], True)
    assert shown([large]) == ([large], False)
    assert large.percent == 83


def test_passing_is_recorded_once_and_pays_by_a_rule(academy):
    ada = academy.member()

    assert not plays(academy, ada, *WORST).passed
    for _ in range(2):
        assert plays(academy, ada, *BEST).passed

    with in_organisation(academy.id):
        (event,) = Event.objects.filter(key__startswith="scenario:")
        assert event.data == {
            "programme": "academy",
            "scenario": "missing",
            "occasion": "first",
            "score": 100,
        }
    assert [one["score"] for one in news(academy, "scenario.passed")] == [100]
    kept = standing(academy)
    assert (kept.last, kept.best, kept.revision) == (100, 100, 1)
    plays(academy, ada, *WORST)
    kept = standing(academy)
    assert (kept.last, kept.best, kept.revision) == (28, 100, 1)


def test_only_whom_it_is_meant_for_plays_it_and_to_its_end(academy):
    ada = academy.member()
    with in_organisation(academy.id):
        Member.objects.filter(id=ada).update(kind="customer")
    with pytest.raises(NoScenario):
        plays(academy, ada, *BEST)

    with pytest.raises(NotAtTheEnd):
        plays(academy, academy.member("Bo"), "look")
    publish_learning(academy.id, "academy", teaching(replace(MISSING, key="other")))
    with pytest.raises(NoScenario):
        plays(academy, academy.member("Cy"), *BEST)


def test_when_a_rule_changes_whoever_passed_is_asked_once_for_a_refresher_and_passes_it(academy):
    ada, bo = academy.member(), academy.member("Bo")
    plays(academy, ada, *BEST)
    plays(academy, bo, *WORST)

    change(academy, replace(MISSING, intro="Another beginning."))
    assert news(academy, "scenario.refresher") == []
    for _ in range(2):
        change(academy, changed())

    (told,) = news(academy, "scenario.refresher")
    assert told["rules"] == ["purchases"]
    with in_organisation(academy.id):
        assert revisions(academy.id)["academy", "missing"].revision == 2
        assert [one.name for one in to_refresh(academy.id, "academy", MISSING)] == ["Ada"]
    plays(academy, ada, *WORST)
    change(academy, changed("third"))
    assert len(news(academy, "scenario.refresher")) == 1, "who is asked already is not asked again"
    plays(academy, ada, *BEST)
    with in_organisation(academy.id):
        assert to_refresh(academy.id, "academy", MISSING) == []
        occasions = Event.objects.filter(key__startswith="scenario:").order_by("recorded_at", "id")
        assert [one.data["occasion"] for one in occasions] == ["first", "refresher"]


def test_asking_a_thousand_takes_no_more_statements_than_asking_one(academy):
    def statements(people: int) -> int:
        for number in range(people):
            plays(academy, academy.member(f"M{number}"), *BEST)
        with in_organisation(academy.id), CaptureQueriesContext(connection) as asked:
            publish_learning(academy.id, "academy", teaching(changed(f"of {people}")))
        return len(asked)

    assert statements(1) == statements(4)


def test_an_open_refresher_is_reminded_of_once(academy):
    ada = academy.member()
    with clock.frozen_at(NOON):
        plays(academy, ada, *BEST)
        change(academy, changed())
        assert remind(academy.id)["refreshers"] == 0
    with clock.frozen_at(NOON + timedelta(days=14)):
        assert remind(academy.id)["refreshers"] == 1
        assert remind(academy.id)["refreshers"] == 0
    assert len(news(academy, "scenario.refresher_open")) == 1


def test_a_session_is_reminded_of_the_day_before_once(academy):
    with clock.frozen_at(NOON):
        session = academy.session(places=1)
        early, waits = academy.member(), academy.member("Bo")
    with clock.frozen_at(NOON - timedelta(days=2)):
        academy.registers(session, early)
        academy.registers(session, waits)
    with clock.frozen_at(NOON - timedelta(days=1)):
        assert remind(academy.id)["sessions"] == 0, "it is more than a day away"
    with clock.frozen_at(NOON - timedelta(hours=23)):
        assert remind(academy.id)["sessions"] == 2
        assert remind(academy.id)["sessions"] == 0
    assert sorted(str(one["state"]) for one in news(academy, "session.tomorrow")) == ["registered", "waiting"]


def test_teams_are_counted_by_who_is_in_them_now(academy):
    with in_organisation(academy.id):
        people = [Member.objects.get(id=academy.member(f"M{number}")) for number in range(5)]
    make_team(academy.id, members=people)
    plays(academy, people[0].id, *BEST)
    academy.member("Alone")

    with in_organisation(academy.id):
        counted = passed_by_team(academy.id, "academy", MISSING, now=clock.now())
    assert [(one.members, one.passed, one.to_refresh) for one in counted] == [(5, 1, 0), (1, 0, 0)]
    assert counted[1].team == OTHERS
