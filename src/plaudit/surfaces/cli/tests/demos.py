"""A demo as somebody has it: in a home of its own, started, listened to, stopped, and gone in the end."""

from __future__ import annotations

import contextlib
import os
import re
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from plaudit.foundation import postgres

_SMALL = ["--scale", "20", "--days", "25"]
_PATIENCE = 60


class Demo:
    """A demo in a home of its own, whose path has a space in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.processes: list[subprocess.Popen[bytes]] = []
        self.said = ""

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "plaudit.surfaces.cli.main", *arguments],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the demo, a small one, and go on while it runs."""
        started = subprocess.Popen(
            [sys.executable, "-m", "plaudit.surfaces.cli.main", "demo", *_SMALL, *arguments],
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.processes.append(started)
        self.said = ""
        return started

    def says(self, pattern: str) -> str:
        """Wait until the demo that was started last has said this."""
        while not (found := re.search(pattern, self.said)):
            assert self._hear(), f"it never said {pattern}:\n{self.said}"
        return found[0]

    def ends(self) -> int:
        """Wait until the demo that was started last has ended; its exit code."""
        while self._hear():
            pass
        return self.processes[-1].wait(_PATIENCE)

    def _hear(self) -> bool:
        """Take in what it says next; false when it has ended, or says nothing for too long."""
        stream = self.processes[-1].stdout
        assert stream is not None
        ready, _, _ = select.select([stream], [], [], _PATIENCE)
        heard = os.read(stream.fileno(), 65_536) if ready else b""
        self.said += heard.decode(errors="replace")
        return bool(heard)

    def alive(self) -> dict[int, str]:
        """Every process that works in this home, by its number."""
        mark = os.fsencode(str(self.home))
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                told = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
                if mark in told:
                    found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        return found

    def waits_until_only_the_database_is_left(self) -> None:
        """Wait until nothing that was started beside the database works here."""
        for number, command in self.alive().items():
            if "postgres" not in command:
                with contextlib.suppress(ProcessLookupError):
                    handle = os.pidfd_open(number)
                    assert select.select([handle], [], [], _PATIENCE)[0], command
                    os.close(handle)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PLAUDIT_")}
        return {**kept, "PLAUDIT_HOME": str(self.home), "COLUMNS": "200"}


@contextlib.contextmanager
def demo_in(folder: Path) -> Iterator[Demo]:
    """A demo that was not started yet, in a new home in this folder; nothing of it is left at the end."""
    home = folder / "my home"
    home.mkdir()
    made = Demo(home)
    try:
        yield made
    finally:
        for process in made.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
            assert process.stdout is not None
            process.stdout.close()
        postgres.remove(home)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
