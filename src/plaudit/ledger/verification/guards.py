"""Checks of the guards themselves: who may do what to the tables, and whether every constraint stands."""

from __future__ import annotations

from django.db.models import Model

from plaudit.foundation.schema import APP_ROLE
from plaudit.foundation.tenancy import HISTORY_TABLES
from plaudit.ledger.models import Burn, Hold, Seal, Transfer, Unit, Wallet
from plaudit.ledger.verification.checks import Check, Reach

_MODELS: tuple[type[Model], ...] = (Unit, Wallet, Transfer, Burn, Hold, Seal)


def _rows(*columns: list[str]) -> str:
    """Names as a list of SQL rows; they are our own and hold no quotes."""
    return ", ".join("(" + ", ".join(f"'{name}'" for name in row) + ")" for row in zip(*columns, strict=True))


def _constraints() -> str:
    """What the models demand: (table, constraint or unique index)."""
    named = []
    for meta in (model._meta for model in _MODELS):  # noqa: SLF001  # Django's documented way to a model's table
        named += [(meta.db_table, one.name) for one in meta.constraints]
        named.append((meta.db_table, f"{meta.db_table}_pkey"))
    return _rows([table for table, _ in named], [name for _, name in named])


_T01 = """
    select c.relname as "table" from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and a.attname = 'organisation_id' and not a.attisdropped
       and (not c.relrowsecurity or not c.relforcerowsecurity
            or not exists (select from pg_policy p where p.polrelid = c.oid))
"""

_T02 = f"""
    select r.rolname as role from pg_roles r
     where r.rolname = '{APP_ROLE}'
       and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb
            or exists (select from pg_class c where c.relowner = r.oid)
            or exists (select from pg_proc p where p.proowner = r.oid)
            or exists (select from pg_auth_members m where m.member = r.oid))
"""

_T03 = f"""
    select h.name as "table", p.name as "right"
      from (values {_rows(list(HISTORY_TABLES))}) h (name),
           (values ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('TRIGGER')) p (name)
     where has_table_privilege('{APP_ROLE}', h.name, p.name)
"""

_C01 = """
    select name, setting from pg_settings
     where (name, setting) in (('fsync', 'off'), ('full_page_writes', 'off'), ('synchronous_commit', 'off'))
"""

_C02 = """
    select 'constraint' as kind, conname::text as name from pg_constraint
     where connamespace = 'public'::regnamespace and not convalidated
     union all
    select 'index', i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indexrelid
     where c.relnamespace = 'public'::regnamespace and not i.indisvalid
     union all
    select 'trigger', t.tgname::text from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where c.relnamespace = 'public'::regnamespace and t.tgenabled not in ('O', 'A')
"""

_C03 = f"""
    select g."table", g.name from (values {_constraints()}) g ("table", name)
     where not exists (select from pg_constraint c where c.conrelid = to_regclass(g."table") and c.conname = g.name)
       and not exists (select from pg_index i join pg_class n on n.oid = i.indexrelid
                        where i.indrelid = to_regclass(g."table") and n.relname = g.name and i.indisunique)
     union all
    select h.name, g.name
      from (values {_rows(list(HISTORY_TABLES))}) h (name), (values ('only_added_to'), ('never_emptied')) g (name)
     where not exists (select from pg_trigger t where t.tgrelid = to_regclass(h.name) and t.tgname = g.name)
"""

CHECKS = (
    Check(
        "T01", "Every table of an organisation has row security, forced, with a policy.", _T01, Reach.DATABASE
    ),
    Check("T02", "The application's role owns nothing and passes by nothing.", _T02, Reach.DATABASE),
    Check("T03", "The application cannot rewrite history.", _T03, Reach.DATABASE),
    Check("C01", "What is answered is on the disk.", _C01, Reach.DATABASE),
    Check("C02", "No constraint is unvalidated, no index broken, no trigger off.", _C02, Reach.DATABASE),
    Check("C03", "Every key, constraint and trigger that guards the books is there.", _C03, Reach.DATABASE),
)
