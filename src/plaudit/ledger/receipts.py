"""What an action that moves points answers, the first time and whenever it is repeated with the same key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plaudit.foundation import arrays
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.prepared import prepared
from plaudit.ledger.book import Posting
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.references import show_transfer
from plaudit.ledger.refusals import KeyUsedOtherwise
from plaudit.ledger.units import UnitPolicy


@dataclass(frozen=True, slots=True)
class Receipt:
    """One transfer as its poster needs it. Amounts are in the unit's smallest part.

    `available_after` is the wallet's spendable balance then; `repeated` says that an earlier call with
    the same key had posted it.
    """

    member_id: UUID
    unit_id: int
    wallet_id: int
    line: int
    source: Place
    target: Place
    amount: int
    kind: Kind
    available_after: int
    occurred_at: datetime
    expires_at: datetime | None
    reverses_line: int | None
    repeated: bool = False

    @property
    def reference(self) -> str:
        """How people see the transfer."""
        return show_transfer(self.wallet_id, self.line)


def receipt_for(posting: Posting) -> Receipt:
    """The receipt of a transfer just posted."""
    return Receipt(
        posting.wallet.member_id,
        posting.wallet.unit_id,
        posting.wallet.id,
        posting.line,
        posting.source,
        posting.target,
        posting.amount,
        posting.kind,
        posting.available_after,
        posting.occurred_at,
        posting.expires_at,
        posting.reverses_line,
    )


_BY_KEY = """
    select t.key, w.member_id, w.unit_id, t.wallet_id, t.line, t.source, t.target, t.amount, t.kind, t.available_after,
           t.occurred_at, t.expires_at, t.reverses_line
      from unnest(%s::text[]) as wanted (key)
      join ledger_transfer t on t.organisation_id = (select %s::int) and t.key = wanted.key
      join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
"""


def keyed(kind: Kind, key: str) -> str:
    """The key as the book keeps it: what one act calls `k1` is not what another calls `k1`."""
    return f"{kind.name.lower()}:{key}"


def find_receipts(organisation_id: int, keys: Sequence[str]) -> dict[str, Receipt]:
    """The transfers already posted under these keys (see `keyed`); the wallets they touch are locked.

    Look only after locking, so that two retries cannot both miss what the other posts.
    """
    with prepared() as cursor:
        cursor.execute(_BY_KEY, [arrays.texts(keys), organisation_id])
        return {
            row[0]: Receipt(
                member_id=row[1],
                unit_id=row[2],
                wallet_id=row[3],
                line=row[4],
                source=Place(row[5]),
                target=Place(row[6]),
                amount=row[7],
                kind=Kind(row[8]),
                available_after=row[9],
                occurred_at=row[10],
                expires_at=row[11],
                reverses_line=row[12],
                repeated=True,
            )
            for row in cursor.fetchall()
        }


def find_receipt(organisation_id: int, key: str | None, *, same: Mapping[str, object]) -> Receipt | None:
    """The transfer posted under this key, or None for a key that is new.

    Raises `KeyUsedOtherwise` where it differs in one of the facts named in `same`.
    """
    if key is None:
        return None
    found = find_receipts(organisation_id, [key]).get(key)
    if found is not None and any(getattr(found, name) != value for name, value in same.items()):
        raise KeyUsedOtherwise(key=key.partition(":")[2])
    return found


def tell_of(
    organisation_id: int,
    topic: str,
    postings: Sequence[Posting],
    *,
    units: Mapping[int, UnitPolicy],
    happened_at: datetime,
) -> None:
    """Tell the floors above what was posted: one row of news, however many transfers."""
    if not postings:
        return
    tell(
        organisation_id,
        topic,
        {
            "transfers": [
                {
                    "id": show_transfer(posting.wallet.id, posting.line),
                    "member": show("mem", posting.wallet.member_id),
                    "unit": units[posting.wallet.unit_id].key,
                    "amount": posting.amount,
                    "available": posting.available_after,
                }
                for posting in postings
            ]
        },
        happened_at=happened_at,
    )
