"""The files behind a path: one file, a folder, a pattern, or an archive, as an ordered set read one by one."""

from __future__ import annotations

import glob
import io
import tarfile
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import IO, cast

from plaudit.activity.files.limits import CHUNK_BYTES, LIMITS, Limits
from plaudit.activity.files.refusals import FileDamaged, FileTooLarge, NoSuchFile, WrongFormat
from plaudit.activity.files.unpacking import Stream, unpacked

PACKINGS = (".gz", ".gzip", ".zst", ".zstd")
ENDINGS = (
    ".csv",
    ".tsv",
    ".txt",
    ".tab",
    ".xlsx",
    ".json",
    ".ndjson",
    ".jsonl",
    ".parquet",
    ".tar",
    ".tgz",
    ".tzst",
)


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One file on disk, its name as messages and identities say it, and its size in bytes as it lies there."""

    path: Path
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The files a path stands for, in reading order, and the names of those left out of a folder."""

    files: tuple[ListedFile, ...]
    left_out: tuple[str, ...] = ()

    @property
    def bytes_total(self) -> int:
        return sum(file.size for file in self.files)


def list_files(path: str | Path) -> Listing:
    """The files behind `path`, sorted by name: a file, a folder (with everything in it), or a pattern.

    Of a folder, hidden files and those whose name does not end as a data file's are left out. Raises
    NoSuchFile where nothing is there.
    """
    given = Path(path)
    if given.is_file():
        return Listing((_listed(given, given.name),))
    if given.is_dir():
        found = sorted(item for item in given.rglob("*") if item.is_file())
        names = {item: item.relative_to(given).as_posix() for item in found}
        taken = {item for item in found if _is_data(names[item])}
        if not taken:
            raise NoSuchFile(
                str(path), "The folder holds no data files.", f"Data files end in {', '.join(ENDINGS)}."
            )
        left_out = tuple(names[item] for item in found if item not in taken)
        return Listing(tuple(_listed(item, names[item]) for item in found if item in taken), left_out)
    # A pattern: everything from the first part that holds one is matched below the folder before it.
    fixed = Path(*(part for part in takewhile(lambda part: not glob.has_magic(part), given.parts)))
    pattern = given.relative_to(fixed).as_posix() if glob.has_magic(str(given)) else ""
    matches = sorted(match for match in fixed.glob(pattern) if match.is_file()) if pattern else []
    if not matches:
        raise NoSuchFile(str(path), "There is no such file.", "Check the path.")
    return Listing(tuple(_listed(match, match.relative_to(fixed).as_posix()) for match in matches))


def _is_data(name: str) -> bool:
    parts = name.lower().split("/")
    return not any(part.startswith((".", "__")) for part in parts) and plain_name(parts[-1]).endswith(ENDINGS)


def plain_name(name: str) -> str:
    """A file's name without the ending of its packing: the same file, packed or not, has one identity."""
    for ending in PACKINGS:
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name


def _listed(path: Path, name: str) -> ListedFile:
    return ListedFile(path, name, path.stat().st_size)


class OpenedFile:
    """One file of a set, open for reading from its start: `stream` gives its unpacked bytes once.

    `identity` is its name without the ending of its packing; `alone` says that there is no other.
    """

    def __init__(
        self,
        index: int,
        name: str,
        stream: Stream,
        on_disk: Path | None,
        limits: Limits,
        *,
        alone: bool,
    ) -> None:
        self.index = index
        self.alone = alone
        self.name = name
        self.identity = plain_name(name)
        self.stream = stream
        self._on_disk = on_disk
        self._limits = limits

    @contextmanager
    def local_path(self) -> Iterator[Path]:
        """A path where the unpacked bytes lie, for readers that must jump about in them.

        The file itself where it is neither packed nor in an archive nor oddly named, else a bounded copy
        that is removed afterwards.
        """
        if self._on_disk is not None and not glob.has_magic(str(self._on_disk)):
            yield self._on_disk
            return
        with tempfile.NamedTemporaryFile(prefix="plaudit-", suffix=".unpacked") as copy:
            left = self._limits.workbook_bytes
            while data := self.stream.read(CHUNK_BYTES):
                left -= len(data)
                if left < 0:
                    found = f"Unpacked, it is larger than {self._limits.workbook_bytes:,} bytes."
                    raise FileTooLarge(self.name, found, "Send it unpacked and not in an archive, or as CSV.")
                copy.write(data)
            copy.flush()
            yield Path(copy.name)


