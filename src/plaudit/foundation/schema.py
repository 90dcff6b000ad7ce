"""Brings a database to the present: migrations, then the guards that no migration can forget."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connections
from django.db.backends.utils import CursorWrapper

from plaudit.foundation.tenancy import HISTORY_TABLES

APP_ROLE = "plaudit_app"

_ORGANISATION = "organisation_id = (select nullif(current_setting('plaudit.organisation', true), '')::int)"

_ONLY_ADDED_TO = """
    create or replace function plaudit_only_added_to() returns trigger language plpgsql as $$
    begin
        raise exception 'The book % is only ever added to; post a reversal instead.', tg_table_name
            using errcode = 'restrict_violation';
    end $$
"""


def migrate(*, verbosity: int = 0) -> None:
    """Run every migration as the owner, then set row security, append-only triggers and rights."""
    call_command("migrate", database="owner", verbosity=verbosity, interactive=False)
    with connections["owner"].cursor() as cursor:
        _guard_tenant_tables(cursor)
        _guard_history(cursor)
        _grant(cursor)


def _guard_tenant_tables(cursor: CursorWrapper) -> None:
    """Row security, forced, on every table that carries an organisation."""
    cursor.execute(
        """
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
           and a.attname = 'organisation_id' and not a.attisdropped
        """
    )
    for (table,) in cursor.fetchall():
        cursor.execute(
            f"""
            alter table {table} enable row level security;
            alter table {table} force row level security;
            drop policy if exists own_organisation on {table};
            create policy own_organisation on {table} using ({_ORGANISATION}) with check ({_ORGANISATION});
            """
        )
    cursor.execute(
        """
        drop policy if exists own_roles on people_role;
        create policy own_roles on people_role for select
            using (user_id = (select nullif(current_setting('plaudit.user', true), '')::int));
        """
    )


def _guard_history(cursor: CursorWrapper) -> None:
    cursor.execute(_ONLY_ADDED_TO)
    for table in HISTORY_TABLES:
        cursor.execute(
            f"""
            create or replace trigger only_added_to before update or delete on {table}
                for each row execute function plaudit_only_added_to();
            create or replace trigger never_emptied before truncate on {table}
                for each statement execute function plaudit_only_added_to();
            """
        )


def _grant(cursor: CursorWrapper) -> None:
    """The application may read and write rows; it may only add to history, and owns nothing."""
    cursor.execute(
        f"""
        grant usage on schema public to {APP_ROLE};
        grant select, insert, update, delete on all tables in schema public to {APP_ROLE};
        grant usage, select on all sequences in schema public to {APP_ROLE};
        grant execute on all functions in schema public to {APP_ROLE};
        """
    )
    for table in HISTORY_TABLES:
        cursor.execute(f"revoke update, delete, truncate, trigger on {table} from {APP_ROLE}")
    cursor.execute(f"revoke all on django_migrations from {APP_ROLE}")
    cursor.execute(f"grant select on django_migrations to {APP_ROLE}")
