"""Every check finds the fault that it is there for. Each fault is planted by the owner, past every guard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import connection, connections

from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.models import Seal
from plaudit.ledger.sealing import FIRST, Period, anchors, digest_of
from plaudit.ledger.tests.busy import Busy, make_busy_books
from plaudit.ledger.tests.factories import on_day
from plaudit.ledger.verification import guards, lots, seals, transfers
from plaudit.ledger.verification.verify import verify

GUARDED = ("ledger_wallet", "ledger_transfer", "ledger_burn", "ledger_hold", "ledger_seal", "ledger_unit")


@dataclass(frozen=True)
class Fault:
    """Something wrong, the check it is planted for, and the other checks that find it too."""

    check: str
    plant: str
    also: frozenset[str] = frozenset()


def fault(check: str, plant: str, *also: str) -> Fault:
    return Fault(check, plant, frozenset(also))


# In these {ada} and {ben} are wallets, {name} the line of a transfer named in the busy book.
FAULTS = [
    fault("L01", "update ledger_transfer set target = 12 where wallet_id = {ada} and line = {taken}"),
    fault("L02", "update ledger_wallet set available = available + 5 where id = {ada}", "L05", "L09"),
    fault(
        "L03",
        """
        update ledger_transfer set amount = amount + case line when {moved_in} then 5 else 0 end,
                                   available_after = available_after + 5
         where wallet_id = {ada} and line >= {moved_in};
        update ledger_wallet set available = available + 5 where id = {ada}
        """,
        "L02",
    ),
    fault("L04", "update ledger_wallet set member_id = gen_random_uuid() where id = {ada}", "H02"),
    fault("L04", "update ledger_wallet set unit_id = 0 where id = {ada}", "L02", "L03", "H02"),
    fault("L05", "update ledger_wallet set lines = lines + 1 where id = {ada}"),
    fault("L05", "update ledger_wallet set pending = pending + 1 where id = {ada}", "L02"),
    fault("L06", "update ledger_transfer set available_after = 1 where wallet_id = {ada} and line = {held}"),
    fault("L07", "update ledger_wallet set may_owe = false where id = {ada}"),
    fault("L08", "update ledger_hold set state = 'released' where wallet_id = {ada} and line = {held}"),
    fault("L08", "update ledger_hold set amount = 9 where wallet_id = {ada} and line = {held}"),
    fault("L09", "delete from ledger_burn where wallet_id = {ada} and line = {held}"),
    fault(
        "L10",
        """
        update ledger_burn set lot_line = {moved_in} + 1
         where wallet_id = {ada} and lot_line = {moved_in} and line = {taken}
        """,
    ),
    fault(
        "L11",
        """
        update ledger_burn set amount = amount + case line when {taken} then 5 else -5 end
         where wallet_id = {ada} and lot_line = {moved_in}
        """,
    ),
    fault("L12", "update ledger_wallet set due_at = '2026-01-01T00:00Z' where id = {ada}"),
    fault(
        "L13",
        "update ledger_burn set lot_line = {taken} where wallet_id = {ada} and line = {held}",
        "L09",
    ),
    fault(
        "L14",
        "update ledger_transfer set reverses_line = {two} where wallet_id = {ada} and line = {reversal}",
    ),
    fault(
        "L08",
        "update ledger_transfer set reverses_line = {held} where wallet_id = {ada} and line = {release}",
        "L18",
    ),
    fault(
        "L15",
        """
        update ledger_transfer set reverses_line = {undone}, target = 11
         where wallet_id = {ada} and line = {reversal}
        """,
    ),
    fault("L16", "update ledger_transfer set approver = actor where wallet_id = {ada} and line = {taken}"),
    fault("L16", "update ledger_unit set approval_from = 1, approval_since = '2026-01-01T00:00Z'"),
    fault(
        "L17",
        "update ledger_transfer set occurred_at = '2027-01-01' where wallet_id = {ada} and line = {one}",
    ),
    fault(
        "L18",
        """
        update ledger_burn set lot_line = {earned} where wallet_id = {ada} and lot_line = {short}
                                                     and line = {release}
        """,
    ),
    fault("L19", "update ledger_wallet set open_from = lines + 1 where id = {ada}"),
    fault("L19", "update ledger_wallet set due_at = null where id = {ada}"),
    fault(
        "D03",
        """
        update ledger_transfer t set event_id = o.event_id from ledger_transfer o
         where t.wallet_id = {ada} and t.line = {two} and o.wallet_id = {ada} and o.line = {one}
        """,
    ),
    fault("H01", "update ledger_seal set number = 3 where number = 2", "H04"),
    fault(
        "H02", "update ledger_transfer set reason = 'Nothing.' where wallet_id = {ada} and line = {sealed}"
    ),
    fault("H02", "update ledger_seal set transfers = 1 where number = 2", "H04"),
    fault("H02", """update ledger_seal set months = '{{}}' where number = 2"""),
    fault("H04", "delete from ledger_seal where number = 2"),
]


@contextmanager
def _as_owner(organisation_id: int) -> Iterator[Callable[[str], None]]:
    """The owner, who can do what nobody may: with the triggers off, in one transaction."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("begin")
        cursor.execute("select set_config('plaudit.organisation', %s, true)", [str(organisation_id)])
        cursor.execute("; ".join(f"alter table {table} disable trigger user" for table in GUARDED))
        try:
            yield cursor.execute
        except BaseException:
            cursor.execute("rollback")
            raise
        cursor.execute("; ".join(f"alter table {table} enable trigger user" for table in GUARDED))
        cursor.execute("commit")


