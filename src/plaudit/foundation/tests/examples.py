"""How many examples a property is tried with."""

from __future__ import annotations

from hypothesis import settings


def examples(number: int) -> int:
    """So many in every run, always the same; fifty times as many, and new ones, in a search for faults.

    A search is asked for with HYPOTHESIS_PROFILE=search.
    """
    return number * 50 if settings.get_current_profile_name() == "search" else number
