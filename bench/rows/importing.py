"""A CSV file on disk to posted points, against batch ingestion of the same events."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import world
from bench.measuring import rate, side_by_side
from bench.rows import Row, Scale
from bench.rows.ingestion import BATCH, RULES, ingest
from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.import_file import run_import, start_import

TARGET = 0.7

MAPPING = """\
mapping: 1
file: {format: csv}
source: till
type: purchase
key: {column: receipt}
subject: {column: customer}
occurred_at: {column: sold_at, format: iso}
fields:
  amount: {column: amount, as: decimal, scale: 2}
  channel: {column: channel}
  items: {column: items, as: integer}
"""


def measure(scale: Scale) -> Iterator[Row]:
    """One row: the file is read, checked, mapped, taken in and reported on; ingestion begins with events in memory."""
    organisation_id = world.make(RULES)
    world.enrol(organisation_id, scale.members)
    runs = scale.runs + 1  # the first warms up and is not counted
    imported = [world.events(scale.events, scale.members, seed=run) for run in range(runs)]
    ingested = [world.events(scale.events, scale.members, seed=1_000 + run) for run in range(runs)]
    with TemporaryDirectory() as folder:
        files = [_write(Path(folder) / f"{run}.csv", events) for run, events in enumerate(imported)]
        _import(organisation_id, files[0], scale.events)
        ingest(organisation_id, ingested[0], BATCH)
        found = side_by_side(
            scale.runs,
            {
                "file": lambda run: _import(organisation_id, files[run + 1], scale.events),
                "ingestion": lambda run: ingest(organisation_id, ingested[run + 1], BATCH),
            },
        )
    yield Row(
        f"file import, CSV on disk to posted points, {scale.events:,} rows",
        "batch ingestion of as many events",
        found["file"] / found["ingestion"],
        TARGET,
        f"{found['file']:,.0f} : {found['ingestion']:,.0f} rows/s",
    )


def _write(path: Path, events: Sequence[IncomingEvent]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["receipt", "customer", "sold_at", "amount", "channel", "items"])
        for event in events:
            data = event.data
            rows.writerow(
                [
                    event.id,
                    event.subject,
                    event.time.isoformat(),
                    data["amount"],
                    data["channel"],
                    data["items"],
                ]
            )
    return path


def _import(organisation_id: int, path: Path, rows: int) -> float:
    def work() -> None:
        batch = start_import(organisation_id, path=path, mapping=MAPPING, actor="bench")
        done = run_import(organisation_id, batch.id)
        assert done.recorded == rows, f"{done.recorded} of {rows} rows were recorded"

    return rate(rows, work)