@pytest.fixture(scope="module")
def _made() -> Iterator[Busy]:
    """One busy book for all faults, and a copy of its rows to begin anew from."""
    busy = make_busy_books()
    with _as_owner(busy.organisation_id) as execute:
        for table in GUARDED:
            execute(f"create temp table kept_{table} as select * from {table}")
    yield busy
    _begin_anew(busy)
    with _as_owner(busy.organisation_id) as execute:
        for table in GUARDED:
            execute(f"drop table kept_{table}")


@pytest.fixture
def busy(_made: Busy) -> Busy:
    """The busy book as it was made."""
    _begin_anew(_made)
    return _made


def _begin_anew(busy: Busy) -> None:
    with _as_owner(busy.organisation_id) as execute:
        for table in GUARDED:
            execute(f"delete from {table}; insert into {table} select * from kept_{table}")


def _names(busy: Busy) -> dict[str, int]:
    """What the faults call the wallets and lines of a busy book."""
    with in_organisation(busy.organisation_id), connection.cursor() as cursor:
        cursor.execute("select w.member_id, w.id from ledger_wallet w")
        wallets = dict(cursor.fetchall())
        cursor.execute(
            """
            select min(line) filter (where kind = 11), min(line) filter (where kind = 7 and target = 1 and amount = 450),
                   min(line) filter (where amount = 600)
              from ledger_transfer where wallet_id = %s
            """,
            [wallets[busy.ada]],
        )
        moved_in, undone, earned = cursor.fetchone()
    lines = {name: receipt.line for name, receipt in busy.lines.items()}
    found = {"ada": wallets[busy.ada], "ben": wallets[busy.ben], "sealed": busy.sealed.line}
    return {**lines, **found, "moved_in": moved_in, "undone": undone, "earned": earned}


def _broken(organisation_id: int, *, kept: list[str] | None = None) -> set[str]:
    with on_day(55):
        return {result.check.id for result in verify(organisation_id, anchors=kept or []).broken()}


@pytest.mark.parametrize("planted", FAULTS, ids=lambda one: one.check)
def test_a_planted_fault_is_found(planted, busy):
    with in_organisation(busy.organisation_id):
        kept = anchors(busy.organisation_id)
    names = _names(busy)
    with _as_owner(busy.organisation_id) as execute:
        execute(planted.plant.format(**names))

    assert _broken(busy.organisation_id, kept=kept) == {planted.check} | planted.also


