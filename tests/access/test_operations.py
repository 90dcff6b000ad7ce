"""Every operation of the API as every key, with things of its own, of another organisation, and with none.

One organisation lives through the documented story while every other key tries the same calls; the other
has lived through it before, in words of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

import pytest
from django.db import connection

from plaudit.foundation.access.scopes import ADMIN, SCOPES
from plaudit.foundation.request_log import request_log
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.tests.factories import make_organisation
from plaudit.surfaces.api.document import SAFE
from plaudit.surfaces.api.examples import Call
from plaudit.surfaces.api.tests.calling import Program, Response, program, stranger
from tests.access.companies import without_limits
from tests.access.storied import CANARY, OPERATIONS, Teller, absent, settled, story, strays

# The address of a programme or a supplier is where it goes: a key that is free here is simply taken.
NAMES_WHAT_IT_MAKES = {"apply_programme", "set_supplier"}


@pytest.fixture(autouse=True)
def _unlimited() -> Iterator[None]:
    with without_limits():
        yield


@lru_cache(maxsize=1)
def elsewhere() -> tuple[int, Teller]:
    """An organisation that has lived, all its words its own."""
    made = make_organisation()
    teller = Teller(program(made.id, made_by="cli"))
    for call in story(CANARY):
        teller.tell(call)
    request_log.write()  # what it asked is written down by now, and not while it is watched
    return made.id, teller


def rows_of(organisation_id: int) -> dict[str, str]:
    """A digest of every row an organisation has, table by table."""
    with in_organisation(organisation_id), connection.cursor() as cursor:
        cursor.execute(
            "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid"
            " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
            " and a.attname = 'organisation_id' and not a.attisdropped and not c.relispartition order by 1"
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"""select coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') from "{table}" t"""
            )
            found[table] = cursor.fetchone()[0]
    return found


def test_every_operation_is_told_in_the_story():
    assert {call.operation for call in story()} == OPERATIONS.keys()


@pytest.mark.at_length
def test_every_operation_admits_the_scopes_it_declares_and_nothing_but_its_own_organisation():
    there, other = elsewhere()
    before = rows_of(there)
    here = make_organisation()
    teller = Teller(program(here.id, made_by="cli"))
    keys = {scope: program(here.id, scope, made_by="cli") for scope in SCOPES}
    faults: list[str] = []
    verdicts: Counter[str] = Counter()
    for call, theirs, nowhere in zip(story(), story(CANARY), story("qyy"), strict=True):
        faults += door(call, teller, keys, verdicts)
        if call.operation not in NAMES_WHAT_IT_MAKES:
            faults += stray(call, theirs, nowhere, teller, other, verdicts)
        least = next((scope for scope in SCOPES if scope in OPERATIONS[call.operation].access.scopes), ADMIN)
        teller.program = keys[least]
        if CANARY in teller.tell(call).content.decode():
            faults.append(f"{call.operation} tells of another organisation")
    assert faults == [], "\n".join(faults)
    assert verdicts["kept out"] > 800
    assert verdicts["not there"] > 70
    assert rows_of(there) == before


def door(call: Call, teller: Teller, keys: dict[str, Program], verdicts: Counter[str]) -> Iterator[str]:
    """Whoever shows no key, or one without a scope, is turned away before anything else."""
    access = OPERATIONS[call.operation].access
    asked = settled(call, teller.known)
    for scope, key in {"": stranger(), **keys}.items():
        if access.public or scope == ADMIN or scope in access.scopes:
            continue
        got = Teller(key).make(asked).status_code
        verdicts["kept out"] += 1
        if got != (403 if scope else 401):
            yield f"{call.operation} answered {got} to {scope or 'nobody'}"


def stray(
    call: Call, theirs: Call, nowhere: Call, teller: Teller, other: Teller, verdicts: Counter[str]
) -> Iterator[str]:
    """What another organisation has is answered as what never was."""
    mine = settled(call, teller.known)
    with_theirs = dict(strays(mine, settled(theirs, other.known)))
    with_nothing = dict(strays(mine, settled(nowhere, absent(teller.known))))
    for name, asked in with_theirs.items():
        got = Teller(teller.program).make(asked)
        never = Teller(teller.program).make(with_nothing[name])
        verdicts["not there"] += 1
        if CANARY in _plain(got, asked)[1]:
            yield f"{call.operation} tells of another organisation: {got.content.decode()}"
        if _plain(got, asked) != _plain(never, with_nothing[name]):
            yield f"{call.operation} tells {name} apart: {_plain(got, asked)} {_plain(never, with_nothing[name])}"
        empty = OPERATIONS[call.operation].method in SAFE and name in call.query
        if got.status_code < 400 and not empty:
            yield f"{call.operation} reached {name}: {got.status_code}"
        if got.status_code >= 500:
            yield f"{call.operation} broke over {name}: {got.status_code}"


def _plain(response: Response, call: Call) -> tuple[int, str]:
    """The answer without what was asked for and the request's id."""
    text = re.sub(r"req_\w+", "REQ", response.content.decode())
    text = re.sub(r'"ref":("[^"]*"|\d+)', '"ref":REF', text)
    text = re.sub(r"(There is no [a-z ]+) \S+\.", r"\1 REF.", text)
    for value in sorted([*call.path.values(), *call.query.values()], key=len, reverse=True):
        text = text.replace(value, "REF")
    return response.status_code, text
