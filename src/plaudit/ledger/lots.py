"""Reads which points a wallet still has, lot by lot, and which lots a debit consumed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from plaudit.foundation import arrays
from plaudit.foundation.exact import decode
from plaudit.foundation.prepared import prepared
from plaudit.ledger.expiry import extended
from plaudit.ledger.rules import Debt, Lot, OpenLots, Part

Line = tuple[int, int]  # (wallet id, line)

_OPEN_LOTS = """
    select t.wallet_id, t.line, t.amount - coalesce(b.burned, 0), t.expires_at, coalesce(b.restored, false), false,
           u.expiry ->> 'inactive' is not null
      from ledger_wallet w
      join ledger_unit u on u.id = w.unit_id
      join ledger_transfer t on t.organisation_id = w.organisation_id and t.wallet_id = w.id
                            and t.line >= w.open_from and t.target = 1
      left join lateral (select sum(b.amount)::bigint as burned, bool_or(b.amount < 0) as restored
                           from ledger_burn b
                          where b.organisation_id = t.organisation_id and b.wallet_id = t.wallet_id
                            and b.lot_line = t.line) b on true
     where w.organisation_id = (select %(organisation)s::int) and w.id = any(%(wallets)s::bigint[])
       and t.amount > coalesce(b.burned, 0)
     union all
    select t.wallet_id, t.line, t.amount - coalesce(b.covered, 0), null, false, true, false
      from ledger_wallet w
      join ledger_transfer t on t.organisation_id = w.organisation_id and t.wallet_id = w.id and t.source = 1
      left join lateral (select sum(b.amount)::bigint as covered from ledger_burn b
                          where b.organisation_id = t.organisation_id and b.wallet_id = t.wallet_id
                            and b.line = t.line) b on true
     where w.organisation_id = (select %(organisation)s::int) and w.id = any(%(wallets)s::bigint[]) and w.available < 0
       and t.amount > coalesce(b.covered, 0)
     order by 1, 2
"""


def open_lots(organisation_id: int, wallet_ids: Iterable[int]) -> dict[int, OpenLots]:
    """What the spendable balance of each of these (locked) wallets consists of; each has an entry."""
    found: dict[int, OpenLots] = {wallet_id: OpenLots() for wallet_id in wallet_ids}
    if found:
        with prepared() as cursor:
            cursor.execute(_OPEN_LOTS, {"organisation": organisation_id, "wallets": arrays.numbers(found)})
            rows = cursor.fetchall()
        living = {wallet_id for wallet_id, *_, by_activity in rows if by_activity}
        longer = longer_by_activity(organisation_id, living) if living else None
        for wallet_id, line, amount, expires_at, restored, owed, _ in rows:
            if owed:
                found[wallet_id].debts.append(Debt(line, amount))
            else:
                until = expires_at if longer is None else longer(wallet_id, expires_at)
                found[wallet_id].lots.append(Lot(line, amount, until, restored))
    return found


# What a member earned or spent and what still stands of it, in wallets whose unit expires by inactivity.
_ACTIVE = """
    select w.id, u.expiry, o.time_zone,
           array(select t.occurred_at from ledger_transfer t
                  where t.organisation_id = w.organisation_id and t.wallet_id = w.id and t.kind in (1, 5)
                    and not exists (select from ledger_transfer r
                                     where r.organisation_id = t.organisation_id and r.wallet_id = t.wallet_id
                                       and r.reverses_line = t.line and r.kind = 7
                                    having sum(r.amount) >= t.amount)
                  order by t.occurred_at)
      from ledger_wallet w
      join ledger_unit u on u.id = w.unit_id and u.expiry ->> 'inactive' is not null
      join people_organisation o on o.id = w.organisation_id
     where w.organisation_id = (select %s::int) and w.id = any(%s::bigint[])
