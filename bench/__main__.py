"""`make bench`: prints a table of ratios, each measured side by side in this run, and the same as JSON."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from statistics import median

from rich.console import Console
from rich.table import Table

from plaudit.foundation import postgres


def main() -> int:
    """Measure, print, and say with the exit code whether a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=5_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--replayed", type=int, default=1_000_000)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plaudit.settings")
    os.environ["PLAUDIT_DATABASE_NAME"] = "plaudit_bench"
    postgres.ready("plaudit_bench")
    import django  # noqa: PLC0415  # after the database is named

    django.setup()
    from bench import measures  # noqa: PLC0415  # needs Django set up
    from plaudit.foundation.schema import migrate  # noqa: PLC0415

    migrate()
    rows = _measure(given)
    _print(rows)
    sys.stdout.write(measures.as_json(rows) + "\n")
    return 0 if all(row["reached"] for row in rows) else 1


def _measure(given: argparse.Namespace) -> list[dict[str, object]]:
    from bench import measures, world  # noqa: PLC0415  # need Django set up

    some = [world.events(given.events, given.members, seed=run) for run in range(given.runs)]
    few = [events[:300] for events in some]

    def of(work: Callable[[int], float]) -> float:
        return median(work(run) for run in range(given.runs))

    copied = of(lambda run: measures.copy_keyed(some[run]))
    posted = of(lambda run: measures.posting_without_rules(some[run], given.batch))
    taken = of(lambda run: measures.batch_ingestion(some[run], given.batch, 20))
    single = of(lambda run: measures.one_by_one(few[run], 20))
    replayed, scanned = measures.what_if(given.replayed, 20)
    rows: list[dict[str, object]] = [
        _row(
            "batch ingestion, 20 rules : COPY into a keyed table",
            taken / copied,
            0.10,
            f"{taken:,.0f} : {copied:,.0f} events/s",
        ),
        _row(
            "batch ingestion, 20 rules : posting without rules",
            taken / posted,
            0.40,
            f"{taken:,.0f} : {posted:,.0f} events/s",
        ),
        _row(
            "batch ingestion : one event a transaction, same path",
            taken / single,
            1.0,
            f"{taken:,.0f} : {single:,.0f} events/s",
        ),
        _row(
            "scan and sum : replay under 20 rules with limits",
            scanned / replayed,
            1 / 20,
            f"{scanned:.2f} : {replayed:.2f} s for {given.replayed:,} events",
        ),
    ]
    return rows


def _row(name: str, ratio: float, target: float, figures: str) -> dict[str, object]:
    return {
        "measure": name,
        "ratio": round(ratio, 3),
        "target": round(target, 3),
        "reached": ratio >= target,
        "figures": figures,
    }


def _print(rows: list[dict[str, object]]) -> None:
    table = Table(title="Against this machine's own ceiling")
    for name in ("measure", "ratio", "target", "reached", "figures"):
        table.add_column(name)
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console(stderr=True).print(table)


if __name__ == "__main__":
    raise SystemExit(main())
