"""Checks offers against the rest of the file: segments and goals."""

from __future__ import annotations

from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.check_tiers import check_measured
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.programme import Programme


def check_offers(programme: Programme, problems: Problems) -> None:
    """Note what of the offers does not fit."""
    segments = [segment.key for segment in programme.segments]
    for offer in programme.offers:
        path: Path = ("offers", offer.key)
        if offer.segment and offer.segment not in segments:
            said = worded(
                "There is no segment `{key}`{meant}",
                key=offer.segment,
                meant=did_you_mean(offer.segment, segments),
            )
            problems.note((*path, "segment"), said, code="unknown_segment")
        if offer.control and not offer.segment:
            advice = worded("Name a segment, or leave control out.")
            problems.note((*path, "control"), "Only of a segment can a share be kept back.", advice)
        if offer.goal is not None:
            check_measured(programme, offer.goal, (*path, "goal"), problems)
