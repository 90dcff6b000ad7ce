"""The doctor: every finding both ways, and a database looked at as it stands."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.last_done import note, noted
from plaudit.foundation.postgres import durability, outside
from plaudit.foundation.postgres.refusals import NotDurable
from plaudit.foundation.postgres.support import SUPPORT
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights import findings
from plaudit.insights import health as looking
from plaudit.ledger.actions.seal import seal
from plaudit.ledger.sealing import unsealed_since
from plaudit.ledger.tests.factories import earn, make_books
from plaudit.surfaces.cli.tests.calling import call

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
TODAY = NOW.date()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

WELL = {
    "room": findings.of_disk("home", "/srv", 2_000_000_000),
    "a supported server": findings.of_server("18.6", 180_006, TODAY),
    "a server that ends soon": findings.of_server("15.20", 150_020, date(2027, 11, 1)),
    "a server from the future": findings.of_server("23.0", 230_000, TODAY),
    "everything on": findings.of_durability([]),
    "clocks together": findings.of_clocks(-1.5),
    "an empty queue": findings.of_queue(0, 0),
    "a queue that moves": findings.of_queue(5_000, 599),
    "no job set aside": findings.of_jobs(0),
    "nothing unsealed": findings.of_seals([], NOW),
    "today unsealed": findings.of_seals([("harbour", NOW - DAY)], NOW),
    "nothing to back up": findings.of_backup(None, 0, NOW),
    "backed up last night": findings.of_backup(NOW - 24 * HOUR, 1, NOW),
    "nothing to prove": findings.of_checks(None, 0, 0, NOW),
    "proven last week": findings.of_checks(NOW - 7 * DAY, 0, 1, NOW),
}

ILL = {
    "no room": (findings.of_disk("home", "/srv", 900_000_000), "0.9 GB free", "make room"),
    "an old server": (findings.of_server("15.20", 150_020, date(2027, 11, 12)), "supported until 2027-11-11", "restore into"),
    "fsync off": (findings.of_durability(["fsync", "synchronous_commit"]), "fsync and synchronous_commit off", "switch it on"),
    "the database ahead": (findings.of_clocks(7), "7.0 s ahead", "time server"),
    "the database behind": (findings.of_clocks(-3_600), "3,600.0 s behind", "time server"),
    "a queue that stands": (findings.of_queue(1, 7_300), "1 wait, the oldest for 2 hours", "plaudit worker"),
    "a job set aside": (findings.of_jobs(2), "2 set aside", "plaudit job list"),
    "days unsealed": (
        findings.of_seals([("new", NOW - DAY), ("harbour", NOW - 3 * DAY), ("old", NOW - 9 * DAY)], NOW),
        "2 organisations wait, old since 2026-11-13",
        "start it",
    ),
    "no backup": (findings.of_backup(None, 1, NOW), "none was made", "plaudit backup"),
    "an old backup": (findings.of_backup(NOW - 50 * HOUR, 1, NOW), "made 2 days ago", "plaudit backup"),
    "never proven": (findings.of_checks(None, 0, 1, NOW), "never run", "verify --all"),
    "proven long ago": (findings.of_checks(NOW - 9 * DAY, 0, 1, NOW), "all held 9 days ago", "every week"),
    "broken last night": (findings.of_checks(NOW - HOUR, 2, 1, NOW), "2 were broken 60 minutes ago", "verify --all"),
}  # fmt: skip


@pytest.mark.parametrize("name", WELL)
def test_what_is_well_asks_for_nothing(name: str):
    finding = WELL[name]

    assert finding.well, finding


@pytest.mark.parametrize("name", ILL)
def test_what_is_not_says_so_and_what_to_do(name: str):
    finding, says, do = ILL[name]

    assert not finding.well
    assert says in finding.says
    assert do in finding.do


def test_a_server_that_ends_soon_is_said_to():
    assert "plan a later version" in WELL["a server that ends soon"].says
    assert "plan" not in WELL["a supported server"].says


def test_every_server_that_plaudit_takes_is_in_the_table():
    assert min(SUPPORT) == outside.MAJOR_MIN
    assert all(timedelta(days=1826) < ends - began < timedelta(days=1900) for began, ends in SUPPORT.values())


def test_everything_is_looked_at_without_an_error():
    found = {name: look() for name, look in looking.LOOKS.items()}

    assert [one.look_at for one in found.values()] == list(looking.LOOKS)
    assert found["durability"].well
    assert found["clocks"].well
    assert found["tables"].well
    assert found["server"].says.startswith("PostgreSQL ")


def test_the_command_tells_each_with_its_remedy_and_fails_where_one_is_ill():
    said = call("doctor", "--json")

    rows = {row["look_at"]: row for row in said.data}
    assert set(rows) >= {"program", "home", "database", *looking.LOOKS}
    assert said.code == (0 if all(row["well"] for row in rows.values()) else 8)
    assert all(row["do"] for row in rows.values() if not row["well"])


def test_it_says_what_there_is_where_nothing_is_set_up_and_no_server_answers(tmp_path: Path):
    told = subprocess.run(
        [sys.executable, "-m", "plaudit.surfaces.cli.main", "doctor", "--json"],
        env={"PLAUDIT_HOME": str(tmp_path), "PLAUDIT_DATABASE_URL": "host=/nowhere dbname=none"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 8, told.stderr
    assert {row["look_at"]: row["well"] for row in json.loads(told.stdout)} == {
        "program": True, "home": True, "database": False,
    }  # fmt: skip


def test_a_server_that_loses_what_it_confirmed_is_found_and_refused():
    durability.refuse_if_not_durable()
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = off")
        try:
            assert not looking.LOOKS["durability"]().well
            with pytest.raises(NotDurable, match="synchronous_commit switched off"):
                durability.refuse_if_not_durable()
        finally:
            cursor.execute("reset synchronous_commit")


@pytest.mark.parametrize("command", [["serve", "--no-worker"], ["worker"]])
def test_neither_serve_nor_worker_starts_on_such_a_server(command: list[str]):
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = off")
        try:
            said = call(*command)
        finally:
            cursor.execute("reset synchronous_commit")

    assert said.code == 7
    assert "would lose what it has confirmed" in said.talk


def test_what_no_seal_covers_is_known_by_its_oldest_transfer():
    here, member = make_books()
    with in_organisation(here):
        assert unsealed_since(here) is None
    before = clock.wall()
    earn(here, member, 5)
    with in_organisation(here):
        since = unsealed_since(here)
    assert since is not None
    assert before <= since <= clock.wall()
    seal(here, actor="usr_0")
    with in_organisation(here):
        assert unsealed_since(here) is None


def test_what_was_done_last_is_known_by_its_kind():
    note("tested", made_at=NOW, file="one")
    note("tested", made_at=NOW + HOUR, file="two")

    found = noted("tested")

    assert found is not None
    assert (found[0], found[1]["file"]) == (NOW + HOUR, "two")
    assert noted("never") is None
