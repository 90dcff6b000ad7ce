"""Reading under a mapping: identities, batches that can be taken up anywhere, and honest counts."""

from __future__ import annotations

import itertools
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaudit.activity.files import Batch, Position, load_mapping, read_events
from plaudit.activity.files.refusals import FileChanged
from plaudit.activity.files.tests.factories import (
    HEADER,
    SALES,
    ids,
    packed,
    read,
    repairs,
    sales,
    tar_of,
    write,
)

MANY = HEADER + "".join(
    f"{number},2025-03-01,{'oops' if number % 7 == 0 else number}\n" if number % 11 else f"{number},2025\n"
    for number in range(1, 400)
)


def everything(batches: list[Batch]) -> tuple[object, ...]:
    events = [event for batch in batches for event in batch.events]
    errors = [error for batch in batches for error in batch.errors]
    counts: dict[str, int] = {}
    for batch in batches:
        for name, count in (batch.skipped + batch.noted).items():
            counts[name] = counts.get(name, 0) + count
    return events, errors, counts


@pytest.mark.parametrize("size", [1, 7, 100, 1_000])
def test_a_reading_taken_up_after_any_batch_continues_exactly_there(tmp_path: Path, size: int):
    path = write(tmp_path, MANY)
    whole = list(read_events(path, sales(), size=size))
    assert whole[-1].position.finished

    for stop in range(0, len(whole), max(1, len(whole) // 12)):
        kept = msgspec.json.encode(whole[stop].position)
        rest = list(read_events(path, sales(), msgspec.json.decode(kept, type=Position), size=size))
        assert everything(whole[: stop + 1] + rest) == everything(whole)


def test_a_finished_reading_has_nothing_more(tmp_path: Path):
    path = write(tmp_path, MANY)
    last = list(read_events(path, sales()))[-1].position

    assert list(read_events(path, sales(), last)) == []


@pytest.mark.parametrize("how", ["folder", "tar"])
def test_a_reading_of_a_set_can_be_taken_up_in_any_file(tmp_path: Path, how: str):
    mapping = load_mapping(SALES.replace("dataset: sales", "identity: name"))
    days = {
        f"{day:02}.csv": (HEADER + "".join(f"{n},2025-03-{day:02},{n}\n" for n in range(day))).encode()
        for day in range(1, 20)
    }
    if how == "tar":
        path = write(tmp_path, packed(tar_of(days), "zst"), "days.tar.zst")
    else:
        path = tmp_path / "days"
        for name, content in days.items():
            write(path, content, name)
    whole = list(read_events(path, mapping, size=20))

    for stop, batch in enumerate(whole):
        rest = list(read_events(path, mapping, batch.position, size=20))
        assert everything(whole[: stop + 1] + rest) == everything(whole)


def test_progress_only_grows_and_ends_at_the_whole(tmp_path: Path):
    path = write(tmp_path, packed(MANY.encode() * 20, "gz"), "m.csv.gz")
    positions = [batch.position for batch in read_events(path, sales(), size=50)]

    for before, after in itertools.pairwise(positions):
        assert before.bytes_read <= after.bytes_read <= after.bytes_total
        assert before.rows <= after.rows
    assert positions[-1].bytes_read == positions[-1].bytes_total == path.stat().st_size


def test_a_file_that_took_the_place_of_another_is_refused(tmp_path: Path):
    mapping = load_mapping(SALES.replace("dataset: sales", "identity: name"))
    for name in ("a.csv", "b.csv"):
        write(tmp_path, MANY, name)
    position = next(
        batch.position for batch in read_events(tmp_path, mapping, size=300) if batch.position.file == 1
    )
    (tmp_path / "b.csv").rename(tmp_path / "c.csv")

    with pytest.raises(FileChanged, match=r"stopped in b\.csv"):
        list(read_events(tmp_path, mapping, position))


def test_true_repeats_are_different_events_and_reading_again_gives_the_same_ids(tmp_path: Path):
    path = write(tmp_path, HEADER + "7,2025-03-01,1\n" * 3)
    first = read(path, sales()).events

    assert ids(first) == ["sales:1", "sales:2", "sales:3"]
    assert read(path, sales()).events == first


def test_a_bad_row_moves_no_number(tmp_path: Path):
    bad = read(write(tmp_path, HEADER + "7,2025-03-01,x\n8,2025-03-01,1\n"), sales())
    good = read(write(tmp_path, HEADER + "7,2025-03-01,5\n8,2025-03-01,1\n"), sales())

    assert ids(bad.events) == ids(good.events)[1:]


KEYED = SALES.replace("{row_number: true, dataset: sales}", "{columns: [shop, number]}")


def test_ids_from_several_columns_never_meet(tmp_path: Path):
    head = "shop,number,customer,date,amount\n"
    rows = "a/b,c,7,2025-03-01,1\na,b/c,7,2025-03-01,1\na%2Fb,c,7,2025-03-01,1\n"
    events = read(write(tmp_path, head + rows), load_mapping(KEYED)).events

    assert len(set(ids(events))) == 3


@given(
    st.lists(st.tuples(st.text("a/%2F", min_size=1), st.text("a/%2F", min_size=1)), unique=True, max_size=20)
)
def test_different_keys_give_different_ids(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
):
    head = "shop,number,customer,date,amount\n"
    rows = "".join(f"{shop},{number},7,2025-03-01,1\n" for shop, number in pairs)
    events = read(write(tmp_path_factory.mktemp("keys"), head + rows), load_mapping(KEYED)).events

    assert len(set(ids(events))) == len(pairs)


def test_an_empty_or_endless_key_is_refused(tmp_path: Path):
    head = "shop,number,customer,date,amount\n"
    batch = read(
        write(tmp_path, f"{head}a,,7,2025-03-01,1\n{'a' * 300},1,7,2025-03-01,1\n"), load_mapping(KEYED)
    )

    assert repairs(batch.errors) == [(2, "key", "key_missing"), (3, "key", "key_too_long")]


@pytest.mark.parametrize(
    "empty, events, errors, counted",
    [("keep", 2, 0, "noted"), ("skip", 1, 0, "skipped"), ("refuse", 1, 1, None)],
)
def test_a_row_without_a_member_is_kept_skipped_or_refused_as_declared(
    tmp_path: Path, empty: str, events: int, errors: int, counted: str | None
):
    path = write(tmp_path, HEADER + "7,2025-03-01,1\n ,2025-03-01,2\n")
    batch = read(path, load_mapping(SALES.replace("empty: keep", f"empty: {empty}")))

    assert (len(batch.events), len(batch.errors)) == (events, errors)
    if counted:
        assert getattr(batch, counted) == {"no_member": 1}
    else:
        assert repairs(batch.errors) == [(3, "subject", "subject_missing")]


def test_rows_left_out_are_counted_by_reason_and_null_decides_nothing(tmp_path: Path):
    mapping = sales(
        extra="""
only_when: {not_spring: "date like '2025-03%'"}
skip_when: {free: "number(amount) = 0", test: "customer in ('test', 'demo')"}
count_when: {large: "number(amount) > 100"}
"""
    )
    rows = "7,2025-03-01,1\n7,2025-04-01,1\n7,2025-03-01,0\ntest,2025-03-01,500\n8,2025-03-01,500\n,2025-03-01,2\n"
    batch = read(write(tmp_path, HEADER + rows), mapping)

    assert ids(batch.events) == ["sales:1", "sales:5", "sales:6"]
    assert batch.skipped == {"not_spring": 1, "free": 1, "test": 1}
    assert batch.noted == {"large": 1, "no_member": 1}


def test_a_row_at_fault_counts_as_an_error_and_as_nothing_else(tmp_path: Path):
    mapping = sales(extra="count_when: {seen: customer is null}")
    batch = read(write(tmp_path, HEADER + ",2025-03-01,oops\n"), mapping)

    assert len(batch.errors) == 1
    assert not batch.noted


def test_placeholders_become_empty_and_each_is_counted(tmp_path: Path):
    mapping = load_mapping("""
mapping: 1
record: member
source: coffee
subject: {column: id}
member: {kind: customer, name: {column: name}}
fields:
  age: {column: age, as: integer, missing: [118]}
  since: {column: since, as: date, format: "%Y%m%d"}
""")
    text = "id,name,age,since\na,Ann,118,20170212\nb,,33,20170212\nc,Cy,118,20170213\n,No,1,20170213\n"
    path = write(tmp_path, text)
    batch = read(path, mapping)

    assert repairs(batch.errors) == [(5, "subject", "subject_missing")]
    assert [(member.external_id, member.name, member.attributes["age"]) for member in batch.members] == [
        ("a", "Ann", None),
        ("b", None, 33),
        ("c", "Cy", None),
    ]
    assert batch.members[0].attributes["since"] == "2017-02-12"
    assert batch.noted == {"placeholder:age": 2}


def test_a_type_may_be_chosen_by_row_and_an_event_may_correct_another(tmp_path: Path):
    text = SALES.replace(
        "type: purchase", "type: {expression: \"case when kind = 'R' then 'refund' else 'purchase' end\"}"
    ).replace("{row_number: true, dataset: sales}", "{columns: [id]}")
    mapping = load_mapping(text + "corrects: {column: of}\n")
    rows = "id,kind,of,customer,date,amount\n1,S,,7,2025-03-01,10\n2,R,1,7,2025-03-02,-10\n"
    events = read(write(tmp_path, rows), mapping).events

    assert [(event.type, event.corrects) for event in events] == [("purchase", None), ("refund", "1")]


def test_formula_cells_are_kept_as_text_and_counted(tmp_path: Path):
    mapping = sales(extra="count_when: {}\n")
    path = write(tmp_path, HEADER + '"=HYPERLINK(""http://x"")",2025-03-01,1\n-5,2025-03-01,1\n')
    batch = read(path, mapping)

    assert [event.subject for event in batch.events] == ['=HYPERLINK("http://x")', "-5"]
    assert batch.noted == {"formula_text": 1}


def test_an_event_refused_later_is_reported_with_its_row(tmp_path: Path):
    batch = next(iter(read_events(write(tmp_path, HEADER + "\n7,2025-03-01,1\n8,2025-03-01,2\n"), sales())))
    error = batch.refuse(1, field="subject", repair="member_unknown", sentence="Nobody has this id.")

    assert (error.file, error.row, error.number, error.key) == ("sales.csv", 4, 2, "sales:2")
    assert error.content() == {"customer": "8", "date": "2025-03-01", "amount": "2"}
