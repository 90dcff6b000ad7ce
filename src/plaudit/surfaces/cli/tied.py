"""`python -m plaudit.surfaces.cli.tied PARENT PROGRAM …`: a program that is told to end when its parent dies.

A server that was killed outright cannot end what it started; the kernel does it instead. Elsewhere than on
Linux the program runs on, and the next start takes another port.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_SET_PARENT_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of <sys/prctl.h>; what it sets is kept by the program that is then run."""


def tied(command: list[str]) -> list[str]:
    """The command that runs this one tied to the present process."""
    return [sys.executable, "-m", "plaudit.surfaces.cli.tied", str(os.getpid()), *command]


def main() -> None:
    """Tie this process to its parent, and become the program."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != int(sys.argv[1]):
        sys.exit("Whoever started this is gone already.")
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606  # there is no shell in it


if __name__ == "__main__":
    main()
