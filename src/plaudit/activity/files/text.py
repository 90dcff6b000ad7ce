"""Text out of bytes: the encoding settled from the first bytes, lines bounded in length, bad bytes kept apart."""

from __future__ import annotations

import codecs
import io
import re
from collections import deque
from collections.abc import Iterator, Sized

from plaudit.activity.files.limits import CHUNK_BYTES, Limits
from plaudit.activity.files.refusals import FileRefusal, WrongEncoding
from plaudit.activity.files.sources import OpenedFile

# The marks left by bytes that could not be decoded.
UNDECODABLE = re.compile("[\udc80-\udcff\ufffd]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def settle_encoding(opened: OpenedFile, declared: str) -> str:
    """The encoding to read a file in.

    A byte order mark decides; else what is declared; else UTF-8, and never a guess: where the first bytes
    are not UTF-8 the file is refused with the line, and the likely declaration is named.
    """
    start = opened.stream.peek(CHUNK_BYTES)[:CHUNK_BYTES]
    marked = next((encoding for mark, encoding in _BOMS if start.startswith(mark)), None)
    if marked == "utf-32":
        raise WrongEncoding(opened.name, "The file is UTF-32.", "Save it as UTF-8.")
    if marked is not None:
        family = marked[:6].rstrip("-")
        if declared != "auto" and not declared.startswith(family):
            found = f"The file's first bytes say {family}; the mapping says encoding: {declared}."
            raise WrongEncoding(opened.name, found, "Say auto.")
        return marked
    encoding = "utf-8-sig" if declared in ("auto", "utf-8") else declared
    if "16" not in encoding and start[:512].count(b"\0") * 3 > len(start[:512]):
        likely = "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
        raise WrongEncoding(
            opened.name, "Every second byte is zero.", f"The file is probably {likely}: declare it."
        )
    try:
        codecs.getincrementaldecoder(encoding)().decode(start)
    except UnicodeDecodeError as error:
        raise _undecodable(opened.name, start, error, declared) from None
    except UnicodeError:
        found = "The file has no byte order mark, so that its byte order cannot be known."
        raise WrongEncoding(opened.name, found, "Say encoding: utf-16-le or utf-16-be.") from None
    return encoding


def _undecodable(name: str, start: bytes, error: UnicodeDecodeError, declared: str) -> FileRefusal:
    byte = start[error.start]
    line = start.count(b"\n", 0, error.start) + 1
    said = "UTF-8" if declared in ("auto", "utf-8", "utf-8-sig") else declared
    try:
        sign = bytes([byte]).decode("cp1252")
        hint = f"In cp1252, as Windows programs write it, the byte is “{sign}”: if that is right, say encoding: cp1252."
    except UnicodeDecodeError:
        hint = "Save the file as UTF-8, or declare its encoding."
    return WrongEncoding(name, f"Byte 0x{byte:02X} is not {said}.", hint, row=line)


class LineProblem(Exception):
    """A line that cannot be given out; reading goes on after it. `row` is its number, 0 for the row being read."""

    def __init__(self, row: int, repair: str, sentence: str) -> None:
        super().__init__(sentence)
        self.row = row
        self.repair = repair
        self.sentence = sentence


class Texts:
    """The decoded chunks of a file. `suspect` becomes true for good once undecodable bytes or NUL were met."""

    def __init__(self, opened: OpenedFile, encoding: str) -> None:
        self._stream = opened.stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._lossy = "replace" if "16" in encoding else "surrogateescape"
        self.suspect = False

    def next_text(self) -> tuple[str, bool]:
        """The next text and whether it is the last; it may be empty."""
        data = self._stream.read1(CHUNK_BYTES)
        try:
            text = self._decoder.decode(data, not data)
        except UnicodeDecodeError:
            self._decoder.errors = self._lossy
            self.suspect = True
            text = self._decoder.decode(data, not data)
        if "\0" in text:
            self.suspect = True
        return text, not data


class Lines:
    """The lines of a text, with their ends, as they are asked for.

    Only where `suspect` is true need rows be searched for bad bytes and NUL. Iteration raises LineProblem
    for a line beyond the limit and can be taken up again after it. `put_back` gives lines out once more.
    """

    def __init__(self, opened: OpenedFile, encoding: str, limits: Limits) -> None:
        self._texts = Texts(opened, encoding)
        self._limits = limits
        self._pending = ""
        self._ended = False
        self._skipping = False
        self._current: Iterator[str] = iter(())
        self._recent: deque[tuple[int, list[str]]] = deque(maxlen=limits.record_bytes // CHUNK_BYTES + 2)
        self.loaded = 0
        self.suspect = False
        # The rows made of these lines so far, where someone makes rows of several lines.
        self.watched: Sized | None = ()
        self._watched_length = 0
        self._idle_chunks = 0

    def __iter__(self) -> Iterator[str]:
        while True:
            yield from self._current
            if self._ended:
                return
            self._current = self._load()
            self._check_progress()

    def _load(self) -> Iterator[str]:
        """The complete lines of the next chunk; the incomplete last one waits for the chunk after."""
        text, self._ended = self._texts.next_text()
        self.suspect = self._texts.suspect
        lines = io.StringIO(self._pending + text, newline="").readlines()
        self._pending = ""
        # A line that ends in a lone CR may still get its LF from the next chunk.
        if lines and not self._ended and not lines[-1].endswith("\n"):
            self._pending = lines.pop()
        if self._skipping:
            self._skipping = not lines
            self._pending = self._pending if lines else ""
            del lines[:1]
        first = self.loaded + 1
        self.loaded += len(lines)
        self._recent.append((first, lines))
        if len(self._pending) > self._limits.line_characters:
            # Its characters so far are let go, and its rest is passed over as it comes.
            self._pending = ""
            self._skipping = True
            self.loaded += 1
            return _then_raise(lines, self._problem(self.loaded))
        return iter(lines)

    def _check_progress(self) -> None:
        """Raise LineProblem where chunk after chunk has not made one row: a quote is not closed."""
        if self._skipping:
            return
        length = -1 if self.watched is None else len(self.watched)
        self._idle_chunks = self._idle_chunks + 1 if length == self._watched_length else 0
        self._watched_length = length
        if length >= 0 and self._idle_chunks * CHUNK_BYTES > self._limits.record_bytes:
            self._idle_chunks = 0
            raise LineProblem(0, "quote_not_closed", "The row goes on for more than a row may.")

    def _problem(self, row: int) -> LineProblem:
        most = self._limits.line_characters
        sentence = (
            f"The line is longer than {most:,} characters. Check that the file's lines end as they should."
        )
        return LineProblem(row, "line_too_long", sentence)

    def between(self, first: int, last: int) -> list[str]:
        """The lines numbered `first` to `last` as they were given out, or none where too long ago."""
        found = [
            line
            for start, lines in self._recent
            if start <= last and start + len(lines) > first
            for number, line in enumerate(lines, start)
            if first <= number <= last
        ]
        return found if len(found) == last - first + 1 else []

    def put_back(self, lines: list[str]) -> None:
        """Give these lines out again before anything else."""
        rest = self._current
        self._current = _chained(lines, rest)


def _then_raise(lines: list[str], problem: LineProblem) -> Iterator[str]:
    yield from lines
    raise problem


def _chained(lines: list[str], rest: Iterator[str]) -> Iterator[str]:
    yield from lines
    yield from rest
