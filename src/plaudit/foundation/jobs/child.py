"""A worker as a child process: started again when it ends by itself, stopped with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from plaudit.foundation.jobs.running import GRACE_SECONDS

_COMMAND = (sys.executable, "-m", "plaudit.foundation.jobs")


class WorkerProcess:
    """One worker, kept running until it is stopped."""

    def __init__(self, command: tuple[str, ...] = _COMMAND) -> None:
        self._command = command
        self._stopped = threading.Event()
        self._process = self._start()
        self._keeper = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)
        self._keeper.start()

    @property
    def pid(self) -> int:
        """The process id of the worker that runs now."""
        return self._process.pid

    def stop(self) -> None:
        """Let it finish what it is doing, then end it; returns when it is gone."""
        self._stopped.set()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(GRACE_SECONDS + 5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._keeper.join()

    def _start(self) -> subprocess.Popen[bytes]:
        # A session of its own, so that Ctrl-C reaches the parent alone, which then stops it in order.
        return subprocess.Popen(self._command, env=os.environ.copy(), start_new_session=True)

    def _keep(self) -> None:
        while True:
            self._process.wait()
            if self._stopped.wait(1.0):
                return
            self._process = self._start()


@contextmanager
def worker_process() -> Iterator[WorkerProcess]:
    """A worker beside whatever runs inside."""
    worker = WorkerProcess()
    try:
        yield worker
    finally:
        worker.stop()
