"""Answers kept by key where the middleware does not: for what must not be kept whole, or opens its own door."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.problems import MEDIA_TYPE, problem_response
from plaudit.foundation.exact import decode, encode
from plaudit.foundation.idempotency import IdempotencyKeyMissing, Reply, once
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.requests import digest_of


def idempotency_key(request: HttpRequest) -> str:
    """The key the caller sent. Raises `IdempotencyKeyMissing`."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        raise IdempotencyKeyMissing
    return key


def answer_once(
    request: HttpRequest, act: Callable[[], tuple[int, str]], *, body: bytes | None = None
) -> HttpResponse:
    """Act once for the caller's key and answer (status, JSON); a retry gets the first answer.

    `body` is the request's body where it was read elsewhere. Raises as `idempotency.once` does.
    """

    def reply() -> Reply:
        status, text = act()
        return Reply(status, text)

    def refused(refusal: Refusal) -> Reply:
        response = problem_response(refusal, request)
        return Reply(response.status_code, response.content.decode())

    sent = request.body if body is None else body
    digest = digest_of(method=request.method or "", target=request.get_full_path(), body=sent)
    kept = once(
        actor_of(request).organisation_id,
        scope="api",
        key=idempotency_key(request),
        digest=digest,
        act=reply,
        refused=refused,
    )
    media = "application/json; charset=utf-8" if kept.status < 400 else MEDIA_TYPE
    response = HttpResponse(kept.body, status=kept.status, content_type=media)
    if kept.replayed:
        response["Idempotency-Replayed"] = "true"
    return response


def answer_secretly(request: HttpRequest, act: Callable[[], tuple[int, BaseModel, str]]) -> HttpResponse:
    """Answer once with something that nobody is ever shown again, such as a key.

    `act` returns the status, the answer without its secret, and the secret. Only the former is kept: the
    first answer has the secret in its field `secret`, a retry's has null there.
    """
    secrets: list[str] = []

    def keep() -> tuple[int, str]:
        status, shown, secret = act()
        secrets[:] = [secret]
        return status, encode(shown.model_dump())

    response = answer_once(request, keep)
    if response.status_code < 400 and "Idempotency-Replayed" not in response:
        response.content = encode({**decode(response.content), "secret": secrets[0]}).encode()
    return response
