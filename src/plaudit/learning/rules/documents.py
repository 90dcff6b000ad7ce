"""What becomes of a document: whether it may be changed, what it is then, and how it is marked.

After the Experience API (xAPI) 1.0.3, part three, sections 2.2 and 3.1, by the Advanced Distributed Learning Initiative.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from plaudit.learning.refusals import DocumentChanged, DocumentKnown, DocumentNotMerged


def etag(digest: str) -> str:
    """The ETag of a document: the SHA-1 of its content in hexadecimal digits, in quotes (3.1)."""
    return f'"{digest}"'


def digest_of(content: bytes) -> str:
    """The SHA-1 of a document's content, which tells its states apart, and guards nothing."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def require(there: str | None, *, match: str | None, none_match: str | None) -> None:
    """Return where what a caller asks of the state there is so; `there` is its digest, None where there is nothing.

    Raises `DocumentChanged`.
    """
    named = _tags(match)
    if named is not None and (there is None or not ({"*", there} & named)):
        raise DocumentChanged
    unseen = _tags(none_match)
    if unseen is not None and there is not None and {"*", there} & unseen:
        raise DocumentChanged


def require_seen(there: str | None, *, match: str | None, none_match: str | None) -> None:
    """Return unless a profile would be written over by somebody who names no state of it. Raises `DocumentKnown`."""
    if there is not None and match is None and none_match is None:
        raise DocumentKnown


def _tags(header: str | None) -> set[str] | None:
    """What a header names, whatever quotes it is in; None where there is no such header."""
    if header is None:
        return None
    return {re.sub(r'^(?:W/)?"?|"?$', "", one.strip()) for one in header.split(",")}


def merged(there: Any, more: Any) -> dict[str, Any]:
    """The properties of both, the newer ones where both have one; not deeper (2.2). Raises `DocumentNotMerged`."""
    if not isinstance(there, dict) or not isinstance(more, dict):
        raise DocumentNotMerged
    return {**there, **more}
