"""A supplier on this machine that takes orders as ours does, and misbehaves in twelve ways when told to."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MOST_REQUESTS = 2_000

MISBEHAVIOURS = (
    "timeout before issue",
    "timeout after issue",
    "500",
    "slow",
    "bad JSON",
    "twice",
    "late",
    "wrong face value",
    "same code twice",
    "429",
    "half-open socket",
    "clock off",
)

Body = dict[str, Any]


@dataclass
class Sold:
    """One order as the supplier has it."""

    id: str
    code: str
    amount: int
    currency: str
    state: str = "issued"
    asked: int = 0


@dataclass
class Reply:
    """What is answered; no status is no answer at all."""

    status: int | None
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    is_half: bool = False


class MisbehavingSupplier:
    """Issues codes under the order's id. Told to misbehave, it does so the first time each order comes."""

    def __init__(self, misbehaviour: str = "") -> None:
        assert misbehaviour in ("", *MISBEHAVIOURS)
        self.misbehaviour = misbehaviour
        self.sold: list[Sold] = []
        self.orders: list[str] = []
        self.tokens: set[str] = set()
        self.requests = 0
        self._released = threading.Event()
        self._lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def faces(self) -> int:
        """The sum of everything it issued and did not take back, in minor units."""
        return sum(one.amount for one in self.sold if one.state == "issued")

    def close(self) -> None:
        self._released.set()
        self.server.shutdown()
        self.server.server_close()

    def answer(self, method: str, path: str, body: Body) -> Reply:
        """One request, one at a time."""
        with self._lock:
            self.requests += 1
            assert self.requests < MOST_REQUESTS
            if method == "GET":
                return self._tell(path.rsplit("/", 1)[1])
            if path.endswith("/cancel"):
                return self._void(path.split("/")[-2])
            return self._order(body)

    def _order(self, body: Body) -> Reply:
        self.orders.append(body["id"])
        first = self.orders.count(body["id"]) == 1
        how = self.misbehaviour if first else ""
        known = next((one for one in self.sold if one.id == body["id"]), None)
        if known is not None and self.misbehaviour != "twice":
            return self._shown(known)  # the same key, the same answer
        if how in ("timeout before issue", "500", "429"):
            status = {"500": 500, "429": 429}.get(how)
            return Reply(status, b"Busy.", (("retry-after", "Thu, 01 Jan 2099 00:00:00 GMT"),))
        sold = self._issue(body, how)
        if how in ("timeout after issue", "slow", "twice"):
            return Reply(None)
        if how == "half-open socket":
            return Reply(200, b'{"id": "', is_half=True)
        if how == "bad JSON":
            return Reply(201, b"<html>Thank you!")
        if how == "late":
            sold.state = "pending"
            return self._shown(sold, status=202)
        return self._shown(sold)

    def _issue(self, body: Body, how: str) -> Sold:
        face = body["face"] or {"amount": 0, "currency": ""}
        code = "SAME" if how == "same code twice" else f"GIFT-{len(self.sold):05}"
        amount = face["amount"] + (100 if how == "wrong face value" else 0)
        self.sold.append(Sold(body["id"], code, amount, face["currency"]))
        return self.sold[-1]

    def _tell(self, order_id: str) -> Reply:
        sold = next((one for one in self.sold if one.id == order_id), None)
        if sold is None:
            return Reply(404, b"{}")
        sold.asked += 1
        if sold.state == "pending" and sold.asked > 1:
            sold.state = "issued"
        return self._shown(sold)

    def _void(self, order_id: str) -> Reply:
        sold = next((one for one in self.sold if one.id == order_id), None)
        if sold is None:
            return Reply(404, b"{}")
        sold.state = "cancelled"
        return self._shown(sold)

    def _shown(self, sold: Sold, *, status: int = 200) -> Reply:
        face: Body | None = {"amount": sold.amount, "currency": sold.currency} if sold.currency else None
        said: Body = {"id": sold.id, "state": sold.state, "face": face, "reference": f"REF-{sold.id[-6:]}"}
        if sold.state == "issued":
            said["code"] = sold.code
        off = self.misbehaviour == "clock off"
        said |= {"issued_at": "1970-01-01T00:00:00Z", "expires_at": "1970-01-02T00:00:00Z"} if off else {}
        dated = (("date", "Thu, 01 Jan 2099 00:00:00 GMT"),) if off else ()
        return Reply(status, json.dumps(said).encode(), dated)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        supplier = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 20

            def do_GET(self) -> None:
                self._do("GET")

            def do_POST(self) -> None:
                self._do("POST")

            def _do(self, method: str) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = json.loads(self.rfile.read(length) or b"{}")
                supplier.tokens.add(self.headers.get("authorization") or "")
                reply = supplier.answer(method, self.path, body)
                if reply.status is None:
                    supplier._released.wait(10)  # whoever waits gives up first
                    self.close_connection = True
                    return
                self.send_response_only(reply.status)
                for name, value in reply.headers:
                    self.send_header(name, value)
                self.send_header("content-length", str(len(reply.body) + (50 if reply.is_half else 0)))
                self.end_headers()
                self.wfile.write(reply.body)
                if reply.is_half:  # cut off: a reset, and never the rest
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def selling(misbehaviour: str = "") -> Iterator[MisbehavingSupplier]:
    """A supplier, running."""
    running = MisbehavingSupplier(misbehaviour)
    thread = threading.Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield running
    finally:
        running.close()
        thread.join(10)
