"""Chance, what it would bring, and the rings that stand out: rules, held against simulation and plain counting."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise
from math import comb, exp, factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.recognition.rules.chance import both, least, left_out, tail, together, urn_tail
from plaudit.recognition.rules.expecting import Place, expect
from plaudit.recognition.rules.rings import find, possible

Counts = Counter[tuple[Place, Place]]


def dice_of(seed: int) -> random.Random:
    """Dice that fall the same every time."""
    return random.Random(seed)  # noqa: S311


def company(*, teams: int = 6, of: int = 10) -> list[Place]:
    return [Place(f"{team}-{number}", team) for team in range(teams) for number in range(of)]


def by_chance(dice: random.Random, people: list[Place], *, each: int = 20) -> Counts:
    """Everybody gives so much, three of four times to their team."""
    counts: Counts = Counter()
    for giver in people:
        for _ in range(each):
            inside = dice.random() < 0.75
            others = [one for one in people if one != giver and (one.team == giver.team) is inside]
            counts[giver, dice.choice(others)] += 1
    return counts


def turn(counts: Counts, ring: list[Place], times: int) -> None:
    for giver, recipient in zip(ring, [*ring[1:], ring[0]], strict=True):
        counts[giver, recipient] += times


def test_a_tail_is_the_sum_of_what_is_in_it():
    for mean in (0.01, 0.7, 3.2):
        for times in range(8):
            below = sum(exp(-mean) * mean**k / factorial(k) for k in range(times))
            assert tail(times, mean) == pytest.approx(1 - below, rel=1e-9, abs=1e-12)


def test_what_is_drawn_from_an_urn_is_counted_as_ways():
    for whole, given_, received in ((30, 8, 5), (120, 12, 9)):
        ways = comb(whole, given_)
        for times in range(min(given_, received) + 1):
            exact = sum(
                comb(received, k) * comb(whole - received, given_ - k) for k in range(times, received + 1)
            )
            found = urn_tail(times, given_, received, given_ * received / whole)
            assert found == pytest.approx(exact / ways, rel=1e-6)


@given(st.floats(0.01, 5), st.floats(0, 1), st.floats(1e-9, 0.5))
def test_the_least_number_is_the_first_that_is_unlikely_enough(mean: float, spread: float, chance: float):
    times = least(chance, mean, spread)
    assert tail(times, mean, spread) <= chance
    assert times == 0 or tail(times - 1, mean, spread) > chance


def test_both_ways_at_once_is_what_a_simulation_finds():
    dice, spread, means = dice_of(7), 0.6, (1.4, 2.1)
    hits, rounds = 0, 40_000
    for _ in range(rounds):
        close = dice.gammavariate(1 / spread, spread)
        hits += all(_poisson(dice, close * mean) >= 3 for mean in means)
    assert both((3, 3), means, spread) == pytest.approx(hits / rounds, rel=0.06)
    assert both((3, 3), means) == pytest.approx(tail(3, 1.4) * tail(3, 2.1))


def _poisson(dice: random.Random, mean: float) -> int:
    count, waited = 0, dice.expovariate(1.0)
    while waited < mean:
        count, waited = count + 1, waited + dice.expovariate(1.0)
    return count


def test_chances_put_together_are_as_seldom_as_they_say():
    dice = dice_of(5)
    found = [together([dice.random() for _ in range(3)]) for _ in range(20_000)]
    for limit in (0.5, 0.1, 0.01):
        assert sum(one <= limit for one in found) / len(found) == pytest.approx(limit, rel=0.15)


def test_what_is_looked_at_does_not_excuse_itself():
    expected, _ = left_out(20, 25, 22, 5.5)
    assert expected < 1


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_everybodys_own_counts_are_kept(seed: int):
    counts = by_chance(dice_of(seed), company(teams=3, of=5), each=8)
    expected = expect(counts)
    for fit, inside in ((expected.within, True), (expected.between, False)):
        for place, times in fit.given.items():
            others = [one for one in fit.received if one != place and (one.team == place.team) is inside]
            assert sum(fit.mean(place, one) for one in others) == pytest.approx(times, rel=1e-3)


def test_a_link_is_as_seldom_as_it_says_when_everybodys_counts_are_dealt_anew():
    """The null itself: within one team every given recognition meets a received one, and nobody their own."""
    dice, below, links = dice_of(11), Counter[float](), 0
    people = company(teams=1, of=12)
    for _ in range(60):
        counts = _dealt(dice, people)
        expected = expect(counts)
        for giver in people:
            for recipient in people:
                if giver != recipient:
                    pair = expected.pair([giver], [recipient])
                    chance = urn_tail(counts[giver, recipient], pair.given, pair.received, pair.mean)
                    below.update(limit for limit in (0.05, 0.01, 0.001) if chance <= limit)
                    links += 1
    for limit, times in below.items():
        assert times / links <= limit


def _dealt(dice: random.Random, people: list[Place]) -> Counts:
    given_ = [one for number, one in enumerate(people) for _ in range(6 + 3 * (number % 4))]
    received = [one for number, one in enumerate(people) for _ in range(6 + 3 * (number // 3))]
    dice.shuffle(received)
    for place, giver in enumerate(given_):
        while received[place] == giver:
            other = dice.randrange(len(given_))
            if received[other] != giver and given_[other] != giver:
                received[place], received[other] = received[other], received[place]
    return Counter(zip(given_, received, strict=True))


@pytest.mark.parametrize("size", [2, 3, 4, 5])
@pytest.mark.parametrize("across", [False, True])
def test_a_ring_of_any_size_is_found_within_a_team_and_across(size: int, across: bool):
    people = company()
    counts = by_chance(dice_of(size), people)
    ring = [people[number * (10 if across else 1)] for number in range(size)]
    turn(counts, ring, 16)

    (found,) = find(counts)

    assert set(found.people) == {one.person for one in ring}
    assert {(link.giver, link.recipient) for link in found.links} >= {
        (one.person, other.person) for one, other in pairwise(ring)
    }
    assert found.chance <= 0.01


def test_chance_alone_and_a_team_that_praises_itself_evenly_raise_nothing():
    people = company()
    for seed in range(6):
        counts = by_chance(dice_of(seed), people)
        for giver in people[:10]:
            for recipient in people[:10]:
                if giver != recipient:
                    counts[giver, recipient] += 6
        assert find(counts) == []


def test_giving_much_to_somebody_who_gives_nothing_back_is_no_ring():
    people = company()
    counts = by_chance(dice_of(3), people)
    counts[people[0], people[1]] += 40
    assert find(counts) == []


def test_who_changed_teams_is_expected_to_have_known_both():
    people = company()
    counts = by_chance(dice_of(4), people)
    moved = Place(people[0].person, 5)
    for one in people[50:60]:
        counts[moved, one] += 2
        counts[one, moved] += 2
    assert find(counts) == []


def test_rings_are_counted_as_orders_of_a_choice():
    assert [possible(5, size) for size in (2, 3, 4, 5)] == [10, 20, 30, 24]
