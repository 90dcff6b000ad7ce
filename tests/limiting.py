"""What the register of limited things says of each of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limited:
    """One thing that is limited.

    `kept_by` names constraints of the database and limited fields (`rewards_reward.stock`), or says which
    lock keeps it where no constraint can. `races` are tests, by file and name.
    """

    name: str
    kept_by: tuple[str, ...]
    races: tuple[str, ...]
