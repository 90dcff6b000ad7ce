"""What is used of limits: loaded under lock before a decision, written after it, counted anew when old.

A page that only tells what is left asks `seen`, which locks and writes nothing.

Use per member lives in one `Tally` row a member, locked in one order for everybody. Use
shared by many lives in `Budget` rows, locked in one order for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from plaudit.earning.counting import count_from_ledger
from plaudit.earning.definitions import Limit, Of, Per
from plaudit.earning.limits import ProgrammeUse, Use, uses_of
from plaudit.earning.models import Tally
from plaudit.earning.published import published_rule
from plaudit.foundation import arrays
from plaudit.foundation.exact import decode, encode
from plaudit.ledger.places import Kind
from plaudit.ledger.reversing import Posted
from plaudit.people.teams import teams_at


@dataclass(slots=True)
class Uses:
    """The use of every limit that one batch may touch: `used[programme][use]`, changed by `limits.grant`."""

    used: dict[str, dict[Use, int]] = field(default_factory=dict)
    before: dict[str, dict[Use, int]] = field(default_factory=dict)
    tallies: dict[UUID, dict[str, list[object]]] = field(default_factory=dict)
    limits: dict[ProgrammeUse, Limit] = field(default_factory=dict)

    def of(self, programme: str) -> dict[Use, int]:
        """The use of this programme's limits, to be read and changed."""
        return self.used.setdefault(programme, {})


def load(
    organisation_id: int, wanted: Mapping[ProgrammeUse, Limit], limit_ids: Mapping[tuple[str, str], int]
) -> Uses:
    """Load these uses. The members' wallets are locked by the caller; budgets are locked here."""
    uses = Uses(limits=dict(wanted))
    mine = [key for key, limit in wanted.items() if limit.per is Per.MEMBER]
    shared = [key for key, limit in wanted.items() if limit.per is not Per.MEMBER]
    if mine:
        _lock_tallies(organisation_id, uses, mine)
        _count_mine(organisation_id, uses, mine, limit_ids)
    if shared:
        _load_budgets(organisation_id, uses, shared, limit_ids)
    uses.before = {programme: dict(used) for programme, used in uses.used.items()}
    return uses


def seen(
    organisation_id: int, wanted: Mapping[ProgrammeUse, Limit], limit_ids: Mapping[tuple[str, str], int]
) -> Uses:
    """These uses, all of limits counted for each member, as they are now; it may run where nothing can be written."""
    uses = Uses(limits=dict(wanted))
    members = {UUID(use[1]) for _, use in wanted}
    found = Tally.objects.filter(organisation_id=organisation_id, member_id__in=members)
    uses.tallies = dict(found.values_list("member_id", "used"))
    _count_mine(organisation_id, uses, list(wanted), limit_ids)
    return uses


_OPEN_TALLIES = """
    insert into earning_tally (organisation_id, member_id, used)
    select %s, member_id, '{}' from unnest(%s::uuid[]) as t (member_id) order by member_id
        on conflict (organisation_id, member_id) do nothing
"""

_LOCK_TALLIES = """
    select member_id, used from earning_tally
     where organisation_id = %s and member_id = any(%s::uuid[]) order by member_id for update
"""


def _lock_tallies(organisation_id: int, uses: Uses, wanted: list[ProgrammeUse]) -> None:
    members = sorted({UUID(use[1]) for _, use in wanted})
    with connection.cursor() as cursor:
        # A limit may hold rules in several units, whose wallets others hold: the tally is a lock of its own.
        cursor.execute(_OPEN_TALLIES, [organisation_id, arrays.uuids(members)])
        cursor.execute(_LOCK_TALLIES, [organisation_id, arrays.uuids(members)])
        uses.tallies = {member_id: decode(text) for member_id, text in cursor.fetchall()}


def _count_mine(
    organisation_id: int, uses: Uses, wanted: list[ProgrammeUse], limit_ids: Mapping[tuple[str, str], int]
) -> None:
    older = []
    for programme, use in wanted:
        key, holder, period = use
        entry = uses.tallies.get(UUID(holder), {}).get(str(limit_ids[(programme, key)]))
        if entry is None or str(entry[0]) < period:
            uses.of(programme)[use] = 0
        elif entry[0] == period:
            uses.of(programme)[use] = int(str(entry[1]))
        else:
            older.append((programme, use))
    # Late events, in a period before the one the tally keeps: the ledger itself is counted.
    late = count_from_ledger(organisation_id, [(key, uses.limits[key]) for key in older])
    for (programme, use), amount in late.items():
        uses.of(programme)[use] = amount


def _load_budgets(
    organisation_id: int, uses: Uses, wanted: list[ProgrammeUse], limit_ids: Mapping[tuple[str, str], int]
) -> None:
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


def write(organisation_id: int, uses: Uses, limit_ids: Mapping[tuple[str, str], int]) -> None:
    """Write what has changed since `load`."""
    changed = [
        (programme, use, amount)
        for programme, used in uses.used.items()
        for use, amount in used.items()
        if amount != uses.before.get(programme, {}).get(use)
    ]
    tallies: set[UUID] = set()
    budgets = []
    for programme, use, amount in changed:
        limit = uses.limits[(programme, use)]
        limit_id = limit_ids[(programme, use[0])]
        if limit.per is not Per.MEMBER:
            budgets.append((limit_id, use[1], use[2], amount))
            continue
        member_id = UUID(use[1])
        tally = uses.tallies.setdefault(member_id, {})
        entry = tally.get(str(limit_id))
        if entry is None or str(entry[0]) <= use[2]:
            tally[str(limit_id)] = [use[2], amount]
            tallies.add(member_id)
    _write_tallies(organisation_id, {member_id: uses.tallies[member_id] for member_id in tallies})
    _write_budgets(organisation_id, sorted(budgets))


def _write_tallies(organisation_id: int, tallies: Mapping[UUID, Mapping[str, object]]) -> None:
    if not tallies:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into earning_tally (organisation_id, member_id, used)
            select %s, member_id, used from unnest(%s::uuid[], %s::jsonb[]) as t (member_id, used)
                on conflict (organisation_id, member_id) do update set used = excluded.used
            """,
            [
                organisation_id,
                arrays.uuids(tallies),
                arrays.texts([encode(used) for used in tallies.values()]),
            ],
        )


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
