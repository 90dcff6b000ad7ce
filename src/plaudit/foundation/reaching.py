"""Sends one request to an address that was checked, and to no other: resolved once, pinned, never redirected."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpcore
import httpx

from plaudit.foundation import config
from plaudit.foundation.addresses import (
    Address,
    Destination,
    Networks,
    UrlRefused,
    choose_address,
    read_networks,
    read_url,
)

TIMEOUT_SECONDS = 15.0
_KEPT_BYTES = 1000

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status and the beginning of the answer, or the error in a few words."""

    status: int | None
    error: str
    body: str
    retry_after: str | None
    address: str
    took_ms: int


def resolve(host: str, port: int) -> list[str]:
    """Every address behind a name; none where nobody knows it."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(entry[4][0]) for entry in found]


def opened_networks() -> Networks:
    """The networks the operator opened to webhooks (`PLAUDIT_WEBHOOK_NETWORKS`)."""
    return read_networks(config.load().webhook_networks)


def find_address(
    url: str, *, resolve: Resolve = resolve, networks: Networks | None = None
) -> tuple[Destination, Address]:
    """Where a URL leads, the name looked up once. Raises `UrlRefused` where nothing may be sent there."""
    destination = read_url(url)
    found = [] if destination.address is not None else resolve(destination.host, destination.port)
    return destination, choose_address(
        destination, found, opened_networks() if networks is None else networks
    )


def post_json(
    url: str,
    body: str | bytes,
    headers: Mapping[str, str],
    *,
    method: str = "POST",
    resolve: Resolve = resolve,
    networks: Networks | None = None,
    trust: ssl.SSLContext | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
    keep_bytes: int = _KEPT_BYTES,
) -> Answer:
    """POST a body, or ask by another method, and say what came back. Never raises for what the other side does or is.

    The whole of it, from connecting to the end of the answer, takes no longer than the timeout, however
    slowly the answer drips. Of the answer only the first `keep_bytes` are read, a kilobyte unless told otherwise.
    """
    began, address = time.monotonic(), ""
    try:
        destination, chosen = find_address(url, resolve=resolve, networks=networks)
        address = str(chosen)
        transport = _PinnedTransport(address, destination.port, began + timeout_seconds, trust or _trust())
        with (
            httpx.Client(
                transport=transport, follow_redirects=False, trust_env=False, timeout=timeout_seconds
            ) as client,
            client.stream(
                method,
                url,
                content=body if isinstance(body, bytes) else body.encode(),
                headers=_all_headers(headers),
            ) as answer,
        ):
            said = _beginning(answer.iter_raw(_KEPT_BYTES), keep_bytes)
            retry_after = answer.headers.get("retry-after")
            return Answer(answer.status_code, "", said, retry_after, address, _since(began))
    except UrlRefused as refusal:
        error = refusal.say()
    except (httpcore.TimeoutException, httpx.TimeoutException):
        error = f"No answer within {timeout_seconds:g} seconds."
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpx.HTTPError,
        httpx.InvalidURL,
        OSError,
    ) as broken:
        error = f"{type(broken).__name__}: {broken}"[:300]
    return Answer(None, error, "", None, address, _since(began))


def _all_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        "content-type": "application/json",
        "user-agent": "Plaudit-Webhooks/1",
        "accept-encoding": "identity",
        "connection": "close",
        **headers,
    }


def _beginning(chunks: Iterator[bytes], most: int) -> str:
    """The first bytes, as text a database takes."""
    kept = b""
    for chunk in chunks:
        kept += chunk
        if len(kept) >= most:
            break
    return kept[:most].decode("utf-8", "replace").replace("\x00", "")


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The usual authorities (or SSL_CERT_FILE); read once, for it takes a while."""
    return httpx.create_ssl_context()


class _PinnedTransport(httpx.BaseTransport):
    """Speaks HTTP/1.1 with one address until one moment; the URL's host serves for TLS and headers only."""

    def __init__(self, address: str, port: int, deadline: float, trust: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust,
            max_connections=1,
            http1=True,
            http2=False,
            network_backend=_PinnedBackend(address, port, deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
            )
        )
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        if hasattr(self._stream, "close"):
            self._stream.close()


class _PinnedBackend(httpcore.NetworkBackend):
    """Connects to the address that was checked, whatever host it is asked for."""

    def __init__(self, address: str, port: int, deadline: float) -> None:
        self._address, self._port, self._deadline = address, port, deadline

    def connect_tcp(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        inner = httpcore.SyncBackend().connect_tcp(self._address, self._port, timeout=_left(self._deadline))
        return _TimedStream(inner, self._deadline)


class _TimedStream(httpcore.NetworkStream):
    """A connection on which every step may take only what is left until the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, *_: Any, **__: Any) -> bytes:
        return self._inner.read(max_bytes, timeout=_left(self._deadline))

    def write(self, buffer: bytes, *_: Any, **__: Any) -> None:
        self._inner.write(buffer, timeout=_left(self._deadline))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, *_: Any, **__: Any
    ) -> httpcore.NetworkStream:
        encrypted = self._inner.start_tls(ssl_context, server_hostname, timeout=_left(self._deadline))
        return _TimedStream(encrypted, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left
