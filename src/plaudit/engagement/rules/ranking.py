"""How many are ahead, without counting them: members tallied by what they have, in drawers within drawers. Pure.

An amount is cut into digits of ten bits. The drawer of level n holds everybody whose amount is the same but
for its last n digits. Whoever is ahead of an amount lies, at some level, in a later drawer beside it: so a
place is the sum of at most 1,023 tallies a level, six levels at most. A drawer whose own digit is zero is
beside no earlier one, and is not kept: small amounts need one level.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

DIGIT_BITS = 10
LEVELS = 6
_DIGIT = (1 << DIGIT_BITS) - 1


class Drawer(NamedTuple):
    """One tally: at which level, and the amount without its last digits."""

    level: int
    number: int


class Ahead(NamedTuple):
    """The drawers of one level in which everybody is ahead: from `first` up to, not including, `end`."""

    level: int
    first: int
    end: int


def drawers_of(amount: int) -> Iterator[Drawer]:
    """The drawers in which somebody with this much is tallied; nobody without anything is."""
    assert 0 <= amount < 1 << DIGIT_BITS * LEVELS
    for level in range(LEVELS):
        number = amount >> DIGIT_BITS * level
        if number & _DIGIT:
            yield Drawer(level, number)


def ahead_of(amount: int) -> Iterator[Ahead]:
    """The drawers in which everybody with more than this is tallied, each of them once."""
    for level in range(LEVELS):
        number = amount >> DIGIT_BITS * level
        yield Ahead(level, number + 1, ((number >> DIGIT_BITS) + 1) << DIGIT_BITS)
