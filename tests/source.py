"""The project's own Python files, read once for the house rules."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "plaudit"


@dataclass(frozen=True)
class Source:
    """One file: its place in the checkout, its text and its tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def place(self) -> str:
        """The path within the checkout, as people write it."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def is_test(self) -> bool:
        """Whether it is a test, or something only tests use."""
        return "tests" in self.path.relative_to(ROOT).parts or self.path.name == "conftest.py"


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Every Python file of ours; Django writes the migrations, so they are not counted as ours."""
    folders = [
        folder
        for name in ("src", "tests", "scripts", "bench", "examples")
        if (folder := ROOT / name).exists()
    ]
    paths = [path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts]
    read = ((path, path.read_text(encoding="utf-8")) for path in sorted([*paths, ROOT / "conftest.py"]))
    return tuple(Source(path=path, text=text, tree=ast.parse(text)) for path, text in read)


def product() -> tuple[Source, ...]:
    """The files of the product itself, without tests."""
    return tuple(source for source in sources() if PACKAGE in source.path.parents and not source.is_test)
