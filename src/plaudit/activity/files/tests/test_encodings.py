"""Text in any declared encoding, found out safely, and refused with the line where it cannot be."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from plaudit.activity.files.refusals import WrongEncoding
from plaudit.activity.files.tests.factories import HEADER, read, repairs, sales, write

ROW = "Zoë,2025-03-01,1\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "iso-8859-15"],
)
def test_a_declared_encoding_is_read(tmp_path: Path, encoding: str):
    batch = read(write(tmp_path, (HEADER + ROW).encode(encoding)), sales(f"encoding: {encoding}"))

    assert batch.events[0].subject == "Zoë"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_found_out(tmp_path: Path, encoding: str):
    assert read(write(tmp_path, (HEADER + ROW).encode(encoding)), sales()).events[0].subject == "Zoë"


def test_what_is_not_utf8_is_refused_with_its_line_and_the_likely_declaration(tmp_path: Path):
    with pytest.raises(WrongEncoding, match="row 3: Byte 0xEB is not UTF-8") as refused:
        read(write(tmp_path, (HEADER + "Al,2025-03-01,1\n" + ROW).encode("cp1252")), sales())

    assert "cp1252" in refused.value.next_step()
    assert "ë" in refused.value.next_step()


def test_utf16_without_its_mark_is_named(tmp_path: Path):
    with pytest.raises(WrongEncoding) as refused:
        read(write(tmp_path, (HEADER + ROW).encode("utf-16-be")), sales())

    assert "utf-16-be" in refused.value.next_step()


def test_a_mark_against_the_declaration_is_refused(tmp_path: Path):
    with pytest.raises(WrongEncoding, match="first bytes say utf-16"):
        read(write(tmp_path, (HEADER + ROW).encode("utf-16")), sales("encoding: cp1252"))


def test_utf32_is_refused(tmp_path: Path):
    with pytest.raises(WrongEncoding, match="UTF-32"):
        read(write(tmp_path, codecs.BOM_UTF32_LE + HEADER.encode("utf-32-le")), sales())


def test_a_bad_byte_far_into_the_file_costs_its_row(tmp_path: Path):
    good = "Al,2025-03-01,1\n" * 40_000
    content = (HEADER + good).encode() + b"Zo\xeb,2025-03-01,1\n" + b"Bo,2025-03-01,1\n"
    batch = read(write(tmp_path, content), sales())

    assert repairs(batch.errors) == [(40_002, "", "text_undecodable")]
    assert "byte 0xEB" in batch.errors[0].sentence
    assert len(batch.events) == 40_001
    assert batch.errors[0].content()["customer"].startswith("Zo")


def test_a_character_split_between_chunks_is_whole(tmp_path: Path):
    text = HEADER + "".join(f"{'é' * 50}{number},2025-03-01,1\n" for number in range(6_000))
    batch = read(write(tmp_path, text), sales())

    assert not batch.errors
    assert {event.subject for event in batch.events} == {f"{'é' * 50}{number}" for number in range(6_000)}
