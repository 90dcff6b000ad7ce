"""What is measured: one module a family of rows, each with `measure(scale)` that yields its rows as they are found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured. `quick` is for looking; only the whole scale counts."""

    runs: int = 5
    events: int = 50_000
    """Events of one run of batch ingestion."""
    members: int = 1_000_000
    """Members of the organisation that is measured."""
    small_members: int = 10_000
    transfers: int = 10_000_000
    """Transfers already in the books where reading is measured."""
    grown_from: int = 1_000_000
    grown_to: int = 20_000_000
    """Events already stored where cost against size is measured."""
    requests: int = 20_000
    """Requests of one run over HTTP."""
    redemptions: int = 8_000
    replayed: int = 1_000_000
    replayed_whole: int = 10_000_000
    verified: int = 1_000_000
    """Entries verified."""


QUICK = Scale(
    runs=3,
    events=10_000,
    members=50_000,
    small_members=2_000,
    transfers=200_000,
    grown_from=50_000,
    grown_to=500_000,
    requests=3_000,
    redemptions=1_600,
    replayed=100_000,
    replayed_whole=300_000,
    verified=50_000,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One ratio, and the target it must reach: at least, or at most."""

    work: str
    against: str
    ratio: float
    target: float
    figures: str
    """Both sides as measured, with their units."""
    at_most: bool = False
    bound: str = ""
    """Where the target is out of reach: what bounds it."""

    @property
    def reached(self) -> bool:
        """Whether the ratio is on the right side of the target."""
        return self.ratio <= self.target if self.at_most else self.ratio >= self.target
