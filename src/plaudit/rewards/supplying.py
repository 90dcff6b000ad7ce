"""What is said to a supplier and what its answers mean. Pure: no database, no clock, no network.

A supplier has three doors. `POST /orders` orders, under the order's own id as idempotency key;
`GET /orders/{id}` tells what became of it; `POST /orders/{id}/cancel` takes it back. Each answers
`{"id", "state": "issued" | "pending" | "refused" | "cancelled", "code", "reference", "face": {"amount",
"currency"}}`, amounts in minor units. Whatever else comes back, or nothing, is unclear: then the supplier
is asked, and nothing is ordered again before it says that it has no such order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from plaudit.foundation.exact import decode

CODE_LENGTH_MAX = 200
TRIES_MAX = 24


class Door(StrEnum):
    """What a supplier is asked: to deliver, what became of an order, or to take one back."""

    ORDER = "order"
    ASK = "ask"
    VOID = "void"


class Verdict(StrEnum):
    """What an answer means for an order.

    DELIVERED: what was promised is there. PENDING: it will be. UNKNOWN: the supplier has no such order.
    REFUSED: it will not be. WRONG: something else was delivered. VOIDED: it was taken back. UNCLEAR: none
    of it can be told.
    """

    DELIVERED = "delivered"
    PENDING = "pending"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    WRONG = "wrong"
    VOIDED = "voided"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Promise:
    """What an order promises: its id, its face value (None where it has none), and whether there is a code."""

    id: str
    face_minor: int | None
    currency: str
    needs_code: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer understood. `code` and `reference` stand where something was delivered."""

    verdict: Verdict
    problem: str = ""
    code: str = ""
    reference: str = ""


def understand(door: Door, status: int | None, body: str, promise: Promise) -> Heard:
    """What an answer with this status (None for no answer) and body means at this door."""
    if status is None:
        return Heard(Verdict.UNCLEAR, "No answer.")
    if door is not Door.ORDER and status == 404:
        return Heard(Verdict.UNKNOWN)
    if status == 429 or status >= 500 or not 200 <= status < 500:
        return Heard(Verdict.UNCLEAR, f"It answered {status}.")
    said = _said(body)
    if said is None:
        return Heard(Verdict.UNCLEAR, f"It answered {status} with something that cannot be read.")
    if said.get("id") != promise.id:
        return Heard(Verdict.UNCLEAR, "It answered for another order.")
    match said.get("state"):
        case "pending" if status < 300:
            return Heard(Verdict.PENDING, "It is on its way.")
        case "cancelled":
            return Heard(Verdict.VOIDED)
        case "refused":
            return Heard(Verdict.REFUSED, str(said.get("reason") or "It will not deliver.")[:300])
        case "issued" if status < 300:
            return _delivered(said, promise)
    return Heard(Verdict.UNCLEAR, f"It answered {status} in a state nobody knows.")


def _said(body: str) -> Mapping[str, Any] | None:
    try:
        said = decode(body)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _delivered(said: Mapping[str, Any], promise: Promise) -> Heard:
    code, reference, face = said.get("code") or "", said.get("reference") or "", said.get("face")
    if promise.face_minor is not None and face != {
        "amount": promise.face_minor,
        "currency": promise.currency,
    }:
        return Heard(Verdict.WRONG, "It delivered another value.")
    if promise.needs_code and not (isinstance(code, str) and 0 < len(code.strip()) <= CODE_LENGTH_MAX):
        return Heard(Verdict.WRONG, "It delivered no code.")
    if not isinstance(code, str) or not isinstance(reference, str):
        return Heard(Verdict.WRONG, "It delivered something that is no code.")
    return Heard(Verdict.DELIVERED, code=code.strip(), reference=reference[:200])


_WAITS = (5, 30, 120, 600, 1_800)
_LONGEST = timedelta(hours=4)


def wait_after(tries: int) -> timedelta:
    """How long an order rests after so many tries: seconds at first, then up to four hours; some three days in all."""
    if tries <= len(_WAITS):
        return timedelta(seconds=_WAITS[tries - 1])
    return min(_LONGEST, timedelta(seconds=_WAITS[-1] * 2 ** (tries - len(_WAITS))))
