"""Asks for pages without a browser, to measure the server's own time."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Sequence
from html import unescape
from itertools import cycle
from urllib.parse import urlencode, urlsplit


def signed_in(address: str, link: str) -> str:
    """The cookies of a session that a one-time link began."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    connection.request("GET", link)
    page = connection.getresponse()
    cookies = _cookies(page)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert token is not None, "the page behind a link is a form"
    connection.request(
        "POST",
        link,
        urlencode({"csrfmiddlewaretoken": unescape(token[1])}),
        {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies, "Referer": address},
    )
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 302, answer.status
    return _cookies(answer)


def _cookies(answer: http.client.HTTPResponse) -> str:
    """The cookies that an answer sets, as they are sent back."""
    return "; ".join(value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie") or [])


def p95_of(address: str, path: str, cookies: Sequence[str], *, times: int) -> float:
    """How long the whole answer takes, in milliseconds, at the 95th percentile; by these people in turns."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    took = []
    # The first is not counted: it compiles templates and fills what is kept in memory.
    for number, cookie in zip(range(times + 1), cycle(cookies), strict=False):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, (path, answer.status)
        if number:
            took.append(1_000 * (time.perf_counter() - began))
    return sorted(took)[max(0, -(-len(took) * 95 // 100) - 1)]
