"""Counts the use of a limit from the ledger itself: what the tallies are a projection of."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from plaudit.earning.definitions import Every, Limit, Of, read_definition
from plaudit.earning.limits import Use
from plaudit.earning.models import RuleSet
from plaudit.ledger.expiry import months_later
from plaudit.ledger.queries import granted_between


def bounds_of(every: Every, period: str, time_zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The half-open span of a period named by `limits.period_of`, in UTC."""
    match every:
        case Every.DAY:
            first = date.fromisoformat(period)
            after = first + timedelta(days=1)
        case Every.WEEK:
            first = date.fromisocalendar(int(period[:4]), int(period[6:]), 1)
            after = first + timedelta(days=7)
        case Every.MONTH:
            first = date(int(period[:4]), int(period[5:]), 1)
            after = months_later(first, 1)
        case Every.QUARTER:
            first = date(int(period[:4]), int(period[6:]) * 3 - 2, 1)
            after = months_later(first, 3)
        case Every.YEAR:
            first = date(int(period), 1, 1)
            after = date(int(period) + 1, 1, 1)
        case Every.LIFETIME:
            first, after = date(1, 1, 2), date(9999, 12, 30)
    return tuple(datetime.combine(day, time(), time_zone).astimezone(UTC) for day in (first, after))  # type: ignore[return-value]  # two in, two out


def count_from_ledger(organisation_id: int, programme: str, limit: Limit, use: Use) -> int:
    """What one member has used of a limit in one period, net of reversals, by every version of its rules."""
    _, holder, period = use
    rule_ids, time_zone = _rules_under(organisation_id, programme, limit.key)
    starts_at, ends_at = bounds_of(limit.every, period, time_zone)
    points, times = granted_between(organisation_id, UUID(holder), rule_ids, starts_at, ends_at)
    return times if limit.of is Of.TIMES else points


def _rules_under(organisation_id: int, programme: str, limit_key: str) -> tuple[list[int], ZoneInfo]:
    """The ids of every published rule that this limit has held, and the programme's time zone."""
    rule_ids: list[int] = []
    time_zone = ZoneInfo("UTC")
    sets = RuleSet.objects.filter(organisation_id=organisation_id, programme=programme).prefetch_related(
        "rules"
    )
    for rule_set in sets.order_by("number"):
        definition = read_definition(rule_set.definition)
        time_zone = definition.time_zone
        keys = {rule.key for rule in definition.rules if any(limit.key == limit_key for limit in rule.limits)}
        rule_ids += [rule.id for rule in rule_set.rules.all() if rule.key in keys]
    return rule_ids, time_zone
