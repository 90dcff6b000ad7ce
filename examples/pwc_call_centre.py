"""A quarter of a call centre, week by week: calls come in, moments are proposed of them, and ratings are surveyed.

The agents are members of the staff. What the survey's page says of them is read as a manager reads it: they differ
by less than chance explains, and the page must say so. Once one of them is made perfect, it must say the opposite.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations, groupby
from pathlib import Path
from statistics import NormalDist, fmean, stdev
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import yaml

from examples import facts
from examples.asking import Got, one_row, rows
from examples.browsing import Page, opened, signed_in
from plaudit.earning.actions.import_file import run_import, start_import
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.members import enrol_member
from plaudit.people.actions.teams import create_team, join_team
from plaudit.recognition.actions.propose import propose_moments
from plaudit.surveys.actions.answering import GivenElsewhere, take_in_answers

HERE = Path(__file__).parent / "pwc_call_centre"
SOURCE, PROGRAMME, SURVEY, PLANTED = "phone-system", "call-centre", "after-call", "planted"
ZONE = ZoneInfo("Europe/Zurich")
ACTOR = "usr_0"
LONG_WAIT = 100
ROUNDED = 0.006
"""Bounds are written with two places."""
APART = "At least two of them differ by more than chance explains."
NOT_APART = "They cannot be told apart: every two intervals overlap, so their order may be chance."
_WEEK = timedelta(days=7)
Row = Mapping[str, str]


@dataclass(frozen=True)
class Quarter:
    """What came of it: the pages, what was new when everything was taken in again, and what was said to a supervisor.

    `calls` are those that deserve a moment and `intervals` where each agent's mean lies, both as the file says;
    `moments_again` and `answers_again` are how many came of what was known already.
    """

    calls: Sequence[str]
    intervals: Mapping[str, tuple[float, float]]
    results: Page
    planted: Page
    supervisor: Page
    moments_again: int
    answers_again: int


def programme(_: Path) -> str:
    """The programme's file, as it stands."""
    return (HERE / "programme.yaml").read_text()


def live(organisation_id: int, folder: Path) -> Quarter:
    """Let the calls come week by week, each week proposed and surveyed as it ends."""
    calls = _read(folder)
    agents = _agents(organisation_id, calls)
    with TemporaryDirectory() as place:
        for ends, week in _weeks(calls):
            with clock.frozen_at(ends):
                _import(organisation_id, Path(place) / f"{ends:%Y-%m-%d}.csv", week)
                propose_moments(organisation_id)
                _answered(organisation_id, SURVEY, week, agents)
    with clock.frozen_at(ends):
        before = _moments_proposed(organisation_id)
        propose_moments(organisation_id)
        again = _answered(organisation_id, SURVEY, calls, agents)
        perfect = min(agents)
        planted = [one | {"Satisfaction rating": "5"} if one["Agent"] == perfect else one for one in calls]
        _answered(organisation_id, PLANTED, planted, agents)
        manager = signed_in(organisation_id, "manager")
        supervisor = signed_in(organisation_id, "supervisor", member_id=_led(organisation_id, agents, calls))
        said = told(folder)
        return Quarter(
            said["calls"],
            said["intervals"],
            opened(manager, f"/console/surveys/{PROGRAMME}/{SURVEY}"),
            opened(manager, f"/console/surveys/{PROGRAMME}/{PLANTED}"),
            opened(supervisor, "/team/"),
            _moments_proposed(organisation_id) - before,
            again,
        )


