"""Replays history under a draft and compares it with live: points, cost, liability, winners and losers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plaudit.earning.definitions import Definition, Per
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.planning.simulation.history import History, PastEvent, empty_history, load_events
from plaudit.planning.simulation.refusals import NothingToReplay, TeamLimitsNotReplayed
from plaudit.planning.simulation.replay import Replay
from plaudit.planning.simulation.stored import Window, load_live, load_stored
from plaudit.planning.simulation.wanting import want

Progress = Callable[[str, int], None]
Fields = Mapping[str, Mapping[str, Any]]

WINNERS_SHOWN = 20


def _silent(_stage: str, _rows: int) -> None:
    """Nobody is watching."""


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a result: a month, a rule, a group or a member, under the draft and live, in smallest parts.

    `events` is how many grants the draft made in that month or by that rule; of a group or a member it is
    how many of their events were asked.
    """

    name: str
    draft: int
    live: int
    events: int

    @property
    def difference(self) -> int:
        return self.draft - self.live


@dataclass(frozen=True, slots=True)
class UnitResult:
    """What a draft would have granted in one unit, beside what live granted. Amounts are smallest parts.

    `cost_minor` is the points' worth in minor units of `currency`, rounded once, halves to even. `winners`
    and `losers` are the members whose total differs most; `winning` and `losing` count all of them.
    """

    unit: str
    draft: int
    live: int
    cost_minor: int
    live_cost_minor: int
    currency: str
    by_month: tuple[Part, ...]
    by_rule: tuple[Part, ...]
    by_group: tuple[Part, ...]
    winners: tuple[Part, ...]
    losers: tuple[Part, ...]
    members: int
    winning: int
    losing: int


@dataclass(frozen=True, slots=True)
class Result:
    """One replay: how many events it asked, how many had to be decided one by one, and each unit's figures."""

    programme: str
    events: int
    decided_one_by_one: int
    units: tuple[UnitResult, ...]


def simulate_stored(
    organisation_id: int,
    definition: Definition,
    types: Mapping[str, Fields],
    *,
    window: Window | None = None,
    progress: Progress = _silent,
) -> Result:
    """Replay what an organisation recorded under a draft's rules, and compare with what live granted for it.

    `types` are the fields of each event type as the draft declares them. Nothing is written to the books.
    """
    with empty_history(definition.time_zone) as history:
        with in_organisation(organisation_id):
            units = units_by_key(organisation_id)
            load_stored(history, organisation_id, definition, types, window or Window(), progress)
            load_live(history, organisation_id, definition.programme)
        history.name_kinds()
        return replay_history(history, definition, types, units, progress=progress)


def simulate_events(
    definition: Definition,
    types: Mapping[str, Fields],
    events: Callable[[], Iterable[PastEvent]],
    units: Mapping[str, UnitPolicy],
    *,
    live: Definition | None = None,
    progress: Progress = _silent,
) -> Result:
    """Replay events that were never recorded, such as a file's; beside `live`'s rules where they are given.

    `events` gives a fresh iterable of `PastEvent` at each call. Raises `TeamLimitsNotReplayed`: who was in
    which team is known of recorded members only.
    """
    _refuse_team_limits(definition)
    with empty_history(definition.time_zone) as history:
        for name in sorted({rule.on for rule in definition.rules}):
            history.table_for(name, types[name], definition.member_fields)
        load_events(history, events())
        history.name_kinds()
        if live is not None:
            _refuse_team_limits(live)
            _count_as_live(history, live, _grant(history, live, types, units))
        return replay_history(history, definition, types, units, progress=progress)


def _count_as_live(history: History, live: Definition, replay: Replay) -> None:
    unit_of = {rule.key: rule.unit for rule in live.rules}
    history.insert(
        "live_months", [(month, rule, unit_of[rule], *sums) for (month, rule), sums in replay.months.items()]
    )
    history.connection.execute("INSERT INTO live_members SELECT member, unit, points FROM granted")


def _refuse_team_limits(definition: Definition) -> None:
    for rule in definition.rules:
        for limit in rule.limits:
            if limit.per is Per.TEAM:
                raise TeamLimitsNotReplayed(rule=rule.key)


def _grant(
    history: History, definition: Definition, types: Mapping[str, Fields], units: Mapping[str, UnitPolicy]
) -> Replay:
    precisions = {key: unit.precision for key, unit in units.items()}
    wanted = [
        want(history, definition, name, types[name], precisions)
        for name in history.tables
        if any(r.on == name for r in definition.rules)
    ]
    replay = Replay(history, definition, wanted)
    replay.run()
    return replay


