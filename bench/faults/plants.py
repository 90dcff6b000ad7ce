"""The faults that are planted on purpose, and who must find each. A patch that no longer applies fails loudly."""

from __future__ import annotations

import re
from dataclasses import dataclass

CAMPAIGN = ("-m", "bench.faults", "--disk", "0", "--impatient", "--seed", "7", "--minutes", "3")
LEDGER = "src/plaudit/ledger"
DECIDING = "src/plaudit/rewards/actions/deciding.py"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to one file; `old` stands there exactly once."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Plant:
    """A known fault. `detector` is run by Python in the spoilt tree, must fail, and must say `sees`."""

    name: str
    edits: tuple[Edit, ...]
    detector: tuple[str, ...]
    sees: str


def test_of(name: str, *edits: Edit, test: str) -> Plant:
    """A fault that a test must find, and by failing, not by not starting."""
    return Plant(
        name,
        edits,
        ("-m", "pytest", "-q", "-n0", "-x", test),
        rf"FAILED {re.escape(test)}\b",
    )


def load_of(name: str, *edits: Edit, kills: tuple[str, ...], sees: str) -> Plant:
    """A fault that a campaign with a few kills must find."""
    return Plant(name, edits, (*CAMPAIGN, *kills), sees)


def _kills(database: int, operations: int = 300) -> tuple[str, ...]:
    given = {"database": database, "api": 0, "worker": 0, "operations": operations}
    return tuple(part for name, count in given.items() for part in (f"--{name}", str(count)))


_UNIQUE_KEY = (
    ", models.UniqueConstraint(condition=models.Q(('key__isnull', False)),"
    " fields=('organisation_id', 'key'), name='one_key_one_transfer')"
)
_UNIQUE_EVENT = (
    "'constraints': [models.UniqueConstraint(fields=('organisation_id', 'source_id', 'key'),"
    " name='an_event_is_recorded_once')]"
)

