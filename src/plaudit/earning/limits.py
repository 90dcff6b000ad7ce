"""Limits and multipliers: what of a wanted grant is granted. Pure, and the same live and in what-if."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from plaudit.earning.definitions import Every, Limit, Of, Per, Rule, Stacking

# Named once: an enum's member is looked up in its class as slowly as a limit is asked.
TIMES, POINTS = Of.TIMES, Of.POINTS
MEMBER, TEAM = Per.MEMBER, Per.TEAM


@lru_cache(maxsize=4096)
def period_of(every: Every, day: date) -> str:
    """The period `day` (local to the programme) falls in, as text that sorts in time within its kind."""
    match every:
        case Every.DAY:
            return day.isoformat()
        case Every.WEEK:
            year, week, _ = day.isocalendar()
            return f"{year:04}-W{week:02}"
        case Every.MONTH:
            return f"{day.year:04}-{day.month:02}"
        case Every.QUARTER:
            return f"{day.year:04}-Q{(day.month + 2) // 3}"
        case Every.YEAR:
            return f"{day.year:04}"
        case Every.LIFETIME:
            return ""


Use = tuple[str, str, str]  # limit key, holder (member id, team key or ""), period
ProgrammeUse = tuple[str, Use]  # (programme, use)


@dataclass(frozen=True, slots=True)
class Cut:
    """A grant that a limit made smaller, with the state of the limit that did it."""

    rule: str
    wanted: int
    granted: int
    limit: str
    used: int
    at_most: int


class Grant(NamedTuple):
    """What one rule grants for one event, in the unit's smallest part."""

    rule: Rule
    amount: int


def grant(
    matched: Iterable[tuple[Rule, int]],
    *,
    stacking: Stacking,
    day: date,
    member: str,
    teams: tuple[str, ...],
    used: dict[Use, int],
) -> tuple[list[Grant], list[Cut]]:
    """Decide what the rules that matched one event grant, and write the use of limits into `used`.

    `matched` is in the order of the file: (rule, wanted) where a multiplier's wanted amount is
    ignored and computed here, from what the rules it multiplies were granted. Limits are asked in the
    order they are written; a grant takes from all of its limits or from none.
    """
    grants: list[Grant] = []
    cuts: list[Cut] = []
    multipliers: list[Rule] = []
    for rule, wanted in matched:
        if rule.multiply is not None:
            multipliers.append(rule)
            continue
        amount = _within_limits(rule, wanted, day, member, teams, used, cuts)
        if amount:
            grants.append(Grant(rule, amount))
    if multipliers and grants:
        for rule, wanted in extras(multipliers, tuple(grants), stacking):
            amount = _within_limits(rule, wanted, day, member, teams, used, cuts)
            if amount:
                grants.append(Grant(rule, amount))
    return grants, cuts


def extras(
    multipliers: Iterable[Rule], granted: Iterable[Grant], stacking: Stacking
) -> list[tuple[Rule, int]]:
    """What each multiplier adds to what was granted, rounded down to the unit's smallest part.

    A multiplier without `of` multiplies every rule of its own unit. Rounding is of each rule's running
    total, so that the parts always add up to the rounded whole.
    """
    multipliers = tuple(multipliers)
    added: dict[str, int] = {}
    for base in granted:
        on_base = [rule for rule in multipliers if multiplies(rule, base.rule)]
        if stacking is Stacking.BEST and on_base:
            on_base = [max(on_base, key=lambda rule: rule.multiply or 0)]
        total = base.amount
        for rule in on_base:
            assert rule.multiply is not None
            if stacking is Stacking.MULTIPLY:
                after = int(total * rule.multiply)
                extra, total = after - total, after
            else:
                extra = int(base.amount * (rule.multiply - 1))
            added[rule.key] = added.get(rule.key, 0) + extra
    return [(rule, added[rule.key]) for rule in multipliers if rule.key in added]


def multiplies(multiplier: Rule, base: Rule) -> bool:
    """Whether this multiplier adds to what that rule grants."""
    return base.key in multiplier.of if multiplier.of else base.unit == multiplier.unit


def uses_of(rule: Rule, *, day: date, member: str, teams: tuple[str, ...]) -> list[tuple[Limit, Use]]:
    """Every use a grant under this rule would be written down to: one a limit, one a team for team limits."""
    uses: list[tuple[Limit, Use]] = []
    for limit in rule.limits:
        period = period_of(limit.every, day)
        if limit.per is MEMBER:
            uses.append((limit, (limit.key, member, period)))
        elif limit.per is TEAM:
            uses += [(limit, (limit.key, team, period)) for team in teams]
        else:
            uses.append((limit, (limit.key, "", period)))
    return uses


def _within_limits(
    rule: Rule,
    wanted: int,
    day: date,
    member: str,
    teams: tuple[str, ...],
    used: dict[Use, int],
    cuts: list[Cut],
) -> int:
    if wanted <= 0 or not rule.limits:
        return max(wanted, 0)
    uses = uses_of(rule, day=day, member=member, teams=teams)
    amount, tightest = wanted, None
    for limit, use in uses:
        left = limit.at_most - used.get(use, 0)
        fits = amount if (limit.of is TIMES and left > 0) or left >= amount else 0
        if not fits and limit.of is POINTS and limit.partial:
            fits = max(left, 0)
        if fits < amount:
            amount, tightest = fits, (limit, use)
    if tightest is not None:
        limit, use = tightest
        cuts.append(Cut(rule.key, wanted, amount, limit.key, used.get(use, 0), limit.at_most))
    if amount:
        for limit, use in uses:
            used[use] = used.get(use, 0) + (1 if limit.of is TIMES else amount)
    return amount
