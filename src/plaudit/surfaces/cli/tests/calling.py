"""Calls commands as a shell would, in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from typer.testing import CliRunner

from plaudit.surfaces.cli.main import app


@dataclass(frozen=True)
class Said:
    """What a command wrote and how it ended."""

    out: str
    talk: str
    code: int

    @property
    def data(self) -> Any:
        """Its standard output as JSON."""
        return json.loads(self.out)


def call(*arguments: str, given: str = "", org: str = "") -> Said:
    """Run `plaudit` with these arguments, with `given` on its standard input."""
    first = ["--org", org] if org else []
    result = CliRunner().invoke(app, [*first, *arguments], input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Said(result.stdout, result.stderr, result.exit_code)
