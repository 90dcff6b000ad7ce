"""What changes about challenges, streaks and competitions, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.earning.definitions import Every
from plaudit.foundation.worded import joined, listed, worded
from plaudit.planning.programme_file.engaging import Badge, Goal, Pursuit
from plaudit.planning.programme_file.phrase_words import counted, per_member_words
from plaudit.planning.programme_file.phrases import number_text
from plaudit.planning.programme_file.programme import Programme, Window
from plaudit.planning.programme_file.wording import amount, people, window_words

Pursuits = tuple[Pursuit, ...]

_NOUNS = {
    "challenge": (worded("New challenge"), worded("Challenge")),
    "streak": (worded("New streak"), worded("Streak")),
    "competition": (worded("New competition"), worded("Competition")),
    "achievement": (worded("New achievement"), worded("Achievement")),
}
_EACH = {
    "day": worded("each day"),
    "week": worded("each week"),
    "month": worded("each month"),
    "quarter": worded("each quarter"),
    "year": worded("each year"),
}


def pursuits(older: Programme, newer: Programme) -> Iterator[tuple[str, str, Pursuits, Pursuits]]:
    """Each kind: its place in the file, what one is called, and those before and now."""
    yield "challenges", "challenge", older.challenges, newer.challenges
    yield "streaks", "streak", older.streaks, newer.streaks
    yield "competitions", "competition", older.competitions, newer.competitions
    yield "achievements", "achievement", older.achievements, newer.achievements


def badge_changes(was: Badge | None, now: Badge | None) -> Iterator[str]:
    """Every change of a badge."""
    if was is None and now is not None:
        yield worded(
            "New badge {key} ({name}){condition}.",
            key=now.key,
            name=now.name,
            condition=_condition_words(now),
        )
    elif was is not None and now is None:
        yield worded(
            "Badge {key} ({name}) is no longer given; who has it keeps it.", key=was.key, name=was.name
        )
    elif was is not None and now is not None:
        if was.when != now.when:
            yield worded(
                "Badge {key} is now given{condition}, not{condition_was}.",
                key=now.key,
                condition=_condition_words(now),
                condition_was=_condition_words(was),
            )
        if (was.name, was.description) != (now.name, now.description):
            yield worded(
                "Badge {key} now tells members: {description}.",
                key=now.key,
                description=now.description or now.name,
            )


def _condition_words(one: Badge) -> str:
    return (
        worded(" to whom {when} holds for", when=one.when)
        if one.when
        else worded(" by the goals that name it")
    )


def pursuit_changes(
    older: Programme, newer: Programme, part: str, was: Pursuit | None, now: Pursuit | None
) -> Iterator[str]:
    """Every change of one of them."""
    if was is None and now is not None:
        yield worded(
            "{new} {key} ({name}): {pursuit}.",
            new=_NOUNS[part][0],
            key=now.key,
            name=now.name,
            pursuit=pursuit_words(newer, part, now),
        )
    elif was is not None and now is None:
        yield worded(
            "{part} {key} ({name}) ends: nothing more counts for it, and what it gave stays.",
            part=_NOUNS[part][1],
            key=was.key,
            name=was.name,
        )
    elif was is not None and now is not None:
        before, after = pursuit_words(older, part, was), pursuit_words(newer, part, now)
        if before != after:
            yield (
                worded(
                    "{part} {key} is now {after}; before, it was {before}. What counted so far goes on counting, and what was reached stays.",
                    part=_NOUNS[part][1],
                    key=now.key,
                    after=after,
                    before=before,
                )
            )
        if (was.name, was.description) != (now.name, now.description):
            yield worded(
                "{part} {key} now tells members: {description}.",
                part=_NOUNS[part][1],
                key=now.key,
                description=now.description or now.name,
            )


def pursuit_words(programme: Programme, part: str, one: Pursuit) -> str:
    """What it is: `5 purchase each month, earns 50 points`."""
    what = worded("{sum} of {on}", sum=one.sum, on=one.on) if one.sum else one.on
    facts: list[str] = [
        joined((what, worded(" where {condition}", condition=one.when) if one.when else ""), by="")
    ]
    if part == "streak":
        facts += _streak_words(one)
    elif one.every is not Every.LIFETIME:
        facts.append(_EACH[one.every])
    if part == "competition":
        facts.append(
            worded("alike share a place")
            if one.ties == "share"
            else worded("of those alike the first is ahead")
        )
        facts += (
            [worded("decided {wait_days} after its end", wait_days=counted(one.wait_days, "day"))]
            if one.wait_days
            else []
        )
    facts += [_goal_words(programme, part, one, goal) for goal in one.goals]
    if one.audience:
        facts.append(worded("for {people}", people=people(one.audience)))
    if (dated := window_words(Window(one.starts, one.ends))) != "always":
        facts.append(dated)
    return joined(facts)


def _streak_words(one: Pursuit) -> Iterator[str]:
    if one.edition:
        yield worded("edition {edition}", edition=one.edition)
    if one.cancelled:
        yield worded("without the cancelled {what}", what=listed(str(edition) for edition in one.cancelled))
    if one.rest:
        yield worded("resting {per_member}", per_member=per_member_words(one.rest, one.rest_every))
    if one.members_midnight:
        yield worded("by the member's own midnight")
    if one.again:
        yield worded("again after {again} more", again=one.again)
    if one.multiply is not None:
        yield worded("then {multiply} times what it earns", multiply=one.multiply)


def _goal_words(programme: Programme, part: str, one: Pursuit, goal: Goal) -> str:
    number = number_text(goal.at)
    if part == "streak":
        many = counted(int(goal.at), one.spans) if goal.at == int(goal.at) else f"{number} {one.spans}s"
        reached: str = worded("{number} in a row", number=many)
    else:
        reached = worded("up to {number}", number=number)
    gives: list[str] = [amount(goal.earn, programme.unit(one.unit))] if goal.earn is not None else []
    gives += [worded("the badge {badge}", badge=goal.badge)] if goal.badge else []
    if not gives:
        return worded("{reached} gives nothing", reached=reached)
    return worded("{reached} gives {gives}", reached=reached, gives=listed(gives))
