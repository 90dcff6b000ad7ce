"""Checks of transfers and balances: every point comes from somewhere and is where the wallet says."""

from __future__ import annotations

from plaudit.ledger.verification.checks import Check, Reach, of

# (kind, source, target): see places.py. What a reversal may do is its own check.
_ALLOWED = """
    (1, 11, 1), (1, 11, 2), (2, 1, 11), (3, 14, 1), (3, 1, 14), (4, 1, 3), (5, 3, 12), (6, 3, 1), (8, 1, 13),
    (9, 2, 1), (10, 11, 1), (11, 1, 15), (11, 15, 1), (12, 1, 15), (12, 15, 1),
    (13, 1, 15), (13, 15, 1), (14, 14, 1),
    (7, 1, 11), (7, 2, 11), (7, 11, 1), (7, 1, 14), (7, 14, 1), (7, 12, 1), (7, 13, 1)
"""

_L01 = f"""
    select t.wallet_id, t.line, t.kind, t.source, t.target, t.amount from ledger_transfer t
     where {of("t")} and (t.amount <= 0 or (t.kind, t.source, t.target) not in ({_ALLOWED}))
"""

_L02 = """
    with held as (
        select w.unit_id, sum(w.available + w.pending + w.held) as points from ledger_wallet w
         where w.organisation_id = %(organisation)s group by w.unit_id),
    given as (
        select w.unit_id, sum(case when t.source between 11 and 14 then t.amount else 0 end)
                        - sum(case when t.target between 11 and 14 then t.amount else 0 end) as points
          from ledger_transfer t
          join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
         where t.organisation_id = %(organisation)s and (t.source between 11 and 14 or t.target between 11 and 14)
         group by w.unit_id)
    select coalesce(held.unit_id, given.unit_id) as unit_id, held.points as members_have, given.points as given_out
      from held full join given on given.unit_id = held.unit_id
     where coalesce(held.points, 0) <> coalesce(given.points, 0)
"""

_L03 = """
    select w.unit_id, t.recorded_at, sum(case when t.source = 15 then t.amount else -t.amount end) as made_from_nothing
      from ledger_transfer t
      join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
     where t.organisation_id = %(organisation)s and (t.source = 15 or t.target = 15)
       and (%(since)s::timestamptz is null or t.recorded_at >= %(since)s::timestamptz)
     group by w.unit_id, t.recorded_at
    having sum(case when t.source = 15 then t.amount else -t.amount end) <> 0
"""

_L04 = f"""
    select t.wallet_id, t.line, 'no such wallet' as missing from ledger_transfer t
     where {of("t")} and not exists (
           select from ledger_wallet w where w.organisation_id = t.organisation_id and w.id = t.wallet_id)
     union all
    select w.id, null, 'no such member' from ledger_wallet w
     where {of("w", "id")} and not exists (
           select from people_member m where m.organisation_id = w.organisation_id and m.id = w.member_id)
     union all
    select w.id, null, 'no such unit' from ledger_wallet w
     where {of("w", "id")} and not exists (
           select from ledger_unit u where u.organisation_id = w.organisation_id and u.id = w.unit_id)
"""

_L05 = f"""
    select w.id as wallet_id, w.available, w.pending, w.held, w.lines, t.available as adds_up_to_available,
           t.pending as adds_up_to_pending, t.held as adds_up_to_held, t.lines as counted
      from ledger_wallet w
      left join (select t.wallet_id, count(*) as lines,
                        sum(case 1 when t.target then t.amount when t.source then -t.amount else 0 end) as available,
                        sum(case 2 when t.target then t.amount when t.source then -t.amount else 0 end) as pending,
                        sum(case 3 when t.target then t.amount when t.source then -t.amount else 0 end) as held
                   from ledger_transfer t where {of("t")} group by t.wallet_id) t on t.wallet_id = w.id
     where {of("w", "id")}
       and (w.available, w.pending, w.held, w.lines)
           <> (coalesce(t.available, 0), coalesce(t.pending, 0), coalesce(t.held, 0), coalesce(t.lines, 0))
"""

_L06 = f"""
    select wallet_id, line, available_after, expected from (
        select t.wallet_id, t.line, t.available_after,
               lag(t.line, 1, 0) over lines as line_before,
               lag(t.available_after, 1, 0::bigint) over lines
                   + case 1 when t.target then t.amount when t.source then -t.amount else 0 end as expected
          from ledger_transfer t where {of("t")}
        window lines as (partition by t.wallet_id order by t.line)) l
     where line <> line_before + 1 or available_after <> expected
"""

_L07 = f"""
    select w.id as wallet_id, w.available, w.pending, w.held, w.may_owe, u.may_owe as unit_may_be_owed
      from ledger_wallet w join ledger_unit u on u.id = w.unit_id
     where {of("w", "id")}
       and ((w.available < 0 and not u.may_owe) or w.pending < 0 or w.held < 0 or w.may_owe <> u.may_owe)
     union all
    select t.wallet_id, t.available_after, null, t.amount, null, null from ledger_transfer t
     where {of("t")} and t.kind = 4 and t.available_after < 0
"""

