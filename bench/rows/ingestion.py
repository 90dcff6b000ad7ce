"""Batch ingestion under twenty rules, against COPY, against posting without rules and against an ORM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from django.db import connections

from bench import orm, world
from bench.measuring import rate, side_by_side
from bench.rows import Row, Scale
from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.take_in import take_in
from plaudit.foundation.exact import encode
from plaudit.foundation.ids import new_ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.book import Book, Posting
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.posting import lock_wallets, open_books, post
from plaudit.ledger.units import units_by_key
from plaudit.people.resolving import find_members

BATCH = 5_000
"""The batch size that suits ingestion best on two cores; the importer's own."""

RULES = 20

_BOUND = (
    "CPU: about half is Python deciding and writing columns, half the server writing an event with three indexes, "
    "one and a half transfers with two, and a wallet; two writers wait for one another's wallets"
)


def measure(scale: Scale) -> Iterator[Row]:
    """Three rows: our whole path against the ceiling, against half of itself, and against what an ORM does."""
    organisation_id = world.make(RULES)
    world.enrol(organisation_id, scale.members)
    runs = scale.runs + 1  # the first warms up and is not counted
    batches = [world.events(scale.events, scale.members, seed=run) for run in range(runs)]
    few = [world.events(200, scale.members, seed=1_000 + run) for run in range(runs)]
    warm = 0
    copy_keyed(batches[warm])
    ingest(organisation_id, batches[warm], BATCH)
    found = side_by_side(
        scale.runs,
        {
            "copy": lambda run: copy_keyed(batches[run + 1]),
            "posting": lambda run: posting_without_rules(organisation_id, batches[run + 1], BATCH),
            "ingestion": lambda run: ingest(organisation_id, batches[run + 1], BATCH),
            "orm": lambda run: one_by_one_through_the_orm(organisation_id, few[run + 1]),
        },
    )
    work = f"batch ingestion ({BATCH:,} a batch, {RULES} rules, daily limits, {scale.members:,} members)"
    for other, against, target in (
        ("copy", "COPY of the same events into a keyed table", 0.10),
        ("posting", "our own posting without rules", 0.40),
        ("orm", "one event a transaction through the ORM", 15.0),
    ):
        yield Row(
            work,
            against,
            found["ingestion"] / found[other],
            target,
            f"{found['ingestion']:,.0f} : {found[other]:,.0f} events/s",
            bound=_BOUND if other == "copy" else "",
        )


def copy_keyed(events: Sequence[IncomingEvent]) -> float:
    """The ceiling: COPY of the same event rows into a table with the same keys, and nothing else; events a second.

    What is sent is worked out beforehand: only the database's work is timed.
    """
    ids = new_ids(len(events))
    lines = [
        f"{event_id}\t{event.source}\t{event.id}\t{event.type}\t{event.subject}\t{event.time.isoformat()}\t"
        + encode(event.data).replace("\\", "\\\\")
        + "\n"
        for event_id, event in zip(ids, events, strict=True)
    ]
    sent = "".join(lines).encode()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "create table if not exists bench_ceiling (id uuid primary key, source text, key text, type text,"
            " member text, occurred_at timestamptz, data jsonb, unique (source, key))"
        )
        cursor.execute("truncate bench_ceiling")

        def work() -> None:
            with cursor.copy("copy bench_ceiling from stdin") as copied:
                copied.write(sent)

        return rate(len(events), work)


def posting_without_rules(organisation_id: int, events: Sequence[IncomingEvent], batch: int) -> float:
    """Our own posting, with no event, no rule and no limit, one transfer for each; transfers a second."""
    with in_organisation(organisation_id):
        members = find_members(organisation_id, {("till", event.subject or "") for event in events})
        unit = units_by_key(organisation_id)["points"].id

    def work() -> None:
        for start in range(0, len(events), batch):
            part = events[start : start + batch]
            with in_organisation(organisation_id):
                now = open_books(organisation_id)
                holdings = [(members[("till", event.subject or "")], unit) for event in part]
                wallets = lock_wallets(organisation_id, holdings)
                book = Book()
                for event, holding in zip(part, holdings, strict=True):
                    book.add(
                        Posting(wallets[holding], Place.ISSUED, Place.AVAILABLE, 1, Kind.ACCRUAL, event.time)
                    )
                post(organisation_id, book, recorded_at=now)

    return rate(len(events), work)


def ingest(organisation_id: int, events: Sequence[IncomingEvent], batch: int) -> float:
    """The whole path: resolve, lock, look, decide, write events, transfers, balances and news; events a second."""

    def work() -> None:
        for start in range(0, len(events), batch):
            take_in(organisation_id, events[start : start + batch])

    return rate(len(events), work)


def one_by_one_through_the_orm(organisation_id: int, events: Sequence[IncomingEvent]) -> float:
    """One event a transaction, every row read and written by the ORM, with the same rules; events a second."""

    def work() -> None:
        for event in events:
            orm.take_in_one(organisation_id, event)

    return rate(len(events), work)


def best_batch(scale: Scale) -> dict[int, float]:
    """Events a second by batch size, to choose `BATCH` by."""
    organisation_id = world.make(RULES)
    world.enrol(organisation_id, scale.members)
    return {
        size: median(
            ingest(organisation_id, world.events(scale.events, scale.members, seed=size + run), size)
            for run in range(3)
        )
        for size in (500, 1_000, 2_000, 5_000, 10_000)
    }
