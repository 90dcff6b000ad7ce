"""Keeps files sent for import: under their own digest, so that the same file again is the same file."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from plaudit.foundation.api.refusals import BodyTooLarge

UPLOAD_BYTES_MAX = 2 * 1024**3

# What the readers tell formats by. Anything else of the name is the caller's and stays out of the path.
_ENDINGS = re.compile(r"(\.(csv|tsv|txt|xlsx|ndjson|jsonl|json|parquet))?(\.(gz|zst))?$", re.IGNORECASE)


def keep_upload(organisation_id: int, name: str, chunks: Iterable[bytes]) -> Path:
    """Write the file down and say where it is. Sent again it is kept once. Raises `BodyTooLarge`."""
    folder = _folder(organisation_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    arriving = folder / f"arriving-{secrets.token_hex(8)}"
    digest, length = hashlib.sha256(), 0
    try:
        with arriving.open("wb") as file:
            for chunk in chunks:
                length += len(chunk)
                if length > UPLOAD_BYTES_MAX:
                    raise BodyTooLarge(most=UPLOAD_BYTES_MAX)
                digest.update(chunk)
                file.write(chunk)
        ending = _ENDINGS.search(name)
        kept = folder / f"{digest.hexdigest()}{ending[0].lower() if ending else ''}"
        arriving.replace(kept)
    finally:
        arriving.unlink(missing_ok=True)
    return kept


def kept_upload(organisation_id: int, name: str) -> Path:
    """Where the file is that was kept under this name, the last part of its path; it may be gone."""
    return _folder(organisation_id) / Path(name).name


def _folder(organisation_id: int) -> Path:
    return Path(settings.HOME) / "uploads" / str(organisation_id)