"""


def longer_by_activity(
    organisation_id: int, wallet_ids: Iterable[int]
) -> Callable[[int, datetime | None], datetime | None]:
    """How long points of (wallet id, their own expiry) last, where a unit's points expire by inactivity.

    Being active is earning and spending; what was taken back whole does not count. Other units' points
    last as long as they did when they were earned.
    """
    with prepared() as cursor:
        cursor.execute(_ACTIVE, [organisation_id, arrays.numbers(wallet_ids)])
        found = {
            wallet_id: (decode(policy), ZoneInfo(zone), moments)
            for wallet_id, policy, zone, moments in cursor.fetchall()
        }

    def longer(wallet_id: int, expires: datetime | None) -> datetime | None:
        if expires is None or wallet_id not in found:
            return expires
        policy, zone, moments = found[wallet_id]
        return extended(expires, moments, policy, zone)

    return longer


# A lot is given back by a credit that reverses the debit, releases the hold, or reverses its capture. The
# credits that undo a debit are left out as lots: what they paid of it is undone with them.
_CONSUMED = """
    select wanted.wallet_id, wanted.line, burned.lot_line, burned.amount + coalesce(back.amount, 0), lot.expires_at
      from unnest(%(wallets)s::bigint[], %(lines)s::int[]) as wanted (wallet_id, line)
      join ledger_burn burned on burned.organisation_id = (select %(organisation)s::int)
           and burned.wallet_id = wanted.wallet_id and burned.line = wanted.line
      join ledger_transfer lot on lot.organisation_id = burned.organisation_id
           and lot.wallet_id = burned.wallet_id and lot.line = burned.lot_line
      left join lateral (
            select sum(b.amount)::bigint as amount
              from ledger_transfer r
              join ledger_burn b on b.organisation_id = r.organisation_id and b.wallet_id = r.wallet_id
                                and b.lot_line = burned.lot_line and b.line = r.line
             where r.organisation_id = (select %(organisation)s::int) and r.wallet_id = wanted.wallet_id and b.amount < 0
               and r.reverses_line = any(array(
                     select wanted.line
                      union all
                     select c.line from ledger_transfer c
                      where c.organisation_id = (select %(organisation)s::int) and c.wallet_id = wanted.wallet_id
                        and c.reverses_line = wanted.line and c.kind = 5))) back on true
     where burned.amount > 0 and burned.lot_line <> burned.line
       and lot.reverses_line is distinct from wanted.line
       and burned.amount + coalesce(back.amount, 0) > 0
     order by wanted.wallet_id, wanted.line, burned.lot_line > burned.line, lot.expires_at nulls last,
              burned.lot_line
"""


def burned_by(organisation_id: int, debits: Sequence[Line]) -> dict[Line, list[Part]]:
    """What each debit took from lots and was not yet given back, in the order it was taken.

    Lots that paid later what the debit had owed come last. Every debit asked for has an entry.
    """
    found: dict[Line, list[Part]] = {debit: [] for debit in debits}
    if found:
        with prepared() as cursor:
            cursor.execute(
                _CONSUMED,
                {
                    "organisation": organisation_id,
                    "wallets": arrays.numbers([wallet_id for wallet_id, _ in found]),
                    "lines": arrays.numbers([line for _, line in found]),
                },
            )
            for wallet_id, line, lot_line, amount, expires_at in cursor.fetchall():
                found[(wallet_id, line)].append(Part(lot_line, amount, expires_at))
    return found


# Expiries (kind 8) of a lot, less what was given back of that lot by reversals of those expiries.
_LAPSED = """
    select e.wallet_id, b.lot_line, e.line, b.amount + coalesce(back.amount, 0), lot.expires_at
      from unnest(%(wallets)s::bigint[], %(lines)s::int[]) as wanted (wallet_id, line)
      join ledger_transfer lot on lot.organisation_id = (select %(organisation)s::int)
           and lot.wallet_id = wanted.wallet_id and lot.line = wanted.line
      join ledger_burn b on b.organisation_id = lot.organisation_id and b.wallet_id = lot.wallet_id
                        and b.lot_line = lot.line and b.amount > 0
      join ledger_transfer e on e.organisation_id = b.organisation_id and e.wallet_id = b.wallet_id
                            and e.line = b.line and e.kind = 8
      left join lateral (
            select sum(g.amount)::bigint as amount
              from ledger_transfer r
              join ledger_burn g on g.organisation_id = r.organisation_id and g.wallet_id = r.wallet_id
                                and g.lot_line = b.lot_line and g.line = r.line
             where r.organisation_id = e.organisation_id and r.wallet_id = e.wallet_id
               and r.reverses_line = e.line) back on true
     where b.amount + coalesce(back.amount, 0) > 0
     order by e.wallet_id, b.lot_line, e.line
"""


def lapsed_of(organisation_id: int, lots: Sequence[Line]) -> dict[Line, list[Part]]:
    """What expired of each of these lots and was not given back: parts named by the *expiry's* line."""
    found: dict[Line, list[Part]] = defaultdict(list)
    if lots:
        with prepared() as cursor:
            cursor.execute(
                _LAPSED,
                {
                    "organisation": organisation_id,
                    "wallets": arrays.numbers([wallet_id for wallet_id, _ in lots]),
                    "lines": arrays.numbers([line for _, line in lots]),
                },
            )
            for wallet_id, lot_line, expiry_line, amount, expires_at in cursor.fetchall():
                found[(wallet_id, lot_line)].append(Part(expiry_line, amount, expires_at))
    return found
