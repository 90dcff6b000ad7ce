"""Which deeds stand together when somebody chooses the best and the worst of a few: balanced designs, by rule. Pure.

In a balanced incomplete block design every deed is shown equally often, and every two of them stand together equally
often, so that no deed looks good by its company. The base blocks are difference families: moved on by 1 through
the numbers below the modulus, in each row of them, they make the whole design (R. C. Bose, "On the construction of balanced incomplete
block designs", Annals of Eugenics 9, 1939). Where one number is left over, it stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plaudit.listening.refusals import NoDesign

Block = tuple[int, ...]

# How many deeds: the modulus, and the base blocks.
_FAMILIES: dict[int, tuple[int, tuple[Block, ...]]] = {
    4: (4, ((0, 1, 2),)),
    5: (5, ((0, 1, 2, 3),)),
    6: (5, ((5, 0, 1), (0, 2, 4))),
    7: (7, ((0, 1, 2, 4),)),
    8: (7, ((7, 0, 1, 3), (0, 1, 2, 4))),
    9: (8, ((8, 0, 4), (0, 1, 3))),
    10: (5, ((0, 1, 2, 5), (0, 2, 7, 8), (0, 6, 7, 9))),
    11: (11, ((1, 3, 4, 5, 9),)),
    13: (13, ((0, 1, 3, 9),)),
}
SIZES = tuple(_FAMILIES)


@dataclass(frozen=True, slots=True)
class Design:
    """The blocks that everybody is asked about; each deed is in `shown` of them."""

    deeds: int
    blocks: tuple[Block, ...]
    shown: int


def design_for(deeds: int) -> Design:
    """The design for so many deeds, the same for ever. Raises `NoDesign` where none is short enough to answer."""
    if deeds not in _FAMILIES:
        raise NoDesign(deeds=deeds, sizes=", ".join(map(str, SIZES)))
    modulus, bases = _FAMILIES[deeds]
    blocks: list[Block] = []
    for base in bases:
        for step in range(modulus):
            moved = tuple(sorted(_moved(one, step, modulus, deeds) for one in base))
            if moved not in blocks:
                blocks.append(moved)
    return Design(deeds, tuple(blocks), sum(0 in block for block in blocks))


def _moved(one: int, step: int, modulus: int, deeds: int) -> int:
    """A number moved on within its own row of the modulus; the one that is left over where there is one stays."""
    row, place = divmod(one, modulus)
    return one if row and deeds % modulus == 1 else row * modulus + (place + step) % modulus


def arranged(block: Sequence[int], turn: int) -> Block:
    """The deeds of a block in another order for each paper, so that none gains by standing first."""
    at = turn % len(block)
    return (*block[at:], *block[:at])
