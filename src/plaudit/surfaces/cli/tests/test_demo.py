"""The demo as a newcomer meets it: started with nothing, looked at, asked, stopped, killed, and started again."""

from __future__ import annotations

import json
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from plaudit.surfaces.cli.tests.demos import Demo, demo_in, free_port


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with demo_in(tmp_path) as made:
        yield made


def fetch(address: str, **headers: str) -> bytes:
    return httpx.get(address, headers=headers, timeout=20).raise_for_status().content


@pytest.mark.at_length
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
    assert {"customers.csv", "staff.csv"} < {one["name"] for one in imports}
    assert len({one["name"] for one in imports}) == len(imports), "no file was imported twice"
    assert demo.alive() == {}, "a command that starts the database stops it again"
