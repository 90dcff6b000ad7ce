"""Counts the use of a limit from the ledger itself: what the tallies are a projection of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max

from plaudit.earning.definitions import Every, Limit, Of, read_definition
from plaudit.earning.limits import ProgrammeUse, Use
from plaudit.earning.models import RuleSet
from plaudit.ledger.expiry import months_later
from plaudit.ledger.queries import Asked, granted_between


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


def count_from_ledger(
    organisation_id: int, wanted: Sequence[tuple[ProgrammeUse, Limit]]
) -> dict[ProgrammeUse, int]:
    """What members have used of limits in these periods, net of reversals, by every version of their rules."""
    if not wanted:
        return {}
    under = _rules_under(organisation_id, RuleSet.objects.aggregate(newest=Max("id"))["newest"])
    granted = granted_between(
        organisation_id,
        [_asked(use, limit, *under[(programme, limit.key)]) for (programme, use), limit in wanted],
    )
    return {
        key: times if limit.of is Of.TIMES else points
        for (key, limit), (points, times) in zip(wanted, granted, strict=True)
    }


def _asked(use: Use, limit: Limit, time_zone: ZoneInfo, rule_ids: tuple[int, ...]) -> Asked:
    _, holder, period = use
    return Asked(UUID(holder), rule_ids, *bounds_of(limit.every, period, time_zone))


@lru_cache(maxsize=64)
def _rules_under(
    organisation_id: int, _newest: int | None
) -> dict[tuple[str, str], tuple[ZoneInfo, tuple[int, ...]]]:
    """Every limit of (programme, key): the programme's time zone, and every published rule it has held.

    What is published never changes: until something newer is, the answer is the same.
    """
    found: dict[tuple[str, str], tuple[ZoneInfo, tuple[int, ...]]] = {}
    sets = RuleSet.objects.filter(organisation_id=organisation_id).prefetch_related("rules")
    for rule_set in sets.order_by("number"):
        definition = read_definition(rule_set.definition)
        ids = {rule.key: rule.id for rule in rule_set.rules.all()}
        for rule in definition.rules:
            for limit in rule.limits:
                _, before = found.get((definition.programme, limit.key), (None, ()))
                found[(definition.programme, limit.key)] = (
                    definition.time_zone,
                    (*before, ids[rule.key]),
                )
    return found
