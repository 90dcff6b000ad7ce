"""What changes about recognition, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from plaudit.foundation.worded import listed, worded
from plaudit.planning.programme_file.phrase_words import counted, every_words, per_member_words
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.recognition import Behaviour, Moment, Recognition
from plaudit.planning.programme_file.wording import amount, people


def recognition_changes(older: Programme, newer: Programme) -> Iterator[str]:
    """Every change of what a file says of recognition."""
    was, now = older.recognition, newer.recognition
    if was is None and now is not None:
        yield worded(
            "New: people recognise one another ({name}), {bounds}.", name=now.name, bounds=_bounds(newer, now)
        )
    elif was is not None and now is None:
        yield worded("Nobody is recognised any more; what was given stays.")
    elif was is not None and now is not None:
        if was.name != now.name:
            yield worded(
                "Recognition is now called {name}, not {was_name}.", name=now.name, was_name=was.name
            )
        before, after = _bounds(older, was), _bounds(newer, now)
        if before != after:
            yield worded("Recognition now is {after}; before, it was {before}.", after=after, before=before)
        bare = replace(
            was,
            name=now.name,
            behaviours=now.behaviours,
            moments=now.moments,
            customers=now.customers,
            nominations=now.nominations,
        )
        if before == after and bare != now:
            yield worded("Recognition is bounded otherwise.")
    if now is not None or was is not None:
        yield from _changed(_thanked(older, was), _thanked(newer, now), worded("Customers"))
        yield from _changed(_nominated(older, was), _nominated(newer, now), worded("Nominations"))
        yield from _behaviours(older, was, newer, now)
        yield from _moments(was.moments if was else (), now.moments if now else ())


def _bounds(programme: Programme, one: Recognition) -> str:
    unit = programme.unit(one.unit)
    period = every_words(one.every)
    allowances = [
        worded("{amount} {period} for {whom}", amount=amount(number, unit), period=period, whom=whom)
        for number, whom in ((one.supervisors, worded("supervisors")), (one.colleagues, worded("colleagues")))
        if number
    ]
    return ", ".join(
        (
            worded("with {allowances}", allowances=listed(allowances))
            if allowances
            else worded("in words alone"),
            worded(
                "points {per_member} to the same person", per_member=per_member_words(one.per_pair, "month")
            ),
            worded("{per_day} a day", per_day=counted(one.per_day, "time")),
            worded("undone for {undo_minutes}", undo_minutes=counted(one.undo_minutes, "minute")),
            worded("visible to {visible}", visible=one.visible)
            if one.visible != "private"
            else worded("private"),
            worded("within {promptly_days} of the deed", promptly_days=counted(one.promptly_days, "day")),
            worded("everybody noticed every {notice_days}", notice_days=counted(one.notice_days, "day")),
            worded("among {people}", people=people(one.audience)),
        )
    )


def _changed(before: str, after: str, what: str) -> Iterator[str]:
    if after and before != after:
        yield worded(
            "{what}: {after}{before}.",
            what=what,
            after=after,
            before=worded("; before, {before}", before=before) if before else "",
        )
    elif before and not after:
        yield worded("{what}: no more; before, {before}.", what=what, before=before)


def _thanked(programme: Programme, one: Recognition | None) -> str:
    if one is None or one.customers is None:
        return ""
    said = one.customers
    gives = amount(said.earn, programme.unit(one.unit)) if said.earn is not None else worded("words alone")
    return worded(
        "each thank-you to one person gives {gives}, {a_day} a day by one link",
        gives=gives,
        a_day=counted(said.a_day, "time"),
    )


def _nominated(programme: Programme, one: Recognition | None) -> str:
    if one is None or one.nominations is None:
        return ""
    said, unit = one.nominations, programme.unit(one.unit)
    return worded(
        "up to {amount} each, {budget} {every} in all",
        amount=amount(said.up_to, unit),
        budget=amount(said.budget, unit),
        every=every_words(said.every),
    )


def _behaviours(
    older: Programme, was: Recognition | None, newer: Programme, now: Recognition | None
) -> Iterator[str]:
    before = {one.key: one for one in was.behaviours} if was else {}
    after = {one.key: one for one in now.behaviours} if now else {}
    for key, one in after.items():
        words = _gives(newer, now, one)
        if key not in before:
            yield worded("New behaviour {key} ({name}): {words}.", key=key, name=one.name, words=words)
        elif before[key] != one:
            said = _gives(older, was, before[key])
            said = worded(", not {said}", said=said) if said != words else worded("; its words are new")
            yield worded(
                "Behaviour {key} ({name}) gives {words}{said}.",
                key=key,
                name=one.name,
                words=words,
                said=said,
            )
    for key in before.keys() - after.keys() if now else ():
        yield worded("Behaviour {key} ({name}) is gone.", key=key, name=before[key].name)


def _gives(programme: Programme, one: Recognition | None, behaviour: Behaviour) -> str:
    assert one is not None, "the behaviour is one of it"
    if behaviour.earn is None:
        return worded("words alone")
    return amount(Decimal(behaviour.earn), programme.unit(one.unit))


def _moments(was: tuple[Moment, ...], now: tuple[Moment, ...]) -> Iterator[str]:
    before, after = {one.key: one for one in was}, {one.key: one for one in now}
    for key, one in after.items():
        condition = worded(" where {when}", when=one.when) if one.when else ""
        if key not in before:
            yield worded(
                "New moment {key} ({name}): {on}{condition}.",
                key=key,
                name=one.name,
                on=one.on,
                condition=condition,
            )
        elif before[key] != one:
            yield worded(
                "Moment {key} ({name}) now is {on}{condition}, from now on.",
                key=key,
                name=one.name,
                on=one.on,
                condition=condition,
            )
    for key in sorted(before.keys() - after.keys()):
        yield worded("Moment {key} ({name}) is proposed no more.", key=key, name=before[key].name)