_L08 = f"""
    with settled as (
        select t.wallet_id, t.reverses_line as line, sum(t.amount) as amount, bool_or(t.kind = 5) as captured
          from ledger_transfer t where {of("t")} and t.kind in (5, 6) group by t.wallet_id, t.reverses_line)
    select coalesce(h.wallet_id, t.wallet_id) as wallet_id, coalesce(h.line, t.line) as line, h.state, h.amount,
           t.amount as transferred, s.amount as settled
      from (select * from ledger_hold h where {of("h")}) h
      full join (select * from ledger_transfer t where {of("t")} and t.kind = 4) t
        on t.wallet_id = h.wallet_id and t.line = h.line
      left join settled s on s.wallet_id = h.wallet_id and s.line = h.line
     where h.line is null or t.line is null or h.amount <> t.amount
        or coalesce(s.amount, 0) <> case h.state when 'open' then 0 else h.amount end
        or coalesce(s.captured, false) <> (h.state = 'captured')
     union all
    select w.id, null, 'held', w.held, null, coalesce(h.amount, 0)
      from ledger_wallet w
      left join (select h.wallet_id, sum(h.amount) as amount from ledger_hold h
                  where {of("h")} and h.state = 'open' group by h.wallet_id) h on h.wallet_id = w.id
     where {of("w", "id")} and w.held <> coalesce(h.amount, 0)
     union all
    select s.wallet_id, s.line, 'unknown', null, null, s.amount from settled s
     where not exists (select from ledger_hold h where h.organisation_id = %(organisation)s
                                                  and h.wallet_id = s.wallet_id and h.line = s.line)
"""

# Taken back: never more than there was, and the other way round. Points that were activated meanwhile are
# taken from AVAILABLE (1), a captured hold (kind 5) comes back there. Pending points become spendable once.
_L14 = f"""
    select o.wallet_id, o.line, o.amount, sum(r.amount) as taken_back
      from ledger_transfer r
      join ledger_transfer o on o.organisation_id = r.organisation_id and o.wallet_id = r.wallet_id
                            and o.line = r.reverses_line
     where {of("r")} and (r.kind = 7 or (r.kind = 9 and o.target = 2))
     group by o.organisation_id, o.wallet_id, o.line, o.amount, r.source = 2
    having sum(r.amount) > o.amount
     union all
    select r.wallet_id, r.line, r.amount, o.amount
      from ledger_transfer r
      left join ledger_transfer o on o.organisation_id = r.organisation_id and o.wallet_id = r.wallet_id
                                 and o.line = r.reverses_line
     where {of("r")} and r.reverses_line is not null
       and (o.line is null or o.line >= r.line
            or (r.kind = 7 and (r.source not in (o.target, case o.target when 2 then 1 else o.target end)
                                or r.target <> case o.kind when 5 then 1 else o.source end))
            or (r.kind in (5, 6) and o.kind <> 4) or (r.kind = 9 and o.target <> 2))
"""

_L15 = f"""
    select r.wallet_id, r.line, r.reverses_line
      from ledger_transfer r
      join ledger_transfer o on o.organisation_id = r.organisation_id and o.wallet_id = r.wallet_id
                            and o.line = r.reverses_line
     where {of("r")} and r.kind = 7 and o.kind = 7
"""

_L16 = f"""
    select t.wallet_id, t.line, t.amount, t.actor, t.approver, u.approval_from
      from ledger_transfer t
      join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
      join ledger_unit u on u.id = w.unit_id
     where {of("t")} and t.kind = 3
       and (t.actor is null or t.reason is null or t.approver = t.actor
            or (t.approver is null and t.amount >= u.approval_from and t.recorded_at >= u.approval_since))
"""

_L17 = f"""
    select t.wallet_id, t.line, t.occurred_at, t.recorded_at from ledger_transfer t
     where {of("t")} and (t.recorded_at > %(now)s::timestamptz + interval '5 seconds'
                          or t.occurred_at > %(now)s::timestamptz + interval '1 day')
"""

_D01 = """
    select t.key, count(*) as transfers from ledger_transfer t
     where t.organisation_id = %(organisation)s and t.key is not null
       and (%(since)s::timestamptz is null or t.key in (
            select n.key from ledger_transfer n where n.organisation_id = %(organisation)s
                                                  and n.recorded_at >= %(since)s::timestamptz))
     group by t.key having count(*) > 1
"""

_D03 = f"""
    select t.wallet_id, min(t.line) as line, t.event_id, t.rule_id, count(*) as granted from ledger_transfer t
     where {of("t")} and t.kind in (1, 2) and t.event_id is not null
     group by t.wallet_id, t.event_id, t.rule_id having count(*) > 1
"""

CHECKS = (
    Check("L01", "A transfer moves something, between places that its kind allows.", _L01),
    Check("L02", "What members have is what was given out and did not come back.", _L02, Reach.WHOLE),
    Check("L03", "What leaves one wallet for another arrives there.", _L03, Reach.ORGANISATION),
    Check("L04", "A transfer has its wallet, a wallet its member and its unit, in one organisation.", _L04),
    Check("L05", "A wallet's balances and its count of lines are what its transfers add up to.", _L05),
    Check("L06", "A wallet's lines have no gap, and each balance follows from the one before.", _L06),
    Check("L07", "Nobody has less than nothing, but where the unit may be owed.", _L07),
    Check("L08", "What is held is what open holds hold, and a hold ends once, for as much as it held.", _L08),
    Check("L14", "What is taken back was there, goes the way it came, and is never more.", _L14),
    Check("L15", "No reversal is reversed.", _L15),
    Check("L16", "An adjustment has its reason and its actor, a large one a second person.", _L16),
    Check("L17", "Nothing is dated ahead of the clock.", _L17),
    Check("D01", "One key posts one transfer.", _D01, Reach.ORGANISATION),
    Check("D03", "One event is granted by one rule once.", _D03),
)
