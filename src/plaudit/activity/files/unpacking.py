"""Byte streams unpacked with a bound: gzip and zstd known by their first bytes, bombs refused in time."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import Any, BinaryIO, TypeAlias, cast

import zstandard

from plaudit.activity.files.limits import CHUNK_BYTES, Limits
from plaudit.activity.files.refusals import FileDamaged, FileRefusal, FileTooLarge, WrongFormat

# A buffered stream of bytes, whatever it reads from.
Stream: TypeAlias = "io.BufferedReader[Any]"

GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
ZSTD_WINDOW_BYTES_MAX = 128 * 1024**2
ZSTD_SIP_BYTES = 256


class Unpacked(io.RawIOBase):
    """The unpacked bytes of a stream, counted as they are read.

    Reading raises FileTooLarge where they exceed the absolute bound or the ratio to the packed bytes, and
    FileDamaged where the packed stream is broken or ends early. Never holds more than one chunk.
    """

    def __init__(self, inner: BinaryIO, packed: BinaryIO, name: str, limits: Limits) -> None:
        self._inner = inner
        self._packed = packed
        self._name = name
        self._limits = limits
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the plain form of RawIOBase
        try:
            data = self._inner.read(min(len(buffer), CHUNK_BYTES))
        except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
            raise self._damaged(error) from None
        buffer[: len(data)] = data
        self.count += len(data)
        if self.count > self._limits.expansion_free_bytes:
            self._check()
        return len(data)

    def _check(self) -> None:
        packed = max(self._packed.tell(), 1)
        if self.count > self._limits.expanded_bytes:
            found = f"It unpacks to more than {self._limits.expanded_bytes:,} bytes."
            raise FileTooLarge(self._name, found, "Split the file, or send it unpacked.")
        if self.count > packed * self._limits.expansion_ratio:
            found = f"It unpacks to {self.count // packed:,} times its size, as a file made to exhaust memory would."
            raise FileTooLarge(self._name, found, "Send the file unpacked if it is meant.")

    def _damaged(self, error: Exception) -> FileRefusal:
        if isinstance(error, zstandard.ZstdError) and "memory" in str(error):
            return FileTooLarge(
                self._name, "It was packed with a window larger than 128 MB.", "Pack it without --long."
            )
        found = f"The packed file is broken or cut short after {self.count:,} unpacked bytes."
        return FileDamaged(
            self._name, found, "Fetch or pack the file again, and compare its size with the original."
        )


class _Zstd:
    """The unpacked bytes of zstd frames, one after the other; EOFError where the last one is cut short.

    Fed in sips, as a few bytes may unpack to very many: what is held at once stays below 10 MB.
    """

    def __init__(self, packed: Stream) -> None:
        self._packed = packed
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES_MAX)
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._left = b""
        self._held = bytearray()
        self._at = 0

    def read(self, size: int) -> bytes:
        while len(self._held) - self._at < size and self._sip():
            pass
        data = bytes(self._held[self._at : self._at + size])
        self._at += len(data)
        return data

    def _sip(self) -> bool:
        """Unpack a few more bytes; False at the end of the last frame."""
        data = self._left or self._packed.read(ZSTD_SIP_BYTES)
        self._left = b""
        if not data:
            if self._frame is not None:
                raise EOFError
            return False
        if self._frame is None:
            self._frame = self._decompressor.decompressobj()
        if self._at:
            del self._held[: self._at]
            self._at = 0
        self._held += self._frame.decompress(data)
        if self._frame.eof:
            self._left = self._frame.unused_data
            self._frame = None
        return True


def unpacked(packed: Stream, name: str, declared: str, limits: Limits) -> Stream:
    """The bytes behind `packed`: unpacked where it is gzip or zstd, itself where it is neither.

    `declared` is auto, none, gzip or zstd; a declaration the first bytes contradict raises WrongFormat.
    """
    start = packed.peek(4)[:4]
    found = "gzip" if start.startswith(GZIP) else "zstd" if start.startswith(ZSTD) else "none"
    if declared not in ("auto", found):
        said = "not packed" if found == "none" else f"packed with {found}"
        raise WrongFormat(name, f"The file is {said}; the mapping says compression: {declared}.", "Say auto.")
    if found == "none":
        return packed
    inner = gzip.GzipFile(fileobj=packed) if found == "gzip" else _Zstd(packed)
    return io.BufferedReader(Unpacked(cast("BinaryIO", inner), packed, name, limits), CHUNK_BYTES)
