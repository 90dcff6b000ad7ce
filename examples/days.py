"""Replays a set of daily files a day at a time: in order, each twice, shuffled, and one day late."""

from __future__ import annotations

import random
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard
from django.db import connection

from examples.running import ACTOR, HERE, fresh_organisation
from examples.sets import Replay
from plaudit.activity.models import ImportBatch
from plaudit.earning.actions.import_file import run_import, start_import
from plaudit.foundation.tenancy import in_organisation

LATE_DAY = 100
"""Which of the days arrives after all others when one is late."""


@dataclass(frozen=True)
class Replayed:
    """What came of one replay: how many files, what they recorded, and every member's balance."""

    files: int
    recorded: int
    balances: Mapping[str, int]


@contextmanager
def unpacked_days(archive: Path) -> Iterator[list[Path]]:
    """The archive's daily files, in the order of their names, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        with (
            archive.open("rb") as packed,
            zstandard.ZstdDecompressor().stream_reader(packed) as plain,
            tarfile.open(fileobj=plain, mode="r|") as tar,
        ):
            for member in tar:
                if (content := tar.extractfile(member)) is not None:  # a folder has none
                    (Path(folder) / Path(member.name).name).write_bytes(content.read())
        yield sorted(Path(folder).iterdir())


def in_every_order(days: Sequence[Path]) -> dict[str, list[Path]]:
    """The orders that must all come to the same: in order first."""
    shuffled = list(days)
    random.Random(1).shuffle(shuffled)  # noqa: S311  # the same order every time
    late = days[LATE_DAY]
    return {
        "day by day": list(days),
        "every day file sent twice": [day for day in days for _ in range(2)],
        "the days shuffled": shuffled,
        f"one day late ({late.stem})": [*(day for day in days if day != late), late],
    }


def replay(name: str, one: Replay, days: Sequence[Path]) -> tuple[int, Replayed, ImportBatch]:
    """Import these files one after another into a fresh organisation: its id, what came of it, the last import."""
    organisation_id = fresh_organisation(name)
    mapping = (HERE / name / one.mapping).read_text()
    recorded, batch = 0, None
    skipped: dict[str, int] = {}
    for day in days:
        started = start_import(organisation_id, path=day, mapping=mapping, actor=ACTOR)
        batch = run_import(organisation_id, started.id)
        assert batch.state == "done", batch.refusal
        recorded += batch.recorded
        for what, count in batch.skipped.items():
            skipped[what] = skipped.get(what, 0) + count
    assert batch is not None, "there is at least one day"
    batch.skipped = skipped
    return organisation_id, Replayed(len(days), recorded, _balances(organisation_id)), batch


def _balances(organisation_id: int) -> dict[str, int]:
    with in_organisation(organisation_id), connection.cursor() as cursor:
        cursor.execute(
            "select i.external_id, w.available from ledger_wallet w join people_identity i on i.member_id = w.member_id"
        )
        return dict(cursor.fetchall())


def differing(expected: Mapping[str, Any], found: Mapping[str, Any]) -> int:
    """How many members' balances are not the same."""
    return sum(expected.get(member) != found.get(member) for member in set(expected) | set(found))
