"""Row security and rights in the real database: what keeps organisations apart and history whole."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from plaudit.foundation.schema import APP_ROLE
from plaudit.foundation.tenancy import HISTORY_TABLES


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
        cursor.execute(f"truncate {table}")
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
