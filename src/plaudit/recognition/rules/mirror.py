"""A supervisor's own fairness mirror: which groups of their people may be shown, so that nobody can be worked out. Pure.

A group of fewer than five is not shown by itself. Nor may fewer than five be worked out from what is shown: by taking
one group from another, from everybody, or by any sum and difference of shown groups with any weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import TypeVar

Person = TypeVar("Person", bound=Hashable)

GROUP_MIN = 5
OTHERS = "\N{HORIZONTAL ELLIPSIS}"
"""The name of the group of all who are in too small ones."""
_PRIME = (1 << 61) - 1
_TRIES = 500


def shown_groups(
    by_field: Mapping[str, Mapping[Person, str]],
) -> Mapping[str, Mapping[str, frozenset[Person]]]:
    """Of each field, in their order, the groups that may be shown; a field is left out where it would tell too much.

    `by_field` has the value of everybody in each field, "" where it is not known.
    """
    shown: dict[str, Mapping[str, frozenset[Person]]] = {}
    for name, values in by_field.items():
        groups = together(values)
        if len(groups) > 1 and nobody_can_be_worked_out([*shown.values(), groups]):
            shown[name] = groups
    return shown


def together(values: Mapping[Person, str]) -> Mapping[str, frozenset[Person]]:
    """The groups of one field: those too small are one, with the smallest of the others where it is still too small."""
    sizes = Counter(values.values())
    kept = sorted(
        (value for value, size in sizes.items() if size >= GROUP_MIN), key=lambda one: (-sizes[one], one)
    )
    left = sum(size for value, size in sizes.items() if value not in kept)
    while kept and 0 < left < GROUP_MIN:
        left += sizes[kept.pop()]
    names = {value: value if value in kept else OTHERS for value in sizes}
    return {
        group: frozenset(person for person, value in values.items() if names[value] == group)
        for group in (*kept, OTHERS)
        if group in names.values()
    }


def nobody_can_be_worked_out(fields: Sequence[Mapping[str, frozenset[Person]]]) -> bool:
    """Whether no weights make of the figures of these groups a figure about fewer than five people.

    People who are in the same groups throughout cannot be told apart, so they are columns of one matrix whose rows
    are the groups. What can be worked out are its rows' combinations; the question is whether one of them is
    about fewer than five people, that is zero for all others. Where that cannot be said in few steps it is no.
    """
    people = sorted(set().union(*(group for groups in fields for group in groups.values())), key=repr)
    kinds = Counter(
        tuple(name for groups in fields for name, group in sorted(groups.items()) if person in group)
        for person in people
    )
    columns = sorted(kinds)
    rows = [
        [int(kind[number] == name) for kind in columns]
        for number, groups in enumerate(fields)
        for name in sorted(groups)
    ]
    few = [place for place, kind in enumerate(columns) if kinds[kind] < GROUP_MIN]
    many = [place for place, kind in enumerate(columns) if kinds[kind] >= GROUP_MIN]
    left = _vanishing(rows, many)
    if not left:
        return True
    sizes = {place: kinds[columns[place]] for place in few}
    for number, about in enumerate(_few_people(sizes)):
        if number == _TRIES or _vanishing(left, [place for place in few if place not in about]):
            return False
    return True


def _few_people(sizes: Mapping[int, int]) -> Iterator[frozenset[int]]:
    """Every choice of columns that are fewer than five people together and would not be with one more."""
    for count in range(1, GROUP_MIN):
        for chosen in combinations(sizes, count):
            room = GROUP_MIN - 1 - sum(sizes[place] for place in chosen)
            if room >= 0 and all(sizes[place] > room for place in sizes if place not in chosen):
                yield frozenset(chosen)


def _vanishing(rows: Sequence[Sequence[int]], places: Sequence[int]) -> list[list[int]]:
    """What the rows can make that is zero in all these places: so many rows that make all of it.

    Reckoned modulo a prime that is larger than any determinant of so few zeros and ones, so that nothing is lost.
    """
    left = [[value % _PRIME for value in row] for row in rows]
    for place in places:
        pivot = next((row for row in left if row[place]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        inverse = pow(pivot[place], -1, _PRIME)
        left = [
            [
                (value - row[place] * inverse * against) % _PRIME
                for value, against in zip(row, pivot, strict=True)
            ]
            if row[place]
            else row
            for row in left
        ]
    return [row for row in left if any(row)]
