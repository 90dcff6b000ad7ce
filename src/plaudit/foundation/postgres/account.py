"""The operating-system user PostgreSQL runs as: ourselves, a service user when we are root, or a borrowed name."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from plaudit.foundation.postgres.refusals import CommandFailed, NoServiceUser

SERVICE_USER = "plaudit"

# What an unmapped user looks like inside a user namespace. Borrowing this one would let anybody in.
_OVERFLOW_UID = 65534


@dataclass(frozen=True)
class Account:
    """A user, and how a process becomes that user.

    `self`: we are it. `switch`: we are root and set the user id. `namespace`: we are a root that may not
    change its user id, or a user without a name (both happen in containers), and PostgreSQL, which accepts
    neither, sees us under another name.
    """

    name: str
    uid: int
    gid: int
    how: Literal["self", "switch", "namespace"]

    def run(self, command: Sequence[str | Path], *, stdin: str = "", detached: bool = False) -> str:
        """Run a program as this user in a clean environment; its output, or CommandFailed with its words."""
        try:
            done = self._attempt([str(part) for part in command], stdin=stdin, detached=detached)
        except (OSError, subprocess.SubprocessError) as error:
            raise CommandFailed(program=Path(command[0]).name, words=str(error)) from error
        if done.returncode != 0:
            words = (done.stderr.strip() or done.stdout.strip())[-2000:]
            raise CommandFailed(program=Path(command[0]).name, words=words)
        return done.stdout

    def can(self, command: Sequence[str | Path]) -> bool:
        """Whether a program succeeds as this user."""
        try:
            self.run(command)
        except CommandFailed:
            return False
        return True

    def write(self, path: Path, text: str) -> None:
        """Replace a file as this user, so that root never follows a link laid in another user's folder."""
        script = 'umask 077; cat > "$1.new" && mv -f -- "$1.new" "$1"'
        self.run(["/bin/sh", "-c", script, "sh", path], stdin=text)

    def own(self, folder: Path) -> None:
        """Make a folder that belongs to this user alone, where the parent is ours."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.how == "switch":
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)

    def _attempt(self, command: list[str], *, stdin: str, detached: bool) -> subprocess.CompletedProcess[str]:
        if self.how == "namespace":
            mapped = [f"--map-user={self.uid}", f"--map-group={self.gid}"]
            command = ["unshare", "--user", *mapped, "--", *command]
        switching = self.how == "switch"
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=detached,
            user=self.uid if switching else None,
            group=self.gid if switching else None,
            extra_groups=[] if switching else None,
        )


def ourselves() -> Account:
    """The user of this process; under a borrowed name where the machine knows none for it."""
    try:
        name = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return borrowed()
    return Account(name=name, uid=os.geteuid(), gid=os.getegid(), how="self")


def name_of(uid: int) -> str:
    """A user's name; its number where the machine knows no name for it."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def account_owning(uid: int) -> Account:
    """For root: the account whose files these are; data once made keeps its user for good."""
    if uid == 0:
        return borrowed()
    entry = pwd.getpwuid(uid)
    return Account(name=entry.pw_name, uid=uid, gid=entry.pw_gid, how="switch")


def service_account() -> Account:
    """For root: the best unprivileged user this machine offers.

    An existing `plaudit` or `postgres` comes first, then a `plaudit` made now, then `nobody`; where root may
    not become anyone else at all, a name borrowed in a user namespace.
    """
    for name, make in ((SERVICE_USER, False), ("postgres", False), (SERVICE_USER, True), ("nobody", False)):
        account = _switching_to(name, make=make)
        if account is not None:
            return account
    return borrowed()


def borrowed() -> Account:
    """An account that is still us outside, and a named ordinary user in the server's own namespace."""
    for entry in pwd.getpwall():
        if entry.pw_uid in (0, _OVERFLOW_UID):
            continue
        account = Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, how="namespace")
        if account.can(["/bin/sh", "-c", ":"]):
            return account
        break
    raise NoServiceUser


def _switching_to(name: str, *, make: bool) -> Account | None:
    if make and not _make_user(name):
        return None
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    account = Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid, how="switch")
    return account if entry.pw_uid != 0 and account.can(["/bin/sh", "-c", ":"]) else None


def _make_user(name: str) -> bool:
    """Ask the machine for a system user without a home or a shell; whether it obliged."""
    if shutil.which("useradd"):
        command = [
            "useradd",
            "--system",
            "--no-create-home",
            "--home-dir",
            "/",
            "--shell",
            "/bin/false",
            name,
        ]
    elif shutil.which("adduser"):
        command = ["adduser", "-S", "-D", "-H", "-h", "/", "-s", "/bin/false", name]
    else:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
