"""What is measured, each as work done a second."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from statistics import median
from uuid import UUID

import duckdb
from django.db import connection

from bench.world import FIELDS, definition, make_world
from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.take_in import take_in
from plaudit.foundation.exact import encode
from plaudit.foundation.ids import new_ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.book import Book, Posting
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.posting import lock_wallets, open_books, post
from plaudit.ledger.units import units_by_key
from plaudit.people.resolving import find_or_enrol
from plaudit.planning.simulation.history import EventTable, empty_history
from plaudit.planning.simulation.replay import Replay
from plaudit.planning.simulation.wanting import want


def rate(done: int, work: Callable[[], object]) -> float:
    """How much is done a second."""
    began = time.perf_counter()
    work()
    return done / (time.perf_counter() - began)


def copy_keyed(events: Sequence[IncomingEvent]) -> float:
    """The ceiling: COPY of the same events into a table with the same keys, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create temporary table ceiling (id uuid primary key, source text, key text, type text, member text,"
            " occurred_at timestamptz, data jsonb, unique (source, key))"
        )
        ids: Sequence[UUID] = new_ids(len(events))

        def work() -> None:
            with cursor.copy("copy ceiling from stdin") as copied:
                for event_id, event in zip(ids, events, strict=True):
                    copied.write_row(
                        (
                            event_id,
                            event.source,
                            event.id,
                            event.type,
                            event.subject,
                            event.time,
                            encode(event.data),
                        )
                    )

        found = rate(len(events), work)
        cursor.execute("drop table ceiling")
    return found


def posting_without_rules(events: Sequence[IncomingEvent], batch: int) -> float:
    """Our own posting, with no event, no rule and no limit: one transfer for each."""
    organisation_id = make_world(0)
    with in_organisation(organisation_id):
        wanted = {("till", event.subject or "") for event in events}
        members = find_or_enrol(organisation_id, wanted, kind="customer", joined_at=events[0].time)
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


def batch_ingestion(events: Sequence[IncomingEvent], batch: int, rules: int) -> float:
    """The whole path: resolve, lock, look, decide under limits, write events, transfers, balances and news."""
    organisation_id = make_world(rules)

    def work() -> None:
        for start in range(0, len(events), batch):
            take_in(organisation_id, events[start : start + batch])

    return rate(len(events), work)


def one_by_one(events: Sequence[IncomingEvent], rules: int) -> float:
    """The same path, one event a transaction."""
    return batch_ingestion(events, 1, rules)


def what_if(count: int, rules: int) -> tuple[float, float]:
    """Seconds to replay so many events under limits, and to scan and sum the same columns."""
    replays, scans = [], []
    for _ in range(3):
        with empty_history(definition(rules).time_zone) as history:
            table: EventTable = history.table_for("purchase", FIELDS, {})
            history.connection.execute(
                f"INSERT INTO {table.table} SELECT i, 'm' || (hash(i) % {max(count // 10, 1)}),"
                " TIMESTAMPTZ '2026-03-01 12:00:00+00' + to_minutes(i % 40000), 100 + hash(i * 7) % 20000,"
                f" ['web', 'shop', 'app'][1 + CAST(hash(i * 3) % 3 AS INTEGER)], 2, 'customer' FROM range({count}) t(i)"
            )
            began = time.perf_counter()
            wanted = want(history, definition(rules), "purchase", FIELDS, {"points": 0})
            Replay(history, definition(rules), [wanted]).run()
            replays.append(time.perf_counter() - began)
            scans.append(_scan(history.connection, table.table))
    return median(replays), median(scans)


def _scan(connection_: duckdb.DuckDBPyConnection, table: str) -> float:
    began = time.perf_counter()
    connection_.execute(
        f"SELECT sum(seq), count(DISTINCT member), max(epoch_us(happened_at)), sum(f_amount), max(f_channel), sum(f_items) FROM {table}"
    ).fetchall()
    return time.perf_counter() - began


def as_json(rows: list[dict[str, object]]) -> str:
    """The table for programs."""
    return json.dumps(rows, indent=1)
