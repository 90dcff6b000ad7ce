"""Contenders released at one moment, each with a connection of its own.

What is limited is fought over in a few rounds each time the tests run; PLAUDIT_RACE_ROUNDS=300 for the
campaign (`make races`). Random load finds no missing lock, a barrier does.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connections

from plaudit.foundation.refusals import Refusal

Result = TypeVar("Result")

CONTENDERS = 20

rounds = pytest.mark.parametrize("round_", range(int(os.environ.get("PLAUDIT_RACE_ROUNDS", "2"))))
"""Runs a race that many times, each in an organisation of its own."""

released: list[int] = []
"""How many contenders were released together, race by race."""


def at_once(contenders: int, act: Callable[[int], Result]) -> list[Result | Refusal]:
    """What each of the contenders got from `act(number)`, or the refusal it met; any other error is raised."""
    gate = threading.Barrier(contenders)
    released.append(contenders)

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
