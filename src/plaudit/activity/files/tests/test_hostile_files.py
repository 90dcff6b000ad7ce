"""Hostile files: refused or read, the row named, nothing around it lost, and memory bounded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from plaudit.activity.files.refusals import WrongEncoding
from plaudit.activity.files.tests.factories import read, sales, write
from plaudit.activity.files.tests.hostile_files import (
    FINE,
    FIRST,
    HEADER,
    LAST,
    NOT_TEXT,
    ODD,
    REFUSED,
    ROWS,
)
from plaudit.foundation.refusals import Refusal

MEMORY_MAX = 60 * 1024 * 1024
"""Bytes that reading may take beside the file's own; the limits' largest bound for one line, several times over."""


@pytest.mark.parametrize("name", ROWS)
def test_a_hostile_row_is_named_and_its_neighbours_are_read(tmp_path: Path, name: str):
    path = write(tmp_path, ROWS[name])
    tracemalloc.start()
    try:
        batch = read(path, sales())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert [event.subject for event in batch.events] == ["first", "last"]
    assert {error.row for error in batch.errors} == {3}, batch.errors
    assert peak < MEMORY_MAX


@pytest.mark.parametrize("name", ODD)
def test_an_odd_row_is_text_like_any_other(tmp_path: Path, name: str):
    batch = read(write(tmp_path, ODD[name]), sales())

    odd = ODD[name].decode().splitlines()[2].split(",")[0]
    assert [event.subject for event in batch.events] == ["first", odd, "last"]


@pytest.mark.parametrize("name", FINE)
def test_what_only_looks_odd_is_read(tmp_path: Path, name: str):
    batch = read(write(tmp_path, FINE[name]), sales())

    assert [event.subject for event in batch.events] == ["first", "last"]
    assert batch.errors == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_is_refused_in_a_sentence(tmp_path: Path, name: str):
    path = write(tmp_path, REFUSED[name])
    tracemalloc.start()
    try:
        with pytest.raises(Refusal) as refused:
            read(path, sales())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert len(refused.value.say()) < 1_000
    assert peak < MEMORY_MAX


@pytest.mark.parametrize("name", NOT_TEXT)
def test_what_is_no_text_is_refused_by_its_row(tmp_path: Path, name: str):
    with pytest.raises(WrongEncoding, match="row 3"):
        read(write(tmp_path, NOT_TEXT[name]), sales())


_READ = """
import json, resource, sys
from pathlib import Path
from plaudit.activity.files.tests.factories import read, sales

small = Path(sys.argv[1])
read(small, sales())  # what the program itself takes, and the rows before, is not the line's
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
batch = read(Path(sys.argv[2]), sales())
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
subjects = [event.subject for event in batch.events[-2:]]
print(json.dumps([subjects, [[error.row, error.repair] for error in batch.errors], after - before]))
"""


def test_a_line_larger_than_memory_costs_itself_alone(tmp_path: Path):
    """A line of NULs that is a hole on the disk: PLAUDIT_TEST_LINE_MB says how long."""
    small = write(tmp_path, HEADER + FIRST * 20_000, "small.csv")
    path = write(tmp_path, HEADER + FIRST * 20_000)  # past what is looked at to know the encoding
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        file.seek(int(os.environ.get("PLAUDIT_TEST_LINE_MB", "256")) * 1024**2, os.SEEK_CUR)
        file.write(b"\n" + LAST.encode())

    command = [sys.executable, "-c", _READ, str(small), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    subjects, errors, kilobytes = json.loads(done.stdout)
    assert subjects == ["first", "last"]
    assert errors == [[20_002, "line_too_long"]]
    assert kilobytes * 1024 < MEMORY_MAX
