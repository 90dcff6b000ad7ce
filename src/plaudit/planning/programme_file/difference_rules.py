"""What changes about one rule, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.foundation.worded import joined, worded
from plaudit.planning.programme_file.phrase_words import phrase_words, wait_words
from plaudit.planning.programme_file.programme import Campaign, Programme, Rule
from plaudit.planning.programme_file.wording import effect_words, people, rule_words, window_words

Placed = tuple[Rule, Campaign | None]


def rule_changes(older: Programme, newer: Programme, was: Placed | None, now: Placed | None) -> Iterator[str]:
    """Every change of one rule; its limits and examples are told apart."""
    if was is None and now is not None:
        rule, campaign = now
        during = worded(", during {key}", key=campaign.key) if campaign else ""
        dated = joined(("", window_words(rule.window))) if window_words(rule.window) != "always" else ""
        wait = (
            worded(", pending for {time}", time=_wait(rule))
            if rule.pending_days
            else worded(", pending {until}", until=_wait(rule))
            if _wait(rule)
            else ""
        )
        rounded = worded(", rounded {rounding}", rounding=_rounding(rule)) if rule.rounding else ""
        yield worded(
            "New rule {key} ({name}): {rule}{rounded}{wait}{during}{dated}.",
            key=rule.key,
            name=rule.name,
            rule=rule_words(newer, rule),
            rounded=rounded,
            wait=wait,
            during=during,
            dated=dated,
        )
    elif was is not None and now is None:
        yield worded(
            "Rule {key} ({name}) ends: it earns nothing more, and what it earned stays.",
            key=was[0].key,
            name=was[0].name,
        )
    elif was is not None and now is not None:
        yield from _changes(older, newer, was, now)


def _changes(older: Programme, newer: Programme, was: Placed, now: Placed) -> Iterator[str]:
    (before, _), (after, _) = was, now
    start = worded("Rule {key}", key=after.key)
    if before.on != after.on:
        yield worded(
            "{start} is now about {on}, not {before_on}.", start=start, on=after.on, before_on=before.on
        )
    if before.when != after.when:
        yield worded(
            "{start} now fires {condition}, not {condition_before}.",
            start=start,
            condition=_condition(after),
            condition_before=_condition(before),
        )
    old, new = effect_words(older, before), effect_words(newer, after)
    if old != new:
        yield worded("{start} now {new}; before, it {old}.", start=start, new=new, old=old)
    if before.rounding != after.rounding:
        yield worded(
            "{start} is now rounded {rounding}, not {rounding_before}.",
            start=start,
            rounding=_rounding(after),
            rounding_before=_rounding(before),
        )
    if _wait(before) != _wait(after):
        yield worded(
            "{start}: points now wait {wait}, not {wait_before}; those waiting already keep their day.",
            start=start,
            wait=_wait(after) or worded("for nothing"),
            wait_before=_wait(before) or worded("for nothing"),
        )
    if before.window != after.window:
        yield worded(
            "{start} is now in force {window}, not {window_was}.",
            start=start,
            window=window_words(after.window),
            window_was=window_words(before.window),
        )
    yield from _belongings(older, newer, was, now)
    if (before.name, before.because) != (after.name, after.because):
        yield worded(
            "{start} now tells members: {because}.",
            start=start,
            because=(after.because or after.name).rstrip("."),
        )


def _belongings(older: Programme, newer: Programme, was: Placed, now: Placed) -> Iterator[str]:
    """For whom a rule is, and what it belongs to."""
    (before, campaign_before), (after, campaign_after) = was, now
    start = worded("Rule {key}", key=after.key)
    audiences = [people(rule.audience or owner.audience) for rule, owner in ((after, newer), (before, older))]
    if audiences[0] != audiences[1] and before.audience != after.audience:
        yield worded(
            "{start} is now for {people}, not for {people_was}.",
            start=start,
            people=audiences[0],
            people_was=audiences[1],
        )
    keys = [campaign.key if campaign else "" for campaign in (campaign_before, campaign_after)]
    if keys[0] != keys[1]:
        yield worded(
            "{start} now belongs to {owner}, not to {owner_was}.",
            start=start,
            owner=_owner(keys[1]),
            owner_was=_owner(keys[0]),
        )
    if before.objective != after.objective:
        yield worded(
            "{start} now serves {objective}, not {before_objective}.",
            start=start,
            objective=after.objective or worded("no objective"),
            before_objective=before.objective or worded("none"),
        )


def _condition(rule: Rule) -> str:
    return worded("where {when}", when=rule.when) if rule.when else worded("always")


def _rounding(rule: Rule) -> str:
    return (
        worded("for each {what}", what=phrase_words(rule.rounding))
        if rule.rounding
        else worded("for each activity by itself")
    )


def _wait(rule: Rule) -> str:
    return wait_words(rule.pending_days, rule.pending_until)


def _owner(key: str) -> str:
    return worded("campaign {key}", key=key) if key else worded("the programme")
