"""How often each would recognise each if chance alone decided: a configuration model of givers and receivers. Pure.

The null is the directed multigraph with each person's given and received counts (B. K. Fosdick, D. B. Larremore,
J. Nishimura, J. Ugander, "Configuring random graph models with fixed degree sequences", SIAM Review 60, 2018, p. 315:
stub-labelled, several edges between two, none to oneself), kept within teams and between teams apart, because people
recognise whom they work with. Colleagues of one shift may recognise one another more or less than others do; by how
much is one number for the whole company. What is expected of each pair is the fit of quasi-independence to these
margins (L. A. Goodman, J. Am. Stat. Assoc. 63, 1968, p. 1091), by iterative proportional fitting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

Person = Hashable
Sums = Callable[["Place"], tuple[float, float]]

_ROUNDS = 300
_CLOSE = 1e-6


class Place(NamedTuple):
    """Somebody where they stood when it happened: the same person in another team is another place."""

    person: Person
    team: Hashable
    shift: Hashable = ""


Counts = Mapping[tuple[Place, Place], int]
"""How often one place recognised another."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What is expected within teams, or between them, of so much given and received.

    It is the product of what one `gives`, what the other `gets`, and what a shift shared or not is worth. `spread` is how far pairs are strewn about it, as the variance of a factor with mean 1.
    """

    given: Mapping[Place, int]
    received: Mapping[Place, int]
    gives: Mapping[Place, float]
    gets: Mapping[Place, float]
    same_shift: float
    other_shift: float
    spread: float

    def mean(self, giver: Place, recipient: Place) -> float:
        """How often the one would recognise the other."""
        shift = self.same_shift if giver.shift == recipient.shift else self.other_shift
        return self.gives.get(giver, 0.0) * self.gets.get(recipient, 0.0) * shift


@dataclass(frozen=True, slots=True)
class Pair:
    """How often one person would recognise another, and how much the one gave and the other got to be drawn from."""

    mean: float
    given: int
    received: int


@dataclass(frozen=True, slots=True)
class Expected:
    """The fits within teams and between them."""

    within: Fit
    between: Fit

    def pair(self, givers: Iterable[Place], recipients: Iterable[Place]) -> Pair:
        """What is expected of two people, all the places where they stood taken together."""
        theirs, mean = list(recipients), 0.0
        gave: dict[tuple[bool, Place], int] = {}
        got: dict[tuple[bool, Place], int] = {}
        for one in givers:
            for other in theirs:
                inside = one.team == other.team
                fit = self.within if inside else self.between
                mean += fit.mean(one, other)
                gave[inside, one] = fit.given.get(one, 0)
                got[inside, other] = fit.received.get(other, 0)
        return Pair(mean, sum(gave.values()), sum(got.values()))


def expect(counts: Counts) -> Expected:
    """What chance would bring, given how much everybody gave and received within their team and beyond it."""
    within = {pair: times for pair, times in counts.items() if pair[0].team == pair[1].team}
    between = {pair: times for pair, times in counts.items() if pair[0].team != pair[1].team}
    return Expected(_fit(within, _within), _fit(between, _between))


def _fit(counts: Counts, across: Callable[[Mapping[Place, float]], Sums]) -> Fit:
    """Fit the margins of these: everybody's given and received, and how many were within one shift."""
    given, received = _margins(counts)
    in_shift = sum(times for (one, other), times in counts.items() if one.shift == other.shift)
    beyond = sum(counts.values()) - in_shift
    gives: dict[Place, float] = {place: float(times) for place, times in given.items()}
    gets: dict[Place, float] = {place: float(times) for place, times in received.items()}
    same, other = 1.0, 1.0
    for _ in range(_ROUNDS):
        gets_of, change = across(gets), 0.0
        for place, times in given.items():
            change = max(change, _move(gives, place, times, _worth(gets_of(place), same, other)))
        gives_of = across(gives)
        for place, times in received.items():
            change = max(change, _move(gets, place, times, _worth(gives_of(place), same, other)))
        gets_of = across(gets)
        sums = [(gives[place], gets_of(place)) for place in gives]
        shared = sum(much * of[0] for much, of in sums)
        strange = sum(much * of[1] for much, of in sums)
        same = in_shift / shared if shared > 0 else 1.0
        other = beyond / strange if strange > 0 else 1.0
        if change < _CLOSE:
            break
    fit = Fit(given, received, gives, gets, same, other, 0.0)
    return replace(fit, spread=_spread(counts, fit, across))


