"""Contenders released at one moment, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

from plaudit.foundation.refusals import Refusal

Result = TypeVar("Result")


def at_once(contenders: int, act: Callable[[int], Result]) -> list[Result | Refusal]:
    """What each of the contenders got from `act(number)`, or the refusal it met; any other error is raised."""
    gate = threading.Barrier(contenders)

    def contend(number: int) -> Result | Refusal:
        try:
            connections["default"].ensure_connection()  # connecting takes longer than most races last
            gate.wait(timeout=30)
            return act(number)
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(contenders) as pool:
        return list(pool.map(contend, range(contenders)))
