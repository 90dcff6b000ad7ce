"""Backups: what is restored is what was backed up, on any server; what is cut, altered or in the way is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from plaudit.foundation.postgres.tests.landlord import Landlord, a_landlord, machines_own
from plaudit.surfaces.cli.tests.backup_rewriting import rewritten

KEY = "a key of thirty-two letters or more, for tests"
_SERVERS = {"ours": None, **{path.parent.name: path for path in machines_own()}}


@dataclass(frozen=True)
class House:
    """One database with a home of its own, and the processes that work in it."""

    landlord: Landlord
    database: str
    home: Path
    key: str = KEY

    @property
    def url(self) -> str:
        return self.landlord.url("tenant", self.database)

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`plaudit` with these arguments."""
        return self._run("plaudit.surfaces.cli.main", *arguments)

    def tell(self, part: str, *facts: str) -> dict[str, Any]:
        """One part of the story."""
        done = self._run("plaudit.surfaces.cli.tests.backup_story", part, *facts)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def back_up(self, name: str = "one.backup") -> Path:
        """A new backup in this home."""
        done = self.call("backup", str(self.home / name))
        assert done.returncode == 0, done.stderr
        return self.home / name

    def restore(self, file: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """Restored, or refused."""
        return self.call("--json", "restore", str(file), *options)

    def is_empty(self) -> bool:
        """Whether there is no table in it, or no database."""
        try:
            with psycopg.connect(self.url) as connection:
                row = connection.execute("select to_regclass('public.people_organisation')").fetchone()
        except psycopg.OperationalError:
            return True
        return row == (None,)

    def _run(self, *module: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PLAUDIT_")}
        environment |= {
            "PLAUDIT_DATABASE_URL": self.url,
            "PLAUDIT_HOME": str(self.home),
            "PLAUDIT_SECRET_KEY": self.key,
        }
        command = [sys.executable, "-m", *module]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@contextmanager
def rented(programs: Path | None) -> Iterator[Landlord]:
    """A server on which Plaudit is a plain tenant: it owns its databases, and row security binds it."""
    with a_landlord(programs, fsync="on") as landlord:  # a restored database is proven, and this is among it
        landlord.order("create role tenant login createrole createdb")
        yield landlord


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Landlord]]:
    """The server that most of these tests share."""
    with rented(None) as ours:
        yield {"ours": ours}


@pytest.fixture(scope="module")
def filled(
    servers: dict[str, Landlord], tmp_path_factory: pytest.TempPathFactory
) -> tuple[House, dict[str, Any], Path]:
    """A house with a story, what is known of it, and its backup. Nothing happens in it afterwards."""
    house = House(servers["ours"], "filled", tmp_path_factory.mktemp("filled"))
    assert house.call("migrate").returncode == 0
    story = house.tell("fill")
    return house, story, house.back_up()


@pytest.fixture
def house(servers: dict[str, Landlord], tmp_path: Path) -> House:
    """An empty one on the same server."""
    return House(servers["ours"], f"house_{uuid4().hex[:8]}", tmp_path)


def copy_of(filled: House, there: House) -> House:
    """The same story in a database of its own."""
    there.landlord.order(f"create database {there.database} owner tenant template {filled.database}")
    return there


@pytest.mark.at_length
@pytest.mark.parametrize("programs", _SERVERS.values(), ids=_SERVERS)
def test_what_is_restored_on_another_server_is_what_was_backed_up_and_readers_go_on(
    filled, programs, tmp_path
):
    _, story, file = filled

    with rented(programs) as other:  # it counts its transactions from its own beginning
        there = House(other, "plaudit", tmp_path)
        done = there.restore(file)
        assert done.returncode == 0, done.stderr
        seen = there.tell("look", story["cursor"])
        there.tell("happen", "restored")
        later, everything = there.tell("look", story["cursor"]), there.tell("look")

    said = json.loads(done.stdout)
    assert seen["totals"] == story["totals"] == said["organisations"]
    assert len(seen["totals"][0]["seals"]) == 1
    assert seen["totals"][0]["balances"]["points"] == {"available": 147, "pending": 0, "held": 50}
    assert seen["codes"] == ["AAA-1", "BBB-2", "CCC-3"]
    assert said["checks"] > 20
    assert seen["told"] == [], "the reader had it all"
    assert later["types"] == ["points.adjusted"]
    assert everything["told"] == story["told"] + later["told"], "in the same order, under the same ids"


