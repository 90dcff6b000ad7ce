"""Restores a backup into an empty database, and proves it before anybody may use it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from plaudit.foundation import config as configuration
from plaudit.foundation.backup import numbering
from plaudit.foundation.backup.archive import Manifest, Reader, Tell, key_of, reading
from plaudit.foundation.backup.refusals import BackupTooNew, OtherKey, RestoredDiffers
from plaudit.foundation.backup.rows import load
from plaudit.foundation.schema import migrate
from plaudit.foundation.tenancy import as_owner, in_snapshot
from plaudit.insights.totals import totals
from plaudit.ledger.verification.verify import verify
from plaudit.surfaces.cli.backup_erasures import erase_again, listed
from plaudit.surfaces.cli.backup_target import Place


@dataclass(frozen=True)
class Restored:
    """What stands in the database now. `not_erased` were erased since, and need a person's hand."""

    made_at: str
    rows: int
    checks: int
    erased: list[str]
    not_erased: list[str]
    totals: list[dict[str, Any]]


def restore(
    file: Path,
    *,
    place: Place,
    other_key: bool,
    erasures: Sequence[Path],
    tell: Tell,
    total: Callable[[int], None],
) -> Restored:
    """Fill the database at work from this file. Raises the refusals of `foundation.backup`.

    The file is read whole before the first table is made. What it comes to afterwards, and every check over
    the books, must be as it was; then the members erased since are erased again: those the replaced database
    knew, and those in these lists.
    """
    since = [*place.erased, *listed(erasures)]
    with reading(file, key_of(settings.SECRET_KEY)) as reader:
        manifest = reader.manifest
        if not (reader.signed or other_key):
            raise OtherKey(file=file, sealed=_sealed(manifest), key_file=configuration.home() / "secret-key")
        total(2 * sum(part.bytes for part in manifest.tables.values()))
        reader.check(tell)
        _make_tables(reader)
        with as_owner() as cursor:
            load(reader, cursor, tell)
            numbering.leap_over(cursor, manifest.next_number)
    migrate()
    checks = _prove(file, manifest)
    erased, not_erased = erase_again(since)
    rows = sum(part.rows for part in manifest.tables.values())
    return Restored(manifest.made_at, rows, checks, erased, not_erased, manifest.totals)


def _sealed(manifest: Manifest) -> str:
    return " and ".join(f"{count:,} {words}" for words, count in manifest.sealed.items() if count)


def _make_tables(reader: Reader) -> None:
    """Run the migrations that had been run where the backup was made, and no later one: later ones want rows."""
    executor = MigrationExecutor(connections["owner"])
    known = executor.loader.graph.nodes
    wanted = set(reader.manifest.migrations)
    if unknown := sorted(f"{app} {name}" for app, name in wanted - known.keys()):
        raise BackupTooNew(file=reader.path, version=reader.manifest.plaudit, unknown=", ".join(unknown))
    leaves: list[tuple[str, str | None]] = [
        (app, name)
        for app, name in sorted(wanted)
        if not any(
            child.key in wanted and child.key[0] == app
            for child in executor.loader.graph.node_map[app, name].children
        )
    ]
    executor.migrate(leaves)


def _prove(file: Path, manifest: Manifest) -> int:
    """Hold what stands here against what was backed up; how many checks were run. Raises `RestoredDiffers`."""
    with in_snapshot():
        found = json.loads(json.dumps(totals()))
    faults = [
        f"{is_now['name']}: {name} were {was[name]} and are {is_now[name]}"
        for was, is_now in zip(manifest.totals, found, strict=False)
        for name in was
        if was[name] != is_now.get(name)
    ]
    if len(found) != len(manifest.totals):
        faults.append(f"there were {len(manifest.totals)} organisations and are {len(found)}")
    report = verify(None)
    faults += [f"{one.check.id}, {one.check.sentence}" for one in report.broken()]
    if faults:
        raise RestoredDiffers(file=file, faults="; ".join(faults))
    return len(report.results)
