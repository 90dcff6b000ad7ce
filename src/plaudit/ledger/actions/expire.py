"""Lets happen everywhere what has fallen due: pending points become spendable, lapsed points expire.

Each chunk of wallets is one transaction, locked, decided and written together. What fell due is worked
out from the lots under the lock, so a run that is stopped anywhere, repeated, or run twice at once comes
to the same end; and what is held was taken out of its lots, so it never expires.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from plaudit.foundation import clock
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.ledger.book import Book, Posting
from plaudit.ledger.models import Wallet
from plaudit.ledger.places import Kind
from plaudit.ledger.posting import lock_wallets_by_id, open_books, post
from plaudit.ledger.receipts import tell_of
from plaudit.ledger.settling import settle
from plaudit.ledger.units import units_by_id


@dataclass(slots=True)
class FallenDue:
    """What a run did. `points` counts, by unit key and in its smallest part, what expired or was activated."""

    transfers: int = 0
    points: Counter[str] = field(default_factory=Counter)


def expire(organisation_id: int, *, at_a_time: int = 500) -> FallenDue:
    """Expire every lot whose time is over by the organisation's clock."""
    return _run(organisation_id, Kind.EXPIRY, at_a_time)


def activate(organisation_id: int, *, at_a_time: int = 500) -> FallenDue:
    """Make every pending point spendable whose time has come; its own expiry runs from that moment."""
    return _run(organisation_id, Kind.ACTIVATION, at_a_time)


def _run(organisation_id: int, kind: Kind, at_a_time: int) -> FallenDue:
    done = FallenDue()
    for wallet_ids in _due(organisation_id, at_a_time):
        part = act(organisation_id, partial(_let_fall_due, organisation_id, kind, wallet_ids))
        done.transfers += part.transfers
        done.points += part.points
    return done


def _due(organisation_id: int, at_a_time: int) -> Iterator[list[int]]:
    """The wallets in which something has fallen due, those that waited longest first."""
    after: tuple[datetime, int] | None = None
    while True:
        with in_organisation(organisation_id):
            due = Wallet.objects.filter(organisation_id=organisation_id, due_at__lte=clock.now())
            if after is not None:
                due = due.extra(where=["(due_at, id) > (%s, %s)"], params=after)
            found = list(due.order_by("due_at", "id").values_list("due_at", "id")[:at_a_time])
        if not found:
            return
        yield [wallet_id for _, wallet_id in found]
        due_at, wallet_id = found[-1]
        assert due_at is not None, "only wallets with something to come are asked for"
        after = (due_at, wallet_id)


def _let_fall_due(organisation_id: int, kind: Kind, wallet_ids: list[int]) -> FallenDue:
    now = open_books(organisation_id)
    wallets = lock_wallets_by_id(organisation_id, wallet_ids)
    book = Book()
    settle(
        organisation_id,
        book,
        wallets.values(),
        now=now,
        activating=kind is Kind.ACTIVATION,
        expiring=kind is Kind.EXPIRY,
    )
    post(organisation_id, book, recorded_at=now)
    units = units_by_id(organisation_id)
    topic = "points.expired" if kind is Kind.EXPIRY else "points.activated"
    tell_of(organisation_id, topic, book.postings, units=units, happened_at=now)
    return FallenDue(
        len(book.postings), Counter(_by_unit(book.postings, {u.id: u.key for u in units.values()}))
    )


def _by_unit(postings: list[Posting], unit_keys: dict[int, str]) -> Counter[str]:
    points: Counter[str] = Counter()
    for posting in postings:
        points[unit_keys[posting.wallet.unit_id]] += posting.amount
    return points
