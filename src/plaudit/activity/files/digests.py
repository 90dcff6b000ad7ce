"""Fingerprints of files: of what lies on disk, to know a file again, and of its content, to identify its rows."""

from __future__ import annotations

import hashlib
from pathlib import Path

from plaudit.activity.files.limits import CHUNK_BYTES, LIMITS, Limits
from plaudit.activity.files.sources import Reading, list_files


def digest_of(path: str | Path) -> str:
    """The SHA-256 (hex) of the file behind `path`, or of the names and contents of the files of a set."""
    listing = list_files(path)
    whole = hashlib.sha256()
    for listed in listing.files:
        if len(listing.files) > 1:
            whole.update(f"{listed.name}\0{listed.size}\0".encode("utf-8", "surrogateescape"))
        with listed.path.open("rb", buffering=0) as file:
            while data := file.read(4 * CHUNK_BYTES):
                whole.update(data)
    return whole.hexdigest()


def content_digests(path: str | Path, compression: str, limits: Limits = LIMITS) -> list[str]:
    """The SHA-256 (hex) of the unpacked content of each file behind `path`, in reading order."""
    digests = []
    for opened in Reading(list_files(path), compression, limits).files():
        content = hashlib.sha256()
        while data := opened.stream.read(CHUNK_BYTES):
            content.update(data)
        digests.append(content.hexdigest())
    return digests
