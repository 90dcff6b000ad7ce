"""Verification of every invariant: of the whole book in seconds, and of what is new against the whole."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime
from statistics import median
from uuid import UUID

from bench.books import LINES, make_books
from bench.measuring import seconds
from bench.rows import Row, Scale
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.seal import seal
from plaudit.ledger.book import Book, Posting
from plaudit.ledger.models import Wallet
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.posting import lock_wallets, open_books, post
from plaudit.ledger.units import units_by_key
from plaudit.ledger.verification.verify import Report, verify

SECONDS_MAX = 60

NEW = 0.01
"""The share of entries that are new when only what is new is verified."""

NEW_A_WALLET = 10
"""New entries in each wallet that has any, as many as a wallet has in all: the share of both is the same."""

TARGET = 0.03 + 0.02
"""Up to three times the share of what is new, and a constant for what is looked at whole every time."""


def measure(scale: Scale) -> Iterator[Row]:
    """Two rows: the whole book, sealed, with every check; and the run that follows when one in a hundred is new."""
    books = make_books(scale.verified // LINES)
    here = books.organisation_id
    seal(here, actor="bench")
    wholes, news = [], []
    for run in range(scale.runs):
        wholes.append(_verified(here, None, books.transfers))
        since = _post(here, int(books.transfers * NEW), seed=run)
        news.append(_verified(here, since, int(books.transfers * NEW)))
    whole, new = median(wholes), median(news)
    yield Row(
        f"every invariant of {books.transfers:,} entries, sealed",
        "a minute",
        whole / SECONDS_MAX,
        1.0,
        f"{whole:.1f} s, {books.transfers / whole:,.0f} entries/s",
        at_most=True,
    )
    yield Row(
        f"every invariant where {NEW:.0%} of the entries are new",
        "all of them again",
        new / whole,
        TARGET,
        f"{new:.2f} : {whole:.1f} s",
        at_most=True,
    )


def _verified(organisation_id: int, since: datetime | None, at_least: int) -> float:
    """How long verification takes, which must find nothing and have looked at so many entries."""
    reports: list[Report] = []
    took = seconds(lambda: reports.append(verify(organisation_id, since=since)))
    assert reports[0].holds, reports[0].broken()
    assert reports[0].transfers >= at_least, "it looked at what it was to look at"
    return took


def _post(organisation_id: int, transfers: int, *, seed: int) -> datetime:
    """Post so many accruals by the real path to wallets chosen at random; the moment from which they are new."""
    since: datetime | None = None
    for member_ids in _chosen(organisation_id, transfers // NEW_A_WALLET, seed):
        with in_organisation(organisation_id):
            now = open_books(organisation_id)
            since = since or now
            unit = units_by_key(organisation_id)["points"].id
            wallets = lock_wallets(organisation_id, [(member_id, unit) for member_id in member_ids])
            book = Book()
            for wallet in wallets.values():
                for _ in range(NEW_A_WALLET):
                    book.add(Posting(wallet, Place.ISSUED, Place.AVAILABLE, 1, Kind.ACCRUAL, now))
            post(organisation_id, book, recorded_at=now)
    assert since is not None
    return since


def _chosen(organisation_id: int, count: int, seed: int) -> list[Sequence[UUID]]:
    """So many members who have wallets, in batches."""
    with in_organisation(organisation_id):
        everybody = list(
            Wallet.objects.filter(organisation_id=organisation_id).values_list("member_id", flat=True)
        )
    chosen = random.Random(seed).sample(everybody, count)  # noqa: S311  # load, not secrets
    return [chosen[start : start + 500] for start in range(0, count, 500)]
