"""Finds pairs and rings of three to five people who recognise one another more than chance would bring. Pure.

A ring is people who recognise each the next, and the last the first; a pair is a ring of two. What is found goes to
somebody who looks and asks: it says how often, never why.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import perm

from plaudit.recognition.rules.chance import both, least, left_out, tail, together, urn_tail
from plaudit.recognition.rules.expecting import Counts, Expected, Person, Place, expect

SIZES = (2, 3, 4, 5)
FALSE_FINDINGS = 0.01
"""The chance that a look at a company in which chance alone decides finds anything at all."""
AT_LEAST = 3
"""Who recognised the next fewer times in the time looked at is in no ring, however unlikely it was."""
LINK_MAX = 0.02
"""What chance brings more often than this is no link of a ring."""
ONE_LINK = 1e-9
"""No link counts for more than this, so that a single one cannot make a ring."""
_FAMILIES = 2 * len(SIZES)


@dataclass(frozen=True, slots=True)
class Link:
    """How often one recognised another, how often chance would bring, and the chance of as many or more.

    `expected` is what goes by all that the one gave elsewhere and the other got from elsewhere; `spread` is how far
    it may be off, and `drawn` the chance where pairs are not strewn at all.
    """

    giver: Person
    recipient: Person
    times: int
    expected: float
    spread: float
    drawn: float
    chance: float


@dataclass(frozen=True, slots=True)
class Found:
    """People who recognise one another so much: everybody, and each of them who recognised another that much.

    `chance` is that of finding anything like it anywhere in the company, at most.
    """

    people: tuple[Person, ...]
    links: tuple[Link, ...]
    chance: float


@dataclass(frozen=True, slots=True)
class _Cycle:
    people: tuple[Person, ...]
    chance: float


@dataclass(frozen=True, slots=True)
class _Company:
    """Everybody's places, what is expected, and how many rings of each size there could be: in one team, and in all."""

    places: Mapping[Person, Sequence[Place]]
    teams: Mapping[Person, frozenset[Hashable]]
    expected: Expected
    in_teams: Mapping[int, int]
    in_all: Mapping[int, int]

    def share_a_team(self, people: Sequence[Person]) -> bool:
        """Whether all of these stood in one team at some time."""
        return bool(frozenset.intersection(*(self.teams[one] for one in people)))

    def rings(self, size: int, *, in_a_team: bool) -> int:
        """How many there could be."""
        return (self.in_teams if in_a_team else self.in_all)[size]

    def link(self, giver: Person, recipient: Person, times: int) -> Link:
        """The one who recognised the other so often, with what chance would bring."""
        pair = self.expected.pair(self.places[giver], self.places[recipient])
        fit = self.expected.within if self.share_a_team((giver, recipient)) else self.expected.between
        expected, unsure = left_out(times, pair.given, pair.received, pair.mean)
        drawn = urn_tail(times, pair.given, pair.received, pair.mean)
        spread = fit.spread + unsure
        chance = max(drawn, tail(times, expected, spread))
        return Link(giver, recipient, times, expected, spread, drawn, chance)


def find(
    counts: Counts, *, false_findings: float = FALSE_FINDINGS, at_least: int = AT_LEAST
) -> Sequence[Found]:
    """The pairs and rings of a time, the least likely first; rings that share two people are one.

    `false_findings` is the family-wise rate: the chance of any finding at all where chance alone decides. It is
    divided (Bonferroni) into equal parts for each size in one team and for each size in the whole company,
    and each part by all the rings of that size that there could be. The links of a ring are put together by
    Fisher's method; a pair is as unlikely as its likelier direction is both ways, for being close moves both.
    """
    company = _company(counts)
    times = _times(counts)
    links = _links(company, times, at_least)
    cycles = []
    for people in _cycles(links):
        chance = _chance([links[pair] for pair in _round(people)])
        in_a_team = company.share_a_team(people)
        adjusted = chance * company.rings(len(people), in_a_team=in_a_team) * _FAMILIES
        if adjusted <= false_findings:
            cycles.append(_Cycle(people, adjusted))
    return _joined(cycles, links)