@pytest.mark.at_length
def test_a_database_is_replaced_only_when_told_and_nothing_new_is_hidden_by_what_was_lost(filled, house):
    copy_of(filled[0], house)
    lost = house.tell("happen", "newer than the backup")

    refused = house.restore(filled[2])
    not_confirmed = house.restore(filled[2], "--replace")
    with psycopg.connect(house.url, application_name="a worker"):
        in_use = house.restore(filled[2], "--replace", "--yes")

    assert (refused.returncode, not_confirmed.returncode, in_use.returncode) == (5, 6, 5)
    assert "1 organisation (harbour-1)" in json.loads(refused.stderr)["detail"]
    assert "a worker (1)" in json.loads(in_use.stderr)["detail"]
    assert house.tell("look")["totals"] == lost["totals"]
    assert house.restore(filled[2], "--replace", "--yes").returncode == 0
    assert house.tell("look")["totals"] == filled[1]["totals"]
    house.tell("happen", "new")
    new = house.tell("look", lost["cursor"])
    assert new["types"] == ["points.adjusted"]
    assert not set(new["told"]) & set(lost["told"]), "the same line of the same wallet, and another message"


@pytest.mark.at_length
def test_what_does_not_come_to_the_same_is_not_put_in_place(filled, house):
    copy_of(filled[0], house)
    file = rewritten(filled[2], house.home / "richer.backup", key=KEY, rows=(b"\t77\t", b"\t78\t"))

    refused = house.restore(file, "--replace", "--yes")

    assert refused.returncode == 8
    assert "balances were" in json.loads(refused.stderr)["detail"]
    assert house.tell("look")["totals"] == filled[1]["totals"]


@pytest.mark.at_length
def test_a_backup_of_another_key_is_refused_unless_what_is_sealed_is_given_up(filled, house):
    stranger = replace(house, key="another key of thirty-two letters or more")

    refused = stranger.restore(filled[2])
    left_alone = stranger.is_empty()
    assert stranger.call("migrate").returncode == 0  # tables without an organisation are not in the way

    assert refused.returncode == 5
    assert "its 3 codes could not be opened" in json.loads(refused.stderr)["detail"]
    assert left_alone
    assert stranger.restore(filled[2], "--other-key").returncode == 0


@pytest.mark.at_length
@pytest.mark.parametrize("known_by", ["the replaced database", "the log alone"])
def test_who_was_erased_since_is_erased_again(filled, house, known_by):
    copy_of(filled[0], house)
    house.tell("erase")
    if known_by == "the log alone":
        house.landlord.order(f"drop database {house.database} with (force)")
    else:
        (house.home / "erasures.log").unlink()

    done = house.restore(filled[2], "--replace", "--yes")

    assert json.loads(done.stdout)["erased_again"] == [filled[1]["canary"]]
    assert house.tell("look")["names"] == ["", "Ada"]


@pytest.mark.at_length
def test_a_backup_that_was_cut_touches_nothing(filled, house):
    file = house.home / "cut.backup"
    file.write_bytes(filled[2].read_bytes()[:-1])

    refused = house.restore(file)

    assert refused.returncode == 4
    assert "is not a whole backup" in json.loads(refused.stderr)["detail"]
    assert house.is_empty()


@pytest.mark.at_length
def test_a_list_of_erasures_that_cannot_be_read_is_refused_line_by_line(filled, house):
    log = house.home / "elsewhere.log"
    log.write_text(f"# kept by the auditor\n\norg_{filled[1]['code']} mem_nobody\n")

    refused = house.restore(filled[2], "--erasures", str(log))

    assert refused.returncode == 4
    assert json.loads(refused.stderr)["errors"][0]["pointer"] == f"{log}:3"
    assert house.is_empty()


@pytest.mark.at_length
def test_a_backup_never_replaces_another_and_a_folder_gets_a_name_of_the_moment(filled):
    house, _, file = filled
    before = file.read_bytes()

    assert house.call("backup", str(file)).returncode == 5
    assert house.call("backup", str(house.home)).returncode == 0

    assert file.read_bytes() == before
    assert len(list(house.home.glob("plaudit-20*.backup"))) == 1
    assert not list(house.home.glob("*.partial"))
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_name_that_was_mistyped_is_said_at_once(house):
    assert house.restore(house.home / "nothing.backup").returncode == 3
