"""How much one file may ask of the machine: every bound of the file readers in one place."""

from __future__ import annotations

from dataclasses import dataclass

CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one reading. The defaults fit any honest file known and a worker of one gigabyte.

    `expansion_ratio` is unpacked bytes to packed bytes and only counts once `expansion_free_bytes` have
    been unpacked: small files of one repeated line pack very well.
    """

    line_characters: int = 1_000_000
    record_bytes: int = 4 * 1024**2
    expanded_bytes: int = 64 * 1024**3
    expansion_ratio: int = 400
    expansion_free_bytes: int = 64 * 1024**2
    files: int = 100_000
    archive_header_bytes: int = 1024**2
    workbook_bytes: int = 512 * 1024**2
    workbook_memory_bytes: int = 3 * 1024**3
    parquet_memory_bytes: int = 512 * 1024**2
    groups_in_memory: int = 200_000
    remembered_values: int = 50_000
    rescans: int = 1_000


LIMITS = Limits()
