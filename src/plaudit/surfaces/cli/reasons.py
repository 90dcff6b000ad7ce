"""A reason as the command line says it."""

from __future__ import annotations

from plaudit.insights.reasons import Because
from plaudit.surfaces.cli.output import show


def show_reason(found: Because) -> None:
    """The sentence, the facts, what decided, the arithmetic, what would change it, and how to question it."""
    sums = [
        f"{one.label}: {one.value or one.amount}{f' ({one.note})' if one.note else ''}" for one in found.sums
    ]
    body = {
        "reference": found.reference,
        "sentence": found.sentence,
        "facts": {one.label: one.value for one in found.inputs},
        "authority": found.authority.words,
        "sums": sums,
        "would_change": list(found.would_change),
        "question": found.question,
    }
    facts = [f"  {one.label}: {one.value}" for one in found.inputs]
    lines = [found.sentence, *facts, f"  {found.authority.words}", *(f"  {one}" for one in sums)]
    show(body, sentence="\n".join([*lines, *found.would_change, found.question]))
