"""The request at work: its id, the address it comes from, and the digest that tells one body from another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest

from plaudit.foundation import ids

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def new_request_id() -> str:
    """A reference for one request, such as `req_01jd…`. A caller's own is never taken over."""
    return ids.show("req", ids.new_id())


def current_request_id() -> str:
    """The id of the request being answered; empty in jobs and commands."""
    return _request_id.get()


@contextmanager
def request_at_work(request_id: str) -> Iterator[None]:
    """While this runs, what is written down and logged carries the request's id."""
    token = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(token)


def address_of(meta: Mapping[str, object], *, trusted_proxies: int) -> str:
    """The address a request comes from.

    Each of our own proxies adds the address it heard from to `X-Forwarded-For`, so with n of them the
    n-th from the right is true and everything before it is the caller's own invention. Without proxies
    the header is ignored. A header that is too short means that the proxies are not there.
    """
    heard_from = str(meta.get("REMOTE_ADDR", ""))
    if trusted_proxies:
        claimed = [
            part.strip() for part in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",") if part.strip()
        ]
        if len(claimed) >= trusted_proxies:
            return claimed[-trusted_proxies]
    return heard_from


def client_address(request: HttpRequest) -> str:
    """The address this request comes from, behind as many proxies of ours as the settings name."""
    return address_of(request.META, trusted_proxies=settings.TRUSTED_PROXIES)


def route_of(request: HttpRequest) -> str:
    """Which route a request took, as logs may say it: with the names of its arguments, not their values."""
    match = request.resolver_match
    return f"/{match.route}" if match is not None else "nowhere"


def put_on_record(request: HttpRequest, act: str, subject: str) -> None:
    """Have this reading noted in the audit trail. It is written before the answer leaves, or nothing leaves."""
    request.looks = [*looks_of(request), (act, subject)]  # type: ignore[attr-defined]  # read below


def looks_of(request: HttpRequest) -> list[tuple[str, str]]:
    """The acts and subjects that this request's reading has to be noted as."""
    found: list[tuple[str, str]] = getattr(request, "looks", [])
    return found


def digest_of(*, method: str, target: str, body: bytes) -> bytes:
    """Tells two requests apart: SHA-256 over the method, the address with its query, and the body."""
    digest = hashlib.sha256()
    for part in (method.encode(), target.encode(), body):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()
