"""One PostgreSQL of our own: created, started, found again, stopped."""

from __future__ import annotations

import shutil
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from psycopg import pq
from psycopg.conninfo import make_conninfo

from plaudit.foundation.postgres import databases, process
from plaudit.foundation.postgres.account import Account
from plaudit.foundation.postgres.configuration import ADMIN_ROLE, APP_ROLE, OWNER_ROLE, configure
from plaudit.foundation.postgres.engine import Engine, engine_for
from plaudit.foundation.postgres.places import (
    PORT,
    account_for,
    data_of,
    home_of,
    locked,
    log_of,
    settle,
    socket_folder,
    state_folder,
)
from plaudit.foundation.postgres.refusals import ServerDidNotAnswer, ServerDidNotStart, ServerDidNotStop

DATABASE = "plaudit"

# Recovery after a kill replays at most max_wal_size; a small disk does that well within this time.
START_SECONDS_MAX = 120
STOP_SECONDS_MAX = 60
_LOG_BYTES_MAX = 16_000_000

# In the background, without a terminal, its words in the log; the shell leaves the new process's number.
# A shell ignores the interrupt in its background children; PostgreSQL sets its own answer to it.
_LAUNCH = 'umask 077; log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'

_FIRST_WORDS = f"""\
create role {OWNER_ROLE} login createdb nosuperuser nocreaterole nobypassrls;
create role {APP_ROLE} login nosuperuser nocreatedb nocreaterole nobypassrls;
create database {DATABASE} owner {OWNER_ROLE};
"""


@dataclass(frozen=True)
class Status:
    """How a cluster fares: `pid` is None when it is stopped; `answering` once it accepts connections."""

    pid: int | None
    answering: bool
    data: Path
    log: Path


