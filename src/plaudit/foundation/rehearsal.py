"""Runs a step for its answer alone: it takes the real path, and everything it wrote is undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from plaudit.foundation.tenancy import in_organisation, undone_on_error

T = TypeVar("T")


class _Done(Exception):
    """Carries the answer out of what it undoes."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer


def rehearse(organisation_id: int, step: Callable[[], T]) -> T:
    """What `step` would answer, were it done now. Nothing remains of it: no row, no news, no lock.

    What it refuses it refuses; ids it minted were never anybody's.
    """
    with in_organisation(organisation_id):
        try:
            with undone_on_error():
                raise _Done(step())  # noqa: TRY301  # leaving by an exception is what undoes it
        except _Done as done:
            answer: T = done.answer
    return answer
