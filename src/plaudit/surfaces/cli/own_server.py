"""Our own database server while commands use it: whoever started it stops it again, when nobody else is there."""

from __future__ import annotations

import fcntl
import time
from dataclasses import dataclass
from typing import TextIO

from django.conf import settings
from django.db import connections

from plaudit.foundation import config as configuration
from plaudit.foundation import postgres
from plaudit.surfaces.cli.loading import endings

_PATIENCE = 3.0
"""Seconds for which a server that ends waits for other commands to end first."""


@dataclass
class _Use:
    lock: TextIO
    started_here: bool


_uses: list[_Use] = []


def hold() -> None:
    """Note that this process uses our own server, before it is started. A server that was named is left alone."""
    config = configuration.load()
    if config.database_url is not None or _uses:
        return
    home = configuration.home(config)
    lock = (home / "in-use.lock").open("a")
    fcntl.flock(lock, fcntl.LOCK_SH)
    _uses.append(_Use(lock, started_here=postgres.status(home).pid is None))
    endings.append(let_go)


def let_go(*, stop: bool = False) -> None:
    """Use it no more, and stop it if this process started it, or where it is to `stop`, and nobody else is there."""
    if not _uses:
        return
    use = _uses.pop()
    try:
        if (use.started_here or stop) and _alone(use.lock, _PATIENCE if stop else 0):
            disconnect()
            postgres.stop(configuration.home())
    finally:
        use.lock.close()


def disconnect() -> None:
    """Close every connection of this process; there is none where it ended before Django was set up."""
    for connection in connections.all(initialized_only=True) if settings.configured else ():
        connection.close()
        getattr(connection, "close_pool", lambda: None)()


def _alone(lock: TextIO, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.1)
        else:
            return True
