"""The server's processes, asked of the operating system: a process counts only if it works in the data folder."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True)
class Postmaster:
    """A live server, as it described itself in postmaster.pid."""

    pid: int
    socket: Path


def postmaster(data: Path) -> Postmaster | None:
    """The live server of this data folder; None when there is none, whatever postmaster.pid says."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
        found = Postmaster(pid=pid, socket=Path(lines[4]))
    except (FileNotFoundError, ValueError, IndexError):
        return None
    return found if works_in(pid, data) else None


def number_in(lock: Path) -> int | None:
    """The process that a lock file of PostgreSQL's names, alive or not, ours or not."""
    try:
        return int(lock.read_text().splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def works_in(pid: int, data: Path) -> bool:
    """Whether this is a living PostgreSQL process of this data folder; a recycled number or a zombie is not."""
    if not _PROC.exists():
        return str(data) in _command_of(pid)
    try:
        program = (_PROC / str(pid) / "comm").read_text().strip()
        folder = (_PROC / str(pid) / "cwd").stat()
        return program == "postgres" and os.path.samestat(folder, data.stat())
    except OSError:
        return False


def workers_in(data: Path) -> list[int]:
    """Every PostgreSQL process of this data folder, the orphans of a killed server among them."""
    if not _PROC.exists():
        return []
    numbers = (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())
    return [pid for pid in numbers if works_in(pid, data)]


def is_taken(pid: int) -> bool:
    """Whether the system still counts a process of this number, be it only one that nobody has buried."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def lives(pid: int) -> bool:
    """Whether a process of this number runs; one that ended and was never collected does not."""
    if not _PROC.exists():
        return is_taken(pid)
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def tell(pid: int, message: signal.Signals) -> None:
    """Send a signal to a process that may have gone meanwhile."""
    try:
        os.kill(pid, message)
    except ProcessLookupError:
        return


def wait_until(true: Callable[[], bool], *, seconds: float) -> bool:
    """Look every few milliseconds until something is so; False when the time is over."""
    deadline = time.monotonic() + seconds
    pause = 0.002
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    return True


def _command_of(pid: int) -> str:
    """A process's command line, on systems without /proc."""
    command = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
