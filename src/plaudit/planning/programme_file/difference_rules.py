"""What changes about one rule, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.planning.programme_file.phrases import wait_text
from plaudit.planning.programme_file.programme import Campaign, Programme, Rule
from plaudit.planning.programme_file.wording import effect_words, people, rule_words, window_words

Placed = tuple[Rule, Campaign | None]


def rule_changes(older: Programme, newer: Programme, was: Placed | None, now: Placed | None) -> Iterator[str]:
    """Every change of one rule; its limits and examples are told apart."""
    if was is None and now is not None:
        rule, campaign = now
        during = f", during {campaign.key}" if campaign else ""
        dated = f", {window_words(rule.window)}" if window_words(rule.window) != "always" else ""
        wait = f", pending {'for ' if rule.pending_days else ''}{_wait(rule)}" if _wait(rule) else ""
        rounded = f", rounded {_rounding(rule)}" if rule.rounding else ""
        yield f"New rule {rule.key} ({rule.name}): {rule_words(newer, rule)}{rounded}{wait}{during}{dated}."
    elif was is not None and now is None:
        yield f"Rule {was[0].key} ({was[0].name}) ends: it earns nothing more, and what it earned stays."
    elif was is not None and now is not None:
        yield from _changes(older, newer, was, now)


def _changes(older: Programme, newer: Programme, was: Placed, now: Placed) -> Iterator[str]:
    (before, _), (after, _) = was, now
    start = f"Rule {after.key}"
    if before.on != after.on:
        yield f"{start} is now about {after.on}, not {before.on}."
    if before.when != after.when:
        yield f"{start} now fires {_condition(after)}, not {_condition(before)}."
    old, new = effect_words(older, before), effect_words(newer, after)
    if old != new:
        yield f"{start} now {new}; before, it {old}."
    if before.rounding != after.rounding:
        yield f"{start} is now rounded {_rounding(after)}, not {_rounding(before)}."
    if _wait(before) != _wait(after):
        yield f"{start}: points now wait {_wait(after) or 'for nothing'}, not {_wait(before) or 'for nothing'}; those waiting already keep their day."
    if before.window != after.window:
        yield f"{start} is now in force {window_words(after.window)}, not {window_words(before.window)}."
    yield from _belongings(older, newer, was, now)
    if (before.name, before.because) != (after.name, after.because):
        yield f"{start} now tells members: {(after.because or after.name).rstrip('.')}."


def _belongings(older: Programme, newer: Programme, was: Placed, now: Placed) -> Iterator[str]:
    """For whom a rule is, and what it belongs to."""
    (before, campaign_before), (after, campaign_after) = was, now
    start = f"Rule {after.key}"
    audiences = [people(rule.audience or owner.audience) for rule, owner in ((after, newer), (before, older))]
    if audiences[0] != audiences[1] and before.audience != after.audience:
        yield f"{start} is now for {audiences[0]}, not for {audiences[1]}."
    keys = [campaign.key if campaign else "" for campaign in (campaign_before, campaign_after)]
    if keys[0] != keys[1]:
        yield f"{start} now belongs to {_owner(keys[1])}, not to {_owner(keys[0])}."
    if before.objective != after.objective:
        yield f"{start} now serves {after.objective or 'no objective'}, not {before.objective or 'none'}."


def _condition(rule: Rule) -> str:
    return f"where {rule.when}" if rule.when else "always"


def _rounding(rule: Rule) -> str:
    return f"for each {rule.rounding}" if rule.rounding else "for each activity by itself"


def _wait(rule: Rule) -> str:
    return wait_text(rule.pending_days, rule.pending_until)


def _owner(key: str) -> str:
    return f"campaign {key}" if key else "the programme"
