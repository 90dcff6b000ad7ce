"""Runs the web application and the worker as one program that ends cleanly."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from plaudit.foundation import config as configuration
from plaudit.foundation.jobs.child import WorkerProcess
from plaudit.surfaces.cli.tied import tied

Ready = Callable[[str], None]

_PORTS_TRIED = 50
_STOP_SECONDS = 15


def free_port(host: str, wanted: int) -> int:
    """The port asked for, or the next one that nobody listens on."""
    for port in range(wanted, wanted + _PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((host, port))
                return port
    raise SystemExit(
        f"Ports {wanted} to {wanted + _PORTS_TRIED - 1} are all taken; name another with --port."
    )


@dataclass
class Served:
    """The running program: its address, the web server, and the worker beside it."""

    address: str
    web: subprocess.Popen[bytes]
    worker: WorkerProcess | None

    def is_alive(self) -> bool:
        """Whether the web server still runs; a worker that ends is started again by its keeper."""
        return self.web.poll() is None

    def wait(self) -> int:
        """Wait until the web server ends by itself; its code. A person stops it by interrupting the wait."""
        return self.web.wait()

    def stop(self) -> None:
        """Ask both to end, and end what does not within some seconds."""
        if self.web.poll() is None:
            self.web.send_signal(signal.SIGTERM)
        if self.worker is not None:
            self.worker.stop()
            self.worker = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.web.wait(_STOP_SECONDS)
        if self.web.poll() is None:
            self.web.kill()
            self.web.wait()


def web_command(host: str, port: int) -> list[str]:
    """What runs the web server at this address."""
    config = configuration.load()
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        # A stream to an open page is a thread that sleeps, beside those that work.
        *("--workers", str(config.workers), "--blocking-threads", str(config.threads + config.streams)),
        # Without a kill timeout a worker that is told to stop while it starts hangs for ever.
        *("--workers-kill-timeout", "10", "--no-ws", "--log-level", "error", "plaudit.wsgi:application"),
    ]


WORKER_COMMAND = (sys.executable, "-m", "plaudit.foundation.jobs")
"""What works off jobs."""


def start(host: str, port: int, *, worker: bool) -> Served:
    """Start the web server, and the worker beside it, in sessions of their own.

    Their own, so that Ctrl-C reaches only this program, which then ends them in order.
    """
    os.environ["PLAUDIT_PORT"] = str(
        port
    )  # the addresses that they tell are at this port, whichever was free
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "plaudit.settings"}
    process = subprocess.Popen(tied(web_command(host, port)), env=environment, start_new_session=True)
    shown = "localhost" if host == "127.0.0.1" else host
    return Served(
        f"http://{shown}:{port}",
        process,
        WorkerProcess(tuple(tied([*WORKER_COMMAND]))) if worker else None,
    )


def wait_until_it_answers(host: str, port: int, *, seconds: float = 30, alive: Callable[[], bool]) -> bool:
    """Whether the server accepts connections within that time; false as soon as it has died."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and alive():
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return True
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def terminated_like_interrupted() -> Iterator[None]:
    """Let SIGTERM, and SIGINT wherever it comes from, end the program the way Ctrl-C does."""

    def interrupt(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    # A shell starts what runs in its background deaf to Ctrl-C; whoever asks by signal is to be heard.
    before = {one: signal.signal(one, interrupt) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