class Reading:
    """The reading of a set of files in order. `bytes_read` of `bytes_total` says how far it is on disk."""

    def __init__(self, listing: Listing, compression: str, limits: Limits = LIMITS) -> None:
        self.bytes_total = listing.bytes_total
        self._listing = listing
        self._compression = compression
        self._limits = limits
        self._finished_bytes = 0
        self._raw: Stream | None = None
        self._size = 0

    @property
    def bytes_read(self) -> int:
        return self._finished_bytes + (min(self._raw.tell(), self._size) if self._raw is not None else 0)

    def files(self, first: int = 0) -> Generator[OpenedFile]:
        """Each file, opened in turn, from index `first` on; archives count one for each file in them.

        Raises NoSuchFile where archives are all there is and none holds a data file.
        """
        index = 0
        alone = len(self._listing.files) == 1
        for listed in self._listing.files:
            with ExitStack() as stack:
                self._raw = raw = stack.enter_context(io.BufferedReader(io.FileIO(listed.path), CHUNK_BYTES))
                self._size = listed.size
                stream = unpacked(raw, listed.name, self._compression, self._limits)
                if _is_tar(stream):
                    prefix = "" if alone else plain_name(listed.name) + "/"
                    for opened in self._members(stream, listed, prefix, index, first):
                        index += 1
                        if opened is not None:
                            yield opened
                else:
                    if index >= first:
                        on_disk = listed.path if stream is raw else None
                        yield OpenedFile(index, listed.name, stream, on_disk, self._limits, alone=alone)
                    index += 1
                self._finished_bytes += listed.size
                self._raw = None
        if index == 0:
            raise NoSuchFile(
                self._listing.files[0].name,
                "The archive holds no data files.",
                f"Data files end in {', '.join(ENDINGS)}.",
            )

    def _members(
        self, stream: Stream, listed: ListedFile, prefix: str, index: int, first: int
    ) -> Iterator[OpenedFile | None]:
        """The data files of an archive, in its order; None for each one before `first`."""
        gate = _Gate(stream, listed.name, self._limits)
        try:
            with tarfile.open(fileobj=cast("IO[bytes]", gate), mode="r|") as archive:
                for member in archive:
                    gate.allow(member.size)
                    name = member.name.removeprefix("./")
                    if not member.isreg() or member.issparse() or not _is_data(name):
                        continue
                    if index >= self._limits.files:
                        found = f"There are more than {self._limits.files:,} files."
                        raise FileTooLarge(listed.name, found, "Import them in several runs.")
                    if index < first:
                        index += 1
                        yield None
                        continue
                    inner = archive.extractfile(member)
                    assert inner is not None, "a regular file has content"
                    packed = io.BufferedReader(cast("io.RawIOBase", inner), CHUNK_BYTES)
                    content = unpacked(packed, prefix + name, "auto", self._limits)
                    yield OpenedFile(index, prefix + name, content, None, self._limits, alone=False)
                    index += 1
        except tarfile.TarError:
            raise FileDamaged(
                listed.name, "The archive is broken or cut short.", "Fetch or pack it again."
            ) from None


@contextmanager
def first_file(path: str | Path, compression: str, limits: Limits = LIMITS) -> Iterator[OpenedFile]:
    """The first file behind `path`, open while the context lasts. Raises NoSuchFile where there is none."""
    files = Reading(list_files(path), compression, limits).files()
    try:
        yield next(files)
    finally:
        files.close()


class _Gate:
    """What an archive may read: each file's size as announced, and a little for headers, which it keeps in memory."""

    def __init__(self, stream: Stream, name: str, limits: Limits) -> None:
        self._stream = stream
        self._name = name
        self._spare = limits.archive_header_bytes
        self._left = limits.archive_header_bytes

    def allow(self, size: int) -> None:
        self._left = size + self._spare

    def read(self, size: int) -> bytes:
        self._left -= size
        if self._left < 0:
            raise FileTooLarge(
                self._name, "A header of the archive is far too large.", "Pack the files again."
            )
        return self._stream.read(size)


def _is_tar(stream: Stream) -> bool:
    return stream.peek(262)[257:262] == b"ustar"


def check_is_text(opened: OpenedFile, said: str) -> None:
    """Raise WrongFormat where a file declared to be text begins as a workbook or Parquet does."""
    start = opened.stream.peek(4)[:4]
    for magic, kind, format_ in (
        (b"PK\x03\x04", "a workbook or zip archive", "xlsx"),
        (b"PAR1", "Parquet", "parquet"),
    ):
        if start == magic:
            found = f"The file is {kind}, not {said}."
            raise WrongFormat(opened.name, found, f"Set format: {format_}, or send the file as {said}.")
