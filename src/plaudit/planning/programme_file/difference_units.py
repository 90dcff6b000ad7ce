"""What changes about units, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.phrase_words import expiry_words
from plaudit.planning.programme_file.programme import Programme, Unit
from plaudit.planning.programme_file.wording import amount, money, unit_words


def unit_changes(older: Programme, newer: Programme, was: Unit | None, now: Unit | None) -> Iterator[str]:
    """Every change of one unit."""
    if was is None and now is not None:
        yield worded(
            "New unit {key} (1 {one}, 2 {other}): {unit}.",
            key=now.key,
            one=now.one,
            other=now.other,
            unit=unit_words(now, newer.currency),
        )
    elif was is not None and now is None:
        yield worded("Unit {key} is no longer used here; what members hold of it stays.", key=was.key)
    elif was is not None and now is not None:
        yield from _changes(older, newer, was, now)


def _changes(older: Programme, newer: Programme, was: Unit, now: Unit) -> Iterator[str]:
    if (was.one, was.other) != (now.one, now.other):
        yield worded(
            "Unit {key} is now called {one} and {other}, not {was_one} and {was_other}.",
            key=now.key,
            one=now.one,
            other=now.other,
            was_one=was.one,
            was_other=was.other,
        )
    if was.precision != now.precision:
        yield worded(
            "Unit {key} now has {precision} decimals, not {was_precision}.",
            key=now.key,
            precision=now.precision,
            was_precision=was.precision,
        )
    if was.worth != now.worth or (
        now.worth is not None and older.currency != newer.currency and older.currency
    ):
        old = money(was.worth, older.currency) if was.worth is not None else worded("nothing")
        new = money(now.worth, newer.currency) if now.worth is not None else worded("nothing")
        yield worded(
            "One {one} is worth {new}, not {old}; so is what members hold already.",
            one=now.one,
            new=new,
            old=old,
        )
    if was.expiry != now.expiry:
        yield _expiry_change(was, now)
    yield from _policy_changes(was, now)


def _expiry_change(was: Unit, now: Unit) -> str:
    other, said = now.other.capitalize(), expiry_words(was.expiry)
    if not now.expiry.stored():
        return worded(
            "{other} earned from now on never expire, not {expiry_was}; those earned already keep their date.",
            other=other,
            expiry_was=said,
        )
    return worded(
        "{other} earned from now on expire {expiry}, not {expiry_was}; those earned already keep their date.",
        other=other,
        expiry=expiry_words(now.expiry),
        expiry_was=said,
    )


def _policy_changes(was: Unit, now: Unit) -> Iterator[str]:
    """Whether members may owe, what is written off, and from where on a second person must agree."""
    if was.may_owe != now.may_owe:
        yield (
            worded("A correction can now leave a member owing {other}.", other=now.other)
            if now.may_owe
            else worded("A correction can no longer leave a member owing {other}.", other=now.other)
        )
    if was.writes_off != now.writes_off:
        other = now.other.capitalize()
        yield (
            worded("{other} that a correction finds spent are written off.", other=other)
            if now.writes_off
            else worded("{other} that a correction finds spent are no longer written off.", other=other)
        )
    if was.approval_from != now.approval_from:
        if now.approval_from is None:
            yield worded("Manual adjustments of {other} no longer need a second person.", other=now.other)
        else:
            yield worded(
                "Manual adjustments need a second person from {amount} on.",
                amount=amount(now.approval_from, now),
            )
