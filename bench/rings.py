"""`python -m bench.rings`: a simulated company with planted rings, and fair ones, looked at as a review does it.

Two thousand people in teams of twelve and three shifts recognise one another for two years: some give much and
some little, some are popular, supervisors give to their own, colleagues mostly to their team and their shift, some
are closer than others, and some change teams. In ten companies nobody plays; in one there are ten rings of three to
five people. Every quarter the last half year is looked at. Prints what was found; the exit code is 1 where fewer than
nine in ten planted rings are found, or where more reviews of fair companies find anything than the stated rate allows.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import comb

from plaudit.recognition.rules.expecting import Place
from plaudit.recognition.rules.rings import FALSE_FINDINGS, Found, find

PEOPLE, TEAM, WEEKS = 2_000, 12, 104
LOOK_BACK, EVERY = 26, 13
SHIFTS = ("early", "late", "night")
PLANTED = (3, 4, 5, 3, 4, 5, 3, 4, 5, 3)
FAIR_SEEDS = 10
CLOSENESS = 0.3
"""How far pairs of one team are closer or less close than others: the variance of a factor with mean 1."""


@dataclass(frozen=True, slots=True)
class Ring:
    """People who recognise the next in turn, so often a week, from one week on up to another."""

    people: tuple[int, ...]
    often: float
    since: int
    until: int


@dataclass
class Company:
    """Who is where, how much each gives and is liked, and who is close to whom."""

    dice: random.Random
    people: int = PEOPLE
    team: list[int] = field(default_factory=list)
    shift: list[str] = field(default_factory=list)
    giving: list[float] = field(default_factory=list)
    liked: list[float] = field(default_factory=list)
    close: dict[tuple[int, int], float] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for person in range(self.people):
            leads = person % TEAM == 0
            self.team.append(person // TEAM)
            self.shift.append(self.dice.choice(SHIFTS))
            self.giving.append(3.0 if leads else 0.6 * self.dice.lognormvariate(-0.32, 0.8))
            self.liked.append(self.dice.lognormvariate(-0.18, 0.6) * (0.3 if leads else 1.0))
            self.members.setdefault(person // TEAM, []).append(person)

    def closeness(self, one: int, other: int) -> float:
        """The same whichever of the two is asked for first."""
        pair = (min(one, other), max(one, other))
        if pair not in self.close:
            self.close[pair] = self.dice.gammavariate(1 / CLOSENESS, CLOSENESS)
        return self.close[pair]

    def place(self, person: int) -> Place:
        """Where somebody stands now."""
        return Place(person, self.team[person], self.shift[person])

    def move_some(self) -> None:
        """One in four hundred changes teams in a week."""
        for person in self.dice.sample(range(self.people), self.people // 400):
            to = self.dice.randrange(len(self.members))
            self.members[self.team[person]].remove(person)
            self.members[to].append(person)
            self.team[person] = to

    def drawn_in_team(self, giver: int) -> int | None:
        """A teammate: whoever is liked, close and of the same shift the likelier."""
        others = [one for one in self.members[self.team[giver]] if one != giver]
        if not others:
            return None
        weights = [
            self.liked[one] * self.closeness(giver, one) * (2 if self.shift[one] == self.shift[giver] else 1)
            for one in others
        ]
        return self.dice.choices(others, weights)[0]

    def drawn_elsewhere(self, giver: int, upto: Sequence[float]) -> int:
        """Somebody of another team: whoever is liked the likelier, and twice as likely of the same shift."""
        while True:
            one = self.dice.choices(range(self.people), cum_weights=upto)[0]
            if self.team[one] == self.team[giver]:
                continue
            if self.shift[one] == self.shift[giver] or self.dice.random() < 0.5:
                return one


Week = Counter[tuple[Place, Place]]


def weeks_of(seed: int, *, people: int = PEOPLE, often: float = 0.0) -> tuple[list[Week], list[Ring]]:
    """Two years of who recognised whom, week by week; with rings that turn so often a week, or none."""
    company = Company(random.Random(seed), people)  # noqa: S311  # a simulation
    rings = list(_planted(company, often)) if often else []
    upto = list(accumulate(company.liked))
    weeks: list[Week] = []
    for number in range(WEEKS):
        weeks.append(_week(company, upto, [one for one in rings if one.since <= number < one.until]))
        company.move_some()
    return weeks, rings


def _planted(company: Company, often: float) -> Iterator[Ring]:
    """Every other one within a team, the others across the company; nobody is in two."""
    dice = company.dice
    for number, size in enumerate(PLANTED):
        team = number * len(company.members) // len(PLANTED)
        if number % 2:
            people = tuple(
                company.members[(team + apart) % len(company.members)][1 + number % 9]
                for apart in range(size)
            )
        else:
            people = tuple(company.members[team][1 : 1 + size])
        since = dice.randrange(0, WEEKS - 2 * LOOK_BACK)
        yield Ring(people, often, since, since + 2 * LOOK_BACK)


def _week(company: Company, upto: Sequence[float], rings: Sequence[Ring]) -> Week:
    dice, week = company.dice, Week()
    for giver in range(company.people):
        for _ in range(_poisson(dice, company.giving[giver])):
            inside = giver % TEAM == 0 or dice.random() < 0.75
            recipient = company.drawn_in_team(giver) if inside else company.drawn_elsewhere(giver, upto)
            if recipient is not None:
                week[company.place(giver), company.place(recipient)] += 1
    for ring in rings:
        for giver, recipient in zip(ring.people, (*ring.people[1:], ring.people[0]), strict=True):
            if dice.random() < ring.often:
                week[company.place(giver), company.place(recipient)] += 1
    return week


def _poisson(dice: random.Random, mean: float) -> int:
    count, waited = 0, dice.expovariate(1.0)
    while waited < mean:
        count += 1
        waited += dice.expovariate(1.0)
    return count


def reviews(weeks: Sequence[Week]) -> Iterator[Sequence[Found]]:
    """What each review finds in the half year before it."""
    for until in range(LOOK_BACK, len(weeks) + 1, EVERY):
        counts: Counter[tuple[Place, Place]] = Counter()
        for week in weeks[until - LOOK_BACK : until]:
            counts.update(week)
        yield find(counts)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the reviews of one company came to: rings found, found with nobody besides, and what was none."""

    planted: int
    found: int
    exactly: int
    reviews: int
    with_false: int
    false: int


