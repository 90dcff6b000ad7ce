"""Replays history under a draft and compares it with live: points, cost, liability, winners and losers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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
    """One line of a result: a month, a rule or a group of members, under the draft and live, in smallest parts."""

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
    _refuse_team_limits(definition)
    with in_organisation(organisation_id), empty_history(definition.time_zone) as history:
        units = units_by_key(organisation_id)
        load_stored(history, organisation_id, definition, types, window or Window(), progress)
        load_live(history, organisation_id, definition.programme)
        return _replay(history, definition, types, units, progress)


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

    `events` gives a fresh iterable of `PastEvent` at each call.
    """
    _refuse_team_limits(definition)
    with empty_history(definition.time_zone) as history:
        for name in sorted({rule.on for rule in definition.rules}):
            history.table_for(name, types[name], definition.member_fields)
        load_events(history, events())
        _create_live(history)
        if live is not None:
            _grant(history, live, types, units)
            _name_units(history, live)
            history.connection.execute(
                "INSERT INTO live SELECT member, month, rule, unit, points, events FROM granted JOIN rule_units USING (rule)"
            )
            for table in history.tables.values():
                history.connection.execute(f"DROP TABLE IF EXISTS {table.table.replace('events', 'wanted')}")
        return _replay(history, definition, types, units, progress)


def _create_live(history: History) -> None:
    history.connection.execute(
        "CREATE OR REPLACE TABLE live (member VARCHAR, month VARCHAR, rule VARCHAR, unit VARCHAR, points HUGEINT, events BIGINT)"
    )


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


def _replay(
    history: History,
    definition: Definition,
    types: Mapping[str, Fields],
    units: Mapping[str, UnitPolicy],
    progress: Progress,
) -> Result:
    if history.events == 0:
        raise NothingToReplay(programme=definition.programme)
    progress("replaying", history.events)
    replay = _grant(history, definition, types, units)
    progress("comparing", history.events)
    _gather(history, definition)
    found = [
        row[0]
        for row in history.connection.execute("SELECT DISTINCT unit FROM side_by_side ORDER BY 1").fetchall()
    ]
    return Result(
        programme=definition.programme,
        events=history.events,
        decided_one_by_one=replay.decided_one_by_one,
        units=tuple(_compare(history, units[key]) for key in found),
    )


def _name_units(history: History, definition: Definition) -> None:
    history.connection.execute("CREATE OR REPLACE TABLE rule_units (rule VARCHAR, unit VARCHAR)")
    history.insert("rule_units", [(rule.key, rule.unit) for rule in definition.rules])


def _gather(history: History, definition: Definition) -> None:
    """Draft and live in one table, and each member's kind in another."""
    connection = history.connection
    _name_units(history, definition)
    connection.execute(
        "CREATE OR REPLACE TABLE side_by_side AS"
        " SELECT member, month, rule, unit, points AS draft, 0::HUGEINT AS live, events"
        " FROM granted JOIN rule_units USING (rule)"
        " UNION ALL SELECT member, month, rule, unit, 0, points, 0 FROM live"
    )
    kinds = " UNION ALL ".join(
        f"SELECT member, any_value(m_kind) AS kind FROM {table.table} WHERE member IS NOT NULL GROUP BY member"
        for table in history.tables.values()
    )
    connection.execute(
        "CREATE OR REPLACE TABLE kinds AS"
        f" SELECT member, coalesce(any_value(kind), 'member') AS kind FROM ({kinds}) GROUP BY member"
    )


def _compare(history: History, unit: UnitPolicy) -> UnitResult:
    """Add one unit up by month, rule, group and member."""
    connection = history.connection
    connection.execute(
        "CREATE OR REPLACE TABLE by_member AS SELECT member, sum(draft) AS draft, sum(live) AS live,"
        " sum(events) AS events FROM side_by_side WHERE unit = ? GROUP BY member",
        [unit.key],
    )
    totals = connection.execute(
        "SELECT coalesce(sum(draft), 0), coalesce(sum(live), 0), count(*), count(*) FILTER (draft > live),"
        " count(*) FILTER (draft < live) FROM by_member"
    ).fetchone()
    assert totals is not None
    draft, live, members, winning, losing = (int(value) for value in totals)
    grouped = "SELECT {0}, sum(draft), sum(live), sum(events) FROM {1} GROUP BY 1 ORDER BY 1"
    mine = f"(SELECT * FROM side_by_side WHERE unit = '{unit.key}')"
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
        by_month=_parts(history, grouped.format("month", mine)),
        by_rule=_parts(history, grouped.format("rule", mine)),
        by_group=_parts(history, grouped.format("kind", "by_member JOIN kinds USING (member)")),
        winners=_parts(history, edge.format(">")),
        losers=_parts(history, edge.format("<")),
        members=members,
        winning=winning,
        losing=losing,
    )


def _parts(history: History, query: str) -> tuple[Part, ...]:
    return tuple(
        Part(name, int(draft), int(live), int(events))
        for name, draft, live, events in history.connection.execute(query).fetchall()
    )


def cost_of(points: int, unit: UnitPolicy) -> int:
    """What points are worth, in minor units: rounded once, halves to the even unit."""
    whole, rest = divmod(points * unit.value_minor_per_million, 1_000_000)
    return whole + (rest > 500_000 or (rest == 500_000 and whole % 2 == 1))
