"""`python -m bench.faults.client CONFIG NUMBER`: one client that acts, writes down what it was told, and retries.

An act whose fate is unknown is sent again with the same key until there is a definite answer.
"""

from __future__ import annotations

import json
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.faults.asking import Answer, Cut, Line, NotSent
from bench.faults.history import Log
from bench.faults.mix import Act, Mix

GIVE_UP_SECONDS = 180.0
"""An act without a definite answer for so long never finished, and counts as that."""

_LONGEST_WAIT = 1.0
_HANGS_UP = 0.05
"""How many of all first tries a client does not wait for, so that what was committed goes unanswered."""

_RUNNING = ("request_still_running",)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one try: `say` as the log has it, and for how many seconds to wait before the next."""

    say: str
    facts: dict[str, Any]
    wait: float = 0.0
    answer: Answer | None = None


class Client:
    """One client: its own dice, its own keys, its own log."""

    def __init__(self, config: dict[str, Any], number: int) -> None:
        self._dice = random.Random(f"{config['seed']}/{number}")  # noqa: S311  # load, not secrets
        self._line = Line(config["ports"], number)
        own = config["keys"][number :: config["clients"]]
        self._keys: list[str] = own[:1] if number == 0 else own
        self._log = Log(Path(config["folder"]) / f"client-{number}.jsonl", number)
        self._stop = Path(config["folder"]) / "stop"
        self._mix = Mix(config, number, self._dice)

    def run(self) -> None:
        """Act until told to stop; what was begun is brought to its end first."""
        while not self._stop.exists():
            self._do(self._mix.next())

    def _do(self, act: Act) -> None:
        number = self._log.invoke(act.kind, act.key, act.args)
        until = time.monotonic() + GIVE_UP_SECONDS
        hang_up = self._dice.uniform(0, 0.05) if self._dice.random() < _HANGS_UP else None
        while time.monotonic() < until:
            told = self._try(act, hang_up)
            hang_up = None
            self._log.step(number, told.say, **told.facts)
            if told.say in ("ok", "refused"):
                self._mix.learn(act, told.say, told.facts.get("result", {}))
                return
            time.sleep(told.wait * self._dice.uniform(0.5, 1.0))

    def _try(self, act: Act, hang_up: float | None) -> Told:
        headers = {"Authorization": f"Bearer {self._dice.choice(self._keys)}", **act.headers}
        if act.key and act.keyed:
            headers["Idempotency-Key"] = act.key
        body = json.dumps(act.body) if act.body is not None else None
        try:
            answer = self._line.ask(act.method, act.path, body, headers, hang_up)
        except NotSent:
            return Told("unreached", {}, wait=0.1)
        except Cut as cut:
            return Told("unknown", {"why": str(cut)}, wait=0.05)
        return self._read(act, answer)

    def _read(self, act: Act, answer: Answer) -> Told:
        code = answer.body.get("code", "") if isinstance(answer.body, dict) else ""
        if answer.status == 429:
            return Told("later", {"why": "429"}, wait=answer.retry_after or 1.0)
        if answer.status >= 500:
            # Whether it was carried out is not known: a commit whose confirmation was lost looks the same.
            self._line.turn_away()
            said = str(answer.status) if answer.retry_after is not None else f"{answer.status} without a wait"
            return Told("unknown", {"why": said}, wait=min(answer.retry_after or 0.2, _LONGEST_WAIT))
        if code in _RUNNING:
            return Told("later", {"why": "running"}, wait=0.3)
        facts = {"status": answer.status, "code": code, "replayed": answer.replayed}
        if answer.status >= 400:
            return Told("refused", facts)
        return Told("ok", {**facts, "result": act.reads(answer.body)}, answer=answer)


if __name__ == "__main__":
    Client(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), int(sys.argv[2])).run()
