"""Periods and uses of limits as DuckDB SQL over the columns of a `Wanted`."""

from __future__ import annotations

from collections.abc import Collection

from plaudit.earning.definitions import Every, Limit, Of
from plaudit.planning.simulation.wanting import Wanted


def period(every: Every, day: str = "day") -> str:
    """SQL for the first day of the period that a day falls in: equal exactly where `limits.period_of` is."""
    if every is Every.DAY:
        return day
    if every is Every.LIFETIME:
        return "DATE '1970-01-01'"
    return f"CAST(date_trunc('{every}', {day}) AS DATE)"


def finest(everies: Collection[Every]) -> Every:
    """The longest period that is a part of each of these: weeks cross months, so where they meet it is the day."""
    if not everies:
        return Every.LIFETIME
    return next(iter(everies)) if len(everies) == 1 else Every.DAY


def use_of(limit: Limit, source: Wanted) -> str:
    """SQL for how much of a limit one event would use if everything it wants were granted."""
    columns = [source.columns[rule.key] for rule in source.rules if limit in rule.limits]
    if limit.of is Of.TIMES:
        columns = [f"({column} > 0)::BIGINT" for column in columns]
    return f"({' + '.join(columns) or '0'})"


def wants(limit: Limit, source: Wanted) -> str:
    """SQL for whether any rule under this limit wants something for an event."""
    columns = [source.columns[rule.key] for rule in source.rules if limit in rule.limits]
    return f"({' OR '.join(f'{column} > 0' for column in columns) or 'false'})"
