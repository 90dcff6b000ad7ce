"""Lets happen in wallets what has fallen due: pending points become spendable, lapsed points expire."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from plaudit.foundation import arrays
from plaudit.foundation.prepared import prepared
from plaudit.ledger.book import Book, LockedWallet, Posting
from plaudit.ledger.lots import open_lots
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.rules import Lot, earlier
from plaudit.ledger.units import UnitPolicy, time_zone_of, units_by_id


@dataclass(frozen=True, slots=True)
class Pending:
    """What is left of points that are earned and not spendable yet, named by the line that earned them.

    Without a moment they wait until something confirms them.
    """

    line: int
    left: int
    spendable_at: datetime | None
    rule_id: int | None


_PENDING = """
    select t.wallet_id, t.line, t.amount - coalesce(gone.amount, 0), t.spendable_at, t.rule_id
      from ledger_transfer t
      left join lateral (select sum(r.amount)::bigint as amount from ledger_transfer r
                          where r.organisation_id = t.organisation_id and r.wallet_id = t.wallet_id
                            and r.reverses_line = t.line and r.source = 2) gone on true
     where t.organisation_id = (select %s::int) and t.wallet_id = any(%s::bigint[]) and t.target = 2
       and t.amount > coalesce(gone.amount, 0)
     order by t.wallet_id, t.spendable_at, t.line
"""


def pending_of(organisation_id: int, wallet_ids: Iterable[int]) -> dict[int, list[Pending]]:
    """The pending points of these wallets, the nearest to be spendable first."""
    found: dict[int, list[Pending]] = defaultdict(list)
    with prepared() as cursor:
        cursor.execute(_PENDING, [organisation_id, arrays.numbers(wallet_ids)])
        for wallet_id, line, left, spendable_at, rule_id in cursor.fetchall():
            found[wallet_id].append(Pending(line, left, spendable_at, rule_id))
    return found


def settle(
    organisation_id: int,
    book: Book,
    wallets: Iterable[LockedWallet],
    *,
    now: datetime,
    activating: bool = True,
    expiring: bool = True,
) -> None:
    """Write down in `book` what has fallen due by `now` in these locked wallets; costs nothing where nothing has.

    Every action that spends calls this first, so that nobody spends what lapsed a moment ago or waits for
    a nightly run to get what is theirs. What was activated and lapsed since then expires with the rest.
    """
    due = [wallet for wallet in wallets if wallet.due_at is not None and wallet.due_at <= now]
    if not due:
        return
    book.lots |= open_lots(organisation_id, [wallet.id for wallet in due if wallet.id not in book.lots])
    waiting = pending_of(organisation_id, [wallet.id for wallet in due if wallet.pending])
    if activating and waiting:
        _activate(organisation_id, book, due, waiting, now)
    for wallet in due:
        if expiring:
            _expire(book, wallet, now)
        wallet.due_at = _next_due(book.lots[wallet.id].lots, waiting[wallet.id])
        book.settled[wallet.id] = wallet


def _activate(
    organisation_id: int,
    book: Book,
    wallets: Sequence[LockedWallet],
    waiting: dict[int, list[Pending]],
    now: datetime,
) -> None:
    """Make pending points spendable; they expire by their unit's policy, counted from that moment."""
    units, time_zone = units_by_id(organisation_id), time_zone_of(organisation_id)
    for wallet in wallets:
        ripe = 0
        for pending in waiting[wallet.id]:
            if pending.spendable_at is None or pending.spendable_at > now:
                break
            ripe += 1
            book.add(activation(wallet, pending, pending.spendable_at, units[wallet.unit_id], time_zone))
        waiting[wallet.id] = waiting[wallet.id][ripe:]


def activation(
    wallet: LockedWallet, pending: Pending, at: datetime, unit: UnitPolicy, time_zone: ZoneInfo
) -> Posting:
    """The posting that makes pending points spendable at that moment, from which their expiry counts."""
    return Posting(
        wallet,
        Place.PENDING,
        Place.AVAILABLE,
        pending.left,
        Kind.ACTIVATION,
        at,
        rule_id=pending.rule_id,
        expires_at=unit.expiry_of(at, time_zone),
        reverses_line=pending.line,
    )


def _expire(book: Book, wallet: LockedWallet, now: datetime) -> None:
    """One transfer for all lots that lapsed at one moment. A lot given back after its time lapses now."""
    lapsed = book.lots[wallet.id].lapsed(now)
    for moment, group in groupby(lapsed, key=lambda lot: now if lot.restored else lot.expires_at):
        lots = list(group)
        assert moment is not None, "a lot that lapsed has an expiry"
        book.add(
            Posting(
                wallet,
                Place.AVAILABLE,
                Place.EXPIRED,
                sum(lot.remaining for lot in lots),
                Kind.EXPIRY,
                moment,
            ),
            consuming=[(lot, lot.remaining) for lot in lots],
        )


def _next_due(lots: Iterable[Lot], waiting: Iterable[Pending]) -> datetime | None:
    moment: datetime | None = None
    for lot in lots:
        if lot.remaining:
            moment = earlier(moment, lot.expires_at)
    for pending in waiting:
        moment = earlier(moment, pending.spendable_at)
    return moment
