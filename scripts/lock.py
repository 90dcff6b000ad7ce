"""Writes uv.lock and the hash-pinned requirements from pyproject.toml, deaf to this machine's own index settings.

An index named in the environment or in a user's configuration would otherwise leak into the lock and stay there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

KEPT = ("PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "LANG")
EXPORTS = {
    "requirements.txt": ("--no-default-groups", "--group", "build"),
    "requirements-dev.txt": ("--all-groups",),
}


def main(*, upgrade: bool) -> int:
    """Lock, then export; the exit code."""
    tool = shutil.which("uv")
    if tool is None:
        print("Locking needs uv: https://docs.astral.sh/uv/", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as nowhere:
        clean = {name: os.environ[name] for name in KEPT if name in os.environ}
        clean |= {"HOME": nowhere, "XDG_CONFIG_HOME": nowhere, "XDG_CONFIG_DIRS": nowhere}
        python = ["--python", sys.executable]
        lock = [tool, "lock", *python, *(["--upgrade"] if upgrade else [])]
        subprocess.run(lock, cwd=ROOT, env=clean, check=True)
        for name, groups in EXPORTS.items():
            export = [
                tool,
                "export",
                *python,
                "--quiet",
                "--frozen",
                "--no-emit-project",
                "--no-header",
                *groups,
            ]
            subprocess.run([*export, "--output-file", name], cwd=ROOT, env=clean, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(upgrade="--upgrade" in sys.argv[1:]))
