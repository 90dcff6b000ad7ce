"""Statements with their files in one body: multipart/mixed as the Experience API has it, read and written.

After the Experience API (xAPI) 1.0.3, part three, 1.5.2, by the Advanced Distributed Learning Initiative, and RFC 2046.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plaudit.learning.refusals import QuestionNotTaken

MIXED = "multipart/mixed"
PARTS_MAX = 100
_HASH = "x-experience-api-hash"
_BY_LENGTH = {56: hashlib.sha224, 64: hashlib.sha256, 96: hashlib.sha384, 128: hashlib.sha512}
_BOUNDARY = re.compile(r"""(?:^|;)\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    """What is sent along with statements, under the SHA-2 by which an attachment names it."""

    sha2: str
    media: str
    content: bytes


def parts(body: bytes, media: str) -> tuple[bytes, dict[str, File]]:
    """The statements as they stand in the first part, and the files of the others by SHA-2. Raises `QuestionNotTaken`."""
    found = _BOUNDARY.search(media)
    if found is None:
        raise _not_taken("it has no boundary")
    boundary = (found[1] or found[2]).encode("latin-1", "replace")
    _, *pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise _not_taken("it does not end with its boundary")
    if len(pieces) > PARTS_MAX + 2:
        raise _not_taken(f"it has more than {PARTS_MAX} files")
    first, *others = (_part(piece) for piece in pieces[:-1])
    if first[0].get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise _not_taken("its first part is no JSON")
    files = [_file(headers, content) for headers, content in others]
    return first[1], {one.sha2: one for one in files}


def written(statements: bytes, files: Iterable[File], boundary: str) -> bytes:
    """The same the other way round; the boundary must stand in none of them."""
    said = [_written({"Content-Type": "application/json"}, statements)]
    for one in files:
        headers = {
            "Content-Type": one.media,
            "Content-Transfer-Encoding": "binary",
            "X-Experience-API-Hash": one.sha2,
        }
        said.append(_written(headers, one.content))
    line = f"--{boundary}".encode()
    return b"".join(line + one + b"\r\n" for one in said) + line + b"--\r\n"


def _written(headers: Mapping[str, str], content: bytes) -> bytes:
    # A media type is text of somebody's: it stays on its line.
    lines = [f"{name}: {' '.join(value.split())}" for name, value in headers.items()]
    return "\r\n".join(["", *lines, "", ""]).encode("ascii", "replace") + content


def _part(piece: bytes) -> tuple[dict[str, str], bytes]:
    piece = piece.lstrip(b" \t")
    before, between, content = piece.partition(b"\r\n\r\n")
    if not piece.startswith(b"\r\n") or not between:
        raise _not_taken("one of its parts has no end of its headers")
    headers = {}
    for line in before.decode("latin-1").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return headers, content


def _file(headers: Mapping[str, str], content: bytes) -> File:
    sha2 = headers.get(_HASH, "").lower()
    if headers.get("content-transfer-encoding", "").lower() != "binary":
        raise _not_taken("a file in it is not said to be binary by Content-Transfer-Encoding")
    digest = _BY_LENGTH.get(len(sha2))
    if digest is None or digest(content).hexdigest() != sha2:
        raise _not_taken("a file in it is not what X-Experience-API-Hash says")
    return File(sha2, headers.get("content-type", "application/octet-stream"), content)


def _not_taken(why: str) -> QuestionNotTaken:
    return QuestionNotTaken("The body", why)
