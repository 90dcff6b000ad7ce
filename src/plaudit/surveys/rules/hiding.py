"""Which groups may be shown so that nobody is found among few, nor by taking one figure from another. Pure."""

from __future__ import annotations

from collections.abc import Mapping

SMALLEST = 8
"""A group of fewer is not shown."""

UNGROUPED = ""


def groups_shown(sizes: Mapping[str, int], smallest: int = SMALLEST) -> frozenset[str]:
    """The groups that may be shown beside their total.

    What is hidden is never fewer than `smallest` together: the smallest group that could be shown is hidden
    with them until it is so. Whoever is in no group is never shown alone.
    """
    order = sorted((size, name) for name, size in sizes.items() if size and name != UNGROUPED)
    shown = [name for size, name in order if size >= smallest]
    hidden = sum(sizes.values()) - sum(sizes[name] for name in shown)
    while shown and 0 < hidden < smallest:
        hidden += sizes[shown.pop(0)]
    return frozenset(shown)


def labels_kept(
    held: Mapping[str, int], poured: Mapping[str, int], smallest: int = SMALLEST
) -> Mapping[str, str] | None:
    """Under which label each urn is poured when a survey closes; None where there are too few to pour at all.

    A team of fewer loses its label; and if those without one are then still too few, so does the smallest of
    the others.
    """
    labels = {
        team: team if held[team] + poured.get(team, 0) >= smallest else UNGROUPED
        for team in held
        if held[team]
    }
    others = sorted((held[team], team) for team, label in labels.items() if label != UNGROUPED)
    rest = sum(held[team] for team, label in labels.items() if label == UNGROUPED)
    rest += poured.get(UNGROUPED, 0) if rest else 0
    while 0 < rest < smallest and others:
        size, team = others.pop(0)
        labels[team], rest = UNGROUPED, rest + size
    return None if 0 < rest < smallest else labels
