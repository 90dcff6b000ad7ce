"""Limits that teams share, in a replay: which team each member was in when something happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from plaudit.earning.definitions import Limit
from plaudit.earning.limits import period_of
from plaudit.planning.simulation.history import History
from plaudit.planning.simulation.periods import use_of, wants
from plaudit.planning.simulation.wanting import Wanted

_IN_TEAM = (
    "JOIN stays s ON s.member = w.member AND s.began_at <= w.happened_at"
    " AND (s.ended_at IS NULL OR s.ended_at > w.happened_at)"
)


def find_overflowing_teams(
    history: History, limits: Sequence[Limit], wanted: Sequence[Wanted]
) -> frozenset[str]:
    """The limits by team of which some team wants too much; their events into `team_events` (limit_key, seq)."""
    connection = history.connection
    connection.execute("CREATE OR REPLACE TEMP TABLE team_events (limit_key VARCHAR, seq BIGINT)")
    over = set()
    for limit in limits:
        used: dict[tuple[str, str], int] = defaultdict(int)
        days: set[tuple[str, date]] = set()
        for source in wanted:
            query = (
                f"SELECT s.team, w.day, sum({use_of(limit, source)}) FROM ({source.over()}) w {_IN_TEAM}"
                f" WHERE {wants(limit, source)} GROUP BY s.team, w.day"
            )
            for team, day, amount in connection.execute(query).fetchall():
                used[(team, period_of(limit.every, day))] += amount
                days.add((team, day))
        rows = [
            (team, day) for team, day in days if used[(team, period_of(limit.every, day))] > limit.at_most
        ]
        if rows:
            over.add(limit.key)
            _draw_days(history, limit, rows, wanted)
    return frozenset(over)


def _draw_days(
    history: History, limit: Limit, rows: Sequence[tuple[str, date]], wanted: Sequence[Wanted]
) -> None:
    connection = history.connection
    connection.execute("CREATE OR REPLACE TEMP TABLE team_days (team VARCHAR, day DATE)")
    history.insert("team_days", rows)
    for source in wanted:
        connection.execute(
            f"INSERT INTO team_events SELECT DISTINCT ?, w.seq FROM ({source.over()}) w {_IN_TEAM}"
            f" JOIN team_days o ON o.team = s.team AND o.day = w.day WHERE {wants(limit, source)}",
            [limit.key],
        )
