"""How points are set aside and come free again, in a book: shared by the actions that hold and settle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from plaudit.foundation import arrays
from plaudit.foundation.prepared import prepared, rows_are
from plaudit.foundation.refusals import NotFound
from plaudit.ledger.book import Book, LockedWallet, Posting
from plaudit.ledger.models import Hold, HoldState
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.posting import lock_wallets_by_id
from plaudit.ledger.references import read_transfer, show_transfer
from plaudit.ledger.refusals import HoldNotOpen, NotEnoughPoints
from plaudit.ledger.rules import Part

_ADD_HOLDS = """
    insert into ledger_hold (organisation_id, wallet_id, line, amount, expires_at, state)
    select %s, h.wallet_id, h.line, h.amount, h.expires_at, %s
      from unnest(%s::bigint[], %s::int[], %s::bigint[], %s::timestamptz[]) as h (wallet_id, line, amount, expires_at)
"""

_SETTLE_HOLDS = """
    update ledger_hold h set state = %s
      from unnest(%s::bigint[], %s::int[]) as settled (wallet_id, line)
     where h.organisation_id = (select %s::int) and h.wallet_id = settled.wallet_id and h.line = settled.line and h.state = 'open'
"""


def add_hold(
    book: Book,
    wallet: LockedWallet,
    amount: int,
    *,
    occurred_at: datetime,
    key: str | None = None,
    actor: str | None = None,
    reason: str | None = None,
) -> Posting:
    """Write down that spendable points are set aside; their lots are consumed, so nothing else takes them.

    Raises `NotEnoughPoints`, also where the wallet may owe: nobody spends what they owe.
    """
    if wallet.available < amount:
        raise NotEnoughPoints(needed=amount, available=wallet.available)
    return book.add(
        Posting(
            wallet,
            Place.AVAILABLE,
            Place.HELD,
            amount,
            Kind.HOLD,
            occurred_at,
            key=key,
            actor=actor,
            reason=reason,
        )
    )


def add_capture(
    book: Book,
    wallet: LockedWallet,
    line: int,
    amount: int,
    *,
    occurred_at: datetime,
    key: str | None = None,
    actor: str | None = None,
    reason: str | None = None,
) -> Posting:
    """Write down that points which this line of the wallet set aside are spent."""
    return book.add(
        Posting(
            wallet,
            Place.HELD,
            Place.REDEEMED,
            amount,
            Kind.CAPTURE,
            occurred_at,
            reverses_line=line,
            key=key,
            actor=actor,
            reason=reason,
        )
    )


def record_holds(organisation_id: int, held: Iterable[tuple[Posting, datetime | None]]) -> None:
    """Record posted holds as open, each with the moment it lapses."""
    _record(organisation_id, list(held), HoldState.OPEN)


def record_spent_holds(organisation_id: int, held: Iterable[Posting]) -> None:
    """Record posted holds that the same book captures."""
    _record(organisation_id, [(posting, None) for posting in held], HoldState.CAPTURED)


def _record(organisation_id: int, holds: Sequence[tuple[Posting, datetime | None]], state: HoldState) -> None:
    if not holds:
        return
    with prepared() as cursor:
        cursor.execute(
            _ADD_HOLDS,
            [
                organisation_id,
                state.value,
                arrays.numbers([posting.wallet.id for posting, _ in holds]),
                arrays.numbers([posting.line for posting, _ in holds]),
                arrays.numbers([posting.amount for posting, _ in holds]),
                arrays.times([expires_at for _, expires_at in holds]),
            ],
        )


def record_settled(organisation_id: int, holds: Iterable[Hold], state: HoldState) -> None:
    """Record that these open holds, whose wallets are locked, have come to their end."""
    settled = list(holds)
    with prepared() as cursor:
        cursor.execute(
            _SETTLE_HOLDS,
            [
                state.value,
                arrays.numbers([hold.wallet_id for hold in settled]),
                arrays.numbers([hold.line for hold in settled]),
                organisation_id,
            ],
        )
        rows_are(cursor, len(settled), "a hold whose wallet is locked ends once")


def lock_hold(organisation_id: int, reference: str) -> tuple[LockedWallet, Hold]:
    """The hold with this reference and its wallet, which is locked. Raises `NotFound`."""
    wallet_id, line = read_transfer(reference)
    wallet = lock_wallets_by_id(organisation_id, [wallet_id]).get(wallet_id)
    hold = Hold.objects.filter(organisation_id=organisation_id, wallet_id=wallet_id, line=line).first()
    if wallet is None or hold is None:
        raise NotFound(kind="hold", ref=reference)
    return wallet, hold


def refuse_settled(hold: Hold, *, now: datetime | None = None) -> None:
    """Raise `HoldNotOpen` for one that has come to its end, or by `now` is past its time."""
    if hold.state != HoldState.OPEN:
        raise HoldNotOpen(reference=show_transfer(hold.wallet_id, hold.line), state=hold.state)
    if now is not None and hold.expires_at is not None and hold.expires_at <= now:
        raise HoldNotOpen(reference=show_transfer(hold.wallet_id, hold.line), state=HoldState.EXPIRED)


def add_release(
    book: Book,
    wallet: LockedWallet,
    hold: Hold,
    amount: int,
    *,
    consumed: list[Part],
    occurred_at: datetime,
    key: str | None = None,
    actor: str | None = None,
    reason: str | None = None,
) -> Posting:
    """Write down that held points come free: back into the very lots they were taken from."""
    return book.give_back(
        Posting(
            wallet,
            Place.HELD,
            Place.AVAILABLE,
            amount,
            Kind.RELEASE,
            occurred_at,
            reverses_line=hold.line,
            key=key,
            actor=actor,
            reason=reason,
        ),
        consumed,
    )
