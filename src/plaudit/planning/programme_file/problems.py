"""What is wrong with a programme file: every fault at once, each with its place, a sentence and a way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One fault. `path` leads to it from the top of the file, `line` counts from 1 (0: the whole file)."""

    path: Path
    line: int
    code: str
    sentence: str
    advice: str = ""

    @property
    def pointer(self) -> str:
        """The path as a JSON pointer (RFC 6901), such as /rules/purchases/when."""
        return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in self.path)

    @property
    def place(self) -> str:
        """The path for people, such as rules › purchases › when."""
        return " › ".join(str(part + 1) if isinstance(part, int) else part for part in self.path)

    def as_error(self) -> dict[str, Any]:
        """The fault as plain data, for a refusal's list."""
        return {
            "pointer": self.pointer,
            "line": self.line,
            "code": self.code,
            "detail": self.sentence,
            "way_forward": self.advice,
        }

    def __str__(self) -> str:
        where = f"line {self.line}, " if self.line else ""
        told = f"{self.sentence} {self.advice}".rstrip()
        return f"{where}{self.place}: {told}" if self.path else f"{where.rstrip(', ')}: {told}".lstrip(": ")


class Problems:
    """The faults found so far, and the line every path stands on."""

    def __init__(self, lines: Mapping[Path, int] | None = None) -> None:
        self.lines = dict(lines or {})
        self.found: list[FileProblem] = []

    def note(self, path: Path, sentence: str, advice: str = "", *, code: str = "invalid") -> None:
        """Write a fault down; what is not in the file stands on the line of what should hold it."""
        self.found.append(FileProblem(path, self.line_of(path), code, sentence, advice))

    def line_of(self, path: Path) -> int:
        """The line of a path, or of the nearest thing around it that is in the file."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 0)

    def under(self, path: Path) -> bool:
        """Whether anything at this path or inside it is at fault."""
        return any(problem.path[: len(path)] == path for problem in self.found)

    def in_order(self) -> tuple[FileProblem, ...]:
        """Every fault, in the order of the file."""
        return tuple(sorted(self.found, key=lambda problem: problem.line))
