"""Asks the API from inside, in a sandbox, with a key that lives for the one request: what a page sends again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from urllib.parse import unquote

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest

from plaudit.foundation.ids import new_id
from plaudit.people.actions.keys import create_key, revoke_key
from plaudit.people.models import Organisation, OrganisationKind

_SHOWN_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: status, reference and the beginning of the body."""

    sandbox: str
    status: int
    reference: str
    body: str


def call_api(
    sandbox: Organisation, *, method: str, target: str, media: str, body: bytes, actor: str
) -> Answered:
    """One request to the API in a sandbox, as any program would make it. Never in a live organisation."""
    assert sandbox.kind == OrganisationKind.SANDBOX, "nothing is tried out on the real thing"
    key = create_key(sandbox.id, name="Sent again from the console", scopes=["admin"], actor=actor)
    try:
        response = _handler().get_response(_request(method, target, media, body, key.secret))
        shown = getattr(response, "content", b"")[:_SHOWN_MAX].decode(errors="replace")
    finally:
        revoke_key(sandbox.id, key_id=key.key.id, actor=actor, reason="It was for one request.")
    return Answered(sandbox.name, response.status_code, response.headers.get("X-Request-Id", ""), shown)


@lru_cache(maxsize=1)
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def _request(method: str, target: str, media: str, body: bytes, secret: str) -> WSGIRequest:
    path, _, query = target.partition("?")
    host = next(
        (name for name in settings.ALLOWED_HOSTS if not name.startswith((".", "*", "["))), "localhost"
    )
    return WSGIRequest(
        {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote(path),
            "QUERY_STRING": query,
            "CONTENT_TYPE": media if body else "",
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": host,
            "SERVER_PORT": "80",
            "HTTP_HOST": host,
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_AUTHORIZATION": f"Bearer {secret}",
            **({"HTTP_IDEMPOTENCY_KEY": str(new_id())} if method not in ("GET", "HEAD") else {}),
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http",
        }
    )
