"""The real processes under fire, and how each is killed outright and started again."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path

from plaudit.foundation import postgres
from plaudit.foundation.postgres import process, refusals
from plaudit.surfaces.cli import serving
from plaudit.surfaces.cli.tied import tied

BACK_SECONDS_MAX = 120.0
"""What is not back by then counts as never recovered."""


class Target(ABC):
    """Something that can be killed. `ready` says whether it does its work again."""

    name: str

    @abstractmethod
    def start(self) -> None:
        """Start it, or ask for it to be started; nothing happens where it runs."""

    @abstractmethod
    def kill(self) -> None:
        """End every process of it at once, without a word."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether it does its work."""

    def come_back(self) -> float | None:
        """Start it again; the seconds until it did its work, or None where it never did."""
        began = time.monotonic()
        while time.monotonic() < began + BACK_SECONDS_MAX:
            self.start()
            if self.ready():
                return time.monotonic() - began
            time.sleep(0.02)
        return None


class Database(Target):
    """The whole server: the postmaster and every process of it."""

    def __init__(self, home: Path) -> None:
        self.name = "database"
        self.home = home
        self.told: list[str] = []

    def start(self) -> None:
        try:
            postgres.start(self.home)
        except refusals.ServerUnavailable as refusal:  # a full disk lets nothing start
            self.told.append(refusal.say())
            time.sleep(0.2)

    def kill(self) -> None:
        status = postgres.status(self.home)
        if status.pid is not None:  # first, so that it starts nothing anew
            process.tell(status.pid, signal.SIGKILL)
        for pid in process.workers_in(status.data):
            process.tell(pid, signal.SIGKILL)

    def ready(self) -> bool:
        return postgres.status(self.home).answering


class _Program(Target):
    """A program of ours in a session of its own, which ends with the thread that started it."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self._command = command
        self._environment = environment
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self._process is None or self._process.poll() is not None:
            with self._log.open("a", encoding="utf-8") as log:
                self._process = subprocess.Popen(
                    tied(self._command),
                    env=self._environment,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )

    def kill(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def pid(self) -> int | None:
        """Its process, where it runs."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if running and self._process is not None else None


class Api(_Program):
    """One web server with every process of it: what `plaudit serve` runs."""

    def __init__(self, number: int, port: int, environment: dict[str, str], folder: Path) -> None:
        self.name = "api"
        self.port = port
        environment = environment | {"DJANGO_SETTINGS_MODULE": "plaudit.settings"}
        super().__init__(serving.web_command("127.0.0.1", port), environment, folder / f"api-{number}.log")

    def ready(self) -> bool:
        """Whether it answers anything at all, at an address for which it needs no database."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            asking.request("GET", "/api/v1/nowhere")
            return asking.getresponse().status > 0
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asking.close()


class Worker(_Program):
    """The worker: what `plaudit serve` and `plaudit worker` run."""

    def __init__(self, number: int, environment: dict[str, str], folder: Path) -> None:
        self.name = "worker"
        super().__init__([*serving.WORKER_COMMAND], environment, folder / f"worker-{number}.log")

    def ready(self) -> bool:
        """Whether it is at work: it holds connections to the database (two sockets are its own)."""
        pid = self.pid()
        found = 0
        with suppress(OSError):
            for one in Path(f"/proc/{pid}/fd").iterdir():
                with suppress(OSError):
                    found += str(one.readlink()).startswith("socket:")
        return found > 3
