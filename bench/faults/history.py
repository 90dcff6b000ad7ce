"""The clients' own log, outside the database: what was asked, what was answered, what nobody knew meanwhile.

One line of JSON a step, only ever added to: `invoke`, then any number of `unknown`, `unreached` and
`later`, then `ok` or `refused`. `at` is the machine's monotonic clock, in nanoseconds, the same for all
processes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO


@dataclass(slots=True)
class Operation:
    """One act of one client: what it asked and what came of it. `ended` is 0 while that is not known.

    `outcome` is ok, refused, or empty. `replayed` says that the answer was an earlier try's.
    `unknown` names every try whose fate was unknown: cut, timeout, or the status that told nothing.
    """

    client: int
    number: int
    kind: str
    key: str
    args: dict[str, Any]
    began: int
    ended: int = 0
    outcome: str = ""
    status: int = 0
    code: str = ""
    replayed: bool = False
    result: dict[str, Any] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)


class Log:
    """The log of one client. Every step is handed to the system before anything else happens."""

    def __init__(self, path: Path, client: int) -> None:
        self._file: TextIO = path.open("a", encoding="utf-8", buffering=1)
        self._client = client
        self._number = 0

    def invoke(self, kind: str, key: str, args: dict[str, Any]) -> int:
        """Write down that something is about to be asked; its number."""
        self._number += 1
        self._write(self._number, "invoke", kind=kind, key=key, args=args)
        return self._number

    def step(self, number: int, say: str, **facts: object) -> None:
        """Write down what came of it: `unknown`, `unreached`, `later`, `ok` or `refused`."""
        self._write(number, say, **facts)

    def _write(self, number: int, say: str, **facts: object) -> None:
        line = {"client": self._client, "no": number, "say": say, "at": time.monotonic_ns(), **facts}
        self._file.write(json.dumps(line, separators=(",", ":")) + "\n")


def read_logs(paths: Iterable[Path]) -> list[Operation]:
    """Every operation of these logs, in the order in which they began."""
    found = [operation for path in paths for operation in _read(path)]
    return sorted(found, key=lambda one: one.began)


def _read(path: Path) -> Iterator[Operation]:
    operations: dict[int, Operation] = {}
    for text in path.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        if line["say"] == "invoke":
            asked = (line["client"], line["no"], line["kind"], line["key"], line["args"], line["at"])
            operations[line["no"]] = Operation(*asked)
        else:
            _note(operations[line["no"]], line)
    yield from operations.values()


def _note(operation: Operation, line: dict[str, Any]) -> None:
    say = line["say"]
    if say == "unknown":
        operation.unknown.append(line["why"])
    elif say in ("later", "unreached"):
        operation.later.append(line.get("why", say))
    else:
        operation.outcome, operation.ended = say, line["at"]
        operation.status, operation.code = line["status"], line.get("code", "")
        operation.replayed = line.get("replayed", False)
        operation.result = line.get("result", {})