def test_a_chain_made_anew_after_an_edit_is_found_by_what_is_kept_outside(busy):
    organisation_id = busy.organisation_id
    with in_organisation(organisation_id):
        kept = anchors(organisation_id)
    with _as_owner(organisation_id) as execute:
        execute("update ledger_transfer set reason = 'Nothing.' where line = 2")
    with in_organisation(organisation_id):
        previous, made_anew = FIRST, []
        for one in Seal.objects.order_by("number"):
            digest = digest_of(organisation_id, Period(one.sealed_from, one.sealed_until), previous)
            made_anew.append((one.number, previous, digest))
            previous = digest
    with _as_owner(organisation_id) as execute:
        for number, before, digest in made_anew:
            execute(
                f"update ledger_seal set previous_digest = '\\x{before.hex()}', digest = '\\x{digest.hex()}'"
                f" where number = {number}"
            )

    assert _broken(organisation_id) == set()
    assert _broken(organisation_id, kept=kept) == {"H04"}


def _owner_does(statement: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)


SLACK = [
    (
        "T01",
        "alter table ledger_unit no force row level security",
        "alter table ledger_unit force row level security",
    ),
    (
        "T03",
        "grant update on ledger_burn to plaudit_app",
        "revoke update on ledger_burn from plaudit_app",
    ),
    (
        "C02",
        "alter table ledger_transfer disable trigger only_added_to",
        "alter table ledger_transfer enable trigger only_added_to",
    ),
    (
        "C02",
        """alter table ledger_burn drop constraint a_burn_takes_or_gives_back,
           add constraint a_burn_takes_or_gives_back check (amount <> 0) not valid""",
        "alter table ledger_burn validate constraint a_burn_takes_or_gives_back",
    ),
    (
        "C03",
        "alter table ledger_hold rename constraint ledger_hold_pkey to something_else",
        "alter table ledger_hold rename constraint something_else to ledger_hold_pkey",
    ),
    (
        "C03",
        "alter trigger never_emptied on ledger_seal rename to something_else",
        "alter trigger something_else on ledger_seal rename to never_emptied",
    ),
]


@pytest.mark.parametrize("check, slacken, tighten", SLACK, ids=lambda one: one[:3])
def test_a_guard_that_was_slackened_is_found(check, slacken, tighten, busy):
    _owner_does(slacken)
    try:
        assert _broken(busy.organisation_id) == {check}
    finally:
        _owner_does(tighten)
    assert _broken(busy.organisation_id) == set()


def test_a_key_used_twice_is_found_where_its_guard_was_missing(busy):
    index = "create unique index one_key_one_transfer on ledger_transfer (organisation_id, key) where key is not null"
    names = _names(busy)
    with _as_owner(busy.organisation_id) as execute:
        execute("drop index one_key_one_transfer")
        execute("update ledger_transfer set key = 'twice' where line in ({given}, {taken})".format(**names))
    try:
        assert _broken(busy.organisation_id) == {"D01", "C03"}
    finally:
        with _as_owner(busy.organisation_id) as execute:
            execute("update ledger_transfer set key = null where key = 'twice'")
            execute(index)


def test_an_answer_before_it_is_on_the_disk_is_found(busy):
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = off")
    try:
        assert _broken(busy.organisation_id) == {"C01"}
    finally:
        with connection.cursor() as cursor:
            cursor.execute("reset synchronous_commit")


def test_an_application_that_owned_the_tables_would_be_found():
    with connection.cursor() as cursor:
        cursor.execute("select tableowner from pg_tables where tablename = 'ledger_transfer'")
        (owner,) = cursor.fetchone()
        stronger = next(check for check in guards.CHECKS if check.id == "T02").sql.replace(
            "plaudit_app", owner
        )
        cursor.execute(stronger)
        assert cursor.fetchall() == [(owner,)]


def test_every_check_of_the_ledger_has_its_fault():
    own = {check.id for checks in (transfers, lots, seals, guards) for check in checks.CHECKS}
    tried = {planted.check for planted in FAULTS} | {check for check, _, _ in SLACK} | {"D01", "C01", "T02"}
    assert own - tried == set()
