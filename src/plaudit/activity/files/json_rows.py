"""Rows of JSON files: one object a line, or an array of objects, streamed either way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeAlias

from plaudit.activity.files.json_array import array_elements
from plaudit.activity.files.limits import CHUNK_BYTES, Limits
from plaudit.activity.files.mapping import FileForm
from plaudit.activity.files.records import RowError
from plaudit.activity.files.refusals import FileEmpty
from plaudit.activity.files.sources import OpenedFile, check_is_text
from plaudit.activity.files.tables import Chunk
from plaudit.activity.files.text import UNDECODABLE, LineProblem, Lines, Texts, settle_encoding
from plaudit.activity.strict_json import JsonProblem, decode_strictly

PEEK = 200

# Where a row stands, what is wrong with it (repair and sentence), and the row.
Item: TypeAlias = tuple[int, tuple[str, str] | None, Any]


class JsonTable:
    """A file of JSON objects. Row numbers are lines, or in an array the number of the element, from 1."""

    keyed = True
    native = True
    repaired = False

    def __init__(self, opened: OpenedFile, form: FileForm, limits: Limits) -> None:
        check_is_text(opened, "JSON")
        self._name = opened.name
        self._limits = limits
        encoding = settle_encoding(opened, form.encoding)
        start = opened.stream.peek(CHUNK_BYTES)[:CHUNK_BYTES].decode(encoding, "replace").lstrip()[:1]
        if not start:
            raise FileEmpty(self._name, "The file is empty.", "Check that it was written in full.")
        if start == "[":
            self._items = self._of_array(Texts(opened, encoding))
        else:
            self._items = self._of_lines(Lines(opened, encoding, limits))
        # The first rows are read ahead: they say which columns there are.
        self._ahead = list(islice(self._items, PEEK))
        self.columns = tuple(dict.fromkeys(name for item in self._ahead if item[2] for name in item[2]))

    def close(self) -> None:
        """Nothing is held but the stream, which its owner closes."""

    def chunks(self, size: int, skip: int = 0) -> Iterator[Chunk]:
        """The objects in order. One that cannot be read ends its chunk, as the chunk's error."""
        number = 0
        chunk = Chunk(1)
        for place, problem, value in self._all():
            number += 1
            if number <= skip:
                chunk = Chunk(number + 1)
                continue
            if problem is None:
                chunk.rows.append(value)
                chunk.places.append(place)
            else:
                repair, sentence = problem
                chunk.errors.append(RowError(self._name, place, number, "", repair, sentence, (), None))
            if len(chunk.rows) >= size or problem is not None:
                yield chunk
                chunk = Chunk(number + 1)
        if chunk.rows:
            yield chunk

    def _all(self) -> Iterator[Item]:
        yield from self._ahead
        yield from self._items

    def _of_lines(self, lines: Lines) -> Iterator[Item]:
        lines.watched = None
        row = 0
        more = True
        while more:
            try:
                for line in lines:
                    row += 1
                    if line.strip():
                        yield self._one_line(row, line, lines)
                more = False
            except LineProblem as fault:
                row = fault.row
                yield row, (fault.repair, fault.sentence), None

    def _one_line(self, place: int, line: str, lines: Lines) -> Item:
        if lines.suspect and UNDECODABLE.search(line):
            said = "The line holds a byte that is not text in the file's encoding. Write it anew."
            return place, ("text_undecodable", said), None
        try:
            value = decode_strictly(line.encode("utf-8", "surrogatepass"))
        except JsonProblem as problem:
            return place, (_repair(problem), problem.sentence), None
        if value.__class__ is not dict:
            return place, ("not_an_object", "The line is not a JSON object. Write one object a line."), None
        return place, None, value

    def _of_array(self, texts: Texts) -> Iterator[Item]:
        for place, value in enumerate(array_elements(self._name, texts, self._limits), 1):
            if isinstance(value, JsonProblem):
                yield place, (_repair(value), value.sentence), None
            elif value.__class__ is not dict:
                yield place, ("not_an_object", "The element is not a JSON object."), None
            else:
                yield place, None, value


def _repair(problem: JsonProblem) -> str:
    return "json_unreadable" if problem.code == "malformed" else problem.code
