"""A payment provider for tests that says what it is told to say, as often and as late as it likes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plaudit.membership.providers import Asking, Demand, Report


@dataclass
class Fake:
    """It tells of these payments whenever it is asked, in this order."""

    told: Sequence[Report]
    name: str = "fake"

    def demand(self, demand: Demand) -> Asking:
        return Asking(demand.words, f"https://pay.example/{demand.invoice}")

    def reports(self) -> Sequence[Report]:
        return self.told
