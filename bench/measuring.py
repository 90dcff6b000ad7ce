"""How things are measured: side by side, in turns, medians of several runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median


def rate(done: int, work: Callable[[], object]) -> float:
    """How much is done a second."""
    return done / seconds(work)


def seconds(work: Callable[[], object]) -> float:
    """How long this takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def side_by_side(runs: int, works: Mapping[str, Callable[[int], float]]) -> dict[str, float]:
    """The median figure of each work over so many runs.

    Each work is given the number of the run and answers its own figure (a rate, or seconds). The works take
    turns, each first in its turn, so that a slow minute of the machine falls on all of them.
    """
    names = list(works)
    found: dict[str, list[float]] = {name: [] for name in names}
    for run in range(runs):
        first = run % len(names)
        for name in names[first:] + names[:first]:
            found[name].append(works[name](run))
    return {name: median(figures) for name, figures in found.items()}
