"""The only door to the ledger's tables for points that move: lock wallets, write down postings, post.

Everything here is set-based: one statement locks a batch's wallets, one adds its transfers, one moves
its balances. A caller holds the locks from `lock_wallets` until its transaction ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from plaudit.foundation import arrays, clock
from plaudit.foundation.prepared import prepared, rows_are
from plaudit.ledger.book import Book, LockedWallet, Posting
from plaudit.ledger.lots import burned_by, open_lots

__all__ = [
    "Book",
    "Holding",
    "LockedWallet",
    "Posting",
    "burned_by",
    "keep_counts",
    "lock_known_wallets",
    "lock_wallets",
    "lock_wallets_by_id",
    "open_books",
    "open_lots",
    "post",
]

Holding = tuple[UUID, int]  # (member id, unit id)


def open_books(organisation_id: int) -> datetime:
    """Begin posting: keeps any period from being sealed until this transaction ends, and tells its time.

    Where a clock runs behind the end of what is sealed, that end is the time: nothing is ever recorded
    into a sealed period.
    """
    with prepared() as cursor:
        cursor.execute("select plaudit_open_books(%s)", [organisation_id])
        sealed_until: datetime | None = cursor.fetchone()[0]
    now = clock.now()
    return now if sealed_until is None or sealed_until < now else sealed_until


_WALLET = (
    "w.id, w.member_id, w.unit_id, w.available, w.pending, w.held, w.lines, w.may_owe, w.open_from, w.due_at,"
    " w.counts"
)

_LOCK = f"""
    select {_WALLET}
      from unnest(%s::uuid[], %s::int[]) as wanted (member_id, unit_id)
      join ledger_wallet w on w.organisation_id = (select %s::int) and w.member_id = wanted.member_id
                          and w.unit_id = wanted.unit_id
     order by w.id
       for update of w
"""

_LOCK_BY_ID = f"""
    select {_WALLET} from ledger_wallet w
     where w.organisation_id = (select %s::int) and w.id = any(%s::bigint[])
     order by w.id
       for update of w
"""

_OPEN = """
    insert into ledger_wallet (organisation_id, member_id, unit_id, available, pending, held, lines, open_from, may_owe)
    select %s, wanted.member_id, wanted.unit_id, 0, 0, 0, 0, 1, u.may_owe
      from unnest(%s::uuid[], %s::int[]) as wanted (member_id, unit_id)
      join ledger_unit u on u.id = wanted.unit_id
     order by wanted.member_id, wanted.unit_id
        on conflict (organisation_id, member_id, unit_id) do nothing
"""


def lock_wallets(organisation_id: int, holdings: Iterable[Holding]) -> dict[Holding, LockedWallet]:
    """Lock these wallets in one order for everybody, opening those that do not exist yet.

    An absent row takes no lock, so a new wallet is opened with zero first and locked with the rest.
    """
    wanted = set(holdings)
    found = lock_known_wallets(organisation_id, wanted)
    if len(found) < len(wanted):
        missing = sorted(wanted - found.keys())
        with prepared() as cursor:
            cursor.execute(
                _OPEN,
                [
                    organisation_id,
                    arrays.uuids([m for m, _ in missing]),
                    arrays.numbers([u for _, u in missing]),
                ],
            )
        found.update(_locked(organisation_id, missing))
    return found


def lock_known_wallets(organisation_id: int, holdings: Iterable[Holding]) -> dict[Holding, LockedWallet]:
    """Lock these wallets, in the same order; those that do not exist are absent, and stay so."""
    # In the order of the index, by the ids' numbers: comparing ids themselves takes longer than the statement.
    wanted = sorted(set(holdings), key=lambda holding: (holding[0].int, holding[1]))
    return _locked(organisation_id, wanted) if wanted else {}


def _locked(organisation_id: int, wanted: Sequence[Holding]) -> dict[Holding, LockedWallet]:
    with prepared() as cursor:
        cursor.execute(
            _LOCK,
            [arrays.uuids([m for m, _ in wanted]), arrays.numbers([u for _, u in wanted]), organisation_id],
        )
        return {(row[1], row[2]): LockedWallet(*row) for row in cursor.fetchall()}


def lock_wallets_by_id(organisation_id: int, wallet_ids: Iterable[int]) -> dict[int, LockedWallet]:
    """Lock these wallets, in the same order; those that are not this organisation's are absent."""
    with prepared() as cursor:
        cursor.execute(_LOCK_BY_ID, [organisation_id, arrays.numbers(sorted(set(wallet_ids)))])
        return {row[0]: LockedWallet(*row) for row in cursor.fetchall()}


