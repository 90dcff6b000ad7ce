"""Fills the disk the database is on to its last block, and makes room again."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.faults.processes import Target

FULL_SECONDS = 3.0
_BLOCK = 1 << 20


class Disk:
    """The disk under one folder. Filled only where that folder is a small disk of its own."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Take every block that is left."""
        with self._ballast.open("ab", buffering=0) as file:
            size = _BLOCK
            while size >= 512:
                try:
                    if file.write(b"\0" * size) < size:
                        size //= 2
                except OSError:
                    size //= 2

    def free(self) -> None:
        """Give all of it back."""
        with suppress(FileNotFoundError):
            self._ballast.unlink()

    def under(self, database: Target) -> Target:
        """The disk as something that can be harmed: full for some seconds, then free again."""
        return _FullDisk(self, database)


class _FullDisk(Target):
    def __init__(self, disk: Disk, database: Target) -> None:
        self.name = "disk full"
        self._disk = disk
        self._database = database

    def start(self) -> None:
        """Bring the database back, if the full disk ended it."""
        self._database.start()

    def kill(self) -> None:
        """Fill, and go on filling what is given back meanwhile."""
        until = time.monotonic() + FULL_SECONDS
        while time.monotonic() < until:
            self._disk.fill()
            time.sleep(0.1)
        self._disk.free()

    def ready(self) -> bool:
        return self._database.ready()


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path | None]:
    """A folder that is a disk of so many megabytes; None where this user may not make one."""
    folder = Path(tempfile.mkdtemp(prefix="faults-disk-"))
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
            capture_output=True,
            check=False,
        ).returncode
    )
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
        folder.rmdir()