def _margins(counts: Counts) -> tuple[dict[Place, int], dict[Place, int]]:
    given: dict[Place, int] = defaultdict(int)
    received: dict[Place, int] = defaultdict(int)
    for (giver, recipient), times in counts.items():
        given[giver] += times
        received[recipient] += times
    return given, received


def _worth(sums: tuple[float, float], same: float, other: float) -> float:
    return sums[0] * same + sums[1] * other


def _move(parts: dict[Place, float], place: Place, times: int, against: float) -> float:
    """Let one place have its margin; how far it moved, in parts of what it was."""
    before, parts[place] = parts[place], times / against if against > 0 else 0.0
    return abs(parts[place] - before) / before if before > 0 else 0.0


def _within(parts: Mapping[Place, float]) -> Sums:
    """Of each place, the sum over its teammates of its shift and over the others."""
    teams, shifts = _by(parts, lambda one: one.team), _by(parts, lambda one: (one.team, one.shift))

    def sums(place: Place) -> tuple[float, float]:
        shared = shifts.get((place.team, place.shift), 0.0)
        return _above(shared - parts.get(place, 0.0)), _above(teams.get(place.team, 0.0) - shared)

    return sums


def _between(parts: Mapping[Place, float]) -> Sums:
    """Of each place, the sum over everybody of other teams, of its shift and of others."""
    teams, shifts = _by(parts, lambda one: one.team), _by(parts, lambda one: one.shift)
    both, whole = _by(parts, lambda one: (one.team, one.shift)), sum(parts.values())

    def sums(place: Place) -> tuple[float, float]:
        mine = both.get((place.team, place.shift), 0.0)
        in_shift, in_team = shifts.get(place.shift, 0.0), teams.get(place.team, 0.0)
        return _above(in_shift - mine), _above(whole - in_shift - in_team + mine)

    return sums


def _above(sum_left: float) -> float:
    """What is left of a sum, where nothing is left but what the digits lost."""
    return sum_left if sum_left > 1e-12 else 0.0


def _by(parts: Mapping[Place, float], of: Callable[[Place], Hashable]) -> dict[Hashable, float]:
    sums: dict[Hashable, float] = defaultdict(float)
    for place, much in parts.items():
        sums[of(place)] += much
    return sums


_QUARTILE = 4
_ENOUGH = 1.0


def _spread(counts: Counts, fit: Fit, across: Callable[[Mapping[Place, float]], Sums]) -> float:
    """How far pairs are strewn about what is expected, and how much those of one pair go together.

    Within teams it is worked out team by team, and three of four teams have no more than what is taken: a ring
    in one of them moves it little. Between teams, where most pairs have none, pairs of two or more are counted,
    each once however many there are.
    """
    alike, mutual = _moments(fit, across)
    twice: dict[Hashable, float] = defaultdict(float)
    returned: dict[Hashable, float] = defaultdict(float)
    of_teams = across is _within
    for (giver, recipient), times in counts.items():
        back = counts.get((recipient, giver), 0)
        twice[giver.team] += times * (times - 1) if of_teams else 2 * (times > 1)
        returned[giver.team] += times * back if of_teams else back > 0
    if of_teams:
        found = sorted(
            max(0.0, twice[team] / much - 1, returned[team] / mutual[team] - 1 if mutual[team] > 0 else 0.0)
            for team, much in alike.items()
            if much > _ENOUGH
        )
        return found[-(-3 * len(found) // _QUARTILE) - 1] if found else 0.0
    whole, there_and_back = sum(alike.values()), sum(mutual.values())
    return max(
        0.0,
        sum(twice.values()) / whole - 1 if whole > _ENOUGH else 0.0,
        sum(returned.values()) / there_and_back - 1 if there_and_back > _ENOUGH else 0.0,
    )


def _moments(
    fit: Fit, across: Callable[[Mapping[Place, float]], Sums]
) -> tuple[dict[Hashable, float], dict[Hashable, float]]:
    """By the giver's team, the sum of what is expected squared, and of what is expected there times back."""
    same, other = fit.same_shift**2, fit.other_shift**2
    squared = across({place: much**2 for place, much in fit.gets.items()})
    mixed = across({place: much * fit.gives.get(place, 0.0) for place, much in fit.gets.items()})
    alike: dict[Hashable, float] = defaultdict(float)
    mutual: dict[Hashable, float] = defaultdict(float)
    for place, much in fit.gives.items():
        alike[place.team] += much**2 * _worth(squared(place), same, other)
        mutual[place.team] += much * fit.gets.get(place, 0.0) * _worth(mixed(place), same, other)
    return alike, mutual
