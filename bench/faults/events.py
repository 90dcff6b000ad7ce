"""What the clients were told about each event, from single reports, batches and reports sent again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.faults.history import Operation


@dataclass(slots=True)
class Reported:
    """One event as its senders know it. `ref` is None while nobody was told that it was taken.

    `ended` is when the first of them was told. `disagrees` says that two answers were not the same.
    """

    type: str
    member: str
    day: str
    corrects: str | None
    ref: str | None = None
    grants: list[tuple[str, int]] = field(default_factory=list)
    ended: int = 0
    refused: bool = False
    disagrees: bool = False


def reported(operations: list[Operation]) -> dict[str, Reported]:
    """Every event that was sent, by the id its sender gave it."""
    found: dict[str, Reported] = {}
    for operation in operations:
        for event, result in _sent(operation):
            known = found.get(event["id"])
            if known is None:
                known = found[event["id"]] = Reported(
                    event["type"], event["subject"], event["time"][:10], event.get("corrects")
                )
            if operation.outcome:
                _learn(known, result, operation)
    return found


def _sent(operation: Operation) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each event of an operation with what was said of it (nothing, where it was refused)."""
    if operation.kind in ("event", "again"):
        yield operation.args["event"], operation.result
    elif operation.kind == "batch":
        events = operation.args["events"]
        results = operation.result.get("results") or [{}] * len(events)
        yield from zip(events, results, strict=True)


def _learn(known: Reported, result: dict[str, Any], operation: Operation) -> None:
    if result.get("status") not in ("recorded", "repeated"):
        known.refused = True
        return
    grants = [(rule, amount) for rule, amount in result["grants"]]
    if known.ref is None:
        known.ref, known.grants, known.ended = result["id"], grants, operation.ended
        return
    known.ended = min(known.ended, operation.ended)
    known.disagrees |= (known.ref, sorted(known.grants)) != (result["id"], sorted(grants))
