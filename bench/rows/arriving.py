"""One event per HTTP request, 64 connections, under twenty rules, answered only after its commit."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from bench import world
from bench.knocking import Knocked, knock, post
from bench.rows import Row, Scale
from bench.rows.ingestion import RULES
from plaudit.activity.events import SINGLE, IncomingEvent
from plaudit.foundation.exact import encode
from plaudit.people.actions.keys import create_key
from plaudit.surfaces.cli import serving

CLIENTS = 64

SHARES = {"door": 1.0, "empty": 1.0, "one": 0.2, "orm": 0.05}
"""How many of the scale's requests each is sent, so that none takes long."""


def measure(scale: Scale) -> Iterator[Row]:
    """Four rows: the product's own answer against the server's emptiest, two plainer ways, and its own median."""
    organisation_id = world.make(RULES)
    world.enrol(organisation_id, scale.members)
    secret = create_key(organisation_id, name="bench", scopes=["activity:write"], actor="bench").secret
    found: dict[str, list[Knocked]] = {name: [] for name in SHARES}
    with _server(organisation_id) as port:
        for run in range(scale.runs + 1):
            for name, share in SHARES.items():
                count = max(int(scale.requests * share), 4 * CLIENTS)
                events = world.events(count, scale.members, seed=10 * run + list(SHARES).index(name))
                requests = [_request(name, secret, event) for event in events]
                knocked = knock(port, requests, clients=CLIENTS, status=b"201" if name == "door" else b"200")
                if run:  # the first warms up
                    found[name].append(knocked)
    rates = {name: median(one.rate for one in runs) for name, runs in found.items()}
    work = f"one event a request, {CLIENTS} connections, {RULES} rules, answered after its commit"
    for name, against, target in (
        ("empty", "an empty POST to the same server", 0.2),
        ("one", "one transaction a request, same rules", 3.0),
        ("orm", "one transaction a request through the ORM", 15.0),
    ):
        figures = f"{rates['door']:,.0f} : {rates[name]:,.0f} requests/s"
        yield Row(work, against, rates["door"] / rates[name], target, figures)
    half, most = (median(getattr(one, name) for one in found["door"]) for name in ("half", "most"))
    figures = f"{most * 1000:.1f} : {half * 1000:.1f} ms"
    yield Row(f"{work}: p99", "p50", most / half, 3.0, figures, at_most=True)


def _request(name: str, secret: str, event: IncomingEvent) -> bytes:
    body = encode(
        {
            "specversion": "1.0",
            "id": event.id,
            "source": event.source,
            "type": event.type,
            "subject": event.subject,
            "time": event.time,
            "data": event.data,
        }
    ).encode()
    path = "/api/v1/events" if name == "door" else f"/{name}"
    return post(path, body, {"Content-Type": SINGLE, "Authorization": f"Bearer {secret}"})


@contextmanager
def _server(organisation_id: int) -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    command = [*serving.web_command("127.0.0.1", port)[:-1], "bench.served:application"]
    process = subprocess.Popen(
        command,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "plaudit.settings",
            "BENCH_ORGANISATION": str(organisation_id),
        },
    )
    try:
        assert serving.wait_until_it_answers("127.0.0.1", port, alive=lambda: process.poll() is None)
        yield port
    finally:
        process.terminate()
        process.wait(30)
