"""Kills what runs, at moments drawn from the seed, as often as it was told to, and sees it come back.

The seed fixes the plan, the waits between one kill and the next; what the kill lands in is the machine's.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field

from bench.faults.processes import Target


@dataclass(slots=True)
class Suffered:
    """What one target went through: how often it was killed, and how long it took to come back."""

    name: str
    wanted: int
    kills: int = 0
    recoveries: list[float] = field(default_factory=list)
    never_back: int = 0


class Nemesis(threading.Thread):
    """Harms one target again and again, while others harm the rest; `turn` bounds how many are down at once.

    The thread lives until all is `over`: what a thread started may be tied to it by the kernel.
    """

    def __init__(
        self,
        target: Target,
        count: int,
        *,
        dice: random.Random,
        calm: tuple[float, float],
        stop: threading.Event,
        over: threading.Event,
        turn: threading.Semaphore | None = None,
    ) -> None:
        super().__init__(name=f"nemesis-{target.name}", daemon=True)
        self.suffered = Suffered(target.name, count)
        self._target = target
        self._dice = dice
        self._calm = calm
        self._stopped = stop
        self._over = over
        self._turn = turn or threading.Semaphore()
        self.finished = threading.Event()

    def run(self) -> None:
        try:
            self._harm()
        finally:
            self.finished.set()
            self._over.wait()

    def _harm(self) -> None:
        while self.suffered.kills < self.suffered.wanted:
            if self._stopped.wait(self._dice.uniform(*self._calm)):
                return
            with self._turn:
                self._target.kill()
                self.suffered.kills += 1
                seconds = self._target.come_back()
            if seconds is None:
                self.suffered.never_back += 1
                return
            self.suffered.recoveries.append(seconds)
