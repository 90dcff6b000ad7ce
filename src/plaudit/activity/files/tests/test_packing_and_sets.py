"""Packed files, archives, folders and patterns as ordered sets; bombs and broken files refused in time."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest
import zstandard

from plaudit.activity.files import Limits, digest_of, load_mapping
from plaudit.activity.files.refusals import FileDamaged, FileTooLarge, NoSuchFile, WrongFormat
from plaudit.activity.files.sources import list_files
from plaudit.activity.files.tests.factories import (
    HEADER,
    SALES,
    amounts,
    ids,
    packed,
    read,
    sales,
    tar_of,
    write,
)

DAY = (HEADER + "7,2025-03-01,1\n").encode()
NEXT = (HEADER + "8,2025-03-02,2\n9,2025-03-02,3\n").encode()
DAILY = load_mapping(SALES.replace("dataset: sales", "identity: name"))


@pytest.mark.parametrize("how", ["gz", "zst"])
def test_a_packed_file_is_the_same_file(tmp_path: Path, how: str):
    plain = read(write(tmp_path, DAY, "day.csv"), DAILY)
    batch = read(write(tmp_path, packed(DAY, how), f"day.csv.{how}"), DAILY)

    assert batch.events == plain.events
    assert ids(batch.events) == ["day.csv:1"]
    assert batch.position.bytes_read == batch.position.bytes_total > 0


def test_packing_is_known_by_its_bytes_whatever_the_name(tmp_path: Path):
    assert amounts(read(write(tmp_path, packed(DAY, "zst"), "day.csv"), DAILY)) == ["1.00"]


def test_a_declared_packing_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(WrongFormat, match="not packed"):
        read(write(tmp_path, DAY), sales("compression: gzip"))


def test_several_gzip_members_and_zstd_frames_are_one_file(tmp_path: Path):
    rest = b"8,2025-03-02,2\n"
    for how in ("gz", "zst"):
        path = write(tmp_path, packed(DAY, how) + packed(rest, how), f"{how}.csv")
        assert amounts(read(path, DAILY)) == ["1.00", "2.00"]


@pytest.mark.parametrize("how", ["gz", "zst"])
def test_a_packed_file_cut_short_is_refused_after_what_was_whole(tmp_path: Path, how: str):
    rows = HEADER + "".join(f"{number},2025-03-01,{number * 7919 % 10_007}\n" for number in range(60_000))
    whole = packed(rows.encode(), how)

    with pytest.raises(FileDamaged, match="cut short"):
        read(write(tmp_path, whole[: len(whole) // 2], f"cut.csv.{how}"), DAILY)


@pytest.mark.parametrize("how", ["gz", "zst"])
def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path, how: str):
    block = b"7,2025-03-01,1\n" * 100_000
    if how == "gz":
        bomb = gzip.compress(HEADER.encode()) + gzip.compress(block * 20)
    else:
        bomb = zstandard.ZstdCompressor().compress(HEADER.encode() + block * 20)
    path = write(tmp_path, bomb, "bomb.csv")
    tracemalloc.start()
    with pytest.raises(FileTooLarge, match="times its size"):
        read(path, DAILY, limits=Limits(expansion_free_bytes=1024**2, expansion_ratio=50))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 40 * 1024 * 1024


def test_an_absolute_bound_holds_for_any_ratio(tmp_path: Path):
    rows = HEADER + "".join(f"{number},2025-03-01,{number}\n" for number in range(50_000))

    with pytest.raises(FileTooLarge, match="unpacks to more than"):
        read(
            write(tmp_path, packed(rows.encode(), "gz")),
            DAILY,
            limits=Limits(expansion_free_bytes=1000, expanded_bytes=100_000),
        )


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "tar.zst"])
def test_an_archive_is_its_files_in_order(tmp_path: Path, ending: str):
    archive = tar_of(
        {"2025-03-01.csv": DAY, "2025-03-02.csv": NEXT, "README.md": b"not data", "._x.csv": b"no"}
    )
    content = archive if ending == "tar" else packed(archive, ending.rpartition(".")[2])
    batch = read(write(tmp_path, content, f"days.{ending}"), DAILY)

    assert ids(batch.events) == ["2025-03-01.csv:1", "2025-03-02.csv:1", "2025-03-02.csv:2"]


def test_a_folder_a_pattern_and_an_archive_give_the_same_events(tmp_path: Path):
    write(tmp_path / "days", DAY, "2025-03-01.csv")
    write(tmp_path / "days", packed(NEXT, "gz"), "2025-03-02.csv.gz")
    write(tmp_path / "days", "notes", "notes.md")
    archive = write(tmp_path, tar_of({"2025-03-01.csv": DAY, "2025-03-02.csv": NEXT}), "days.tar")

    folder = read(tmp_path / "days", DAILY).events
    assert folder == read(str(tmp_path / "days" / "2025-*"), DAILY).events == read(archive, DAILY).events
    assert list_files(tmp_path / "days").left_out == ("notes.md",)


def test_a_set_may_hold_files_of_several_forms(tmp_path: Path):
    write(tmp_path, DAY, "1.csv")
    write(tmp_path, '{"customer": "8", "date": "2025-03-02", "amount": 2}\n', "2.ndjson")
    write(tmp_path, "date;x;amount;customer\n".replace(";", ",") + "2025-03-03,-,3,9\n", "3.csv")
    write(tmp_path, '[{"amount": 4, "date": "2025-03-02", "customer": null}]', "4.json")

    assert [(event.subject, str(event.data["amount"])) for event in read(tmp_path, DAILY).events] == [
        ("7", "1.00"),
        ("8", "2.00"),
        ("9", "3.00"),
        (None, "4.00"),
    ]


def test_files_within_an_archive_may_be_packed(tmp_path: Path):
    archive = tar_of({"a.csv.gz": packed(DAY, "gz"), "b.csv.zst": packed(NEXT, "zst")})

    assert ids(read(write(tmp_path, archive, "x.tar"), DAILY).events) == ["a.csv:1", "b.csv:1", "b.csv:2"]


def test_an_empty_file_among_others_is_counted_and_stops_nothing(tmp_path: Path):
    write(tmp_path, DAY, "1.csv")
    write(tmp_path, "", "2.csv")
    write(tmp_path, NEXT, "3.csv")
    batch = read(tmp_path, DAILY)

    assert len(batch.events) == 3
    assert batch.noted["empty_file"] == 1


def test_rows_of_one_dataset_are_not_numbered_across_files(tmp_path: Path):
    write(tmp_path, DAY, "1.csv")
    write(tmp_path, NEXT, "2.csv")

    with pytest.raises(WrongFormat, match="several files") as refused:
        read(tmp_path, sales())
    assert "per: file" in refused.value.next_step()


def test_files_known_by_content_differ_where_their_content_does(tmp_path: Path):
    mapping = load_mapping(SALES.replace("dataset: sales", "identity: content"))
    first = ids(read(write(tmp_path, DAY, "export.csv"), mapping).events)
    again = ids(read(write(tmp_path, packed(DAY, "gz"), "copy.csv.gz"), mapping).events)
    other = ids(read(write(tmp_path, NEXT, "export.csv"), mapping).events)

    assert first == again
    assert not set(first) & set(other)


def test_an_archive_cut_short_is_refused(tmp_path: Path):
    with pytest.raises(FileDamaged, match="archive is broken"):
        read(write(tmp_path, tar_of({"a.csv": DAY * 50})[:700], "a.tar"), DAILY)


def test_an_archive_with_a_huge_header_is_refused(tmp_path: Path):
    bomb = bytearray(tar_of({"x" * 200 + ".csv": DAY}))
    # The size of the long name's header: 8 GB less one, in octal.
    bomb[124:136] = b"77777777777\0"
    bomb[148:156] = b"        "
    bomb[148:156] = f"{sum(bomb[:512]):06o}\0 ".encode()

    with pytest.raises((FileTooLarge, FileDamaged)):
        read(write(tmp_path, bytes(bomb) + b"\0" * 3_000_000, "a.tar"), DAILY)


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path):
    archive = tar_of({f"{number}.csv": DAY for number in range(20)})

    with pytest.raises(FileTooLarge, match="more than 10 files"):
        read(write(tmp_path, archive, "a.tar"), DAILY, limits=Limits(files=10))


def test_a_pattern_is_read_from_where_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path / "in" / "march", DAY, "1.csv")
    write(tmp_path / "in" / "april", NEXT, "2.csv")
    monkeypatch.chdir(tmp_path)

    assert ids(read("in/*/*.csv", DAILY).events) == ["april/2.csv:1", "april/2.csv:2", "march/1.csv:1"]


def test_nothing_there_is_said(tmp_path: Path):
    for path in (tmp_path / "no.csv", tmp_path, tmp_path / "*.csv"):
        with pytest.raises(NoSuchFile):
            read(path, DAILY)


def test_a_digest_knows_the_same_files_again(tmp_path: Path):
    path = write(tmp_path, DAY, "a.csv")
    first = digest_of(path)

    assert digest_of(path) == first
    assert digest_of(write(tmp_path, NEXT, "a.csv")) != first
