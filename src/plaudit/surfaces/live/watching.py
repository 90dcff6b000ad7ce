"""One thread a process that looks what changed for every open page together, as long as there is one."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Collection, Mapping
from threading import Event, Lock, Thread
from time import monotonic

import structlog
from django.db import Error as DatabaseError
from django.db import connection

from plaudit.foundation.tenancy import in_organisation, without_organisation
from plaudit.insights.marks import Thing, marks_of
from plaudit.people.sessions import alive
from plaudit.surfaces.live.streams import BEATS, Streams

log = structlog.get_logger(__name__)

EVERY_SECONDS = 0.5
SHARE = 10
"""However long a look takes, it is a tenth of the time at most."""


def marks_in(organisation_id: int, things: Collection[Thing]) -> Mapping[Thing, str]:
    """The marks of these things as they are now, in a transaction of their own."""
    with in_organisation(organisation_id):
        return marks_of(organisation_id, things)


class Watch:
    """Looks again and again for the streams of this process; it begins with the first and ends with the last."""

    def __init__(
        self, streams: Streams, look: Callable[[int, Collection[Thing]], Mapping[Thing, str]]
    ) -> None:
        self._streams = streams
        self._look = look
        self._lock = Lock()
        self._runs = False
        self._pause = Event()

    def begin(self) -> None:
        """Look from now on, if nobody does."""
        with self._lock:
            if not self._runs:
                self._runs = True
                Thread(target=self._run, name="watch", daemon=True).start()

    def _run(self) -> None:
        try:
            self._watch()
        finally:
            with self._lock:
                self._runs = False

    def _watch(self) -> None:
        sessions_at = 0.0
        while not self._is_over():
            began = monotonic()
            try:
                self.look()
                if began >= sessions_at:
                    self.end_signed_out()
                    sessions_at = began + BEATS.total_seconds()
            except DatabaseError as error:
                # Whoever comes back is refused, and asks until somebody answers.
                log.warning("live.database_away", error=type(error).__name__)
                self._streams.end()
            finally:
                connection.close()  # back to the pool between two looks
            self._pause.wait(max(EVERY_SECONDS, SHARE * (monotonic() - began)))

    def _is_over(self) -> bool:
        with self._lock:
            self._runs = bool(len(self._streams))
            return not self._runs

    def look(self) -> None:
        """Tell every stream how what it follows is marked now."""
        for organisation_id, things in self._streams.things().items():
            self._streams.tell(organisation_id, self._look(organisation_id, things))

    def end_signed_out(self) -> None:
        """End the streams of sessions that have ended."""
        streams = self._streams.all()
        with without_organisation():
            there = alive({one.listener.session for one in streams})
        for one in streams:
            if one.listener.session not in there:
                one.end()


def end_with_the_server(streams: Streams) -> None:
    """End every stream as soon as this process is told to end: the web server waits for what it is sending.

    Called by the main thread. The server has signal handlers of its own, and they keep working.
    """
    heard, told = socket.socketpair()
    told.settimeout(0)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)

    def hear() -> None:
        with told:  # as long as somebody listens, it is there to be written to
            while heard.recv(1)[0] not in (signal.SIGINT, signal.SIGTERM):
                continue
        streams.end(for_good=True)

    Thread(target=hear, name="streams-end", daemon=True).start()
