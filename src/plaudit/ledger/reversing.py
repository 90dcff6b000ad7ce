"""Takes back what was posted, exactly: the same places the other way round, the same lots, the same wallet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from plaudit.ledger.models import Kind, Place
from plaudit.ledger.posting import Book, LockedWallet, Posting


@dataclass(frozen=True, slots=True)
class Posted:
    """A transfer in the book, with how much of it is already taken back.

    `spendable_line` is the line that made its points spendable: its own, or that of its activation.
    """

    wallet_id: int
    member_id: UUID
    unit_id: int
    line: int
    amount: int
    source: Place
    target: Place
    kind: Kind
    rule_id: int | None
    event_id: UUID | None
    occurred_at: datetime
    taken_back: int
    spendable_line: int

    @property
    def left(self) -> int:
        """What can still be taken back."""
        return self.amount - self.taken_back


_POSTED = """
    select t.wallet_id, w.member_id, w.unit_id, t.line, t.amount, t.source, t.target, t.kind, t.rule_id,
           t.event_id, t.occurred_at, coalesce(back.amount, 0), coalesce(activation.line, t.line)
      from ledger_transfer t
      join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
      left join lateral (select sum(r.amount)::bigint as amount from ledger_transfer r
                          where r.organisation_id = t.organisation_id and r.wallet_id = t.wallet_id
                            and r.reverses_line = t.line and r.kind = 7) back on true
      left join lateral (select a.line from ledger_transfer a
                          where a.organisation_id = t.organisation_id and a.wallet_id = t.wallet_id
                            and a.reverses_line = t.line and a.kind = 9) activation on true
     where t.organisation_id = %(organisation)s and {condition}
     order by t.wallet_id, t.line
"""


def _posted(organisation_id: int, condition: str, values: dict[str, object]) -> list[Posted]:
    with connection.cursor() as cursor:
        cursor.execute(_POSTED.format(condition=condition), {"organisation": organisation_id, **values})
        return [
            Posted(*row[:5], Place(row[5]), Place(row[6]), Kind(row[7]), *row[8:])  # type: ignore[call-arg]  # row shapes are not typed
            for row in cursor.fetchall()
        ]


def posted_for_events(organisation_id: int, event_ids: Sequence[UUID]) -> list[Posted]:
    """What these events' rules posted, reversals left out."""
    return _posted(
        organisation_id, "t.event_id = any(%(events)s) and t.kind <> 7", {"events": list(event_ids)}
    )


def posted_at(organisation_id: int, wallet_id: int, line: int) -> Posted | None:
    """One transfer, by its wallet and line."""
    found = _posted(organisation_id, "t.wallet_id = %(wallet)s and t.line = %(line)s", {"wallet": wallet_id, "line": line})
    return found[0] if found else None


def take_back(
    book: Book,
    wallet: LockedWallet,
    posted: Posted,
    amount: int,
    *,
    occurred_at: datetime,
    burned: Sequence[tuple[int, int]] = (),
    event_id: UUID | None = None,
    key: str | None = None,
    actor: str | None = None,
    reason: str | None = None,
) -> int:
    """Write down the reversal of `amount` of what was posted; the amount taken back is returned.

    It is less than asked only where the wallet may not owe and the points are already spent. The lots
    of the wallet are loaded in `book`; `burned` is what the original consumed (see `burned_by`).
    """
    activated = posted.spendable_line != posted.line
    source = Place.AVAILABLE if activated else posted.target
    if source is Place.AVAILABLE and not wallet.may_owe:
        amount = min(amount, max(wallet.available, 0))
    if amount <= 0:
        return 0
    posting = Posting(
        wallet,
        source,
        posted.source,
        amount,
        Kind.REVERSAL,
        occurred_at,
        event_id=event_id,
        rule_id=posted.rule_id,
        reverses_line=posted.line,
        key=key,
        actor=actor,
        reason=reason,
    )
    if posted.source is Place.AVAILABLE:
        book.give_back(posting, burned)
    else:
        book.add(posting, first_from=posted.spendable_line)
    return amount
