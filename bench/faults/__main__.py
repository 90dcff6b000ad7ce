"""`make faults`: kills the database, the API and the worker under load, and counts what was lost."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.faults import oracle, report, sabotage
from bench.faults.campaign import Plan, run
from bench.faults.filling import small_disk
from plaudit.surfaces.cli.serving import terminated_like_interrupted

DISK_MEGABYTES = 500


def main() -> int:
    """Run what was asked for; 0 where nothing is to be complained of."""
    given = _arguments()
    if given.sabotage is not None:
        return sabotage.main(given.sabotage)
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    say(f"Seed {seed}. The same plan again: --seed {seed}")
    counts = {"database": given.database, "api": given.api, "worker": given.worker}
    load = {"clients": given.clients, "minutes": given.minutes, "operations": given.operations}
    plan = Plan(seed, **counts, **load, patient=not given.impatient)
    found: dict[str, Any] = {}
    if any(counts.values()) or given.operations:
        found["kills"] = _campaign(plan, Path(tempfile.mkdtemp(prefix="faults-home-")))
    if given.disk:
        with small_disk(DISK_MEGABYTES) as home:
            full = Plan(seed, disk=given.disk, clients=given.clients, minutes=given.minutes, patient=False)
            if home is None:
                say("SKIPPED: the full disk. Only root may make the small disk it takes.")
                found["disk full"] = {"skipped": "only root may make a small disk", "ok": True}
            else:
                found["disk full"] = _campaign(full, home)
    text = json.dumps(found, indent=1)
    sys.stdout.write(text + "\n")
    if given.json:
        given.json.write_text(text + "\n", encoding="utf-8")
    return 0 if all(one["ok"] for one in found.values()) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    for name in ("database", "api", "worker"):
        parser.add_argument(f"--{name}", type=int, default=200, help=f"how often to kill the {name} (200)")
    parser.add_argument("--disk", type=int, default=5, help="how often to fill the disk (5)")
    parser.add_argument("--clients", type=int, default=4, help="client processes (4)")
    parser.add_argument("--seed", type=int, help="of everything that is drawn; printed where none is given")
    parser.add_argument("--minutes", type=float, default=45, help="the longest it may take (45)")
    parser.add_argument("--operations", type=int, default=0, help="so many answered acts at least (0)")
    parser.add_argument("--impatient", action="store_true", help="leave nothing to wait for at the end")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    parser.add_argument(
        "--sabotage",
        nargs="*",
        metavar="NAME",
        help="plant known faults instead, all or those named, and see each found",
    )
    return parser.parse_args()


def _campaign(plan: Plan, home: Path) -> dict[str, Any]:
    try:
        outcome = run(plan, home, say)
        findings = oracle.judge(outcome.operations, outcome.books, outcome.messages)
    finally:
        if not home.is_mount():
            shutil.rmtree(home, ignore_errors=True)
    found = report.summary(outcome, findings)
    report.show(found)
    return found


def say(text: str) -> None:
    """Tell whoever waits."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    with terminated_like_interrupted():
        raise SystemExit(main())
