"""What changes about what there is to learn, one plain sentence for each thing."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.foundation.worded import joined, listed, worded
from plaudit.learning.definitions import Counts, Learning, Offering
from plaudit.planning.programme_file.phrase_words import counted, phrase_words
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.read_learning import certificate_text
from plaudit.planning.programme_file.wording import amount

_COUNTS = {
    Counts.ONCE: worded("once"),
    Counts.YEARLY: worded("once a year"),
    Counts.EACH: worded("each time"),
}


def learning_changes(older: Programme, newer: Programme) -> Iterator[str]:
    """Every change of what a file offers to learn."""
    was, now = older.learning, newer.learning
    before = _by_key(was)
    after = _by_key(now)
    for key, one in after.items():
        words = offering_words(newer, one)
        if key not in before:
            yield worded("New to learn: {name} ({key}), {words}.", name=one.name, key=key, words=words)
        else:
            yield from _changed(before[key], one, offering_words(older, before[key]), words)
    for key, one in before.items():
        if key not in after:
            yield worded(
                "{name} ({key}) is no longer offered; what was completed of it stays.", name=one.name, key=key
            )
    if was is not None and now is not None and was.role != now.role:
        yield worded(
            "Roles are now known by the attribute {role}, not by {was_role}.",
            role=now.role,
            was_role=was.role,
        )
    if list(before) != list(after) and set(before) == set(after):
        yield worded("What there is to learn stands in another order.")


def _by_key(one: Learning | None) -> dict[str, Offering]:
    return {each.key: each for each in one.offerings} if one is not None else {}


def _changed(was: Offering, now: Offering, before: str, words: str) -> Iterator[str]:
    if before != words:
        yield worded(
            "{name} ({key}) is now {words}; before, it was {before}.",
            name=now.name,
            key=now.key,
            words=words,
            before=before,
        )
    if was.name != now.name:
        yield worded(
            "{name_was} ({key}) is now called {name}.", name_was=was.name, key=now.key, name=now.name
        )
    if was.description != now.description:
        yield worded("{name} ({key}) has another description.", name=now.name, key=now.key)


def offering_words(programme: Programme, one: Offering) -> str:
    """What it is: `a seminar of 100 minutes for 1,000 points, once a year`."""
    said = [
        worded("a {kind}", kind=one.kind.value)
        if one.kind.value[0] not in "aeiou"
        else worded("an {kind}", kind=one.kind.value)
    ]
    if one.minutes:
        said.append(worded("of {minutes}", minutes=counted(one.minutes, "minute")))
    if one.provider:
        said.append(worded("by {provider}", provider=one.provider))
    if one.partner:
        said.append(worded("by the partner {partner}", partner=one.partner))
    if one.earn is not None:
        said.append(worded("for {amount}", amount=amount(one.earn, programme.unit(one.unit))))
    more: list[str] = [_COUNTS[one.counts]]
    if one.has_certificate:
        more.append(
            worded(
                "with a certificate {certificate}",
                certificate=phrase_words(certificate_text(one.certificate_months)),
            )
        )
        more.append(worded("whose end is announced {days} before", days=counted(one.notice_days, "day")))
    more += [worded("after {several}", several=listed(one.after))] if one.after else []
    more += [worded("made of {several}", several=listed(one.steps))] if one.steps else []
    more += [worded("renewed by {several}", several=listed(one.renewal))] if one.renewal else []
    more += [worded("needed by {several}", several=listed(one.needed_by))] if one.needed_by else []
    if one.claim:
        more.append(worded("which members may claim"))
    if one.activity:
        more.append(
            worded(
                "completed by statements on {activity} that say {verb}",
                activity=one.activity,
                verb=one.move_on.value,
            )
        )
    return joined([joined(said, by=" "), *more])
