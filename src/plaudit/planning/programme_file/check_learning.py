"""Checks what there is to learn against the rest of the file: units, partners, and one another."""

from __future__ import annotations

from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.foundation.worded import worded
from plaudit.learning.definitions import Learning, Offering
from plaudit.learning.own_activities import OWN_TYPES
from plaudit.learning.rules.statement_values import is_iri
from plaudit.learning.rules.steps import going_round
from plaudit.planning.programme_file.own_reports import check_countable, check_not_declared
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.programme import Programme


def check_learning(programme: Programme, problems: Problems) -> None:
    """Note whatever of it could not be offered."""
    learning = programme.learning
    if learning is None:
        return
    check_not_declared(programme, OWN_TYPES, problems)
    for one in learning.offerings:
        _check_offering(programme, learning, one, ("learning", "offerings", one.key), problems)
    for key in going_round(learning):
        problems.note(
            ("learning", "offerings", key),
            "It asks, over others, for itself.",
            "Let after, steps and renewal lead to an end.",
            code="going_round",
        )


def _check_offering(
    programme: Programme, learning: Learning, one: Offering, path: Path, problems: Problems
) -> None:
    known = [each.key for each in learning.offerings]
    for name, keys in (("after", one.after), ("steps", one.steps), ("renewal", one.renewal)):
        for key in keys:
            if key and key not in known:
                said = worded("There is no offering `{key}`{meant}", key=key, meant=did_you_mean(key, known))
                problems.note((*path, name), said, code="unknown_offering")
    if one.renewal and not one.steps:
        problems.note((*path, "renewal"), "Only what has steps is renewed by others.", "Leave it out.")
    for name in ("claim", "minutes", "activity"):
        if one.steps and getattr(one, name):
            problems.note(
                (*path, name),
                "What has steps is completed by them alone.",
                worded("Leave {name} out.", name=name),
            )
    if one.activity and not is_iri(one.activity):
        problems.note((*path, "activity"), "This is no address with its scheme.", "Write https://… whole.")
    partners = [each.key for each in programme.membership.partners] if programme.membership else []
    if one.partner and one.partner not in partners:
        said = worded(
            "There is no partner `{key}`{meant}",
            key=one.partner,
            meant=did_you_mean(one.partner, partners),
        )
        problems.note((*path, "partner"), said, code="unknown_partner")
    check_countable(programme, one.unit, one.earn, (*path, "earn"), problems)
