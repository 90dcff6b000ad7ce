"""Sorted runs in temporary files: what outgrows memory is written in order and merged back in order."""

from __future__ import annotations

import heapq
import pickle
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from typing import IO, Any


class SortedRuns:
    """Pairs of a key and anything, put in as sorted runs and taken out as one sorted stream.

    Pairs with equal keys come out in the order their runs were put in. The files are private to this
    process and vanish when it closes them.
    """

    def __init__(self) -> None:
        self._files: list[IO[bytes]] = []

    def __len__(self) -> int:
        return len(self._files)

    def put(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        """Add one run, which must be in the order of its keys."""
        file = tempfile.TemporaryFile(prefix="plaudit-")  # noqa: SIM115  # closed by close()
        self._files.append(file)
        for pair in pairs:
            pickle.dump(pair, file, protocol=5)
        file.flush()

    def merged(self) -> Iterator[tuple[Any, Any]]:
        """Every pair, in the order of keys."""
        return heapq.merge(*(_read_back(file) for file in self._files), key=lambda pair: pair[0])

    def close(self) -> None:
        for file in self._files:
            file.close()
        self._files.clear()


def _read_back(file: IO[bytes]) -> Iterator[tuple[Any, Any]]:
    file.seek(0)
    while True:
        try:
            # Written moments ago by this process, into a file that has no name.
            yield pickle.load(file)  # noqa: S301
        except EOFError:
            return


class DistinctCount:
    """How many different texts there were: 64-bit fingerprints, two million in memory and the rest on disk.

    At ten million different texts the chance of counting one too few is below one in a hundred thousand.
    """

    def __init__(self, in_memory: int = 2_000_000) -> None:
        self._in_memory = in_memory
        self._seen: set[int] = set()
        self._files: list[IO[bytes]] = []

    def add(self, text: str) -> None:
        self._seen.add(hash(text))
        if len(self._seen) >= self._in_memory:
            file = tempfile.TemporaryFile(prefix="plaudit-")  # noqa: SIM115  # closed by count()
            array("q", sorted(self._seen)).tofile(file)
            self._files.append(file)
            self._seen = set()

    def count(self) -> int:
        """The number of different texts; may be asked once, at the end."""
        if not self._files:
            return len(self._seen)
        runs = [_numbers_of(file) for file in self._files]
        last, count = None, 0
        for number in heapq.merge(*runs, iter(sorted(self._seen))):
            count += number != last
            last = number
        for file in self._files:
            file.close()
        self._files.clear()
        return count


def _numbers_of(file: IO[bytes]) -> Iterator[int]:
    file.seek(0)
    while data := file.read(8 * 8192):
        numbers = array("q")
        numbers.frombytes(data)
        yield from numbers