def judge(found: Sequence[Sequence[Found]], rings: Sequence[Ring]) -> Judged:
    """A ring counts as found where one finding names all of it; a finding is false where it has no two of a ring."""
    sets = {frozenset(one.people) for review in found for one in review}
    planted = [set(ring.people) for ring in rings]

    def is_false(people: frozenset[object]) -> bool:
        return all(len(people & ring) < 2 for ring in planted)

    return Judged(
        planted=len(rings),
        found=sum(any(ring <= people for people in sets) for ring in planted),
        exactly=sum(ring in sets for ring in planted),
        reviews=len(found),
        with_false=sum(any(is_false(frozenset(one.people)) for one in review) for review in found),
        false=sum(is_false(people) for people in sets),
    )


def allowed(looks: int, rate: float = FALSE_FINDINGS, *, sure: float = 0.99) -> int:
    """So many of so many reviews may find something by the rate, in 99 of 100 runs of this command."""
    most, below = 0, (1 - rate) ** looks
    while below < sure:
        most += 1
        below += comb(looks, most) * rate**most * (1 - rate) ** (looks - most)
    return most


def main() -> int:
    """Simulate, look, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.rings", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--fair", type=int, default=FAIR_SEEDS, help="so many companies without rings")
    parser.add_argument("--seed", type=int, default=1, help="of the company with rings; fair ones follow it")
    given = parser.parse_args()
    sys.stdout.write(
        f"{given.people} people, {WEEKS} weeks, a review every {EVERY} of the last {LOOK_BACK}\n"
    )
    missed = False
    for often in (0.5, 0.35, 0.25):
        weeks, rings = weeks_of(given.seed, people=given.people, often=often)
        one = judge(list(reviews(weeks)), rings)
        sys.stdout.write(
            f"rings that turn {often} times a week: found {one.found} of {one.planted},"
            f" {one.exactly} with nobody besides; false findings: {one.false} in {one.reviews} reviews\n"
        )
        missed |= often == 0.5 and one.found * 10 < one.planted * 9
    looks = with_false = false = 0
    for seed in range(given.seed + 1, given.seed + 1 + given.fair):
        one = judge(list(reviews(weeks_of(seed, people=given.people)[0])), [])
        looks, with_false, false = looks + one.reviews, with_false + one.with_false, false + one.false
        sys.stdout.write(f"fair company, seed {seed}: {one.false} findings in {one.reviews} reviews\n")
    most = allowed(looks)
    sys.stdout.write(
        f"fair companies: {with_false} of {looks} reviews found anything ({false} findings);"
        f" stated: {FALSE_FINDINGS:.0%} of reviews, so at most {most} of these\n"
    )
    return 1 if missed or with_false > most else 0


if __name__ == "__main__":
    sys.exit(main())
