"""A receiver of webhooks that writes down what it is sent, and at times fails, as receivers do."""

from __future__ import annotations

import json
import random
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """Listens on this machine. `messages` has every body that was sent under each message's id."""

    def __init__(self, dice: random.Random, *, fails: float = 0.02) -> None:
        self.messages: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._lock = threading.Lock()
        self._dice = dice
        self._fails = fails
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(receiver.take(self.headers.get("webhook-id", ""), body))
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # its signature
                """Nothing on the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, name="receiver", daemon=True).start()

    def take(self, message: str, body: bytes) -> int:
        """Note one message; the status it is answered with."""
        with self._lock:
            earlier = len(self.messages[message])
            self.messages[message].append(json.loads(body))
            # Only the first time: what fails twice is tried again after minutes.
            return 500 if not earlier and self._dice.random() < self._fails else 204

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
