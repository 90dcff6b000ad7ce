"""What-if: a million events under twenty rules with limits, against DuckDB's own scan of the same columns."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import seconds, side_by_side
from bench.rows import Row, Scale
from bench.world import FIELDS, definition
from plaudit.ledger.units import UnitPolicy
from plaudit.planning.simulation.history import EventTable, History, empty_history
from plaudit.planning.simulation.simulate import Result, replay_history

RULES = 20
EVENTS_A_MEMBER = 10
MEMORY_MAX = 2.0
"""GiB, of the whole process that replays."""

_UNIT = UnitPolicy(1, "points", {}, 0, "USD", 10_000, {}, may_owe=True)

_SCAN = (
    "SELECT sum(seq), count(DISTINCT member), max(epoch_us(happened_at)), sum(f_amount), max(f_channel),"
    " sum(f_items) FROM {}"
)
_BARE = _SCAN.replace("count(DISTINCT member)", "max(member)")


def measure(scale: Scale) -> Iterator[Row]:
    """A replay to its whole result beside a scan, then the memory of a larger one in a process of its own."""
    with empty_history(definition(RULES).time_zone) as history:
        table = happened(history, scale.replayed)
        connection = history.connection
        found = side_by_side(
            max(scale.runs, 5),
            {
                "replay": lambda _run: seconds(lambda: replayed(history)),
                "scan": lambda _run: seconds(
                    lambda: connection.execute(_SCAN.format(table.table)).fetchall()
                ),
                "bare": lambda _run: seconds(
                    lambda: connection.execute(_BARE.format(table.table)).fetchall()
                ),
            },
        )
    yield Row(
        f"what-if, {scale.replayed:,} events under {RULES} rules with daily limits",
        "scan and sum of the same columns, members counted",
        found["replay"] / found["scan"],
        20.0,
        f"{found['replay'] * 1000:,.0f} ms : {found['scan'] * 1000:,.0f} ms"
        f" (members not counted: {found['bare'] * 1000:,.0f} ms)",
        at_most=True,
        bound="three tenths of it is working twenty rules out, twice; a quarter one hash group a member and day",
    )
    whole = _in_a_process(scale.replayed_whole)
    yield Row(
        f"what-if, {scale.replayed_whole:,} events: memory of the process, GiB",
        "the memory it may take",
        whole["rss"],
        MEMORY_MAX,
        f"{whole['rss']:.2f} GiB at its peak; read in {whole['read']:,.0f} s, replayed in {whole['replay']:,.1f} s;"
        f" {whole['disk']:.1f} GiB of disk",
        at_most=True,
    )


def replayed(history: History) -> Result:
    """The whole of a replay but for reading history in: what it would grant, compared with nothing."""
    return replay_history(history, definition(RULES), {"purchase": FIELDS}, {"points": _UNIT})


def happened(history: History, count: int) -> EventTable:
    """So many purchases over four weeks of a tenth as many members, as PostgreSQL would copy them out, read in."""
    table = history.table_for("purchase", FIELDS, {})
    path = history.folder / "purchases.csv"
    history.connection.execute(
        _PURCHASES.format(events=count, members=max(count // EVENTS_A_MEMBER, 1), path=path)
    )
    history.load_texts(table, path)
    history.name_kinds()
    return table


_PURCHASES = """
    COPY (SELECT i, md5((hash(i) % {members})::VARCHAR), TIMESTAMPTZ '2026-03-01 12:00:00+00' + to_minutes(i % 40000),
                 CAST((100 + hash(i * 7) % 20000) / 100 AS DECIMAL(9, 2)),
                 ['web', 'shop', 'app'][1 + CAST(hash(i * 3) % 3 AS INTEGER)], '2', 'customer'
            FROM range({events}) t (i)) TO '{path}' (FORMAT csv, HEADER false)
"""


def _in_a_process(count: int) -> dict[str, float]:
    """What a process of its own says that read so many events in and replayed them."""
    program = (
        f"import django; django.setup(); from bench.rows.simulating import tell_memory; tell_memory({count})"
    )
    ran = subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, float] = json.loads(ran.stdout)
    return told


def tell_memory(count: int) -> None:
    """Read so many events in, replay them, and print what it took: seconds, and the peak of this process in GiB."""
    with empty_history(definition(RULES).time_zone) as history:
        read = seconds(lambda: happened(history, count))
        replay = seconds(lambda: replayed(history))
        disk = sum(one.stat().st_size for one in Path(history.folder).rglob("*") if one.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak *= 1 if sys.platform == "darwin" else 1024  # in bytes there, in KiB elsewhere
    told = {"read": read, "replay": replay, "disk": disk / 2**30, "rss": peak / 2**30}
    sys.stdout.write(json.dumps(told) + "\n")
