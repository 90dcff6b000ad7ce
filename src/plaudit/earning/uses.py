"""What is used of limits: loaded under lock before a decision, written after it, counted anew when old.

What each member has used is counted with their wallet, whose lock the caller holds: by the limit's kind of
period, the newest period that anything was used in, and what of each limit. What many share lives in
`Budget` rows, locked in one order for everybody. A page that only tells what is left asks `seen`, which
locks and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from plaudit.earning.counting import count_from_ledger
from plaudit.earning.definitions import Every, Limit, Of, Per
from plaudit.earning.limits import ProgrammeUse, Use, uses_of
from plaudit.earning.lineups import KnownLimit, KnownLimits
from plaudit.earning.published import published_rule
from plaudit.foundation import clock
from plaudit.foundation.exact import decode, encode
from plaudit.foundation.news import tell_each
from plaudit.foundation.prepared import prepared
from plaudit.ledger.places import Kind
from plaudit.ledger.posting import Holding, LockedWallet, keep_counts, lock_wallets
from plaudit.ledger.queries import counts_of
from plaudit.ledger.reversing import Posted
from plaudit.people.teams import teams_at

Counts = dict[str, list[Any]]
"""What is counted with one wallet: {kind of period: [newest period, {limit id: used}]}."""

_NOTHING: list[Any] = ["", {}]


@dataclass(slots=True)
class Uses:
    """The use of every limit that one batch may touch: `used[programme][use]`, changed by `limits.grant`."""

    limits: Mapping[ProgrammeUse, Limit]
    used: dict[str, dict[Use, int]] = field(default_factory=dict)
    before: dict[str, dict[Use, int]] = field(default_factory=dict)
    counts: dict[tuple[str, int], Counts] = field(default_factory=dict)
    """By member, as text, and unit id."""

    def of(self, programme: str) -> dict[Use, int]:
        """The use of this programme's limits, to be read and changed."""
        return self.used.setdefault(programme, {})


def load(
    organisation_id: int,
    wanted: Mapping[ProgrammeUse, Limit],
    known: KnownLimits,
    wallets: Mapping[tuple[str, int], LockedWallet],
) -> Uses:
    """Load these uses. The wallets that members' uses are counted with are locked; budgets are locked here.

    `wallets` is by member, as text, and unit id.
    """
    uses = Uses(wanted)
    mine = [key for key, limit in wanted.items() if limit.per is Per.MEMBER]
    shared = [key for key, limit in wanted.items() if limit.per is not Per.MEMBER]
    _count_mine(organisation_id, uses, mine, known, lambda holding: wallets[holding].counts)
    if shared:
        _load_budgets(organisation_id, uses, shared, known)
    uses.before = {programme: dict(used) for programme, used in uses.used.items()}
    return uses


def seen(
    organisation_id: int, member_id: UUID, wanted: Mapping[ProgrammeUse, Limit], known: KnownLimits
) -> Uses:
    """These uses, all of one member's own limits, as they are now; it may run where nothing can be written."""
    uses = Uses(wanted)
    found = counts_of(organisation_id, member_id)
    _count_mine(organisation_id, uses, wanted, known, lambda holding: found.get(holding[1], ""))
    return uses


def _count_mine(
    organisation_id: int,
    uses: Uses,
    wanted: Iterable[ProgrammeUse],
    known: KnownLimits,
    text_of: Callable[[tuple[str, int]], str],
) -> None:
    """`text_of` gives what is counted with the wallet of (member, unit id), as it is stored."""
    older = []
    for programme, use in wanted:
        limit, (limit_id, unit_id) = uses.limits[(programme, use)], known[(programme, use[0])]
        holding = (use[1], unit_id)
        counts = uses.counts.get(holding)
        if counts is None:
            text = text_of(holding)
            counts = uses.counts[holding] = decode(text) if text else {}
        used = _used(counts, limit.every, limit_id, use[2])
        if used is None:
            older.append(((programme, use), limit))
        else:
            uses.of(programme)[use] = used
    # Late events, in a period before the one that is counted: the ledger itself is asked.
    for (programme, use), used in count_from_ledger(organisation_id, older).items():
        uses.of(programme)[use] = used


def _used(counts: Counts, every: Every, limit_id: int, period: str) -> int | None:
    """What is used of a limit in this period; None where a newer one has taken its place."""
    newest, used = counts.get(every, _NOTHING)
    if period < newest:
        return None
    return int(used.get(str(limit_id), 0)) if period == newest else 0


def _keep(counts: Counts, every: Every, limit_id: int, period: str, used: int) -> None:
    """Count what is used now. A newer period takes the place of all limits' older one."""
    kept = counts.get(every)
    if kept is None or kept[0] < period:
        counts[every] = [period, {str(limit_id): used}]
    elif kept[0] == period:
        kept[1][str(limit_id)] = used


