"""What a campaign came to: a table for people, the same as JSON for programs."""

from __future__ import annotations

import os
import platform
import re
from collections import Counter
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.faults.campaign import Outcome
from bench.faults.oracle import KINDS, Finding
from bench.faults.settling import Left

_MANNERS = re.compile(r"5(?!03$)\d\d.*|503 without a wait")


def summary(outcome: Outcome, findings: list[Finding]) -> dict[str, Any]:
    """Everything that was done and found. `ok` says whether nothing at all is to be complained of."""
    operations = outcome.operations
    uncertain = [one for one in operations if one.unknown]
    kinds = Counter(finding.kind for finding in findings)
    recoveries = {one.name: one.recoveries for one in outcome.suffered}
    found: dict[str, Any] = {
        "seed": outcome.plan.seed,
        "seconds": round(outcome.seconds, 1),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "versions": outcome.world["versions"] | {"postgresql": outcome.world["settings"]["server_version"]},
        "settings": {k: v for k, v in outcome.world["settings"].items() if k != "server_version"},
        "operations": dict(Counter(one.kind for one in operations).most_common()),
        "outcomes": dict(Counter(one.outcome or "open" for one in operations)),
        "refusals": dict(Counter(one.code for one in operations if one.outcome == "refused")),
        "events": len(outcome.books.events),
        "transfers": len(outcome.books.lines),
        "faults": _faults(outcome),
        "unknown": {
            "replies": sum(len(one.unknown) for one in operations),
            "operations": len(uncertain),
            "committed": sum(_was_committed(one) for one in uncertain),
            "not committed": sum(not _was_committed(one) for one in uncertain),
            "why": dict(Counter(why for one in operations for why in one.unknown)),
        },
        "told to come later": dict(Counter(why for one in operations for why in one.later)),
        "found": {kind: kinds[kind] for kind in KINDS},
        "5xx other than 503": sum(bool(_MANNERS.fullmatch(w)) for one in operations for w in one.unknown),
        "slowest recovery, s": round(max((max(r) for r in recoveries.values() if r), default=0), 2),
        "median recovery, s": {name: round(median(r), 2) for name, r in recoveries.items() if r},
        "webhooks": {"messages": len(outcome.messages), "sent": sum(map(len, outcome.messages.values()))},
        "left open": _left(outcome.left),
        "checks": {"run": len(outcome.checks), "broken": [c for c in outcome.checks if not c["holds"]]},
    }
    found["complaints"] = _complaints(outcome, found, findings)
    return found | {"ok": not found["complaints"]}


def _left(left: Left | None) -> dict[str, float] | str:
    if left is None:
        return "not waited for"
    return {
        "jobs": left.jobs,
        "webhooks": left.deliveries,
        "webhooks untold": left.untold,
        "holds": left.holds,
        "settled in, s": round(left.seconds, 1),
        "jobs set aside": left.set_aside,
    }


def _faults(outcome: Outcome) -> dict[str, dict[str, int]]:
    faults: dict[str, Counter[str]] = {}
    for one in outcome.suffered:
        if one.wanted:
            faults.setdefault(one.name, Counter()).update(
                wanted=one.wanted, done=one.kills, recovered=len(one.recoveries)
            )
    return {name: dict(counted) for name, counted in faults.items()}


def _was_committed(operation: Any) -> bool:
    """Whether a try that nobody answered had been carried out: the answer in the end was a repetition."""
    results = operation.result.get("results", [operation.result])
    return bool(operation.replayed or any(one.get("status") == "repeated" for one in results))


def _complaints(outcome: Outcome, found: dict[str, Any], findings: list[Finding]) -> list[str]:
    said = [f"{one.kind}: {one.about}: {one.says}" for one in findings[:20]]
    said += [f"and {len(findings) - 20} more" for _ in range(len(findings) > 20)]
    said += [f"check {one['check']}: {one['says']} {one['first']}" for one in found["checks"]["broken"]]
    said += [
        f"{name}: {counted['done']} of {counted['wanted']} faults, back {counted['recovered']} times"
        for name, counted in found["faults"].items()
        if not counted["wanted"] == counted["done"] == counted["recovered"]
    ]
    if outcome.left is not None and not outcome.left.finished():
        said.append(f"never finished: {found['left open']}")
    if found["5xx other than 503"]:
        said.append(f"answers nobody may get: {found['unknown']['why']}")
    said += [f"a code stands in {name}" for name in outcome.leaks]
    if not found["checks"]["run"] or not found["outcomes"].get("ok"):
        said.append("nothing was checked, or nothing was done")
    return said


def show(found: dict[str, Any]) -> None:
    """Print the table, and each complaint."""
    table = Table(title=f"Fault campaign, seed {found['seed']}", show_header=False)
    for name, value in found.items():
        if name != "complaints":
            table.add_row(name, _told(value))
    console = Console(stderr=True)
    console.print(table)
    for complaint in found["complaints"]:
        console.print(f"[bold red]✗[/] {complaint}", highlight=False, markup=True)


def _told(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_told(one)}" for name, one in value.items())
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
