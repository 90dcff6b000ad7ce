"""Checks segments against the rest of the file: facts and conditions."""

from __future__ import annotations

from plaudit.earning.expressions.refusals import ExpressionRefused
from plaudit.planning.programme_file.check_tiers import check_measured
from plaudit.planning.programme_file.definitions import segments_of
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.programme import Programme
from plaudit.targeting.sorting import segment_condition


def check_segments(programme: Programme, problems: Problems) -> None:
    """Note what of the segments does not fit. Parts already at fault are not judged again."""
    for segment in programme.segments:
        path: Path = ("segments", segment.key)
        if segment.ready is not None and segment.facts:
            problems.note((*path, "facts"), "A segment that comes ready has its own.", "Leave them out.")
        if segment.amount and segment.ready is None:
            problems.note(
                (*path, "amount"), "Only a segment that comes ready has an amount.", "Leave it out."
            )
        for fact in segment.all_facts:
            below = path if segment.ready is not None else (*path, "facts", fact.name)
            check_measured(programme, fact.measure, below, problems)
    if problems.under(("segments",)) or problems.under(("tiers",)) or problems.under(("member_fields",)):
        return
    for definition in segments_of(programme):
        try:
            segment_condition(definition)
        except ExpressionRefused as refused:
            problems.note(("segments", definition.key, "when"), refused.advice, code="expression")