def replay_history(
    history: History,
    definition: Definition,
    types: Mapping[str, Fields],
    units: Mapping[str, UnitPolicy],
    *,
    progress: Progress = _silent,
) -> Result:
    """Replay a history that is loaded and compare it with what it says live granted. Raises `NothingToReplay`."""
    if history.events == 0:
        raise NothingToReplay(programme=definition.programme)
    progress("replaying", history.events)
    replay = _grant(history, definition, types, units)
    progress("comparing", history.events)
    lines = _lines(history, definition, replay)
    return Result(
        programme=definition.programme,
        events=history.events,
        decided_one_by_one=replay.decided_one_by_one,
        units=tuple(
            _compare(history, units[key], [line for line in lines if line.unit == key])
            for key in sorted({line.unit for line in lines})
        ),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """What one rule granted in one month, under the draft and live."""

    month: str
    rule: str
    unit: str
    draft: int
    live: int
    events: int


def _lines(history: History, definition: Definition, replay: Replay) -> list[_Line]:
    unit_of = {rule.key: rule.unit for rule in definition.rules}
    lines = [
        _Line(month, rule, unit_of[rule], points, 0, events)
        for (month, rule), (points, events) in replay.months.items()
        if events
    ]
    live = history.connection.execute("SELECT month, rule, unit, points FROM live_months").fetchall()
    return lines + [_Line(month, rule, unit, 0, int(points), 0) for month, rule, unit, points in live]


_BY_MEMBER = """
    CREATE OR REPLACE TEMP TABLE by_member AS
    SELECT member, sum(draft) AS draft, sum(live) AS live, sum(events) AS events FROM (
        SELECT member, points AS draft, 0::HUGEINT AS live, events FROM granted WHERE unit = $unit
        UNION ALL SELECT member, 0, points, 0 FROM live_members WHERE unit = $unit)
     GROUP BY member
"""
_TOTALS = """
    SELECT coalesce(sum(draft), 0), coalesce(sum(live), 0), count(*), count(*) FILTER (draft > live),
           count(*) FILTER (draft < live) FROM by_member
"""
_BY_GROUP = """
    SELECT kind, sum(draft), sum(live), sum(events) FROM by_member JOIN kinds USING (member) GROUP BY 1 ORDER BY 1
"""


def _compare(history: History, unit: UnitPolicy, lines: Sequence[_Line]) -> UnitResult:
    """Add one unit up by month, rule, group and member."""
    connection = history.connection
    connection.execute(_BY_MEMBER, {"unit": unit.key})
    totals = connection.execute(_TOTALS).fetchall()[0]
    draft, live, members, winning, losing = (int(value) for value in totals)
    edge = (
        "SELECT member, draft, live, events FROM by_member WHERE draft {0} live"
        f" ORDER BY abs(draft - live) DESC, member LIMIT {WINNERS_SHOWN}"
    )
    return UnitResult(
        unit=unit.key,
        draft=draft,
        live=live,
        cost_minor=cost_of(draft, unit),
        live_cost_minor=cost_of(live, unit),
        currency=unit.currency,
        by_month=_added_up((line.month, line) for line in lines),
        by_rule=_added_up((line.rule, line) for line in lines),
        by_group=_parts(history, _BY_GROUP),
        winners=_parts(history, edge.format(">")),
        losers=_parts(history, edge.format("<")),
        members=members,
        winning=winning,
        losing=losing,
    )


def _added_up(named: Iterable[tuple[str, _Line]]) -> tuple[Part, ...]:
    found: dict[str, tuple[int, int, int]] = {}
    for name, line in named:
        draft, live, events = found.get(name, (0, 0, 0))
        found[name] = (draft + line.draft, live + line.live, events + line.events)
    return tuple(Part(name, *found[name]) for name in sorted(found))


def _parts(history: History, query: str) -> tuple[Part, ...]:
    return tuple(
        Part(name, int(draft), int(live), int(events))
        for name, draft, live, events in history.connection.execute(query).fetchall()
    )


def cost_of(points: int, unit: UnitPolicy) -> int:
    """What points are worth, in minor units: rounded once, halves to the even unit."""
    whole, rest = divmod(points * unit.value_minor_per_million, 1_000_000)
    return whole + (rest > 500_000 or (rest == 500_000 and whole % 2 == 1))
