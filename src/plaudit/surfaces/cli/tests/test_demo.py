"""The demo as a newcomer meets it: started with nothing, looked at, asked, stopped, killed, and started again."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

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
        """Start the demo, and go on while it runs."""
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


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    home = tmp_path / "my home"
    home.mkdir()
    made = Demo(home)
    yield made
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


def fetch(address: str, **headers: str) -> bytes:
    return httpx.get(address, headers=headers, timeout=20).raise_for_status().content


def test_a_newcomer_sees_a_company_asks_it_something_and_leaves_nothing_running(demo: Demo):
    port = free_port()
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", port))
        busy.listen()
        running = demo.start("--port", str(port))
        address = demo.says(r"http://localhost:\d+")
    demo.says("Ctrl-C stops everything")
    assert f"Port {port} is taken; using " in demo.said
    assert json.loads(fetch(f"{address}/api/v1/health"))["status"] == "ok"
    page = fetch(f"{address}/sign-in").decode()
    sheet = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert sheet is not None
    assert fetch(address + sheet[1])
    key = re.search(r"Bearer (plt_\S+)'", demo.said)
    assert key is not None
    assert json.loads(fetch(f"{address}/api/v1/me", Authorization=f"Bearer {key[1]}"))["organisation"]
    awarded = demo.run("award", "asha@harbour.example", "50", "--because", "Calm", "--json")
    told = json.loads(awarded.stdout)
    assert told["after"] - told["before"] == 50
    running.send_signal(signal.SIGINT)
    assert demo.ends() == 0
    assert demo.alive() == {}


@pytest.mark.at_length
def test_a_start_that_was_killed_is_gone_on_with(demo: Demo):
    running = demo.start("--prepare-only")
    demo.says("Importing customers.csv")
    running.kill()
    running.wait()
    again = demo.start("--port", str(free_port()))
    demo.says("Ctrl-C stops everything")
    assert "going on from there" in demo.said
    again.kill()
    again.wait()
    demo.waits_until_only_the_database_is_left()
    demo.start("--prepare-only")
    assert demo.ends() == 0, demo.said
    assert "Importing" not in demo.said
    assert demo.alive() == {}
    imports = json.loads(demo.run("import", "list", "--json").stdout)
    assert sorted(one["name"] for one in imports) == [
        "customers.csv",
        "service-desk.csv",
        "shop.csv",
        "staff.csv",
    ]
    assert demo.alive() == {}, "a command that starts the database stops it again"
