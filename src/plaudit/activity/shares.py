"""How much of an event a correction undoes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any


def share_of(part: str, correction: Mapping[str, Any], corrected: Mapping[str, Any]) -> Fraction:
    """The share one correction undoes: `refunded/amount` is its field `refunded` over the event's `amount`.

    Without a `part`, or where either number is missing or the event's is zero, the whole event.
    """
    this, _, of = part.partition("/")
    portion, whole = correction.get(this), corrected.get(of)
    if not part or portion is None or whole is None or Decimal(str(whole)) == 0:
        return Fraction(1)
    return abs(Fraction(Decimal(str(portion))) / Fraction(Decimal(str(whole))))
