"""Scenarios: customer conversations to practise, as a programme's file says them."""

from __future__ import annotations

from decimal import Decimal

import msgspec

PASS_PERCENT = 80


class Choice(msgspec.Struct, frozen=True):
    """One way to answer: what is said, the points it is worth, why, and the turn that follows, "" for the end."""

    key: str
    say: str
    points: int = 0
    because: str = ""
    next: str = ""


class Turn(msgspec.Struct, frozen=True):
    """One thing that the customer says, and the ways to answer it."""

    key: str
    says: str
    choices: tuple[Choice, ...] = ()

    def choice(self, key: str) -> Choice | None:
        """The choice of that key."""
        return next((one for one in self.choices if one.key == key), None)

    @property
    def best(self) -> int:
        """The most points that a choice of it is worth."""
        return max((one.points for one in self.choices), default=0)


class Taught(msgspec.Struct, frozen=True):
    """A rule as it was when the scenario was published: what it does in words, and a digest of that."""

    rule: str
    name: str
    does: str
    digest: str


class Scenario(msgspec.Struct, frozen=True):
    """One conversation, which begins with its first turn.

    It teaches the rules named in `teaches`, and is passed with `pass_percent` of the points that could be had on
    the way. Passing it for the first time earns `earn` of the `unit`, None where only the rules say. It is for members
    of the kinds in `audience`. What is live is added when it is published: `taught`, and texts with their facts.
    """

    key: str
    name: str
    intro: str = ""
    audience: tuple[str, ...] = ("staff",)
    teaches: tuple[str, ...] = ()
    pass_percent: int = PASS_PERCENT
    earn: Decimal | None = None
    unit: str = ""
    turns: tuple[Turn, ...] = ()
    taught: tuple[Taught, ...] = ()

    def turn(self, key: str) -> Turn | None:
        """The turn of that key."""
        return next((one for one in self.turns if one.key == key), None)
