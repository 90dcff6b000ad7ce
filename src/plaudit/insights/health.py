"""Whether Plaudit is well: one look at the database for each thing. Imported once Django is set up."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from plaudit.foundation import clock
from plaudit.foundation.jobs.queries import failed_jobs, lane_states, workers_alive
from plaudit.foundation.last_done import noted
from plaudit.foundation.postgres.durability import switched_off
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights import findings
from plaudit.insights.findings import Finding
from plaudit.ledger.sealing import unsealed_since
from plaudit.people.models import Organisation


def login() -> str:
    """Which role asks."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user::text")
        return str(cursor.fetchone()[0])


def _server() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('server_version'), current_setting('server_version_num')::int")
        version, number = cursor.fetchone()
    return findings.of_server(version, number, clock.wall().date())


def _durability() -> Finding:
    return findings.of_durability(switched_off())


def _clocks() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("select 1")  # so that no connecting is in what is measured
        asked = time.time()
        cursor.execute("select extract(epoch from clock_timestamp())::float8")
        there, answered = float(cursor.fetchone()[0]), time.time()
    # It was read somewhere between asking and answering; what may be the way's is not the clock's.
    ahead = there - answered if there > answered else min(0.0, there - asked)
    return findings.of_clocks(ahead)


def _tables() -> Finding:
    executor = MigrationExecutor(connections["owner"])
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding(
            "tables", says=_("{n} migrations wait").format(n=len(waiting)), do=_("run `plaudit migrate`")
        )
    return Finding("tables", says=_("up to date"))


def _workers() -> Finding:
    says = (
        _("at work")
        if workers_alive()
        else _("nobody works now; `plaudit serve` has one, or start `plaudit worker`")
    )
    return Finding("worker", says=says)


def _queue() -> Finding:
    lanes = lane_states()
    return findings.of_queue(
        sum(one.waiting for one in lanes), max((one.oldest_seconds for one in lanes), default=0)
    )


def _jobs() -> Finding:
    return findings.of_jobs(len(failed_jobs()))


def _seals() -> Finding:
    unsealed = []
    for organisation in _live():
        with in_organisation(organisation.id):
            since = unsealed_since(organisation.id)
        if since is not None:
            unsealed.append((organisation.slug, since))
    return findings.of_seals(unsealed, clock.wall())


def _backup() -> Finding:
    last = noted("backup")
    return findings.of_backup(last[0] if last else None, len(_live()), clock.wall())


def _checks() -> Finding:
    last = noted("verified")
    at, broken = (last[0], int(last[1]["broken"])) if last else (None, 0)
    return findings.of_checks(at, broken, _transfers(), clock.wall())


def _transfers() -> int:
    """How many live organisations have a transfer: enough to know whether there is something to prove."""
    found = 0
    for organisation in _live():
        with in_organisation(organisation.id), connection.cursor() as cursor:
            cursor.execute(
                "select exists (select from ledger_transfer where organisation_id = %s)", [organisation.id]
            )
            found += bool(cursor.fetchone()[0])
    return found


def _live() -> list[Organisation]:
    return list(Organisation.objects.filter(kind="live").order_by("id"))


LOOKS: dict[str, Callable[[], Finding]] = {
    "server": _server,
    "durability": _durability,
    "clocks": _clocks,
    "tables": _tables,
    "worker": _workers,
    "queue": _queue,
    "jobs": _jobs,
    "seals": _seals,
    "backup": _backup,
    "checks": _checks,
}
"""Everything that is looked at in the database, in the order it is told."""


def looked_at_by(organisation_id: int) -> list[Finding]:
    """What the people of one organisation are told: of the installation what concerns everybody, and of their own.

    Asked inside the organisation; no other one is named or counted.
    """
    since = unsealed_since(organisation_id)
    return [
        _server(),
        _durability(),
        _clocks(),
        # Whoever asks on the server may well ask before anything was started; a page is served by then.
        Finding("worker", says=_("at work")) if workers_alive() else _nobody_works(),
        _queue(),
        findings.of_jobs(len(failed_jobs(organisation_id))),
        findings.of_seals([(_("this one"), since)] if since is not None else [], clock.wall()),
        _backup(),
    ]


def _nobody_works() -> Finding:
    do = _("start `plaudit worker`, or `plaudit serve`, which has one")
    return Finding("worker", says=_("nobody works now"), do=do)
