"""The database tests run in: a migrated template built once, and a copy of it for each worker.

Tests commit, as the application does. Each test makes an organisation of its own, and row security keeps
them apart, so nothing is rolled back or emptied afterwards.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from plaudit.foundation.postgres import databases, outside, process, start, status, stop

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / "var" / "test"

# Two checkouts may share one server; their databases must not.
PLACE = hashlib.sha256(f"{platform.node()}:{ROOT}".encode()).hexdigest()[:6]

# What a developer's shell may say to the tests. Anything else PLAUDIT_* would make them differ by machine.
_HEARD = (
    "PLAUDIT_DATABASE_URL",
    "PLAUDIT_BROWSER",
    "PLAUDIT_CHROMIUM",
    "PLAUDIT_CHROMEDRIVER",
    "PLAUDIT_RACE_ROUNDS",
    "PLAUDIT_TEST_",
)

_MIGRATE = "import django; django.setup(); from plaudit.foundation.schema import migrate; migrate()"

# Statistics are gathered in transactions, at moments of the server's own choosing, and whoever follows the book
# waits for every transaction that is open.
_ALONE = """
    do $$ declare one regclass; begin
        for one in select oid from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace loop
            execute format('alter table %s set (autovacuum_enabled = false)', one);
        end loop;
    end $$
"""


@dataclass(frozen=True)
class Server:
    """The server under the tests: `maintenance` may make databases, as the role that will own them."""

    maintenance: str

    def copy(self, template: str, name: str) -> None:
        """Make the database `name` out of the template."""
        databases.create(self.maintenance, name, template)

    def drop(self, name: str) -> None:
        """Remove a database of ours."""
        databases.drop(self.maintenance, name)


def hush_environment() -> None:
    """Forget every setting of the developer's that tests must not depend on, and name the tests' own home."""
    for name in [name for name in os.environ if name.startswith("PLAUDIT_") and not name.startswith(_HEARD)]:
        del os.environ[name]
    os.environ["PLAUDIT_HOME"] = str(STATE)
    os.environ["DJANGO_SETTINGS_MODULE"] = "plaudit.settings"


def server() -> Server:
    """The server named in PLAUDIT_DATABASE_URL, made ready, or our own, started."""
    url = os.environ.get("PLAUDIT_DATABASE_URL")
    if url:
        outside.prepare(url, None)
        return Server(maintenance=outside.owner_dsn(url, "postgres"))
    return Server(maintenance=start(STATE).owner_dsn("postgres"))


@contextmanager
def server_in_use() -> Iterator[Server]:
    """The server for one run of tests; our own is stopped afterwards unless another run still uses it."""
    STATE.mkdir(parents=True, exist_ok=True)
    with (STATE / "in-use.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield server()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if status(STATE).pid is not None:
            stop(STATE)


def build_template(using: Server) -> str:
    """The migrated database that workers copy; built again only when what makes it has changed."""
    prefix = f"plaudit_template_{PLACE}_"
    name = prefix + _digest_of_schema()
    with (STATE / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        existing = databases.names(using.maintenance, prefix)
        if name in existing:
            return name
        for outdated in existing:
            _drop_if_idle(using, outdated)
        unfinished = f"plaudit_building_{PLACE}"
        using.drop(unfinished)
        databases.create(using.maintenance, unfinished)
        migrated = subprocess.run(
            [sys.executable, "-c", _MIGRATE],
            env=os.environ | {"PLAUDIT_DATABASE_NAME": unfinished},
            capture_output=True,
            text=True,
            check=False,
        )
        if migrated.returncode != 0:
            raise RuntimeError(f"The migrations failed.\n{migrated.stdout}\n{migrated.stderr}")
        with psycopg.connect(using.maintenance, dbname=unfinished, autocommit=True) as owner:
            owner.execute(_ALONE)
        databases.rename(using.maintenance, unfinished, name)
    return name


def worker_database(run: int, worker: str) -> str:
    """The name of one worker's database in one run of tests."""
    return f"plaudit_test_{PLACE}_{run}_{worker}"


def sweep(using: Server, *, run: int | None = None) -> None:
    """Remove the databases of a run that ended, or (without `run`) of every run that was cut short."""
    prefix = f"plaudit_test_{PLACE}_"
    for name in databases.names(using.maintenance, prefix):
        number = int(name.removeprefix(prefix).split("_")[0])
        if number == run or (run is None and not process.lives(number)):
            using.drop(name)


def _digest_of_schema() -> str:
    """Changes with everything that can change the migrated database."""
    source = ROOT / "src" / "plaudit"
    paths = [*source.glob("**/migrations/*.py"), *source.glob("foundation/*.py"), source / "settings.py"]
    digest = hashlib.sha256()
    for path in sorted([*paths, ROOT / "uv.lock", Path(__file__)]):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _drop_if_idle(using: Server, name: str) -> None:
    """Another run may be copying it at this moment; then it goes the next time."""
    try:
        using.drop(name)
    except psycopg.errors.ObjectInUse:
        return
