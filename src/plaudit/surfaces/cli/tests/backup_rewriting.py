"""Forges backups for tests: rows replaced, and everything that says so written anew under a key."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import zstandard

from plaudit.foundation.backup.archive import Manifest, Writer, key_of


def rewritten(file: Path, to: Path, *, key: str, rows: tuple[bytes, bytes]) -> Path:
    """The same backup with one text in the rows replaced by another, its manifest right, sealed under `key`."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        manifest: dict[str, Any] = json.loads(old.read("manifest.json"))
        writer = Writer(new, key_of(key))
        changed = 0
        for name, part in manifest["tables"].items():
            with old.open(f"tables/{name}.copy.zst") as stored:
                text = zstandard.ZstdDecompressor().stream_reader(stored).read()
            changed += text.count(rows[0])
            part["bytes"], part["sha256"] = writer.add(name, [text.replace(*rows)])
        assert changed, "nothing was altered"
        writer.finish(msgspec.convert(manifest, Manifest))
    return to
