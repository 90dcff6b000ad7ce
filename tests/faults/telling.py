"""Says at the end of a run of tests how many faults were planted in how many flows."""

from __future__ import annotations

import pytest

PLANTED = "faults planted"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line, where any were."""
    planted = [
        value
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        if report.when == "call"
        for name, value in report.user_properties
        if name == PLANTED
    ]
    if planted:
        terminalreporter.write_line(f"{sum(planted):,} faults planted in {len(planted)} write flows.")