def possible(people: int, size: int) -> int:
    """How many rings of a size so many people could be in: orders of a choice, wherever they begin."""
    return perm(people, size) // size


def _company(counts: Counts) -> _Company:
    places: dict[Person, set[Place]] = defaultdict(set)
    gave, got = set(), set()
    for giver, recipient in counts:
        places[giver.person].add(giver)
        places[recipient.person].add(recipient)
        gave.add(giver.person)
        got.add(recipient.person)
    teams: dict[Hashable, set[Person]] = defaultdict(set)
    for person in gave & got:
        for place in places[person]:
            teams[place.team].add(person)
    return _Company(
        {person: sorted(found, key=repr) for person, found in places.items()},
        {person: frozenset(place.team for place in found) for person, found in places.items()},
        expect(counts),
        {size: sum(possible(len(team), size) for team in teams.values()) for size in SIZES},
        {size: possible(len(gave & got), size) for size in SIZES},
    )


def _times(counts: Counts) -> Mapping[tuple[Person, Person], int]:
    times: Counter[tuple[Person, Person]] = Counter()
    for (giver, recipient), often in counts.items():
        times[giver.person, recipient.person] += often
    return times


def _links(
    company: _Company, times: Mapping[tuple[Person, Person], int], at_least: int
) -> Mapping[tuple[Person, Person], Link]:
    """Those that could be part of a ring: often enough, and unlikely enough."""
    links = {}
    for (giver, recipient), often in times.items():
        if often < at_least or giver == recipient:
            continue
        link = company.link(giver, recipient, often)
        if link.chance <= LINK_MAX:
            links[giver, recipient] = link
    return links


def _cycles(links: Mapping[tuple[Person, Person], Link]) -> Iterator[tuple[Person, ...]]:
    """Every way round of two to five people along these links, each once: it begins at who comes first."""
    nexts: dict[Person, list[Person]] = defaultdict(list)
    for giver, recipient in links:
        nexts[giver].append(recipient)
    order = {person: number for number, person in enumerate(sorted(nexts, key=repr))}

    def walk(path: tuple[Person, ...]) -> Iterator[tuple[Person, ...]]:
        for person in nexts.get(path[-1], ()):
            if person == path[0] and len(path) > 1:
                yield path
            elif len(path) < SIZES[-1] and order.get(person, -1) > order[path[0]] and person not in path:
                yield from walk((*path, person))

    for person in order:
        yield from walk((person,))


def _round(people: Sequence[Person]) -> list[tuple[Person, Person]]:
    return list(zip(people, (*people[1:], people[0]), strict=True))


def _chance(links: Sequence[Link]) -> float:
    """The chance of a ring: of its links together, or that a pair is as unlikely both ways as it is one way."""
    if len(links) > 2:
        return together([max(link.chance, ONE_LINK) for link in links])
    there, back = links
    likeliest = max(there.chance, back.chance)
    spread = max(there.spread, back.spread)
    often = (least(likeliest, there.expected, spread), least(likeliest, back.expected, spread))
    as_close = both(often, (there.expected, back.expected), spread)
    return max(as_close, max(there.drawn, back.drawn) ** 2)


def _joined(cycles: Sequence[_Cycle], links: Mapping[tuple[Person, Person], Link]) -> Sequence[Found]:
    """The same people found more than once are one finding: a ring with what shares two people with it."""
    groups: list[tuple[set[Person], float]] = []
    for cycle in sorted(cycles, key=lambda one: (one.chance, repr(one.people))):
        for people, _ in groups:
            if len(people & set(cycle.people)) > 1:
                people |= set(cycle.people)
                break
        else:
            groups.append((set(cycle.people), cycle.chance))
    return [
        Found(
            tuple(sorted(people, key=repr)),
            tuple(link for pair, link in sorted(links.items(), key=repr) if set(pair) <= people),
            chance,
        )
        for people, chance in groups
    ]
