"""The file of a backup: read back as it was written, and refused in a sentence wherever it is not."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from plaudit.foundation.backup.archive import (
    FORMAT,
    Manifest,
    Part,
    Reader,
    fingerprint,
    key_of,
    reading,
    writing,
)
from plaudit.foundation.backup.refusals import BackupExists, NotABackup

KEY = key_of("a key of thirty-two letters or more, for tests")
ROWS = {"books": b"1\tAda\n2\tBob\n" * 5_000, "empty": b""}


def write(
    path: Path, *, rows: dict[str, bytes] = ROWS, claimed: dict[str, bytes] | None = None, key: bytes = KEY
) -> Path:
    """A backup of these rows, whose manifest claims those, or the same, under the key of KEY's owner."""
    with writing(path, key) as writer:
        parts = {}
        for name, text in rows.items():
            length, digest = writer.add(name, [text[:7], memoryview(text)[7:]])
            parts[name] = Part(["id", "name"], text.count(b"\n"), length, digest)
        if claimed is not None:
            parts = {name: Part(["id", "name"], 1, len(text), "00") for name, text in claimed.items()}
        writer.finish(
            Manifest(
                format=FORMAT,
                made_at="2026-03-02T12:00:00+00:00",
                plaudit="1",
                postgresql="18",
                database="y",
                key=fingerprint(KEY),
                next_number=7,
                migrations=[("people", "0001_initial")],
                tables=parts,
                sequences={"people_user_id_seq": (3, True)},
                sealed={},
                totals=[],
            )
        )
    return path


def read(path: Path, key: bytes = KEY) -> dict[str, bytes]:
    with reading(path, key) as reader:
        return {name: b"".join(reader.blocks(name)) for name in reader.manifest.tables}


def check(path: Path) -> None:
    with reading(path, KEY) as reader:
        reader.check(lambda _table, _count: None)


def test_what_was_written_is_read(tmp_path):
    path = write(tmp_path / "one")

    assert read(path) == ROWS
    with reading(path, KEY) as reader:
        assert isinstance(reader, Reader)
        assert reader.signed
        assert reader.manifest.sequences == {"people_user_id_seq": (3, True)}
    assert path.stat().st_size < 2_000, "it is compressed"


def test_a_backup_that_is_never_finished_leaves_nothing(tmp_path):
    class Stopped(Exception):
        pass

    def stop_half_way() -> None:
        with writing(tmp_path / "one", KEY) as writer:
            writer.add("books", [b"1\n"])
            raise Stopped

    with pytest.raises(Stopped):
        stop_half_way()

    assert list(tmp_path.iterdir()) == []


def test_a_backup_never_replaces_another(tmp_path):
    path = write(tmp_path / "one")
    before = path.read_bytes()

    with pytest.raises(BackupExists, match="never replaces another"):
        write(path, rows={})

    assert path.read_bytes() == before


def test_cut_anywhere_it_is_refused(tmp_path):
    whole = write(tmp_path / "one").read_bytes()
    for length in range(0, len(whole), 7):
        cut = tmp_path / "cut"
        cut.write_bytes(whole[:length])
        with pytest.raises(NotABackup, match="is not a whole backup"):
            check(cut)


def test_with_any_byte_changed_it_is_refused_or_reads_the_same(tmp_path):
    """Zip keeps some facts twice, and a moment that nobody reads: a change in those is none in the rows."""
    whole = bytearray(write(tmp_path / "one").read_bytes())
    refused = 0
    for place in range(len(whole)):
        whole[place] ^= 1
        altered = tmp_path / "altered"
        altered.write_bytes(whole)
        whole[place] ^= 1
        try:
            assert read(altered) == ROWS
        except NotABackup:
            refused += 1
    assert refused > len(whole) * 0.8


def test_rows_that_are_not_those_listed_are_refused(tmp_path):
    path = write(tmp_path / "one", claimed={"books": ROWS["books"]})

    with pytest.raises(NotABackup, match="the rows of books are not those that were written"):
        check(path)


def test_rows_are_read_no_further_than_listed(tmp_path):
    path = write(tmp_path / "one", rows={"books": bytes(50_000_000)}, claimed={"books": b"short"})
    read_so_far: list[int] = []

    with pytest.raises(NotABackup), reading(path, KEY) as reader:
        read_so_far.extend(len(block) for block in reader.blocks("books"))

    assert sum(read_so_far) <= 1 << 20


def test_listed_anew_without_the_key_it_is_refused(tmp_path):
    path = write(tmp_path / "one", key=key_of("somebody else's"))

    with pytest.raises(NotABackup, match="sealed anew without the key"):
        check(path)


def test_made_under_another_key_it_says_so(tmp_path):
    with reading(write(tmp_path / "one"), key_of("somebody else's")) as reader:
        assert not reader.signed


def test_a_list_of_contents_that_does_not_fit_its_seal_is_refused(tmp_path):
    path = write(tmp_path / "one")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "two", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"next_number":7', b'"next_number":8'))

    with pytest.raises(NotABackup, match="its list of contents was altered"):
        check(tmp_path / "two")


@pytest.mark.parametrize("text", [b"", b"PK", b"not an archive at all\n" * 50])
def test_something_else_is_refused(tmp_path, text):
    (tmp_path / "else").write_bytes(text)

    with pytest.raises(NotABackup):
        check(tmp_path / "else")
