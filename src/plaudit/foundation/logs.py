"""The log: one line of JSON for each thing worth knowing, on standard error, for the operator to keep."""

from __future__ import annotations

import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

from plaudit.foundation.requests import current_request_id


def write_lines_of_json() -> None:
    """Have every line say when (UTC, to the millisecond), how grave, and in which request.

    JSON escapes line ends, so that nobody's words can pass for a line of ours.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            _name_request,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        # Looked up with every line: a test, or whoever starts us, may have put another stream in its place.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def _name_request(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    if request_id := current_request_id():
        line["request"] = request_id
    return line
