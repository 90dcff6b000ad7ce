"""Checks offers against the rest of the file: segments, goals, names."""

from __future__ import annotations

from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.planning.programme_file.check_tiers import check_measured
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.programme import Programme


def check_offers(programme: Programme, problems: Problems) -> None:
    """Note what of the offers does not fit."""
    names = {"kind"} | {ladder.standing[0] for ladder in programme.tiers}
    names |= {segment.standing[0] for segment in programme.segments}
    segments = [segment.key for segment in programme.segments]
    for offer in programme.offers:
        path: Path = ("offers", offer.key)
        name = offer.standing[0]
        if name in names:
            problems.note(path, f"`member.{name}` means something else already.", "Give it another key.")
        names.add(name)
        if offer.segment and offer.segment not in segments:
            said = f"There is no segment `{offer.segment}`{did_you_mean(offer.segment, segments)}"
            problems.note((*path, "segment"), said, code="unknown_segment")
        if offer.control and not offer.segment:
            advice = "Name a segment, or leave control out."
            problems.note((*path, "control"), "Only of a segment can a share be kept back.", advice)
        if offer.goal is not None:
            check_measured(programme, offer.goal, (*path, "goal"), problems)
