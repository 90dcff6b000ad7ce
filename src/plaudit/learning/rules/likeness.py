"""How alike two names are: the measure of Jaro as extended by Winkler, in exact fractions."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

PREFIX_MAX = 4
PREFIX_WEIGHT = Fraction(1, 10)


def plain(name: str) -> str:
    """A name without capitals, accents and punctuation, its words in alphabetical order, one blank between them.

    `O'Brien, José` and `jose obrien` are the same name.
    """
    bare = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    words = re.sub(r"[^\w\s]|_", "", bare.casefold().replace(",", " ").replace("-", " ")).split()
    return " ".join(sorted(words))


def jaro(one: str, other: str) -> Fraction:
    """The measure of Jaro (1989): 0 for nothing in common, 1 for the same.

    Matthew A. Jaro, "Advances in Record-Linkage Methodology as Applied to Matching the 1985 Census of Tampa,
    Florida", Journal of the American Statistical Association 84 (406), 414–420. Letters match that are alike and
    no further apart than half the longer text less one; half of those that match in another order are
    transpositions.
    """
    if one == other:
        return Fraction(1) if one else Fraction(0)
    reach = max(len(one), len(other)) // 2 - 1
    used = [False] * len(other)
    matched = []
    for place, letter in enumerate(one):
        for at in range(max(0, place - reach), min(len(other), place + reach + 1)):
            if not used[at] and other[at] == letter:
                used[at] = True
                matched.append(letter)
                break
    if not matched:
        return Fraction(0)
    there = [letter for letter, is_used in zip(other, used, strict=True) if is_used]
    common = len(matched)
    moved = sum(a != b for a, b in zip(matched, there, strict=True)) // 2
    parts = Fraction(common, len(one)) + Fraction(common, len(other)) + Fraction(common - moved, common)
    return parts / 3


def likeness(one: str, other: str) -> int:
    """How alike two texts are, in thousandths rounded down: Jaro's measure, raised by a common beginning.

    William E. Winkler, "String Comparator Metrics and Enhanced Decision Rules in the Fellegi–Sunter Model of Record
    Linkage", Proceedings of the Section on Survey Research Methods, ASA (1990), 354–359: each of at most four
    letters that both begin with takes away a tenth of what is missing to 1.
    """
    measured = jaro(one, other)
    prefix = 0
    for a, b in zip(one[:PREFIX_MAX], other[:PREFIX_MAX], strict=False):
        if a != b:
            break
        prefix += 1
    return int((measured + prefix * PREFIX_WEIGHT * (1 - measured)) * 1000)
