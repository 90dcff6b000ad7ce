"""Which of many are drawn at random, the same ones whenever the same seed is named. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def place_of(seed: str, number: int) -> bytes:
    """Where a number stands in the order of a seed: the SHA-256 digest of both, which nobody can steer."""
    return sha256(f"{seed}:{number}".encode()).digest()


def drawn(seed: str, numbers: Iterable[int], size: int) -> list[int]:
    """The `size` numbers that the seed draws, in the order in which it draws them."""
    return sorted(numbers, key=lambda number: place_of(seed, number))[:size]
