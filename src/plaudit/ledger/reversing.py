"""Takes back what was posted, exactly: the same places the other way round, the same lots, the same wallet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.ledger.book import Book, LockedWallet, Posting
from plaudit.ledger.lots import lapsed_of
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.rules import Part


@dataclass(frozen=True, slots=True)
class Posted:
    """A transfer in the book, with how much of it is already taken back.

    `spendable_line` is the line that made its points spendable: its own, or that of its activation, or
    of the last extension of either;
    `lapsed` is what expired of them: (expiry's line, amount, the lot's expiry). `debit_line` is the line
    that consumed its lots: its own, or for a captured hold that of the hold.
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
    reverses_line: int | None
    taken_back: int
    spendable_line: int
    debit_line: int
    lapsed: tuple[Part, ...] = ()

    @property
    def left(self) -> int:
        """What can still be taken back."""
        return self.amount - self.taken_back


_POSTED = """
    select t.wallet_id, w.member_id, w.unit_id, t.line, t.amount, t.source, t.target, t.kind, t.rule_id,
           t.event_id, t.occurred_at, t.reverses_line, coalesce(back.amount, 0),
           coalesce(extension.line, activation.line, t.line),
           case when t.kind = 5 then t.reverses_line else t.line end
      from ledger_transfer t
      join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
      left join lateral (select sum(r.amount)::bigint as amount from ledger_transfer r
                          where r.organisation_id = t.organisation_id and r.wallet_id = t.wallet_id
                            and r.reverses_line = t.line and r.kind = 7) back on true
      left join lateral (select a.line from ledger_transfer a
                          where a.organisation_id = t.organisation_id and a.wallet_id = t.wallet_id
                            and a.reverses_line = t.line and a.kind = 9) activation on true
      left join lateral (select max(x.line) as line from ledger_transfer x
                          where x.organisation_id = t.organisation_id and x.wallet_id = t.wallet_id
                            and x.reverses_line = coalesce(activation.line, t.line) and x.kind = 13
                            and x.target = 1) extension on true
     where t.organisation_id = %(organisation)s and {condition}
     order by t.wallet_id, t.line
"""


def _posted(organisation_id: int, condition: str, values: dict[str, Any]) -> list[Posted]:
    with connection.cursor() as cursor:
        cursor.execute(_POSTED.format(condition=condition), {"organisation": organisation_id, **values})
        found = [
            Posted(
                wallet_id=row[0],
                member_id=row[1],
                unit_id=row[2],
                line=row[3],
                amount=row[4],
                source=Place(row[5]),
                target=Place(row[6]),
                kind=Kind(row[7]),
                rule_id=row[8],
                event_id=row[9],
                occurred_at=row[10],
                reverses_line=row[11],
                taken_back=row[12],
                spendable_line=row[13],
                debit_line=row[14],
            )
            for row in cursor.fetchall()
        ]
    lapsed = lapsed_of(organisation_id, [(one.wallet_id, one.spendable_line) for one in found])
    return [
        replace(one, lapsed=tuple(lapsed[lot]))
        if (lot := (one.wallet_id, one.spendable_line)) in lapsed
        else one
        for one in found
    ]


def posted_for_events(organisation_id: int, event_ids: Sequence[UUID]) -> list[Posted]:
    """What these events' rules posted, reversals left out."""
    return _posted(
        organisation_id, "t.event_id = any(%(events)s) and t.kind in (1, 2)", {"events": list(event_ids)}
    )


def posted_at(organisation_id: int, wallet_id: int, line: int) -> Posted | None:
    """One transfer, by its wallet and line."""
    found = _posted(
        organisation_id, "t.wallet_id = %(wallet)s and t.line = %(line)s", {"wallet": wallet_id, "line": line}
    )
    return found[0] if found else None


def take_back(
    book: Book,
    wallet: LockedWallet,
    posted: Posted,
    amount: int,
    *,
    occurred_at: datetime,
    burned: Sequence[Part] = (),
    event_id: UUID | None = None,
    key: str | None = None,
    actor: str | None = None,
    reason: str | None = None,
    writing_off: bool = False,
) -> int:
    """Write down the reversal of `amount` of what was posted; the amount taken back is returned.

    Points that expired meanwhile are brought back first: other points do not pay for their expiry. Where they
    are spent and the wallet may not owe, less is taken back than asked; or, `writing_off`, a line of its own
    gives what is missing. The lots of the wallet are in `book`; `burned` is what the original consumed (see
    `lots.burned_by`, asked for `posted.debit_line`). A captured hold comes back as spendable.
    """
    credits = posted.source in {Place.AVAILABLE, Place.HELD}
    source = posted.target if posted.spendable_line == posted.line else Place.AVAILABLE
    if source is Place.AVAILABLE:
        _bring_back_lapsed(book, wallet, posted, amount, occurred_at, event_id)
        if writing_off and not wallet.may_owe:
            _write_off(book, wallet, posted, amount, occurred_at, event_id)
        amount = amount if wallet.may_owe else min(amount, max(wallet.available, 0))
    if amount <= 0:
        return 0
    posting = Posting(
        wallet,
        source,
        Place.AVAILABLE if credits else posted.source,
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
    if credits:
        book.give_back(posting, burned)
    else:
        book.add(posting, first_from=posted.spendable_line)
    return amount


def _write_off(
    book: Book,
    wallet: LockedWallet,
    posted: Posted,
    amount: int,
    occurred_at: datetime,
    event_id: UUID | None,
) -> None:
    """Give what is missing for `amount` to be taken back, as a line that says so: nobody owes it."""
    missing = amount - max(wallet.available, 0)
    if missing > 0:
        book.add(
            Posting(
                wallet,
                Place.ADJUSTED,
                Place.AVAILABLE,
                missing,
                Kind.WRITE_OFF,
                occurred_at,
                event_id=event_id,
                rule_id=posted.rule_id,
                reverses_line=posted.line,
            )
        )


def _bring_back_lapsed(
    book: Book,
    wallet: LockedWallet,
    posted: Posted,
    amount: int,
    occurred_at: datetime,
    event_id: UUID | None,
) -> None:
    """Undo the expiry of what is taken back and no longer in its lot."""
    lot = book.lots[wallet.id].lot(posted.spendable_line)
    missing = amount - (lot.remaining if lot else 0)
    for expiry_line, expired, lot_expires_at in posted.lapsed:
        part = min(expired, missing)
        if part > 0:
            book.give_back(
                Posting(
                    wallet,
                    Place.EXPIRED,
                    Place.AVAILABLE,
                    part,
                    Kind.REVERSAL,
                    occurred_at,
                    event_id=event_id,
                    reverses_line=expiry_line,
                ),
                [Part(posted.spendable_line, part, lot_expires_at)],
                paying_debts=False,
            )
            missing -= part
