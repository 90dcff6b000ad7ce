"""`make races`: fights over everything limited, round after round, and prints what was given out twice.

The races are the tests that the register (`tests/limited.py`) names; here they run in as many rounds as
are asked for, each in an organisation of its own, its contenders released at one moment. A round in which
anything was exceeded, lost or broken is a violation, and one violation makes the command fail.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from tests.limited import REGISTER
from tests.limiting import Limited

# What was counted, race by race, so that a campaign may be fought in several runs.
COUNTED = Path(__file__).resolve().parents[1] / "var" / "races.json"

HEAD = ("limited thing", "race", "contenders", "rounds", "violations", "seconds")


@dataclass(slots=True)
class Fought:
    """What came of one race. `seconds` are of the clock on the wall, setting up included."""

    rounds: int = 0
    violations: int = 0
    seconds: float = 0.0
    fewest: int = 0


class Watching:
    """Counts rounds as pytest reports them."""

    def __init__(self) -> None:
        self.fought: dict[str, Fought] = defaultdict(Fought)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # The races import Django's models, which exist only once the tests' database does.
        from plaudit.foundation.tests import racing  # noqa: PLC0415

        race = self.fought[report.nodeid.partition("[")[0]]
        race.seconds += report.duration
        if report.when == "call":
            race.rounds += 1
            released = min(racing.released, default=0)
            race.fewest = min(race.fewest or released, released)
            racing.released.clear()
        if report.failed:
            race.violations += 1
            sys.stderr.write(f"VIOLATION {report.nodeid}\n{report.longreprtext[-2000:]}\n")


def main() -> int:
    """Race, print, and say with the exit code whether anything was exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--only", default="", help="only these limited things or races, by comma")
    parser.add_argument("--add", action="store_true", help="add the rounds to those of earlier runs")
    parser.add_argument("--write", type=Path, help="also write the table to this file, as Markdown")
    given = parser.parse_args()
    wanted = [name.strip() for name in given.only.split(",") if name.strip()]
    races = [
        race
        for one in REGISTER
        for race in one.races
        if not wanted or one.name in wanted or race.partition("::test_")[2] in wanted
    ]
    os.environ |= {"PLAUDIT_RACE_ROUNDS": str(given.rounds), "PLAUDIT_BROWSER": "none"}
    watching = Watching()
    if given.add and COUNTED.exists():
        counted = json.loads(COUNTED.read_text(encoding="utf-8"))
        watching.fought |= {race: Fought(**one) for race, one in counted.items()}
    known = _known(given.write)
    options = [
        "-q",
        "-n0",
        "-p",
        "no:randomly",
        "--no-header",
        "--durations=0",
        "--durations-min=3600",
        "--tb=short",
    ]
    if given.rounds:
        pytest.main([*options, *races], plugins=[watching])
    fought = {race: asdict(one) for race, one in watching.fought.items()}
    COUNTED.write_text(json.dumps(fought, indent=1), encoding="utf-8")
    rows = [
        _row(one, race, watching.fought[race])
        if race in fought
        else known.get(words_of(race), _unfought(one, race))
        for one in REGISTER
        for race in one.races
    ]
    _show(rows)
    if given.write is not None:
        given.write.write_text(_page(rows), encoding="utf-8")
    complete = all(watching.fought[race].rounds >= given.rounds for race in races)
    return 0 if complete and not any(one.violations for one in watching.fought.values()) else 1


def words_of(race: str) -> str:
    """What a race says, in words."""
    return race.partition("::test_")[2].replace("_", " ")


def _known(page: Path | None) -> dict[str, tuple[str, ...]]:
    """The rows that an earlier page has of what is not fought over now, by the words of the race."""
    if page is None or not page.exists():
        return {}
    lines = page.read_text(encoding="utf-8").splitlines()
    rows = [
        tuple(part.strip() for part in line.strip("|").split("|")) for line in lines if line.startswith("| ")
    ]
    return {row[1]: row for row in rows if row != HEAD}


def _unfought(limited: Limited, race: str) -> tuple[str, ...]:
    return (limited.name, words_of(race), "–", "–", "–", "–")


def _row(limited: Limited, race: str, fought: Fought) -> tuple[str, ...]:
    return (
        limited.name,
        words_of(race),
        str(fought.fewest),
        str(fought.rounds),
        str(fought.violations),
        f"{fought.seconds:.0f}",
    )


def _show(rows: Sequence[tuple[str, ...]]) -> None:
    table = Table(title="Everything limited, fought over")
    for name in HEAD:
        table.add_column(name)
    for row in rows:
        table.add_row(*row)
    Console(width=160).print(table)


def _page(rows: Sequence[tuple[str, ...]]) -> str:
    """Every race of the register, with what came of it where it was fought over at length, now or before."""
    fought = [row for row in rows if row[3].isdigit()]
    rounds, violations = (sum(int(row[column]) for row in fought) for column in (3, 4))
    lines = [
        "# Limited things, and the races over them",
        "",
        "Whatever there is only so much of is in one register (`tests/limited.py`). A test fails where one of",
        "them has no race, and where a constraint or a field of the models that speaks of a limit is not in the",
        "register. In each round the contenders are released at one moment, each on a connection of its own.",
        "",
        "Made by `python -m bench.races --write docs/reference/limited-things.md` (`make races`), which exits",
        "with 1 where anything was exceeded, lost or broken.",
        "",
        f"**{len(REGISTER)} limited things, {len(rows)} races over them. Fought over at length: {len(fought)} races,",
        f"{rounds:,} rounds, {violations} violations.**",
        *(
            ["The others (–) run in every `make test`, in a few rounds each."]
            if len(fought) < len(rows)
            else []
        ),
        "",
        "| " + " | ".join(HEAD) + " |",
        "|" + "---|" * len(HEAD),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
