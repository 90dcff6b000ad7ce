"""A server somebody else runs is checked, given our role, and refused in words when it will not do."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from plaudit.foundation.postgres import outside
from plaudit.foundation.postgres.refusals import (
    DatabaseMissing,
    DatabaseNotUtf8,
    RoleMissing,
    RoleTooStrong,
    ServerOutOfReach,
    ServerTooOld,
)
from plaudit.foundation.postgres.tests.landlord import Landlord, a_landlord, machines_own


@pytest.fixture(scope="module", params=["ours", *machines_own()], ids=str)
def landlord(request: pytest.FixtureRequest) -> Iterator[Landlord]:
    with a_landlord(None if request.param == "ours" else request.param) as running:
        yield running


@pytest.fixture(autouse=True)
def _vacant(landlord: Landlord) -> None:
    """No test finds another's roles or databases."""
    for database in ("plaudit", "homes"):
        landlord.order(f"drop database if exists {database} with (force)")
    for role in ("plaudit_app", "tenant", "guest"):
        landlord.order(f"drop role if exists {role}")


def _who(url: str, database: str | None = None) -> tuple[str, str]:
    with psycopg.connect(outside.app_dsn(url, database)) as connection:
        row = connection.execute("select current_user::text, current_database()::text").fetchone()
        assert row is not None
        return row[0], row[1]


def test_an_administrators_address_gets_the_role_and_the_database(landlord):
    url = landlord.url("postgres", "plaudit")

    outside.prepare(url, None)
    outside.prepare(url, None)

    assert _who(url) == ("plaudit_app", "plaudit")


def test_a_plain_owner_that_may_create_roles_is_enough(landlord):
    landlord.order("create role tenant login createrole createdb")
    url = landlord.url("tenant", "homes")

    outside.prepare(url, None)

    assert _who(url) == ("plaudit_app", "homes")


def test_a_role_made_by_an_administrator_is_enough_for_an_owner_without_rights(landlord):
    landlord.order("create role tenant login")
    landlord.order("create role plaudit_app nologin")
    landlord.order("grant plaudit_app to tenant")
    landlord.order("create database homes owner tenant")

    outside.prepare(landlord.url("tenant", "homes"), None)

    assert _who(landlord.url("tenant", "homes")) == ("plaudit_app", "homes")


def test_the_name_asked_for_replaces_the_one_in_the_address(landlord):
    url = landlord.url("postgres", "plaudit")

    outside.prepare(url, "homes")

    assert _who(url, "homes") == ("plaudit_app", "homes")


def test_options_in_the_address_are_kept(landlord):
    url = landlord.url("postgres") + "&options=-c%20work_mem%3D7MB"
    outside.prepare(url, None)

    with psycopg.connect(outside.app_dsn(url, None)) as connection:
        assert connection.execute("show work_mem").fetchone() == ("7MB",)


def test_an_owner_that_may_not_create_the_role_is_told_who_can(landlord):
    landlord.order("create role guest login")

    with pytest.raises(RoleMissing, match="guest may not make the role plaudit_app") as refused:
        outside.prepare(landlord.url("guest"), None)

    assert "CREATE ROLE plaudit_app" in refused.value.next_step()


def test_an_owner_that_may_not_become_the_role_is_told_who_can(landlord):
    landlord.order("create role guest login")
    landlord.order("create role plaudit_app nologin")

    with pytest.raises(RoleMissing, match="guest may not become the role plaudit_app") as refused:
        outside.prepare(landlord.url("guest"), None)

    assert 'GRANT plaudit_app TO "guest"' in refused.value.next_step()


@pytest.mark.parametrize("fault", ["superuser", "bypassrls"])
def test_a_role_that_sees_past_row_security_is_refused(landlord, fault):
    landlord.order(f"create role plaudit_app {fault}")

    with pytest.raises(RoleTooStrong):
        outside.prepare(landlord.url("postgres"), None)


def test_a_role_that_belongs_to_another_is_refused(landlord):
    landlord.order("create role guest")
    landlord.order("create role plaudit_app in role guest")

    with pytest.raises(RoleTooStrong, match="member of another role"):
        outside.prepare(landlord.url("postgres"), None)


def test_the_application_cannot_be_its_own_owner(landlord):
    landlord.order("create role plaudit_app login")

    with pytest.raises(RoleTooStrong, match="the login itself"):
        outside.prepare(landlord.url("plaudit_app"), None)


def test_a_missing_database_that_may_not_be_made_is_named(landlord):
    landlord.order("create role guest login createrole")

    with pytest.raises(DatabaseMissing, match="homes"):
        outside.prepare(landlord.url("guest", "homes"), None)


def test_a_database_made_here_speaks_utf8_and_another_is_refused(landlord):
    landlord.order(
        "create database homes encoding 'SQL_ASCII' template template0 lc_collate 'C' lc_ctype 'C'"
    )

    with pytest.raises(DatabaseNotUtf8, match="SQL_ASCII"):
        outside.prepare(landlord.url("postgres", "homes"), None)

    outside.prepare(landlord.url("postgres", "plaudit"), None)


def test_a_server_that_is_not_there_is_a_refusal(landlord):
    with pytest.raises(ServerOutOfReach):
        outside.prepare("postgresql:///plaudit?host=/nowhere", None)


@pytest.mark.parametrize("number, name", [(140_018, "14"), (90_624, "9")])
def test_a_server_older_than_15_is_refused_by_name(number, name):
    with pytest.raises(ServerTooOld, match=f"PostgreSQL {name}; Plaudit needs 15 or later"):
        outside.refuse_if_too_old(number)
    outside.refuse_if_too_old(150_000)