_ADD_TRANSFERS = """
    insert into ledger_transfer (organisation_id, wallet_id, line, event_id, amount, available_after,
        occurred_at, recorded_at, expires_at, spendable_at, rule_id, reverses_line, source, target, kind, key,
        actor, approver, reason)
    select %s, wallet_id, line, event_id, amount, available_after, occurred_at, %s, expires_at, spendable_at,
           rule_id, reverses_line, source, target, kind, key, actor, approver, reason
      from unnest(%s::bigint[], %s::int[], %s::uuid[], %s::bigint[], %s::bigint[], %s::timestamptz[],
                  %s::timestamptz[], %s::timestamptz[], %s::int[], %s::int[], %s::smallint[], %s::smallint[],
                  %s::smallint[], %s::text[], %s::text[], %s::text[], %s::text[])
        as t (wallet_id, line, event_id, amount, available_after, occurred_at, expires_at, spendable_at,
              rule_id, reverses_line, source, target, kind, key, actor, approver, reason)
"""

_MOVE_BALANCES = """
    update ledger_wallet w
       set available = t.available, pending = t.pending, held = t.held, lines = t.lines,
           open_from = t.open_from, due_at = t.due_at, counts = t.counts
      from unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::int[], %s::int[], %s::timestamptz[],
                  %s::text[])
        as t (id, available, pending, held, lines, open_from, due_at, counts)
     where w.organisation_id = (select %s::int) and w.id = t.id
"""

_ADD_BURNS = """
    insert into ledger_burn (organisation_id, wallet_id, lot_line, line, amount)
    select %s, * from unnest(%s::bigint[], %s::int[], %s::int[], %s::bigint[])
"""


def post(organisation_id: int, book: Book, *, recorded_at: datetime) -> None:
    """Post everything in `book`: its transfers, its burns, and the balances of the wallets it touched."""
    wallets = {**book.settled, **{p.wallet.id: p.wallet for p in book.postings if p.wallet.touched}}
    if not wallets:
        return
    for wallet_id in book.lots.keys() & wallets.keys():
        wallet = wallets[wallet_id]
        still_open = (lot.line for lot in book.lots[wallet_id].lots if lot.remaining)
        wallet.open_from = min(still_open, default=wallet.lines + 1)
    with prepared() as cursor:
        if book.postings:
            cursor.execute(_ADD_TRANSFERS, [organisation_id, recorded_at, *_columns(book.postings)])
        _move_balances(organisation_id, wallets.values())
        if book.burns:
            cursor.execute(
                _ADD_BURNS,
                [organisation_id, *(arrays.numbers(column) for column in zip(*book.burns, strict=True))],
            )


def keep_counts(organisation_id: int, wallets: Sequence[LockedWallet]) -> None:
    """Write what the floors above count with these locked wallets, where nothing else of them is written."""
    with prepared() as cursor:
        cursor.execute(
            "update ledger_wallet w set counts = t.counts from unnest(%s::bigint[], %s::text[]) as t (id, counts)"
            " where w.organisation_id = (select %s::int) and w.id = t.id",
            [
                arrays.numbers([wallet.id for wallet in wallets]),
                arrays.texts([wallet.counts for wallet in wallets]),
                organisation_id,
            ],
        )


def _move_balances(organisation_id: int, wallets: Iterable[LockedWallet]) -> None:
    moved = sorted(wallets, key=lambda wallet: wallet.id)
    with prepared() as cursor:
        cursor.execute(
            _MOVE_BALANCES,
            [
                arrays.numbers([w.id for w in moved]),
                arrays.numbers([w.available for w in moved]),
                arrays.numbers([w.pending for w in moved]),
                arrays.numbers([w.held for w in moved]),
                arrays.numbers([w.lines for w in moved]),
                arrays.numbers([w.open_from for w in moved]),
                arrays.times([w.due_at for w in moved]),
                arrays.texts([w.counts for w in moved]),
                organisation_id,
            ],
        )
        rows_are(cursor, len(moved), "every wallet posted to is locked and there")


def _columns(postings: Sequence[Posting]) -> list[str]:
    """The transfers as columns, in the order `_ADD_TRANSFERS` unnests them."""
    return [
        arrays.numbers([p.wallet.id for p in postings]),
        arrays.numbers([p.line for p in postings]),
        arrays.uuids([p.event_id for p in postings]),
        arrays.numbers([p.amount for p in postings]),
        arrays.numbers([p.available_after for p in postings]),
        arrays.times([p.occurred_at for p in postings]),
        arrays.times([p.expires_at for p in postings]),
        arrays.times([p.spendable_at for p in postings]),
        arrays.numbers([p.rule_id for p in postings]),
        arrays.numbers([p.reverses_line for p in postings]),
        arrays.numbers([int(p.source) for p in postings]),
        arrays.numbers([int(p.target) for p in postings]),
        arrays.numbers([int(p.kind) for p in postings]),
        arrays.texts([p.key for p in postings]),
        arrays.texts([p.actor for p in postings]),
        arrays.texts([p.approver for p in postings]),
        arrays.texts([p.reason for p in postings]),
    ]