@dataclass(frozen=True)
class Cluster:
    """A running server, and the ways to reach it."""

    state: Path
    socket: Path

    def owner_dsn(self, database: str = DATABASE) -> str:
        """Connects as the role that owns the tables: for migrations."""
        return self._dsn(OWNER_ROLE, database)

    def app_dsn(self, database: str = DATABASE) -> str:
        """Connects as the application, which owns nothing and is held by row security."""
        return self._dsn(APP_ROLE, database)

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database that plaudit_owner owns, empty or as a copy of `template`."""
        databases.create(self.owner_dsn("postgres"), name, template)

    def drop_database(self, name: str) -> None:
        """Remove a database and end its connections; nothing happens when there is none."""
        databases.drop(self.owner_dsn("postgres"), name)

    def status(self) -> Status:
        """Whether it runs and answers, now."""
        return status(self.state)

    def stop(self) -> None:
        """End every connection, write everything to the disk and wait until the server is gone."""
        stop(self.state)

    def _dsn(self, role: str, database: str) -> str:
        return make_conninfo(host=str(self.socket), port=PORT, user=role, dbname=database)


def start(state: Path, *, account: Account | None = None) -> Cluster:
    """The cluster of this state folder, running: found, or created and started. Safe to call at any time.

    `account` overrides who the server runs as when the cluster is first made.
    """
    state = state_folder(state)
    cluster = found(state)
    if cluster is not None:
        return cluster
    with locked(state):
        return found(state) or _started(state, account or account_for(state))


def stop(state: Path) -> None:
    """Stop the cluster of this state folder; nothing happens when none runs."""
    state = state_folder(state)
    with locked(state):
        server = process.postmaster(data_of(state))
        if server is None:
            return
        process.tell(server.pid, signal.SIGINT)
        gone = process.wait_until(
            lambda: not process.works_in(server.pid, data_of(state)), seconds=STOP_SECONDS_MAX
        )
        if not gone:
            raise ServerDidNotStop(pid=server.pid, seconds=STOP_SECONDS_MAX, log=log_of(state))
        if server.socket.parent != home_of(state):  # a folder made for the socket alone
            with suppress(OSError):
                server.socket.rmdir()


def remove(state: Path) -> None:
    """Stop the cluster of this state folder and delete it with every database in it, for good."""
    stop(state)
    state = state_folder(state)
    home = home_of(state)
    with locked(state):
        for name in ("data", "engine", "log", "socket"):
            shutil.rmtree(home / name, ignore_errors=True)
        if home != state:
            shutil.rmtree(home, ignore_errors=True)
            (state / "elsewhere").unlink()


def status(state: Path) -> Status:
    """How the cluster of this state folder fares, now."""
    state = state_folder(state)
    server = process.postmaster(data_of(state))
    return Status(
        pid=server.pid if server else None,
        answering=server is not None and _answers(server.socket),
        data=data_of(state),
        log=log_of(state),
    )


def found(state: Path) -> Cluster | None:
    """The cluster if it runs and answers; a look at two files and one greeting, so cheap enough to repeat."""
    server = process.postmaster(data_of(state))
    if server is None or not _answers(server.socket):
        return None
    return Cluster(state=state, socket=server.socket)


def _started(state: Path, account: Account) -> Cluster:
    """Start under the lock: whatever was left by a crash is waited for or cleared first."""
    home = settle(state, account)
    data, log = data_of(state), log_of(state)
    engine = engine_for(account, home)
    if not data.exists():
        _create(data, engine, account)
    if process.postmaster(data) is None or not _comes_up(data, log):
        socket = socket_folder(home, account)
        _clear_the_way(data, socket, log)
        configure(data, socket, account)
        _launch(data, log, engine, account)
        if not _comes_up(data, log):
            words = " ".join(log.read_text(errors="replace").splitlines()[-5:])
            raise ServerDidNotStart(folder=data, log=log, words=words)
    cluster = found(state)
    assert cluster is not None, "the server answered a moment ago"
    return cluster


def _create(data: Path, engine: Engine, account: Account) -> None:
    """Make a cluster with its roles and its first database; the data folder appears whole or not at all."""
    unfinished = data.with_name(data.name + ".partial")
    shutil.rmtree(unfinished, ignore_errors=True)
    account.own(unfinished)
    account.run(
        [
            *(engine.bin / "initdb", "--pgdata", unfinished, "--username", ADMIN_ROLE),
            *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *("--data-checksums", "--auth-local=peer", "--auth-host=reject", "--no-instructions"),
        ]
    )
    single: list[str | Path] = [
        engine.bin / "postgres",
        "--single",
        "-c",
        "exit_on_error=on",
        "-D",
        unfinished,
        "postgres",
    ]
    account.run(single, stdin=_FIRST_WORDS)
    unfinished.rename(data)


def _comes_up(data: Path, log: Path) -> bool:
    """Wait for a server that is starting, recovering or stopping; whether one answers in the end."""

    def settled() -> bool:
        server = process.postmaster(data)
        return server is None or _answers(server.socket)

    if not process.wait_until(settled, seconds=START_SECONDS_MAX):
        server = process.postmaster(data)
        assert server is not None, "it was there all the time"
        raise ServerDidNotAnswer(pid=server.pid, folder=data, socket=server.socket, log=log)
    return process.postmaster(data) is not None


def _clear_the_way(data: Path, socket: Path, log: Path) -> None:
    """After a killed server: let its last processes go, and drop locks whose number a stranger bears now.

    The pid file also guards the shared memory of a dead server, so it is only removed once none of that
    server's processes is left. Locks whose process is gone are cleared by PostgreSQL itself.
    """
    for pid in process.workers_in(data):
        process.tell(pid, signal.SIGTERM)
    if not process.wait_until(lambda: not process.workers_in(data), seconds=STOP_SECONDS_MAX):
        pid = process.workers_in(data)[0]
        raise ServerDidNotStop(pid=pid, seconds=STOP_SECONDS_MAX, log=log)
    for lock in (data / "postmaster.pid", socket / f".s.PGSQL.{PORT}.lock"):
        number = process.number_in(lock)
        if number is not None and process.is_taken(number):
            lock.unlink()


def _launch(data: Path, log: Path, engine: Engine, account: Account) -> None:
    """Start the server's process and wait until it has introduced itself in postmaster.pid, or died."""
    if log.exists() and log.stat().st_size > _LOG_BYTES_MAX:
        log.replace(log.with_suffix(".log.1"))
    command: list[str | Path] = ["/bin/sh", "-c", _LAUNCH, "sh", log, engine.bin / "postgres", "-D", data]
    pid = int(account.run(command, detached=True))
    process.wait_until(
        lambda: process.postmaster(data) is not None or not process.lives(pid), seconds=START_SECONDS_MAX
    )


def _answers(socket: Path) -> bool:
    """What pg_isready asks, without starting a program for it."""
    asked = make_conninfo(host=str(socket), port=PORT, user=APP_ROLE, dbname=DATABASE, connect_timeout=3)
    return pq.PGconn.ping(asked.encode()) == pq.Ping.OK
