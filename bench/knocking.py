"""Many clients at once over kept connections, as light as they can be: what is measured is the server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True)
class Knocked:
    """Requests answered a second, and how long half and all but a hundredth of them took, in seconds."""

    rate: float
    half: float
    most: float


def knock(port: int, requests: Sequence[bytes], *, clients: int, status: bytes) -> Knocked:
    """Send these requests, each client the next that is left as soon as its last is answered.

    Every answer must begin with this status, such as b"201". Connections are opened before the clock starts.
    """
    return asyncio.run(_knock(port, requests, clients, status))


async def _knock(port: int, requests: Sequence[bytes], clients: int, status: bytes) -> Knocked:
    left = iter(requests)
    open_connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(clients)]
    began = time.perf_counter()
    waits = [
        wait
        for waited in await asyncio.gather(
            *(_client(reader, writer, left, status) for reader, writer in open_connections)
        )
        for wait in waited
    ]
    lasted = time.perf_counter() - began
    for _, writer in open_connections:
        writer.close()
    hundredths = quantiles(waits, n=100)
    return Knocked(len(requests) / lasted, hundredths[49], hundredths[98])


async def _client(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: Iterator[bytes], status: bytes
) -> list[float]:
    waits = []
    for request in left:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head[9:12] == status, head.decode() + (await reader.read(2_000)).decode()
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        waits.append(time.perf_counter() - began)
    return waits


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """One POST as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
