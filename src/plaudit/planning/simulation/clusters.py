"""Rules in clusters: those whose grants depend on each other, because they share a limit or one multiplies another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plaudit.earning.definitions import Limit, Per, Rule
from plaudit.earning.limits import multiplies


@dataclass(frozen=True, slots=True)
class Cluster:
    """Rules whose grants depend on each other, and every limit they hold."""

    rules: tuple[Rule, ...]

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Each limit once."""
        return tuple({limit.key: limit for rule in self.rules for limit in rule.limits}.values())

    @property
    def is_of_members(self) -> bool:
        """Whether what one member is granted has nothing to do with what another is."""
        return all(limit.per is Per.MEMBER for limit in self.limits)


def clusters_of(rules: Sequence[Rule]) -> list[Cluster]:
    """The rules in clusters, each in the order of the file."""
    leader = {rule.key: rule.key for rule in rules}

    def top(key: str) -> str:
        while leader[key] != key:
            key = leader[key]
        return key

    for place, one in enumerate(rules):
        for other in rules[:place]:
            if _tied(one, other):
                leader[top(one.key)] = top(other.key)
    groups: dict[str, list[Rule]] = {}
    for rule in rules:
        groups.setdefault(top(rule.key), []).append(rule)
    return [Cluster(tuple(group)) for group in groups.values()]


def _tied(one: Rule, other: Rule) -> bool:
    if one.take is not None or other.take is not None:
        return False  # a deduction has no limits and is not multiplied
    if {limit.key for limit in one.limits} & {limit.key for limit in other.limits}:
        return True
    return any(
        m.multiply is not None and b.multiply is None and multiplies(m, b)
        for m, b in ((one, other), (other, one))
    )
