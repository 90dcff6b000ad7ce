"""One HTTP request at a time, and what can be known of its fate: answered, never sent, or lost on the way."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any

TIMEOUT_SECONDS = 15.0


class NotSent(Exception):
    """Nobody listened: the request surely was not read."""


class Cut(Exception):
    """The request was sent, and no whole answer came: it may have been carried out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its status, its body read as JSON, and the two headers a client obeys."""

    status: int
    body: Any
    retry_after: float | None
    replayed: bool


class Line:
    """A connection to one of several servers; the next one is tried where one fails."""

    def __init__(self, ports: list[int], first: int) -> None:
        self._ports = ports
        self._place = first % len(ports)
        self._connection: http.client.HTTPConnection | None = None

    def ask(
        self,
        method: str,
        path: str,
        body: str | None,
        headers: dict[str, str],
        hang_up_after: float | None = None,
    ) -> Answer:
        """Send one request; its answer. Raises `NotSent` and `Cut`, after which the next server is used.

        With `hang_up_after` so many seconds nobody waits for the answer: it was sent, and that is all.
        """
        connection = self._connected()
        try:
            connection.request(method, path, body=body, headers=headers)
            if hang_up_after is not None:
                time.sleep(hang_up_after)
                self.turn_away()
                raise Cut("hung up")
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.turn_away()
            raise Cut(type(error).__name__) from error
        try:
            read = json.loads(text) if text else None
        except ValueError:
            read = None
        wait = response.headers.get("Retry-After")
        return Answer(
            response.status,
            read,
            float(wait) if wait is not None else None,
            response.headers.get("Idempotency-Replayed") == "true",
        )

    def turn_away(self) -> None:
        """Go on with the next server."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._place = (self._place + 1) % len(self._ports)

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is None:
            made = http.client.HTTPConnection("127.0.0.1", self._ports[self._place], timeout=TIMEOUT_SECONDS)
            try:
                made.connect()
            except OSError as error:
                made.close()
                self._place = (self._place + 1) % len(self._ports)
                raise NotSent from error
            self._connection = made
        return self._connection
