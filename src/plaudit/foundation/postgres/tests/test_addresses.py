"""Which database a process works on, by what it was told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from plaudit.foundation import config, postgres
from plaudit.foundation.postgres import databases

_URL = "postgresql://landlord@db.example:5433/homes?sslmode=require"


@pytest.fixture(autouse=True)
def _told_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test says by itself what the environment says."""
    for name in ("PLAUDIT_DATABASE_NAME", "PLAUDIT_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    config.load.cache_clear()
    yield
    config.load.cache_clear()


def _name(dsn: str) -> object:
    return conninfo_to_dict(dsn)["dbname"]


def test_a_named_server_is_reached_as_its_login_in_both_roles(monkeypatch):
    monkeypatch.setenv("PLAUDIT_DATABASE_URL", _URL)

    found = postgres.dsns("plaudit")

    owner = {
        "user": "landlord",
        "host": "db.example",
        "port": "5433",
        "dbname": "homes",
        "sslmode": "require",
    }
    assert conninfo_to_dict(found.owner) == owner
    assert conninfo_to_dict(found.app) == owner | {"options": "-c role=plaudit_app"}


def test_the_name_in_the_environment_is_stronger_than_the_one_in_the_address(monkeypatch):
    monkeypatch.setenv("PLAUDIT_DATABASE_URL", _URL)
    monkeypatch.setenv("PLAUDIT_DATABASE_NAME", "houses")

    assert _name(postgres.dsns("plaudit").app) == "houses"
    assert _name(postgres.dsns("plaudit").owner) == "houses"


def test_our_own_server_is_started_by_the_question_where_it_is(monkeypatch, shared: Path):
    monkeypatch.setenv("PLAUDIT_HOME", str(shared))
    postgres.stop(shared)

    found = postgres.dsns("plaudit")

    assert postgres.status(shared).answering
    with psycopg.connect(found.app) as connection:
        assert connection.info.user == "plaudit_app"


def test_ready_makes_the_database_once(monkeypatch, shared: Path):
    monkeypatch.setenv("PLAUDIT_HOME", str(shared))
    monkeypatch.setenv("PLAUDIT_DATABASE_NAME", "houses")

    found = postgres.ready()
    assert postgres.ready() == found

    assert _name(found.owner) == "houses"
    assert "houses" in databases.names(found.owner)
