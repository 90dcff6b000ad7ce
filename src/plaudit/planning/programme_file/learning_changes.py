"""What changes about what there is to learn, one plain sentence for each thing."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.learning.definitions import Counts, Learning, Offering
from plaudit.planning.programme_file.phrases import count_text
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.read_learning import certificate_text
from plaudit.planning.programme_file.wording import amount, listed


def learning_changes(older: Programme, newer: Programme) -> Iterator[str]:
    """Every change of what a file offers to learn."""
    was, now = older.learning, newer.learning
    before = _by_key(was)
    after = _by_key(now)
    for key, one in after.items():
        words = offering_words(newer, one)
        if key not in before:
            yield f"New to learn: {one.name} ({key}), {words}."
        else:
            yield from _changed(before[key], one, offering_words(older, before[key]), words)
    for key, one in before.items():
        if key not in after:
            yield f"{one.name} ({key}) is no longer offered; what was completed of it stays."
    if was is not None and now is not None and was.role != now.role:
        yield f"Roles are now known by the attribute {now.role}, not by {was.role}."
    if list(before) != list(after) and set(before) == set(after):
        yield "What there is to learn stands in another order."


def _by_key(one: Learning | None) -> dict[str, Offering]:
    return {each.key: each for each in one.offerings} if one is not None else {}


def _changed(was: Offering, now: Offering, before: str, words: str) -> Iterator[str]:
    if before != words:
        yield f"{now.name} ({now.key}) is now {words}; before, it was {before}."
    if was.name != now.name:
        yield f"{was.name} ({now.key}) is now called {now.name}."
    if was.description != now.description:
        yield f"{now.name} ({now.key}) has another description."


def offering_words(programme: Programme, one: Offering) -> str:
    """What it is: `a seminar of 100 minutes for 1,000 points, once a year`."""
    said = [f"a {one.kind.value}" if one.kind.value[0] not in "aeiou" else f"an {one.kind.value}"]
    if one.minutes:
        said.append(f"of {count_text(one.minutes, 'minute')}")
    if one.provider:
        said.append(f"by {one.provider}")
    if one.partner:
        said.append(f"by the partner {one.partner}")
    if one.earn is not None:
        said.append(f"for {amount(one.earn, programme.unit(one.unit))}")
    more = ["each time" if one.counts is Counts.EACH else one.counts.value]
    if one.has_certificate:
        more.append(f"with a certificate {certificate_text(one.certificate_months)}")
        more.append(f"whose end is announced {count_text(one.notice_days, 'day')} before")
    for words, keys in (
        ("after", one.after),
        ("made of", one.steps),
        ("renewed by", one.renewal),
        ("needed by", one.needed_by),
    ):
        if keys:
            more.append(f"{words} {listed(keys)}")
    if one.claim:
        more.append("which members may claim")
    if one.activity:
        more.append(f"completed by statements on {one.activity} that say {one.move_on.value}")
    return ", ".join([" ".join(said), *more])