def _load_budgets(organisation_id: int, uses: Uses, wanted: list[ProgrammeUse], known: KnownLimits) -> None:
    rows = sorted(
        (
            known[(programme, use[0])].id,
            use[1],
            use[2],
            uses.limits[(programme, use)].at_most,
            programme,
            use,
        )
        for programme, use in wanted
    )
    with prepared() as cursor:
        cursor.execute(
            """
            insert into earning_budget (organisation_id, limit_id, holder, period, used, at_most)
            select %s, limit_id, holder, period, 0, at_most
              from unnest(%s::int[], %s::text[], %s::text[], %s::bigint[]) as b (limit_id, holder, period, at_most)
                on conflict (organisation_id, limit_id, holder, period) do nothing
            """,
            [organisation_id, *([row[n] for row in rows] for n in range(4))],
        )
        cursor.execute(
            """
            select b.limit_id, b.holder, b.period, b.used
              from unnest(%s::int[], %s::text[], %s::text[]) as wanted (limit_id, holder, period)
              join earning_budget b using (limit_id, holder, period)
             where b.organisation_id = (select %s::int)
             order by b.limit_id, b.holder, b.period for update of b
            """,
            [*([row[n] for row in rows] for n in range(3)), organisation_id],
        )
        found = {(limit_id, holder, period): used for limit_id, holder, period, used in cursor.fetchall()}
    for limit_id, holder, period, _, programme, use in rows:
        uses.of(programme)[use] = found[(limit_id, holder, period)]


def write(
    organisation_id: int, uses: Uses, known: KnownLimits, wallets: Mapping[tuple[str, int], LockedWallet]
) -> list[LockedWallet]:
    """Write what has changed since `load`: budgets to their rows, the rest to the wallets that are returned.

    Those wallets are still to be written themselves.
    """
    changed: set[tuple[str, int]] = set()
    budgets = []
    crossed: list[dict[str, object]] = []
    for programme, used in uses.used.items():
        before = uses.before.get(programme, {})
        for use, amount in used.items():
            if before.get(use) == amount:
                continue
            limit, (limit_id, unit_id) = uses.limits[(programme, use)], known[(programme, use[0])]
            if limit.per is Per.MEMBER:
                holding = (use[1], unit_id)
                _keep(uses.counts[holding], limit.every, limit_id, use[2], amount)
                changed.add(holding)
            else:
                budgets.append((limit_id, use[1], use[2], amount))
                crossed += crossings(programme, limit, use, before.get(use, 0), amount)
    _write_budgets(organisation_id, sorted(budgets))
    tell_each(organisation_id, "budget.threshold", crossed, happened_at=clock.now())
    for holding in changed:
        wallets[holding].counts = encode(uses.counts[holding])
    return [wallets[holding] for holding in changed]


THRESHOLDS = (50, 80, 100)
"""Of how many hundredths of a budget there is news when its use reaches them, or falls below them again."""


def crossings(programme: str, limit: Limit, use: Use, before: int, after: int) -> list[dict[str, object]]:
    """The news that the use of a shared limit went from `before` to `after`: one for each threshold between.

    `reached` is false where a correction gave so much back that the use is below the threshold again.
    """
    return [
        {
            "programme": programme,
            "limit": limit.key,
            "team": use[1] or None,
            "period": use[2] or None,
            "counts": limit.of.value,
            "percent": percent,
            "reached": after > before,
            "used": after,
            "at_most": limit.at_most,
        }
        for percent in (THRESHOLDS if after > before else THRESHOLDS[::-1])
        if (before * 100 >= percent * limit.at_most) != (after * 100 >= percent * limit.at_most)
    ]


def _write_budgets(organisation_id: int, budgets: Iterable[tuple[int, str, str, int]]) -> None:
    columns = [list(column) for column in zip(*budgets, strict=True)]
    if not columns:
        return
    with prepared() as cursor:
        cursor.execute(
            """
            update earning_budget b set used = new.used
              from unnest(%s::int[], %s::text[], %s::text[], %s::bigint[]) as new (limit_id, holder, period, used)
             where b.organisation_id = (select %s::int) and b.limit_id = new.limit_id and b.holder = new.holder
               and b.period = new.period
            """,
            [*columns, organisation_id],
        )


def give_back_uses(organisation_id: int, taken_back: Iterable[tuple[Posted, int]]) -> None:
    """Give the use of limits back for grants that were taken back, in the periods they were granted in.

    A time is given back when the whole of its grant is. What is counted of an older period needs nothing:
    the ledger is asked for it, net of reversals.
    """
    wanted: dict[ProgrammeUse, Limit] = {}
    less: dict[ProgrammeUse, int] = {}
    known: dict[tuple[str, str], KnownLimit] = {}
    holdings: set[Holding] = set()
    for posted, amount in taken_back:
        if posted.kind is not Kind.ACCRUAL or posted.rule_id is None or amount == 0:
            continue
        ruled = published_rule(organisation_id, posted.rule_id)
        known.update(ruled.limits)
        local = posted.occurred_at.astimezone(ruled.time_zone)
        teams = teams_at(organisation_id, [(0, posted.member_id, posted.occurred_at)]).get(0, ())
        for limit, use in uses_of(ruled.rule, day=local.date(), member=str(posted.member_id), teams=teams):
            times = 1 if amount == posted.left else 0
            wanted[(ruled.programme, use)] = limit
            less[(ruled.programme, use)] = less.get((ruled.programme, use), 0) + (
                times if limit.of is Of.TIMES else amount
            )
            if limit.per is Per.MEMBER:
                holdings.add((posted.member_id, known[(ruled.programme, limit.key)].unit_id))
    if not wanted:
        return
    locked = lock_wallets(organisation_id, holdings)
    wallets = {(str(member_id), unit_id): wallet for (member_id, unit_id), wallet in locked.items()}
    uses = load(organisation_id, wanted, known, wallets)
    for (programme, use), amount in less.items():
        held = uses.of(programme)
        held[use] = max(0, held[use] - amount)
    keep_counts(organisation_id, write(organisation_id, uses, known, wallets))
