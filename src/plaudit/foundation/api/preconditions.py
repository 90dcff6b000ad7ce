"""ETags: what a thing looked like when it was read, so that nobody overwrites what they have not seen."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from plaudit.foundation.api.refusals import PreconditionFailed
from plaudit.foundation.exact import encode


def etag_of(shown: BaseModel) -> str:
    """The ETag of a thing as the API shows it: alike where it reads alike."""
    return f'"{hashlib.sha256(encode(shown.model_dump()).encode()).hexdigest()[:32]}"'


def require_match(request: HttpRequest, etag: str) -> None:
    """Raise `PreconditionFailed` where the caller names another state in If-Match than this one."""
    wanted = request.headers.get("If-Match")
    if wanted is None:
        return
    named = {tag.strip() for tag in wanted.split(",")}
    if "*" not in named and etag not in named:
        raise PreconditionFailed


def tagged(response: HttpResponse, shown: BaseModel) -> None:
    """Give the answer its ETag."""
    response["ETag"] = etag_of(shown)