def _read(folder: Path) -> list[dict[str, str]]:
    with (folder / "calls.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _agents(organisation_id: int, calls: Iterable[Row]) -> dict[str, UUID]:
    """The agents, enrolled as staff the day before the first call."""
    names = sorted({one["Agent"] for one in calls})
    with clock.frozen_at(datetime(2020, 12, 31, tzinfo=UTC)):
        return {
            name: enrol_member(
                organisation_id, kind="staff", name=name, external_ids=[(SOURCE, name)], actor=ACTOR
            ).id
            for name in names
        }


def _led(organisation_id: int, agents: Mapping[str, UUID], calls: Sequence[Row]) -> UUID:
    """Somebody who leads a team of all agents since the first call."""
    leader = enrol_member(organisation_id, kind="staff", name="Team leader", actor=ACTOR).id
    create_team(organisation_id, key="agents", name="Agents", actor=ACTOR)
    for member_id in (*agents.values(), leader):
        join_team(
            organisation_id,
            key="agents",
            member_id=member_id,
            leads=member_id == leader,
            began_at=_at(calls[0]),
            actor=ACTOR,
        )
    return leader


def _weeks(calls: Sequence[dict[str, str]]) -> Iterator[tuple[datetime, list[dict[str, str]]]]:
    """The calls of each week, in order, with the moment at which it ends."""
    first = _at(calls[0]).replace(hour=0, minute=0, second=0)
    order = sorted(calls, key=_at)
    for number, week in groupby(order, lambda one: (_at(one) - first) // _WEEK):
        yield (first + (number + 1) * _WEEK).astimezone(UTC), list(week)


def _at(call: Row) -> datetime:
    return datetime.fromisoformat(f"{call['Date']}T{call['Time']}").replace(tzinfo=ZONE)


def _import(organisation_id: int, path: Path, calls: Sequence[Row]) -> None:
    """Import one week's file. The control figures of the mapping are those of the whole one."""
    mapping = yaml.safe_load((HERE / "mapping.yaml").read_text())
    del mapping["control"]
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(calls[0]))
        writer.writeheader()
        writer.writerows(calls)
    batch = start_import(
        organisation_id, path=path, mapping=yaml.safe_dump(mapping, sort_keys=False), actor=ACTOR
    )
    assert run_import(organisation_id, batch.id).state == "done"


def _answered(organisation_id: int, survey: str, calls: Iterable[Row], agents: Mapping[str, UUID]) -> int:
    """Take in how calls were rated, where they were; how many were new."""
    given = [
        GivenElsewhere(one["Call Id"], agents[one["Agent"]], {"score": _rating(one)}, _at(one))
        for one in calls
        if one["Satisfaction rating"]
    ]
    return take_in_answers(organisation_id, programme=PROGRAMME, survey=survey, given=given, actor=ACTOR)


def _rating(call: Row) -> int:
    return int(float(call["Satisfaction rating"]))


def _moments_proposed(organisation_id: int) -> int:
    with in_organisation(organisation_id):
        return int(one_row("select count(*) from recognition_moment")[0])


def told(folder: Path) -> dict[str, Any]:
    """What the file says besides the published facts: which calls deserve a moment, and each agent's interval."""
    calls = _read(folder)
    five = [one for one in calls if one["Satisfaction rating"] and _rating(one) == 5]
    waited = [one for one in five if float(one["Speed of answer in seconds"]) >= LONG_WAIT]
    rated = {
        agent: [_rating(one) for one in calls if one["Agent"] == agent and one["Satisfaction rating"]]
        for agent in sorted({one["Agent"] for one in calls})
    }
    return {
        "five stars": _by_agent(five),
        "after a wait": _by_agent(waited),
        "calls": sorted([*(f"five-stars {one['Call Id']}" for one in five), *(
            f"after-a-wait {one['Call Id']}" for one in waited
        )]),
        "intervals": {agent: _interval(scores) for agent, scores in rated.items()},
        "well": {agent: sum(score >= 4 for score in scores) / len(scores) for agent, scores in rated.items()},
    }  # fmt: skip


def _by_agent(calls: Iterable[Row]) -> dict[str, int]:
    return dict(sorted(Counter(one["Agent"] for one in calls).items()))


def _interval(scores: Sequence[int]) -> tuple[float, float]:
    """Where the mean lies in 95 of 100 samples; with hundreds of answers the normal distribution will do."""
    spread = NormalDist().inv_cdf(0.975) * stdev(scores) / len(scores) ** 0.5
    return fmean(scores) - spread, fmean(scores) + spread


def quarter_expected(told: Mapping[str, Any]) -> Got:
    f = told["pwc_call_centre (dev)"]
    by_agent = f["by_agent [answered,resolved,FCR,AHT_s,CSAT,ASA_s]"]
    return {
        **facts.calls_expected(told),
        "staff members who took the calls": f["agents"],
        "moments, five stars, by agent": told["five stars"],
        "moments, five stars after a long wait, by agent": told["after a wait"],
        "calls with a moment too many or none": [],
        "moments new when looked through again": 0,
        "agents whose five stars wait for the supervisor": sorted(by_agent),
        "answers, rating of each call answered": f["answered"],
        "answers new when taken in again": 0,
        "the page's answers, mean and upper two points": [
            f"{f['answered']:,}",
            f"{f['overall CSAT mean']:.2f}",
            f"{100 * f['CSAT%(4-5)']:.1f}%",
        ],
        "the page's answers and mean by agent": {
            agent: [str(one[0]), f"{one[4]:.2f}"] for agent, one in by_agent.items()
        },
        "the page's upper two points by agent": {
            agent: f"{100 * share:.1f}%" for agent, share in told["well"].items()
        },
        "agents whose interval is not the file's": [],
        "pairs of agents whose intervals on the page are apart": 0,
        "the page says": NOT_APART,
        "with one agent perfect it says": APART,
    }


_MOMENTS = """
    select i.external_id, o.watch, e.key from recognition_moment o
      join people_identity i on i.member_id = o.member_id join activity_event e on e.id = o.event_id
"""
_TOOK = """
    select count(distinct m.id) from people_member m join activity_event e on e.member_id = m.id
      join activity_event_type t on t.id = e.type_id where t.name = 'call' and m.kind = 'staff'
"""


def quarter_got(quarter: Quarter) -> Got:
    moments = rows(_MOMENTS)
    page = quarter.results
    table = page.table("about")
    bounds = {row[0]: (float(row[3]), float(row[4])) for row in table}
    waiting = quarter.supervisor.says("main")
    return {
        **facts.calls_got(None),
        "staff members who took the calls": one_row(_TOOK)[0],
        "moments, five stars, by agent": _watched(moments, "five-stars"),
        "moments, five stars after a long wait, by agent": _watched(moments, "after-a-wait"),
        "calls with a moment too many or none": sorted(
            {f"{watch} {key}" for _, watch, key in moments} ^ set(quarter.calls)
        ),
        "moments new when looked through again": quarter.moments_again,
        "agents whose five stars wait for the supervisor": [
            agent for agent in sorted(bounds) if f"{agent}: Five stars" in waiting
        ],
        "answers, rating of each call answered": one_row(
            "select count(*) from survey_answer where survey = %s", SURVEY
        )[0],
        "answers new when taken in again": quarter.answers_again,
        "the page's answers, mean and upper two points": [
            page.stats[name] for name in ("Answers", "Mean", "Upper two points")
        ],
        "the page's answers and mean by agent": {row[0]: [row[1], row[2]] for row in table},
        "the page's upper two points by agent": {row[0]: row[5] for row in table},
        "agents whose interval is not the file's": sorted(
            agent
            for agent, found in quarter.intervals.items()
            if any(abs(a - b) > ROUNDED for a, b in zip(found, bounds[agent], strict=True))
        ),
        "pairs of agents whose intervals on the page are apart": sum(
            one[0] > other[1] or other[0] > one[1] for one, other in combinations(bounds.values(), 2)
        ),
        "the page says": page.says("apart-about"),
        "with one agent perfect it says": quarter.planted.says("apart-about"),
    }


def _watched(moments: Iterable[tuple[Any, ...]], key: str) -> dict[str, int]:
    return dict(sorted(Counter(agent for agent, watch, _ in moments if watch == key).items()))
