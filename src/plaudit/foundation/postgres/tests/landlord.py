"""A PostgreSQL that somebody else runs, for tests: fresh, of this machine's own packages or of ours."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from plaudit.foundation.postgres import outside
from plaudit.foundation.postgres.account import Account, ourselves, service_account
from plaudit.foundation.postgres.engine import engine_for


@dataclass(frozen=True)
class Landlord:
    """A running server that trusts whoever calls, as any name they give."""

    socket: Path

    def url(self, user: str, database: str = "postgres") -> str:
        return f"postgresql:///{database}?host={self.socket}&user={user}"

    def order(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def machines_own() -> list[Path]:
    """The programs of PostgreSQL as this machine's own packages bring it, where it is new enough."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return sorted(path.parent for path in found if int(path.parents[1].name) >= outside.MAJOR_MIN)


@contextmanager
def a_landlord(programs: Path | None, *, fsync: str = "off") -> Iterator[Landlord]:
    """A server made of these programs (None: ours) that is gone afterwards, and so need not wait for the disk."""
    account: Account = service_account() if os.geteuid() == 0 else ourselves()
    folder = Path(tempfile.mkdtemp(prefix="plaudit-outside-"))
    folder.chmod(0o711)
    programs = programs or engine_for(account, folder).bin
    data = folder / "data"
    account.own(data)
    initdb: list[str | Path] = [
        programs / "initdb",
        "--auth=trust",
        "--encoding=UTF8",
        "--username=postgres",
        "--no-sync",
    ]
    account.run([*initdb, "-D", data])
    options = f"-c listen_addresses='' -c unix_socket_directories='{data}' -c fsync={fsync}"
    account.run([programs / "pg_ctl", "start", "-w", "-D", data, "-l", data / "log", "-o", options])
    try:
        yield Landlord(socket=data)
    finally:
        account.run([programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data])
        shutil.rmtree(folder)
