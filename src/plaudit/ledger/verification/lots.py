"""Checks of lots: every spendable point belongs to a lot, every spent one to a debit, none to two."""

from __future__ import annotations

from plaudit.ledger.verification.checks import Check, Reach, of

# Every lot with what is left of it.
_LOTS = f"""
    lots as (
        select t.wallet_id, t.line, t.amount, t.expires_at, t.amount - coalesce(b.burned, 0) as remaining
          from ledger_transfer t
          left join (select b.wallet_id, b.lot_line, sum(b.amount) as burned from ledger_burn b
                      where {of("b")} group by b.wallet_id, b.lot_line) b
            on b.wallet_id = t.wallet_id and b.lot_line = t.line
         where {of("t")} and t.target = 1)
"""

# Every debit with what lots did not cover of it.
_DEBITS = f"""
    debits as (
        select t.wallet_id, t.line, t.amount, t.amount - coalesce(b.burned, 0) as owed
          from ledger_transfer t
          left join (select b.wallet_id, b.line, sum(b.amount) as burned from ledger_burn b
                      where {of("b")} group by b.wallet_id, b.line) b
            on b.wallet_id = t.wallet_id and b.line = t.line
         where {of("t")} and t.source = 1)
"""

_L09 = f"""
    with {_LOTS}, {_DEBITS}
    select w.id as wallet_id, w.available, coalesce(l.remaining, 0) as in_lots, coalesce(d.owed, 0) as owed
      from ledger_wallet w
      left join (select wallet_id, sum(remaining) as remaining from lots group by wallet_id) l on l.wallet_id = w.id
      left join (select wallet_id, sum(owed) as owed from debits group by wallet_id) d on d.wallet_id = w.id
     where {of("w", "id")}
       and (coalesce(l.remaining, 0) <> greatest(w.available, 0) or coalesce(d.owed, 0) <> greatest(-w.available, 0))
"""

_L10 = f"""
    with {_LOTS}
    select wallet_id, line, amount, remaining from lots where remaining < 0 or remaining > amount
"""

_L11 = f"""
    with {_DEBITS}
    select wallet_id, line, amount, owed from debits where owed < 0 or owed > amount
     union all
    select b.wallet_id, b.line, sum(b.amount), null
      from ledger_burn b
      join ledger_transfer t on t.organisation_id = b.organisation_id and t.wallet_id = b.wallet_id and t.line = b.line
     where {of("b")} and t.target = 1
     group by b.wallet_id, b.line having sum(b.amount) <> 0
"""

# A job that runs at least daily lets happen what fell due; it then moves the wallet's bound on.
_L12 = """
    select w.id as wallet_id, w.due_at from ledger_wallet w
     where w.organisation_id = %(organisation)s and w.due_at < %(now)s::timestamptz - interval '1 day'
       and not exists (select from ledger_transfer t
                        where t.organisation_id = w.organisation_id and t.wallet_id = w.id and t.line = w.lines
                          and t.recorded_at > %(now)s::timestamptz - interval '1 day')
"""

_L13 = f"""
    select b.wallet_id, b.line, b.lot_line, b.amount
      from ledger_burn b
      left join ledger_transfer lot on lot.organisation_id = b.organisation_id and lot.wallet_id = b.wallet_id
                                   and lot.line = b.lot_line
      left join ledger_transfer t on t.organisation_id = b.organisation_id and t.wallet_id = b.wallet_id
                                 and t.line = b.line
     where {of("b")}
       and (lot.target is distinct from 1 or t.line is null or b.amount = 0
            or (b.amount > 0 and t.source <> 1 and b.line <> b.lot_line)
            or (b.amount < 0 and (t.target <> 1 or b.line = b.lot_line)))
"""

# What a credit gives back to a lot, the debit that it undoes had taken: itself, or the hold it captured.
_L18 = f"""
    with undone as (
        select r.wallet_id, r.line, case o.kind when 5 then o.reverses_line else r.reverses_line end as debit_line
          from ledger_transfer r
          join ledger_transfer o on o.organisation_id = r.organisation_id and o.wallet_id = r.wallet_id
                                and o.line = r.reverses_line
         where {of("r")} and r.target = 1 and r.kind <> 9),
    given_back as (
        select b.wallet_id, b.lot_line, u.debit_line, -sum(b.amount) as amount
          from ledger_burn b
          left join undone u on u.wallet_id = b.wallet_id and u.line = b.line
         where {of("b")} and b.amount < 0
         group by b.wallet_id, b.lot_line, u.debit_line)
    select g.wallet_id, g.lot_line as line, g.debit_line, g.amount as given_back, b.amount as taken
      from given_back g
      left join ledger_burn b on b.organisation_id = %(organisation)s and b.wallet_id = g.wallet_id
                             and b.lot_line = g.lot_line and b.line = g.debit_line
     where b.amount is null or g.amount > b.amount
"""

_L19 = f"""
    with {_LOTS}
    select w.id as wallet_id, l.line, w.open_from, w.due_at, l.expires_at as falls_due_at
      from lots l join ledger_wallet w on w.organisation_id = %(organisation)s and w.id = l.wallet_id
      join ledger_unit u on u.id = w.unit_id
     where l.remaining > 0 and (l.line < w.open_from
                                or (u.expiry ->> 'inactive' is null and l.expires_at is not null and (w.due_at is null or w.due_at > l.expires_at)))
     union all
    select w.id, t.line, w.open_from, w.due_at, t.spendable_at
      from ledger_transfer t
      join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
      left join (select r.wallet_id, r.reverses_line, sum(r.amount) as amount from ledger_transfer r
                  where {of("r")} and r.source = 2 group by r.wallet_id, r.reverses_line) gone
        on gone.wallet_id = t.wallet_id and gone.reverses_line = t.line
     where {of("t")} and t.target = 2 and t.amount > coalesce(gone.amount, 0)
       and t.spendable_at is not null and (w.due_at is null or w.due_at > t.spendable_at)
"""

CHECKS = (
    Check("L09", "What lots still hold is the spendable balance; what no lot covers is what is owed.", _L09),
    Check("L10", "A lot never holds less than nothing, nor more than was put into it.", _L10),
    Check(
        "L11", "A debit takes from lots no more than its amount; what passes through a credit is even.", _L11
    ),
    Check("L12", "What fell due more than a day ago has happened.", _L12, Reach.ORGANISATION),
    Check("L13", "What is taken from a lot is taken by a debit, out of points that became spendable.", _L13),
    Check("L18", "What comes back to a lot was taken from it, by what is undone, and never more.", _L18),
    Check("L19", "No wallet passes over a lot that is open or a moment at which something falls due.", _L19),
)
