"""Makes a backup: every row, and what the books come to, in one snapshot."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from plaudit.foundation import clock
from plaudit.foundation import config as configuration
from plaudit.foundation.backup import numbering
from plaudit.foundation.backup.archive import (
    FORMAT,
    Manifest,
    Part,
    Tell,
    Writer,
    fingerprint,
    key_of,
    writing,
)
from plaudit.foundation.backup.rows import Table, rows_of, sequences, tables
from plaudit.foundation.jobs.periodic import organisation_ids
from plaudit.foundation.last_done import note
from plaudit.foundation.tenancy import in_snapshot
from plaudit.insights.totals import totals

SEALED = {
    "rewards_code": "codes",
    "rewards_supplier": "supplier tokens",
    "outreach_endpoint_secret": "webhook secrets",
    "people_code_app": "apps for codes",
}
"""What only the installation's key opens, by the table it stands in."""


@dataclass(frozen=True)
class Made:
    """A backup that was written, and where the key stands that is not in it."""

    path: Path
    manifest: Manifest
    key_is: str


def make(to: Path, *, tell: Tell, total: Callable[[int], None]) -> Made:
    """Write a backup to this new file, or into this folder. Raises `BackupExists`."""
    now = clock.wall()
    path = to / f"plaudit-{now:%Y-%m-%d-%H%M%S}.backup" if to.is_dir() else to
    key = key_of(settings.SECRET_KEY)
    with writing(path, key) as writer, in_snapshot():
        with connection.cursor() as cursor:
            listed = tables(cursor)
            total(sum(table.size for table in listed))
            manifest = _manifest(cursor, now, key, dict(_parts(writer, listed, tell)))
        writer.finish(manifest)
    note("backup", made_at=now, file=str(path.resolve()))
    config = configuration.load()
    in_home = config.secret_key is None
    return Made(
        path, manifest, f"in {configuration.home(config) / 'secret-key'}" if in_home else "PLAUDIT_SECRET_KEY"
    )


def _parts(writer: Writer, listed: list[Table], tell: Tell) -> Iterator[tuple[str, Part]]:
    organisations = organisation_ids()
    for table in listed:
        counts: list[int] = []
        blocks = _told(table, rows_of(table, organisations, counts.append), tell)
        length, digest = writer.add(table.name, blocks)
        yield table.name, Part(table.columns, sum(counts), length, digest)


def _told(table: Table, blocks: Iterator[bytes | memoryview], tell: Tell) -> Iterator[bytes | memoryview]:
    for block in blocks:
        tell(table.name, len(block))
        yield block


def _manifest(cursor: CursorWrapper, now: datetime, key: bytes, parts: dict[str, Part]) -> Manifest:
    # Sequences are of no snapshot; read after the rows, they are past every number in them.
    cursor.execute("select app, name from django_migrations order by id")
    migrations = [(app, name) for app, name in cursor.fetchall()]
    cursor.execute("select current_setting('server_version'), current_database()::text")
    server, database = cursor.fetchone()
    return Manifest(
        format=FORMAT,
        made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        plaudit=version("plaudit"),
        postgresql=server,
        database=database,
        key=fingerprint(key),
        next_number=numbering.next_number(cursor),
        migrations=migrations,
        tables=parts,
        sequences=sequences(cursor),
        sealed={words: parts[table].rows for table, words in SEALED.items()},
        totals=json.loads(json.dumps(totals())),
    )
