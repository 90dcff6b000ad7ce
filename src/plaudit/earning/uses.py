"""What is used of limits: loaded under lock before a decision, written after it, counted anew when old.

A page that only tells what is left asks `seen`, which locks and writes nothing.

Use per member lives in one `Tally` row a member and limit, use shared by many in `Budget` rows; each is
locked in one order for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection

from plaudit.earning.counting import count_from_ledger
from plaudit.earning.definitions import Limit, Of, Per
from plaudit.earning.limits import ProgrammeUse, Use, uses_of
from plaudit.earning.published import published_rule
from plaudit.foundation import arrays
from plaudit.ledger.places import Kind
from plaudit.ledger.reversing import Posted
from plaudit.people.teams import teams_at


@dataclass(slots=True)
class Uses:
    """The use of every limit that one batch may touch: `used[programme][use]`, changed by `limits.grant`."""

    used: dict[str, dict[Use, int]] = field(default_factory=dict)
    before: dict[str, dict[Use, int]] = field(default_factory=dict)
    tallies: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    """What the tallies say, by member and limit id: the newest period, and what is used of it."""
    limits: dict[ProgrammeUse, Limit] = field(default_factory=dict)

    def of(self, programme: str) -> dict[Use, int]:
        """The use of this programme's limits, to be read and changed."""
        return self.used.setdefault(programme, {})


LimitIds = Mapping[tuple[str, str], int]  # by (programme, limit key)


def load(organisation_id: int, wanted: Mapping[ProgrammeUse, Limit], limit_ids: LimitIds) -> Uses:
    """Load these uses and lock them. The members' wallets are locked by the caller."""
    uses = Uses(limits=dict(wanted))
    mine = [key for key, limit in wanted.items() if limit.per is Per.MEMBER]
    shared = [key for key, limit in wanted.items() if limit.per is not Per.MEMBER]
    if mine:
        _lock_tallies(organisation_id, uses, _tallies_of(mine, limit_ids))
        _count_mine(organisation_id, uses, mine, limit_ids)
    if shared:
        _load_budgets(organisation_id, uses, shared, limit_ids)
    uses.before = {programme: dict(used) for programme, used in uses.used.items()}
    return uses


def seen(organisation_id: int, wanted: Mapping[ProgrammeUse, Limit], limit_ids: LimitIds) -> Uses:
    """These uses, all of limits counted for each member, as they are now; it may run where nothing can be written."""
    uses = Uses(limits=dict(wanted))
    _read_tallies(organisation_id, uses, _tallies_of(wanted, limit_ids), "")
    _count_mine(organisation_id, uses, list(wanted), limit_ids)
    return uses


def _tallies_of(wanted: Iterable[ProgrammeUse], limit_ids: LimitIds) -> list[tuple[str, int]]:
    """The tallies (member, limit id) of these uses, in one order for everybody."""
    return sorted({(use[1], limit_ids[(programme, use[0])]) for programme, use in wanted})


_READ_TALLIES = """
    select t.member_id::text, t.limit_id, t.period, t.used
      from unnest(%s::uuid[], %s::int[]) as wanted (member_id, limit_id)
      join earning_tally t on t.organisation_id = %s and t.member_id = wanted.member_id
                          and t.limit_id = wanted.limit_id
"""

_OPEN_TALLIES = """
    insert into earning_tally (organisation_id, member_id, limit_id, period, used)
    select %s, member_id, limit_id, '', 0 from unnest(%s::uuid[], %s::int[]) as t (member_id, limit_id)
     order by member_id, limit_id
        on conflict (organisation_id, member_id, limit_id) do nothing
"""


def _lock_tallies(organisation_id: int, uses: Uses, wanted: list[tuple[str, int]]) -> None:
    """A limit may hold rules in several units, whose wallets others hold: the tally is a lock of its own."""
    locking = " order by t.member_id, t.limit_id for update of t"
    _read_tallies(organisation_id, uses, wanted, locking)
    missing = [key for key in wanted if key not in uses.tallies]
    if missing:
        with connection.cursor() as cursor:
            cursor.execute(
                _OPEN_TALLIES,
                [
                    organisation_id,
                    arrays.texts([m for m, _ in missing]),
                    arrays.numbers([n for _, n in missing]),
                ],
            )
        _read_tallies(organisation_id, uses, missing, locking)


def _read_tallies(organisation_id: int, uses: Uses, wanted: list[tuple[str, int]], locking: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _READ_TALLIES + locking,
            [arrays.texts([m for m, _ in wanted]), arrays.numbers([n for _, n in wanted]), organisation_id],
        )
        uses.tallies.update({(row[0], row[1]): (row[2], row[3]) for row in cursor.fetchall()})


