"""The style sheets, scripts and icons that pages ask for, collected once as in production."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys

from tests.database import ROOT, STATE

_COLLECT = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--clear", "--verbosity=0"]


def collect() -> None:
    """Collect them into the tests' home; again only when one of them, or what ships others, has changed."""
    told = STATE / "static.digest"
    with (STATE / "static.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        now = _digest()
        if told.exists() and told.read_text() == now:
            return
        subprocess.run(_COLLECT, env=os.environ, check=True)
        told.write_text(now)


def _digest() -> str:
    digest = hashlib.sha256()
    source = ROOT / "src" / "plaudit"
    files = [path for path in source.glob("**/static/**/*") if path.is_file()]
    for path in sorted([*files, source / "settings.py", ROOT / "uv.lock"]):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
