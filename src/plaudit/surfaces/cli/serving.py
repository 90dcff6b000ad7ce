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
    """The running program: its address, and the child processes to end."""

    address: str
    children: list[subprocess.Popen[bytes]]

    def is_alive(self) -> bool:
        """Whether every child still runs."""
        return all(child.poll() is None for child in self.children)

    def wait(self) -> int:
        """Wait until a child ends by itself or a person stops the program; then end them all."""
        try:
            while self.is_alive():
                time.sleep(0.2)
            return next(code for child in self.children if (code := child.poll()) is not None)
        finally:
            self.stop()

    def stop(self) -> None:
        """Ask every child to end, and end those that do not within some seconds."""
        for child in self.children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        for child in self.children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            if child.poll() is None:
                child.kill()
                child.wait()


def start(host: str, port: int, *, worker: bool) -> Served:
    """Start the web server, and the worker beside it, in process groups of their own.

    Their own groups, so that Ctrl-C reaches only this program, which then ends them in order.
    """
    config = configuration.load()
    python = sys.executable
    web = [
        *(python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(config.workers), "--blocking-threads", str(config.threads)),
        # Without a kill timeout a worker that is told to stop while it starts hangs for ever.
        *("--workers-kill-timeout", "10", "--no-ws", "--log-level", "warning", "plaudit.wsgi:application"),
    ]
    children = [_spawn(web)]
    if worker:
        children.append(_spawn([python, "-m", "plaudit.surfaces.cli.main", "--quiet", "worker"]))
    return Served(f"http://{'localhost' if host == '127.0.0.1' else host}:{port}", children)


def _spawn(command: list[str]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "plaudit.settings"}
    return subprocess.Popen(command, env=environment, start_new_session=True)


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
    """Let SIGTERM end the program the way Ctrl-C does."""

    def interrupt(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
