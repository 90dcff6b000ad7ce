"""What changes about recognition, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.phrases import count_text, every_text, per_member_text
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.recognition import Behaviour, Moment, Recognition
from plaudit.planning.programme_file.wording import amount, listed, people


def recognition_changes(older: Programme, newer: Programme) -> Iterator[str]:
    """Every change of what a file says of recognition."""
    was, now = older.recognition, newer.recognition
    if was is None and now is not None:
        yield f"New: people recognise one another ({now.name}), {_bounds(newer, now)}."
    elif was is not None and now is None:
        yield "Nobody is recognised any more; what was given stays."
    elif was is not None and now is not None:
        if was.name != now.name:
            yield f"Recognition is now called {now.name}, not {was.name}."
        before, after = _bounds(older, was), _bounds(newer, now)
        if before != after:
            yield f"Recognition now is {after}; before, it was {before}."
        bare = replace(
            was,
            name=now.name,
            behaviours=now.behaviours,
            moments=now.moments,
            customers=now.customers,
            nominations=now.nominations,
        )
        if before == after and bare != now:
            yield "Recognition is bounded otherwise."
    if now is not None or was is not None:
        yield from _changed(_thanked(older, was), _thanked(newer, now), "Customers")
        yield from _changed(_nominated(older, was), _nominated(newer, now), "Nominations")
        yield from _behaviours(older, was, newer, now)
        yield from _moments(was.moments if was else (), now.moments if now else ())


def _bounds(programme: Programme, one: Recognition) -> str:
    unit = programme.unit(one.unit)
    period = every_text(one.every)
    allowances = [
        f"{amount(number, unit)} {period} for {whom}"
        for number, whom in ((one.supervisors, "supervisors"), (one.colleagues, "colleagues"))
        if number
    ]
    return ", ".join(
        (
            f"with {listed(allowances)}" if allowances else "in words alone",
            f"points {per_member_text(one.per_pair, 'month')} to the same person",
            f"{count_text(one.per_day, 'time')} a day",
            f"undone for {count_text(one.undo_minutes, 'minute')}",
            f"visible to {one.visible}" if one.visible != "private" else "private",
            f"within {count_text(one.promptly_days, 'day')} of the deed",
            f"everybody noticed every {count_text(one.notice_days, 'day')}",
            f"among {people(one.audience)}",
        )
    )


def _changed(before: str, after: str, what: str) -> Iterator[str]:
    if after and before != after:
        yield f"{what}: {after}{f'; before, {before}' if before else ''}."
    elif before and not after:
        yield f"{what}: no more; before, {before}."


def _thanked(programme: Programme, one: Recognition | None) -> str:
    if one is None or one.customers is None:
        return ""
    said = one.customers
    gives = amount(said.earn, programme.unit(one.unit)) if said.earn is not None else "words alone"
    return f"each thank-you to one person gives {gives}, {count_text(said.a_day, 'time')} a day by one link"


def _nominated(programme: Programme, one: Recognition | None) -> str:
    if one is None or one.nominations is None:
        return ""
    said, unit = one.nominations, programme.unit(one.unit)
    return (
        f"up to {amount(said.up_to, unit)} each, {amount(said.budget, unit)} {every_text(said.every)} in all"
    )


def _behaviours(
    older: Programme, was: Recognition | None, newer: Programme, now: Recognition | None
) -> Iterator[str]:
    before = {one.key: one for one in was.behaviours} if was else {}
    after = {one.key: one for one in now.behaviours} if now else {}
    for key, one in after.items():
        words = _gives(newer, now, one)
        if key not in before:
            yield f"New behaviour {key} ({one.name}): {words}."
        elif before[key] != one:
            said = _gives(older, was, before[key])
            said = worded(", not {said}", said=said) if said != words else worded("; its words are new")
            yield f"Behaviour {key} ({one.name}) gives {words}{said}."
    for key in before.keys() - after.keys() if now else ():
        yield f"Behaviour {key} ({before[key].name}) is gone."


def _gives(programme: Programme, one: Recognition | None, behaviour: Behaviour) -> str:
    assert one is not None, "the behaviour is one of it"
    if behaviour.earn is None:
        return "words alone"
    return amount(Decimal(behaviour.earn), programme.unit(one.unit))


def _moments(was: tuple[Moment, ...], now: tuple[Moment, ...]) -> Iterator[str]:
    before, after = {one.key: one for one in was}, {one.key: one for one in now}
    for key, one in after.items():
        condition = f" where {one.when}" if one.when else ""
        if key not in before:
            yield f"New moment {key} ({one.name}): {one.on}{condition}."
        elif before[key] != one:
            yield f"Moment {key} ({one.name}) now is {one.on}{condition}, from now on."
    for key in sorted(before.keys() - after.keys()):
        yield f"Moment {key} ({before[key].name}) is proposed no more."
