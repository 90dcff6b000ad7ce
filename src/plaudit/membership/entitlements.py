"""What a membership entitles to: how much comes off a fee."""

from __future__ import annotations

from plaudit.membership.definitions import Entitlement, Scheme
from plaudit.membership.rules import divided


def discount_on(scheme: Scheme, entitlement: Entitlement, fee: int) -> int:
    """So many percent of a fee, in its minor units, by the scheme's rounding."""
    return divided(fee, entitlement.percent, 100, scheme.rounding)
