"""How much several events earn together beyond what each earned by itself. Pure."""

from __future__ import annotations


def makes_up(exact: int, earned: int, decimals: int) -> int:
    """The difference between the rounded sum and the sum of what was rounded, in the unit's smallest parts.

    `exact` is the sum before rounding, with so many more decimals; `earned` what the events earned one by one. It is
    never below nothing: what refunds in part leave is rounded in the member's favour, event by event.
    """
    assert exact >= 0
    whole: int = exact // 10**decimals
    return max(0, whole - earned)
