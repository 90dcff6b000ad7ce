"""The file of a backup: rows as PostgreSQL's COPY writes them, a manifest of all that is in it, and a seal on that.

A zip archive whose parts are compressed with Zstandard. Its directory stands at the end, so a file that was
cut is none; the manifest has the length and the SHA-256 of every part, and the seal those of the manifest,
signed under a key made from the installation's, so that nobody without it can alter a backup unseen.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import zstandard

from plaudit.foundation.backup.refusals import BackupExists, NotABackup

FORMAT = 1

_MANIFEST, _SEAL = "manifest.json", "seal.json"
_PURPOSE = b"plaudit backup 1"
_BLOCK = 1 << 20
_MANIFEST_BYTES_MAX = 64 << 20
_COMPRESSION = 3

Tell = Callable[[str, int], None]
"""Hears how far long work is: of which table, and how many more bytes."""


class Part(msgspec.Struct, frozen=True):
    """The rows of one table: which columns, how many rows, how many bytes and with which digest."""

    columns: list[str]
    rows: int
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """All that a backup says of itself. `totals` is what must be equal once it is restored.

    `next_number` is `numbering.next_number`; `sealed` counts what only the installation's key opens.
    """

    format: int
    made_at: str
    plaudit: str
    postgresql: str
    database: str
    key: str
    next_number: int
    migrations: list[tuple[str, str]]
    tables: dict[str, Part]
    sequences: dict[str, tuple[int, bool]]
    sealed: dict[str, int]
    totals: list[dict[str, Any]]


def key_of(secret: str) -> bytes:
    """The key that signs backups, made from the installation's."""
    return hmac.digest(secret.encode(), _PURPOSE, "sha256")


def fingerprint(key: bytes) -> str:
    """Tells whether two keys are one, and nothing else of them."""
    return hashlib.sha256(_PURPOSE + key).hexdigest()[:16]


class Writer:
    """A backup in the making."""

    def __init__(self, archive: zipfile.ZipFile, key: bytes) -> None:
        self._archive, self._key = archive, key

    def add(self, table: str, blocks: Iterable[bytes | memoryview]) -> tuple[int, str]:
        """Write the rows of a table; how many bytes they were and their SHA-256."""
        digest, count = hashlib.sha256(), 0
        with (
            self._archive.open(zipfile.ZipInfo(_name_of(table)), "w", force_zip64=True) as part,
            zstandard.ZstdCompressor(_COMPRESSION).stream_writer(part, closefd=False) as compressed,
        ):
            for block in blocks:
                digest.update(block)
                count += len(block)
                compressed.write(block)
        return count, digest.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        """Write what is in it, and the seal on that."""
        text = msgspec.json.encode(manifest)
        seal = {
            "sha256": hashlib.sha256(text).hexdigest(),
            "hmac": hmac.digest(self._key, text, "sha256").hex(),
        }
        self._archive.writestr(_MANIFEST, text)
        self._archive.writestr(_SEAL, msgspec.json.encode(seal))


@contextmanager
def writing(path: Path, key: bytes) -> Iterator[Writer]:
    """A new backup, which appears under its name once it is whole and on the disk. Raises `BackupExists`."""
    if path.exists():
        raise BackupExists(file=path)
    unfinished = path.with_name(path.name + ".partial")
    descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                yield Writer(archive, key)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    with suppress(OSError):  # some file systems cannot sync a folder
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


@dataclass(frozen=True)
class Reader:
    """A backup opened to be read."""

    path: Path
    manifest: Manifest
    signed: bool
    archive: zipfile.ZipFile

    def blocks(self, table: str) -> Iterator[bytes]:
        """The rows of a table, in pieces. Raises `NotABackup` at the end where they are not those written."""
        part = self.manifest.tables[table]
        digest, count = hashlib.sha256(), 0
        with _understood(self.path), self.archive.open(_name_of(table)) as stored:
            reader = zstandard.ZstdDecompressor().stream_reader(stored)
            while block := reader.read(_BLOCK):
                count += len(block)
                if count > part.bytes:
                    break
                digest.update(block)
                yield block
        if (count, digest.hexdigest()) != (part.bytes, part.sha256):
            raise NotABackup(file=self.path, fault=f"the rows of {table} are not those that were written")

    def check(self, tell: Tell) -> None:
        """Read all of it once. Raises `NotABackup`."""
        for table in self.manifest.tables:
            for block in self.blocks(table):
                tell(table, len(block))


@contextmanager
def reading(path: Path, key: bytes) -> Iterator[Reader]:
    """A backup, its manifest proven whole. `signed` says whether it was made under this key. Raises `NotABackup`."""
    with path.open("rb") as file:
        with _understood(path):
            archive = zipfile.ZipFile(file)
            text, seal = (_small(archive, name) for name in (_MANIFEST, _SEAL))
            sealed = msgspec.json.decode(seal, type=dict[str, str])
            if not hmac.compare_digest(sealed["sha256"], hashlib.sha256(text).hexdigest()):
                raise NotABackup(file=path, fault="its list of contents was altered")
            manifest = msgspec.json.decode(text, type=Manifest)
        if manifest.format != FORMAT:
            raise NotABackup(file=path, fault=f"its format {manifest.format} is none this Plaudit knows")
        signed = hmac.compare_digest(sealed["hmac"], hmac.digest(key, text, "sha256").hex())
        if manifest.key == fingerprint(key) and not signed:
            raise NotABackup(
                file=path, fault="its list of contents was altered and sealed anew without the key"
            )
        yield Reader(path, manifest, signed, archive)


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        text = part.read(_MANIFEST_BYTES_MAX + 1)
    if len(text) > _MANIFEST_BYTES_MAX:
        raise zipfile.BadZipFile(f"{name} is too long")
    return text


@contextmanager
def _understood(path: Path) -> Iterator[None]:
    """What libraries say of a faulty file, as the refusal."""
    faulty = (
        zipfile.BadZipFile,
        zstandard.ZstdError,
        msgspec.DecodeError,
        msgspec.ValidationError,
        UnicodeDecodeError,
        KeyError,
        EOFError,
        OSError,  # a directory that points outside the file
        zlib.error,
        NotImplementedError,  # zip features that no backup uses
        RuntimeError,  # a part that claims to be encrypted
    )
    try:
        yield
    except faulty as fault:
        words = str(fault).strip("'\"").rstrip(".") or type(fault).__name__
        raise NotABackup(file=path, fault=words[:1].lower() + words[1:]) from fault


def _name_of(table: str) -> str:
    return f"tables/{table}.copy.zst"