PLANTS = (
    load_of(
        "no unique key, and keys are not looked for",
        Edit(f"{LEDGER}/migrations/0001_initial.py", _UNIQUE_KEY, ""),
        Edit(f"{LEDGER}/receipts.py", "cursor.execute(_BY_KEY,", "cursor.execute(_BY_KEY + ' where false',"),
        Edit("src/plaudit/foundation/idempotency.py", "kept = cursor.fetchone()", "kept = None"),
        Edit(
            "src/plaudit/foundation/idempotency.py",
            "values (%s, %s, %s, %s, %s, %s, %s)",
            "values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
        ),
        kills=_kills(2),
        sees='"doubled": [1-9]',
    ),
    load_of(
        "an event's id is neither unique nor looked for",
        Edit("src/plaudit/activity/migrations/0001_initial.py", _UNIQUE_EVENT, "'constraints': []"),
        Edit(
            "src/plaudit/activity/recording.py",
            'e.source_id = wanted.source_id and e.key = wanted.key\n"""\n\n\ndef find_recorded',
            'e.source_id = wanted.source_id and e.key = wanted.key and false\n"""\n\n\ndef find_recorded',
        ),
        kills=_kills(1),
        sees='"doubled": [1-9]',
    ),
    load_of(
        "synchronous_commit=off",
        Edit(
            "src/plaudit/foundation/postgres/configuration.py",
            '"synchronous_commit": "on"',
            '"synchronous_commit": "off"',
        ),
        kills=_kills(8),
        sees='"lost": [1-9]',
    ),
    load_of(
        "a retry with a fresh key",
        Edit(
            "bench/faults/client.py",
            'headers["Idempotency-Key"] = act.key',
            'headers["Idempotency-Key"] = f"{act.key}-{time.monotonic_ns()}"',
        ),
        kills=_kills(2),
        sees='"ghost": [1-9]',
    ),
    load_of(
        "a balance read once is remembered",
        Edit(
            f"{LEDGER}/api/balances.py",
            "        found = balances(organisation_id, member_id)\n",
            "        found = _remembered.setdefault(member_id, balances(organisation_id, member_id))\n",
        ),
        Edit(
            f"{LEDGER}/api/balances.py",
            "_CLOCKS = {",
            "_remembered: dict = {}\n_CLOCKS = {",
        ),
        kills=_kills(1),
        sees='"stale": [1-9]',
    ),
    load_of(
        "a code is written to the log",
        Edit(
            "src/plaudit/rewards/api/redemptions.py",
            "    return ShownCode(redemption=found.reference, code=code)\n",
            "    import logging\n"
            '    logging.warning("given: %s", code)\n'
            "    return ShownCode(redemption=found.reference, code=code)\n",
        ),
        kills=_kills(1),
        sees="a code stands in",
    ),
    test_of(
        "an exception after the posting is swallowed",
        Edit(
            "src/plaudit/foundation/tenancy.py",
            "            with in_organisation(organisation_id), as_written():\n                return step()\n"
            "        except (IntegrityError, OperationalError) as error:\n",
            "            done = None\n"
            "            with in_organisation(organisation_id), as_written():\n                done = step()\n"
            "            return done\n"
            "        except (IntegrityError, OperationalError) as error:\n"
            "            if done is not None:\n                return done\n",
        ),
        test="tests/test_lost_commits.py::test_a_commit_that_was_not_confirmed_is_never_answered_as_done",
    ),
    test_of(
        "news leaves before the commit",
        Edit(
            "src/plaudit/foundation/news.py",
            "        with prepared() as cursor:\n",
            "        from django.db import connections\n"
            '        with connections["owner"].cursor() as cursor:\n'
            "            cursor.execute(\"select set_config('plaudit.organisation', %s, false)\","
            " [str(organisation_id)])\n",
        ),
        test="tests/test_lost_commits.py::test_what_was_undone_is_never_told",
    ),
    test_of(
        "looked first, locked then",
        Edit(DECIDING, "    had = _had(organisation_id, pairs, now)\n    left", "    left"),
        Edit(
            DECIDING,
            "    wallets = lock_known_wallets(",
            "    had = _had(organisation_id, pairs, now)\n    wallets = lock_known_wallets(",
        ),
        test="src/plaudit/rewards/tests/test_redeem.py::test_a_member_limit_holds_against_twenty_at_once",
    ),
    test_of(
        "stock is read without its lock",
        Edit(
            "src/plaudit/rewards/writing.py",
            "where organisation_id = (select %s::int) and id = any(%s::int[]) order by id for update\n",
            "where organisation_id = (select %s::int) and id = any(%s::int[]) order by id\n",
        ),
        test="src/plaudit/rewards/tests/test_redeem.py::test_twenty_members_get_the_last_three_once_each",
    ),
    test_of(
        "what a limit for everyone counts is not locked",
        Edit("src/plaudit/earning/uses.py", "b.period for update of b\n", "b.period\n"),
        test="src/plaudit/earning/tests/test_limits_race.py"
        "::test_a_limit_for_everyone_is_granted_up_to_its_end_among_twenty_members_at_once",
    ),
    test_of(
        "a key is looked for without being claimed",
        Edit(
            "src/plaudit/foundation/idempotency.py",
            "select pg_try_advisory_xact_lock(hashtextextended(%s, %s))",
            "select true or hashtextextended(%s, %s) = 0",
        ),
        test="src/plaudit/foundation/tests/test_idempotency.py"
        "::test_a_retry_while_the_first_still_runs_is_told_to_come_back",
    ),
    test_of(
        "a reversal does not count earlier ones",
        Edit(
            f"{LEDGER}/reversing.py",
            "        return self.amount - self.taken_back\n",
            "        return self.amount\n",
        ),
        test=f"{LEDGER}/tests/test_races.py::test_a_transfer_is_reversed_once",
    ),
    test_of(
        "expiry by date, not by what is left in the lot",
        Edit(
            f"{LEDGER}/lots.py",
            "    select t.wallet_id, t.line, t.amount - coalesce(b.burned, 0), t.expires_at,",
            "    select t.wallet_id, t.line, t.amount, t.expires_at,",
        ),
        test=f"{LEDGER}/tests/test_lots.py::test_a_refund_after_expiry_takes_no_other_points",
    ),
    test_of(
        "a webhook is noted as sent before it is",
        Edit(
            "src/plaudit/outreach/actions/delivering.py",
            "        note(organisation_id, endpoint_id, send(parcel, post=post))\n",
            '        sent = Answer(204, "", "", None, "", 1)\n'
            "        note(organisation_id, endpoint_id, [Tried(one, sent, clock.wall()) for one in parcel.taken])\n"
            "        send(parcel, post=post)\n",
        ),
        test="src/plaudit/outreach/tests/test_leases.py"
        "::test_a_worker_process_killed_while_the_receiver_answers_loses_nothing",
    ),
    test_of(
        "a dead worker's jobs count as done",
        Edit(
            "src/plaudit/foundation/jobs/running.py",
            "'failed' else 'todo' end)",
            "'failed' else 'succeeded' end)",
        ),
        test="src/plaudit/foundation/jobs/tests/test_worker.py"
        "::test_what_a_killed_worker_was_doing_is_done_by_the_next",
    ),
    test_of(
        "row security is not forced",
        Edit(
            "src/plaudit/foundation/schema.py",
            "            alter table {table} force row level security;\n",
            "            alter table {table} no force row level security;\n",
        ),
        test="tests/test_tenancy.py::test_every_table_of_an_organisation_has_row_security_forced_with_a_policy",
    ),
    test_of(
        "one table shows every organisation's rows",
        Edit(
            "src/plaudit/foundation/schema.py",
            '    with connections["owner"].cursor() as cursor:\n        _guard_tenant_tables(cursor)\n',
            '    with connections["owner"].cursor() as cursor:\n        _guard_tenant_tables(cursor)\n'
            '        cursor.execute("create policy everybody on people_member for select using (true)")\n',
        ),
        test="tests/test_tenancy.py::test_without_an_organisation_there_are_no_rows",
    ),
    test_of(
        "an operation without its declaration",
        Edit(
            f"{LEDGER}/api/transfers.py",
            '@allows(scopes=["ledger:write"], to="adjust points")\n',
            "",
        ),
        test="src/plaudit/foundation/access/tests/test_declarations.py"
        "::test_no_route_of_the_application_is_undeclared",
    ),
    test_of(
        "links are asked for without a limit",
        Edit(
            "src/plaudit/people/signing_in.py",
            "    if not standing.allowed:\n",
            "    if standing is None:\n",
        ),
        test="src/plaudit/people/tests/test_getting_in.py::test_asking_for_links_too_often_is_refused",
    ),
    test_of(
        "amounts are read as floats",
        Edit(
            "src/plaudit/activity/events.py",
            "msgspec.json.Decoder(_Plain, float_hook=exact_number)",
            "msgspec.json.Decoder(_Plain)",
        ),
        test="src/plaudit/activity/tests/test_events.py::test_an_event_is_read_exactly",
    ),
    test_of(
        "amounts of events with attributes of their own are read as floats",
        Edit(
            "src/plaudit/activity/strict_json.py",
            "msgspec.json.Decoder(float_hook=exact_number)",
            "msgspec.json.Decoder()",
        ),
        test="src/plaudit/activity/tests/test_events.py"
        "::test_an_event_with_an_attribute_of_the_senders_own_is_read_as_exactly",
    ),
    test_of(
        "seals are not held against what is kept outside",
        Edit(
            f"{LEDGER}/verification/seals.py",
            'return [{"anchor": anchor} for anchor in missing_anchors(',
            'return [{"anchor": anchor} for anchor in () and missing_anchors(',
        ),
        test=f"{LEDGER}/tests/test_planted_faults.py"
        "::test_a_chain_made_anew_after_an_edit_is_found_by_what_is_kept_outside",
    ),
)
