"""Row security and rights in the real database: what keeps organisations apart and history whole."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, connections

from plaudit.foundation.schema import APP_ROLE
from plaudit.foundation.tenancy import HISTORY_TABLES, in_organisation, without_organisation
from plaudit.people.tests.factories import make_member, make_organisation


def _rows(statement: str, values: list[str] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def test_the_application_is_the_role_that_owns_nothing():
    assert _rows("select current_user::text") == [(APP_ROLE,)]
    owned = """
        select relname from pg_class where relowner = %s::regrole
        union all select proname from pg_proc where proowner = %s::regrole
        union all select nspname from pg_namespace where nspowner = %s::regrole
        union all select datname from pg_database where datdba = %s::regrole
    """
    assert _rows(owned, [APP_ROLE] * 4) == []
    too_strong = """
        select rolname from pg_roles r
         where rolname = %s
           and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb
                or exists (select from pg_auth_members m where m.member = r.oid))
    """
    assert _rows(too_strong, [APP_ROLE]) == []


def test_every_table_of_an_organisation_has_row_security_forced_with_a_policy():
    unguarded = """
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
           and a.attname = 'organisation_id' and not a.attisdropped
           and (not c.relrowsecurity or not c.relforcerowsecurity
                or not exists (select from pg_policy p where p.polrelid = c.oid))
    """
    assert _rows(unguarded) == []
    assert _rows("select count(*) > 0 from pg_policy") == [(True,)]


def test_without_an_organisation_there_are_no_rows():
    make_member(make_organisation().id)  # run alone, it would find none whatever the policies say
    tables = _rows(
        """
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
           and a.attname = 'organisation_id' and not a.attisdropped
        """
    )
    assert tables
    seen = {str(table): _rows(f'select count(*) from "{table}"') for (table,) in tables}
    assert {table: rows for table, rows in seen.items() if rows != [(0,)]} == {}


@pytest.mark.parametrize("table", HISTORY_TABLES)
@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE", "TRIGGER"])
def test_the_application_cannot_rewrite_history(table, right):
    assert _rows("select has_table_privilege(%s, %s, %s)", [APP_ROLE, table, right]) == [(False,)]
    if right == "UPDATE":
        assert _rows("select has_any_column_privilege(%s, %s, %s)", [APP_ROLE, table, right]) == [(False,)]


@pytest.mark.parametrize("table", HISTORY_TABLES)
def test_history_is_only_added_to_by_the_owner_too(table):
    """The owner may do everything to its tables; triggers refuse what would rewrite history."""
    guards = """
        select array_agg(tgname::text order by tgname) from pg_trigger
         where tgrelid = %s::regclass and not tgisinternal and tgname in ('never_emptied', 'only_added_to')
    """
    assert _rows(guards, [table]) == [(["never_emptied", "only_added_to"],)]
    with (
        connections["owner"].cursor() as cursor,
        pytest.raises(Exception, match="only ever added to") as refused,
    ):
        cursor.execute(f"truncate {table} cascade")
    assert isinstance(refused.value.__cause__, psycopg.errors.RestrictViolation)


def test_no_constraint_is_unvalidated_no_index_broken_and_no_trigger_off():
    switched_off = """
        select conname::text from pg_constraint
         where connamespace = 'public'::regnamespace and not convalidated
        union all select indexrelid::regclass::text from pg_index where not indisvalid
        union all select tgname::text from pg_trigger t join pg_class c on c.oid = t.tgrelid
         where c.relnamespace = 'public'::regnamespace and tgenabled not in ('O', 'A')
    """
    assert _rows(switched_off) == []


def test_what_is_answered_is_on_the_disk():
    unsafe = """
        select name from pg_settings
         where (name, setting) in (('fsync', 'off'), ('full_page_writes', 'off'), ('synchronous_commit', 'off'))
    """
    assert _rows(unsafe) == []


def _tables_of_organisations() -> list[str]:
    found = _rows(
        """
        select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
           and a.attname = 'organisation_id' and not a.attisdropped order by 1
        """
    )
    return [str(table) for (table,) in found]


@pytest.mark.parametrize("inside", [True, False], ids=["in another organisation", "in none"])
def test_no_row_can_be_written_for_an_organisation_one_is_not_in(inside):
    """Row security is asked before anything else about a row, so nothing but it refuses these."""
    here, there = make_organisation().id, make_organisation().id
    let_in = {}
    for table in _tables_of_organisations():
        opened = in_organisation(here) if inside else without_organisation()
        with pytest.raises(DatabaseError) as refused, opened, connection.cursor() as cursor:
            cursor.execute(f'insert into "{table}" (organisation_id) values (%s)', [there])
        said = str(refused.value)
        if "violates row-level security policy" not in said and "permission denied" not in said:
            let_in[table] = said
    assert let_in == {}


# What belongs to no organisation, and why the application may see it outside any.
OF_NO_ORGANISATION = {
    "people_organisation": "the organisations themselves: a key or a link names one before it is entered",
    "people_user": "a person may have roles in several",
    "people_session": "a browser is somebody's before it is known where they work",
    "people_passkey": "a person signs in by it before it is known where they work",
    "people_code_app": "a person's, like their address",
    "people_recovery_code": "a person's, like their address",
    "django_content_type": "Django's own list of tables",
    "django_migrations": "Django's own list of migrations",
    "auth_group": "Django's own, empty",
    "auth_group_permissions": "Django's own, empty",
    "auth_permission": "Django's own list",
    "procrastinate_events": "the queue: a job names its organisation in its arguments",
    "procrastinate_jobs": "the queue: a job names its organisation in its arguments",
    "procrastinate_periodic_defers": "the queue",
    "procrastinate_workers": "the queue",
}


def test_every_table_is_of_an_organisation_or_says_why_not():
    tables = _rows(
        """
        select c.relname::text from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        """
    )
    assert {str(table) for (table,) in tables} - set(_tables_of_organisations()) == set(OF_NO_ORGANISATION)


def test_nothing_stands_in_the_database_that_row_security_does_not_reach():
    """Views and functions with their owner's rights, copies, and foreign tables would answer to nobody's policy."""
    beside = """
        select c.relname::text from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm', 'f')
        union all
        select p.proname::text from pg_proc p
         where p.pronamespace = 'public'::regnamespace and p.prosecdef
        union all
        select extname::text from pg_extension where extname in ('dblink', 'postgres_fdw', 'file_fdw')
        union all
        select lanname::text from pg_language where not lanpltrusted and lanname not in ('internal', 'c')
    """
    assert _rows(beside) == []


def test_a_sequence_hands_out_numbers_and_is_not_set_back():
    settable = """
        with numbered as materialized (
            select oid, relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S')
        select relname::text from numbered where has_sequence_privilege(%s, oid, 'UPDATE')
    """
    assert _rows(settable, [APP_ROLE]) == []
