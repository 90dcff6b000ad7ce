"""Plants known faults, one at a time, in a copy of the tree, and sees whether their detectors find them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.faults.plants import PLANTS, Edit, Plant
from plaudit.foundation import postgres

ROOT = Path(__file__).resolve().parents[2]
_SECONDS_MAX = 400


class PatchDoesNotApply(Exception):
    """The code was changed and the planted fault was not: it has to be planted anew."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A program that ended: its code, and all it said."""

    code: int
    said: str


@dataclass(frozen=True, slots=True)
class Result:
    """Whether a planted fault was found, by what, and in how many seconds. `words` are the detector's last."""

    plant: Plant
    found: bool
    seconds: float
    words: str


def main(names: Sequence[str]) -> int:
    """Plant every fault, or those whose names contain one of these words; 0 where each was found.

    Where all are planted, the detectors must first find nothing in the sound tree.
    """
    chosen = [plant for plant in PLANTS if not names or any(name in plant.name for name in names)]
    console = Console(stderr=True)
    with _copy_of_the_tree() as tree:
        check_that_patches_apply(tree, chosen)
        refused = "" if names else _sound(tree, chosen, console)
        if refused:
            console.print(f"[bold red]The detectors complain of the sound tree already.[/]\n{refused}")
            return 1
        results = []
        for number, plant in enumerate(chosen, 1):
            results.append(_try(tree, plant))
            mark = "found" if results[-1].found else "[bold red]MISSED[/]"
            console.print(f"{number}/{len(chosen)}  {mark}  {results[-1].seconds:5.1f} s  {plant.name}")
            if not results[-1].found:
                console.print(results[-1].words, markup=False, highlight=False)
    _show(results, console)
    return 0 if chosen and all(result.found for result in results) else 1


def check_that_patches_apply(tree: Path, plants: Sequence[Plant]) -> None:
    """Raises `PatchDoesNotApply` for the first that does not; changes nothing."""
    for plant in plants:
        for edit in plant.edits:
            _changed((tree / edit.file).read_text(encoding="utf-8"), edit, plant)


@contextmanager
def _copy_of_the_tree() -> Iterator[Path]:
    """What is in the checkout, as it is now, without what is kept beside it."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    tree = Path(tempfile.mkdtemp(prefix="faults-tree-"))
    try:
        for name in listed.stdout.splitlines():
            if (ROOT / name).is_file():
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, tree / name)
        yield tree
    finally:
        postgres.remove(tree / "var" / "test")
        shutil.rmtree(tree, ignore_errors=True)


@contextmanager
def _planted(tree: Path, plant: Plant) -> Iterator[None]:
    before = {edit.file: (tree / edit.file).read_text(encoding="utf-8") for edit in plant.edits}
    try:
        for edit in plant.edits:
            path = tree / edit.file
            path.write_text(_changed(path.read_text(encoding="utf-8"), edit, plant), encoding="utf-8")
        yield
    finally:
        for name, text in before.items():
            (tree / name).write_text(text, encoding="utf-8")


def _changed(text: str, edit: Edit, plant: Plant) -> str:
    if text.count(edit.old) != 1:
        raise PatchDoesNotApply(f"{plant.name}: {edit.file} has {text.count(edit.old)} of: {edit.old!r}")
    return text.replace(edit.old, edit.new)


def _sound(tree: Path, plants: Sequence[Plant], console: Console) -> str:
    """What the tests among the detectors say of the tree without a fault; nothing where they pass."""
    tests = sorted({plant.detector[-1] for plant in plants if "pytest" in plant.detector})
    if not tests:
        return ""
    began = time.monotonic()
    done = _run(tree, ["-m", "pytest", "-q", "-n0", *tests], seconds=3 * _SECONDS_MAX)
    console.print(f"{len(tests)} detectors find nothing in the sound tree, {time.monotonic() - began:.1f} s")
    return "" if done.code == 0 else done.said[-3000:]


def _try(tree: Path, plant: Plant) -> Result:
    began = time.monotonic()
    with _planted(tree, plant):
        try:
            done = _run(tree, plant.detector)
        except subprocess.TimeoutExpired:
            return Result(plant, found=False, seconds=time.monotonic() - began, words="It took too long.")
    found = done.code != 0 and re.search(plant.sees, done.said) is not None
    return Result(plant, found, time.monotonic() - began, done.said[-1500:])


def _run(tree: Path, arguments: Sequence[str], *, seconds: float = _SECONDS_MAX) -> Ended:
    """Python in that tree: its source stands before the one that is installed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLAUDIT_")}
    environment = kept | {
        "PYTHONPATH": f"{tree / 'src'}{os.pathsep}{tree}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PLAUDIT_BROWSER": "none",
        "PLAUDIT_RACE_ROUNDS": "10",  # a missing lock does not show in every race
    }
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=tree,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said, _ = process.communicate(timeout=seconds)
    finally:
        if process.poll() is None:  # told, not killed: it has servers of its own to stop
            process.terminate()
            process.communicate()
    return Ended(process.returncode, said)


def _show(results: Sequence[Result], console: Console) -> None:
    found = sum(result.found for result in results)
    table = Table("sabotage", "detector", "found", "seconds", title=f"Found {found} of {len(results)}")
    for result in results:
        detector = result.plant.detector
        name = detector[-1] if "pytest" in detector else f"campaign: {result.plant.sees}"
        table.add_row(result.plant.name, name, "yes" if result.found else "NO", f"{result.seconds:.1f}")
    console.print(table)
