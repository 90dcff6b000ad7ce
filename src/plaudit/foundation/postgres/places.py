"""Where a cluster keeps its files: in the state folder, or near by where the server's user cannot go there."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plaudit.foundation.postgres.account import (
    Account,
    account_owning,
    name_of,
    ourselves,
    service_account,
)
from plaudit.foundation.postgres.engine import MAJOR
from plaudit.foundation.postgres.refusals import SocketTooDeep, StateBelongsToAnother

PORT = 5432

# The kernel keeps 108 bytes for a socket's path, the last of them for the closing zero.
_SOCKET_PATH_BYTES_MAX = 107
_SOCKET_NAME_BYTES = len(f"/.s.PGSQL.{PORT}")

# libpq and the server both read a list of folders, in which these have a meaning of their own.
_NOT_IN_A_SOCKET_PATH = set("\"',\\\n")

_log = logging.getLogger("plaudit.postgres")


def state_folder(folder: Path) -> Path:
    """The state folder under its one true name, made when it is missing. Refuses another user's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    owner = folder.stat().st_uid
    if os.geteuid() not in (0, owner):
        raise StateBelongsToAnother(folder=folder, owner=name_of(owner), user=name_of(os.geteuid()))
    return folder


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """Only one process at a time copies, creates, starts or stops."""
    descriptor = os.open(state / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        if os.geteuid() == 0:  # so that the folder's owner can still use it after root was here
            owner = state.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def home_of(state: Path) -> Path:
    """The folder that holds engine, data, socket and log: the state folder, or the one it points to."""
    pointer = state / "elsewhere"
    try:
        trusted = pointer.lstat().st_uid == 0  # only root places a cluster elsewhere
    except FileNotFoundError:
        return state
    return Path(pointer.read_text().strip()) if trusted else state


def data_of(state: Path) -> Path:
    """The folder of the database files."""
    return home_of(state) / "data" / MAJOR


def log_of(state: Path) -> Path:
    """The server's log."""
    return home_of(state) / "log" / "postgres.log"


def account_for(state: Path) -> Account:
    """Who runs the server of this state folder: whoever owns its data; at first, ourselves or a service user."""
    if os.geteuid() != 0:
        return ourselves()
    data = data_of(state)
    if data.exists():
        return account_owning(data.stat().st_uid)
    owner = state.stat().st_uid
    return service_account() if owner == 0 else account_owning(owner)


def settle(state: Path, account: Account) -> Path:
    """The home of this cluster, its folders made. Parent folders are never opened for `account`'s sake."""
    home = home_of(state)
    reachable = account.how != "switch" or account.can(["/bin/sh", "-c", 'cd -- "$1"', "sh", home])
    if home == state and not reachable:
        home = _elsewhere(state)
        _log.warning("The database is kept in %s: the user %s may not enter %s.", home, account.name, state)
    for name in ("data", "engine"):
        (home / name).mkdir(mode=0o755, exist_ok=True)
        (home / name).chmod(0o755)
    account.own(home / "log")
    return home


def socket_folder(home: Path, account: Account) -> Path:
    """A private folder whose path is short enough for a Unix socket, and plain enough for libpq."""
    inside = home / "socket"
    if _fits(inside):
        account.own(inside)
        return inside
    name = "plaudit-" + hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    tried = [Path("/run")] if os.geteuid() == 0 else [Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere")]
    tried += [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108  # a folder of our own is made in it
    for parent in tried:
        folder = parent / name
        if parent.is_dir() and os.access(parent, os.W_OK) and _fits(folder) and _private(folder, account):
            return folder
    for parent in tried[1:]:  # somebody may hold our name there; a name nobody can foresee is free
        if _fits(parent / (name + "-12345678")):
            folder = Path(tempfile.mkdtemp(prefix=name + "-", dir=parent))
            account.own(folder)
            return folder
    raise SocketTooDeep(tried=", ".join(str(parent) for parent in tried))


def _fits(folder: Path) -> bool:
    length = len(os.fsencode(folder)) + _SOCKET_NAME_BYTES
    return length <= _SOCKET_PATH_BYTES_MAX and not _NOT_IN_A_SOCKET_PATH & set(str(folder))


def _private(folder: Path, account: Account) -> bool:
    """Whether this folder is ours alone; somebody else may have laid one of that name in a shared place."""
    try:
        folder.mkdir(mode=0o700)
        if account.how == "switch":
            os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    except FileExistsError:
        pass
    found = folder.lstat()
    owner = account.uid if account.how == "switch" else os.geteuid()
    return found.st_uid == owner and (found.st_mode & 0o170777) == 0o040700


def _elsewhere(state: Path) -> Path:
    """For root: a new folder that a service user can reach, remembered in the state folder."""
    parent = Path("/var/lib/plaudit")
    try:
        parent.mkdir(mode=0o755, exist_ok=True)
    except OSError:
        parent = Path("/var/tmp")  # noqa: S108  # mkdtemp makes a folder of our own in it
    name = hashlib.sha256(os.fsencode(state)).hexdigest()[:12]
    home = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=parent))
    home.chmod(0o755)
    (home / "origin").write_text(f"{state}\n")
    (state / "elsewhere").write_text(f"{home}\n")
    return home
