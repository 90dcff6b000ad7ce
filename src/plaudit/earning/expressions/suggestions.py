"""Near misses: the name a person probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from plaudit.foundation.worded import worded

_WORD_LENGTH_MAX = 60


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that offers the nearest known name, or lists a few; empty without any."""
    names = sorted(known)
    by_lower = {name.lower(): name for name in names}
    near = get_close_matches(word[:_WORD_LENGTH_MAX].lower(), by_lower, n=1, cutoff=0.6)
    if near:
        return worded("; did you mean `{name}`?", name=by_lower[near[0]])
    if not names:
        return "."
    few = ", ".join(f"`{name}`" for name in names[:8])
    return worded("; it can be {few}{more}.", few=few, more=worded(" and others") if len(names) > 8 else "")