def _count_mine(organisation_id: int, uses: Uses, wanted: list[ProgrammeUse], limit_ids: LimitIds) -> None:
    older = []
    for programme, use in wanted:
        key, member, period = use
        newest, used = uses.tallies.get((member, limit_ids[(programme, key)]), ("", 0))
        if newest <= period:
            uses.of(programme)[use] = used if newest == period else 0
        else:
            older.append((programme, use))
    # Late events, in a period before the one the tally keeps: the ledger itself is counted.
    late = count_from_ledger(organisation_id, [(key, uses.limits[key]) for key in older])
    for (programme, use), amount in late.items():
        uses.of(programme)[use] = amount


def _load_budgets(organisation_id: int, uses: Uses, wanted: list[ProgrammeUse], limit_ids: LimitIds) -> None:
    rows = sorted(
        (
            limit_ids[(programme, use[0])],
            use[1],
            use[2],
            uses.limits[(programme, use)].at_most,
            programme,
            use,
        )
        for programme, use in wanted
    )
    with connection.cursor() as cursor:
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
             where b.organisation_id = %s
             order by b.limit_id, b.holder, b.period for update of b
            """,
            [*([row[n] for row in rows] for n in range(3)), organisation_id],
        )
        found = {(limit_id, holder, period): used for limit_id, holder, period, used in cursor.fetchall()}
    for limit_id, holder, period, _, programme, use in rows:
        uses.of(programme)[use] = found[(limit_id, holder, period)]


def write(organisation_id: int, uses: Uses, limit_ids: LimitIds) -> None:
    """Write what has changed since `load`; of several periods of one tally, the newest."""
    tallies: dict[tuple[str, int], tuple[str, int]] = {}
    budgets = []
    for programme, used in uses.used.items():
        before = uses.before.get(programme, {})
        for use, amount in used.items():
            if before.get(use) == amount:
                continue
            key, holder, period = use
            limit_id = limit_ids[(programme, key)]
            if uses.limits[(programme, use)].per is not Per.MEMBER:
                budgets.append((limit_id, holder, period, amount))
                continue
            tally = (holder, limit_id)
            if tallies.get(tally, uses.tallies[tally])[0] <= period:
                tallies[tally] = (period, amount)
    _write_tallies(organisation_id, tallies)
    _write_budgets(organisation_id, sorted(budgets))


def _write_tallies(organisation_id: int, tallies: Mapping[tuple[str, int], tuple[str, int]]) -> None:
    if not tallies:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update earning_tally t set period = new.period, used = new.used
              from unnest(%s::uuid[], %s::int[], %s::text[], %s::bigint[]) as new (member_id, limit_id, period, used)
             where t.organisation_id = %s and t.member_id = new.member_id and t.limit_id = new.limit_id
            """,
            [
                arrays.texts([member for member, _ in tallies]),
                arrays.numbers([limit_id for _, limit_id in tallies]),
                arrays.texts([period for period, _ in tallies.values()]),
                arrays.numbers([used for _, used in tallies.values()]),
                organisation_id,
            ],
        )
        assert cursor.rowcount == len(tallies), "every tally was opened and locked when it was loaded"


def _write_budgets(organisation_id: int, budgets: Iterable[tuple[int, str, str, int]]) -> None:
    columns = [list(column) for column in zip(*budgets, strict=True)]
    if not columns:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update earning_budget b set used = new.used
              from unnest(%s::int[], %s::text[], %s::text[], %s::bigint[]) as new (limit_id, holder, period, used)
             where b.organisation_id = %s and b.limit_id = new.limit_id and b.holder = new.holder
               and b.period = new.period
            """,
            [*columns, organisation_id],
        )


def give_back_uses(organisation_id: int, taken_back: Iterable[tuple[Posted, int]]) -> None:
    """Give the use of limits back for grants that were taken back, in the periods they were granted in.

    A time is given back when the whole of its grant is. Tallies of an older period need nothing: the
    ledger is counted for those, net of reversals.
    """
    wanted: dict[ProgrammeUse, Limit] = {}
    less: dict[ProgrammeUse, int] = {}
    limit_ids: dict[tuple[str, str], int] = {}
    for posted, amount in taken_back:
        if posted.kind is not Kind.ACCRUAL or posted.rule_id is None or amount == 0:
            continue
        ruled = published_rule(organisation_id, posted.rule_id)
        limit_ids.update(ruled.limit_ids)
        local = posted.occurred_at.astimezone(ruled.time_zone)
        teams = teams_at(organisation_id, [(0, posted.member_id, posted.occurred_at)]).get(0, ())
        for limit, use in uses_of(ruled.rule, day=local.date(), member=str(posted.member_id), teams=teams):
            times = 1 if amount == posted.left else 0
            wanted[(ruled.programme, use)] = limit
            less[(ruled.programme, use)] = less.get((ruled.programme, use), 0) + (
                times if limit.of is Of.TIMES else amount
            )
    if not wanted:
        return
    uses = load(organisation_id, wanted, limit_ids)
    for (programme, use), amount in less.items():
        held = uses.of(programme)
        held[use] = max(0, held[use] - amount)
    write(organisation_id, uses, limit_ids)
