"""Builds .venv from the lock: with uv where there is one, else with venv and pip, every file checked by its hash.

`python scripts/environment.py runtime` installs what running needs, `… dev` everything. It returns at once
when the environment already holds what the lock says.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

REQUIREMENTS = {"runtime": "requirements.txt", "dev": "requirements-dev.txt"}
SYNC = {"runtime": ("--no-default-groups", "--group", "build", "--inexact"), "dev": ()}


def digest(kind: str) -> str:
    """Changes when the environment must be built again: with the lock, the Python, and the checkout's place."""
    told = hashlib.sha256(f"{ROOT}\0{sys.version_info[:2]}\0".encode())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told.update(repr(project).encode())
    for name in ("uv.lock", REQUIREMENTS[kind]):
        told.update((ROOT / name).read_bytes())
    return told.hexdigest()


def stamp(kind: str) -> Path:
    """Where the digest of a finished environment is kept."""
    return VENV / f".built-{kind}"


def is_built(kind: str) -> bool:
    """Whether the environment holds at least `kind`."""
    for holds in {kind, "dev"}:
        if stamp(holds).exists() and stamp(holds).read_text() == digest(holds):
            return is_usable()
    return False


def build(kind: str) -> None:
    """Make the environment hold exactly what the lock says, and note that it does."""
    began = time.monotonic()
    tool = shutil.which("uv")
    print(f"Building the Python environment ({kind}, with {'uv' if tool else 'pip'}) …", flush=True)
    if VENV.exists() and not is_usable():
        shutil.rmtree(VENV)
    if tool:
        settings = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
        settings["UV_PROJECT_ENVIRONMENT"] = ".venv"
        sync = [tool, "sync", "--quiet", "--frozen", "--python", sys.executable]
        subprocess.run([*sync, *SYNC[kind]], cwd=ROOT, env=settings, check=True)
    else:
        build_with_pip(kind)
    (VENV / ".place").write_text(str(ROOT))
    stamp(kind).write_text(digest(kind))
    print(f"… built in {time.monotonic() - began:.0f} s.", flush=True)


def is_usable() -> bool:
    """Whether there is an environment of this Python, and it was not moved here from another place."""
    place = VENV / ".place"
    if not PYTHON.exists() or (place.exists() and place.read_text() != str(ROOT)):
        return False
    ask = "import sys; print(sys.version_info[:2])"
    answer = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=False).stdout
    return answer.strip() == str(sys.version_info[:2])


def build_with_pip(kind: str) -> None:
    """The same with nothing but Python."""
    pip = (str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")
    if (
        not PYTHON.exists()
        or subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode
    ):
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    install = (*pip, "install", "--no-deps")
    subprocess.run([*install, "--require-hashes", "-r", REQUIREMENTS[kind]], cwd=ROOT, check=True)
    subprocess.run([*install, "--no-build-isolation", "--editable", "."], cwd=ROOT, check=True)
    if kind == "dev" and (left_over := installed(pip) - required(kind)):
        subprocess.run([*pip, "uninstall", "--yes", *sorted(left_over)], cwd=ROOT, check=True)


def installed(pip: tuple[str, ...]) -> set[str]:
    """The names of what is in the environment, without its own tools and Plaudit."""
    listing = subprocess.run(
        [*pip, "list", "--format=freeze"], capture_output=True, text=True, check=True
    ).stdout
    names = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in listing.splitlines()}
    return names - {"pip", "setuptools", "plaudit"}


def required(kind: str) -> set[str]:
    """The names in the requirements, those of other platforms included."""
    text = (ROOT / REQUIREMENTS[kind]).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9][a-z0-9-]*)==", text, re.MULTILINE))


def main(kind: str) -> int:
    """Build if needed; the exit code."""
    if is_built(kind):
        return 0
    try:
        build(kind)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The environment could not be built: {error}", file=sys.stderr)
        print("Its lines above say why; on Debian and Ubuntu, python3-venv may be missing.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "runtime"))
