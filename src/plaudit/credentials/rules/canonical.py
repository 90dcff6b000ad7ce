"""Statements in one order with one name for each blank node, whoever wrote them down (RDFC-1.0).

Source: W3C Recommendation "RDF Dataset Canonicalization", 21 May 2024, section 4. What is signed here has no named
graphs, so a statement has three parts; everything else is as it stands there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from itertools import permutations
from typing import Protocol

from plaudit.credentials.refusals import TooEntangled
from plaudit.credentials.rules.triples import Blank, Triple, line

WAYS_MAX = 1_000
"""How many orders of neighbours are tried before it is given up: statements can be entangled to take for ever (7.1)."""


class Digest(Protocol):
    """A digest of `hashlib`."""

    def hexdigest(self) -> str: ...


Hash = Callable[[bytes], Digest]


class Names:
    """Names for blank nodes in the order in which they are asked for."""

    def __init__(self, prefix: str, given: dict[Blank, str] | None = None) -> None:
        self.prefix = prefix
        self.given = given if given is not None else {}

    def name(self, node: Blank) -> str:
        """The node's name, a new one where it has none."""
        return self.given.setdefault(node, f"{self.prefix}{len(self.given)}")

    def copy(self) -> Names:
        """The same names, to go on with alone."""
        return Names(self.prefix, dict(self.given))


def canonical(triples: Iterable[Triple], *, hash: Hash = sha256, ways_max: int = WAYS_MAX) -> str:
    """The statements as canonical N-Quads. Raises `TooEntangled`."""
    return Order(triples, hash, ways_max).text()


class Order:
    """One set of statements being put in order."""

    def __init__(self, triples: Iterable[Triple], hash: Hash = sha256, ways_max: int = WAYS_MAX) -> None:
        self.triples = list(dict.fromkeys(triples))
        self.names = Names("c14n")
        self._ways_left = ways_max
        self._hash = hash
        self._about: defaultdict[Blank, list[Triple]] = defaultdict(list)
        for triple in self.triples:
            for node in {one for one in (triple.subject, triple.object) if isinstance(one, Blank)}:
                self._about[node].append(triple)
        self._first = {node: self.first_degree(node) for node in self._about}

    def text(self) -> str:
        """The lines in their order."""
        self._name_all()
        return "".join(sorted(line(triple, self.names.name) for triple in self.triples))

    def _digest(self, text: str) -> str:
        return self._hash(text.encode()).hexdigest()

    def _name_all(self) -> None:
        alike: defaultdict[str, list[Blank]] = defaultdict(list)
        for node, found in self._first.items():
            alike[found].append(node)
        for found in sorted(alike):
            if len(alike[found]) == 1:
                self.names.name(alike.pop(found)[0])
        for found in sorted(alike):
            paths = [
                self.nth_degree(node, _beginning_at(node))
                for node in alike[found]
                if node not in self.names.given
            ]
            for _path, issued in sorted(paths, key=lambda path: path[0]):
                for node in issued.given:
                    self.names.name(node)

    def first_degree(self, node: Blank) -> str:
        """What is said of a node, whatever its neighbours are called (4.6)."""
        said = sorted(line(one, lambda other: "a" if other == node else "z") for one in self._about[node])
        return self._digest("".join(said))

    def _related(self, node: Blank, triple: Triple, names: Names, position: str) -> str:
        """A neighbour by its place in a statement and what is known of it (4.7)."""
        known = self.names.given.get(node) or names.given.get(node)
        return self._digest(
            f"{position}<{triple.predicate}>" + (f"_:{known}" if known else self._first[node])
        )

    def _neighbours(self, node: Blank, names: Names) -> dict[str, list[Blank]]:
        found: defaultdict[str, list[Blank]] = defaultdict(list)
        for triple in self._about[node]:
            for position, other in (("s", triple.subject), ("o", triple.object)):
                if isinstance(other, Blank) and other != node:
                    found[self._related(other, triple, names, position)].append(other)
        return found

    def nth_degree(self, node: Blank, names: Names) -> tuple[str, Names]:
        """What is said of a node and its neighbours, by the order of naming them that comes first (4.8)."""
        said = ""
        neighbours = self._neighbours(node, names)
        for found in sorted(neighbours):
            chosen, chosen_names = "", names
            for order in permutations(neighbours[found]):
                self._ways_left -= 1
                if self._ways_left < 0:
                    raise TooEntangled
                tried = self._path(order, names.copy(), chosen)
                if tried is not None and (not chosen or tried[0] < chosen):
                    chosen, chosen_names = tried
            said += found + chosen
            names = chosen_names
        return self._digest(said), names

    def _path(self, order: Sequence[Blank], names: Names, chosen: str) -> tuple[str, Names] | None:
        """The path by way of these neighbours in this order; None as soon as it comes after the chosen one."""
        path, unknown = "", []
        for node in order:
            if node in self.names.given:
                path += f"_:{self.names.given[node]}"
            else:
                if node not in names.given:
                    unknown.append(node)
                path += f"_:{names.name(node)}"
            if _comes_after(path, chosen):
                return None
        for node in unknown:
            found, issued = self.nth_degree(node, names)
            path += f"_:{names.name(node)}<{found}>"
            names = issued
            if _comes_after(path, chosen):
                return None
        return path, names


def _beginning_at(node: Blank) -> Names:
    names = Names("b")
    names.name(node)
    return names


def _comes_after(path: str, chosen: str) -> bool:
    return bool(chosen) and len(path) >= len(chosen) and path > chosen
