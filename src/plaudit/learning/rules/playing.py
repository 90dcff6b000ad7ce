"""A scenario played: where a way leads, what each choice on it gave, and whether that passes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plaudit.learning.conversations import Choice, Scenario, Turn
from plaudit.learning.refusals import WayNotThere

WAY_MAX = 60
"""So many choices a conversation has at most: one that goes round for longer leads nowhere."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One choice on the way. A turn that is met once more gives nothing: `points` and `of` are 0 then."""

    turn: Turn
    choice: Choice
    points: int
    of: int


@dataclass(frozen=True, slots=True)
class Played:
    """How far somebody came: their choices so far, and the turn that waits for the next, None at the end."""

    answered: tuple[Answered, ...]
    turn: Turn | None
    pass_percent: int

    @property
    def points(self) -> int:
        """What the choices gave together."""
        return sum(one.points for one in self.answered)

    @property
    def of(self) -> int:
        """What the best choice of every turn on the way would have given."""
        return sum(one.of for one in self.answered)

    @property
    def percent(self) -> int:
        """The score: how many in a hundred of these points, rounded down."""
        return self.points * 100 // self.of if self.of else 0

    @property
    def ended(self) -> bool:
        """Whether the conversation is over."""
        return self.turn is None

    @property
    def passed(self) -> bool:
        """Whether it is over, and the score is enough."""
        return self.ended and self.percent >= self.pass_percent


def play(scenario: Scenario, way: Sequence[str]) -> Played:
    """Follow a way, the keys of the choices from the first turn on. Raises `WayNotThere` where it leaves the scenario."""
    if len(way) > WAY_MAX:
        raise WayNotThere(name=scenario.name)
    answered: list[Answered] = []
    turn: Turn | None = scenario.turns[0]
    met: set[str] = set()
    for key in way:
        choice = turn.choice(key) if turn is not None else None
        if turn is None or choice is None:
            raise WayNotThere(name=scenario.name)
        is_new = turn.key not in met
        met.add(turn.key)
        answered.append(Answered(turn, choice, choice.points if is_new else 0, turn.best if is_new else 0))
        turn = scenario.turn(choice.next) if choice.next else None
    return Played(tuple(answered), turn, scenario.pass_percent)


def reached(scenario: Scenario) -> set[str]:
    """The keys of the turns that some way leads to."""
    found: set[str] = set()
    to_see = [scenario.turns[0].key] if scenario.turns else []
    while to_see:
        key = to_see.pop()
        turn = scenario.turn(key)
        if turn is not None and key not in found:
            found.add(key)
            to_see.extend(one.next for one in turn.choices if one.next)
    return found


def without_end(scenario: Scenario) -> Iterator[str]:
    """The keys of the turns from which no way leads to the end."""
    ending = {""}
    grows = True
    while grows:
        more = {
            one.key
            for one in scenario.turns
            if one.key not in ending and any(each.next in ending for each in one.choices)
        }
        grows = bool(more)
        ending |= more
    yield from (one.key for one in scenario.turns if one.key not in ending)
