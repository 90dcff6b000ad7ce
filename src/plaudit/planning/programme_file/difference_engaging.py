"""What changes about challenges, streaks and competitions, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.earning.definitions import Every
from plaudit.planning.programme_file.engaging import Badge, Goal, Pursuit
from plaudit.planning.programme_file.phrases import count_text, number_text, per_member_text
from plaudit.planning.programme_file.programme import Programme, Window
from plaudit.planning.programme_file.wording import amount, listed, people, window_words

Pursuits = tuple[Pursuit, ...]


def pursuits(older: Programme, newer: Programme) -> Iterator[tuple[str, str, Pursuits, Pursuits]]:
    """Each kind: its place in the file, what one is called, and those before and now."""
    yield "challenges", "challenge", older.challenges, newer.challenges
    yield "streaks", "streak", older.streaks, newer.streaks
    yield "competitions", "competition", older.competitions, newer.competitions
    yield "achievements", "achievement", older.achievements, newer.achievements


def badge_changes(was: Badge | None, now: Badge | None) -> Iterator[str]:
    """Every change of a badge."""
    if was is None and now is not None:
        yield f"New badge {now.key} ({now.name}){_condition_words(now)}."
    elif was is not None and now is None:
        yield f"Badge {was.key} ({was.name}) is no longer given; who has it keeps it."
    elif was is not None and now is not None:
        if was.when != now.when:
            yield f"Badge {now.key} is now given{_condition_words(now)}, not{_condition_words(was)}."
        if (was.name, was.description) != (now.name, now.description):
            yield f"Badge {now.key} now tells members: {now.description or now.name}."


def _condition_words(one: Badge) -> str:
    return f" to whom {one.when} holds for" if one.when else " by the goals that name it"


def pursuit_changes(
    older: Programme, newer: Programme, part: str, was: Pursuit | None, now: Pursuit | None
) -> Iterator[str]:
    """Every change of one of them."""
    if was is None and now is not None:
        yield f"New {part} {now.key} ({now.name}): {pursuit_words(newer, part, now)}."
    elif was is not None and now is None:
        yield f"{part.capitalize()} {was.key} ({was.name}) ends: nothing more counts for it, and what it gave stays."
    elif was is not None and now is not None:
        before, after = pursuit_words(older, part, was), pursuit_words(newer, part, now)
        if before != after:
            yield (
                f"{part.capitalize()} {now.key} is now {after}; before, it was {before}. "
                "What counted so far goes on counting, and what was reached stays."
            )
        if (was.name, was.description) != (now.name, now.description):
            yield f"{part.capitalize()} {now.key} now tells members: {now.description or now.name}."


def pursuit_words(programme: Programme, part: str, one: Pursuit) -> str:
    """What it is: `5 purchase each month, earns 50 points`."""
    what = f"{one.sum} of {one.on}" if one.sum else one.on
    facts = [f"{what}{f' where {one.when}' if one.when else ''}"]
    if part == "streak":
        facts += _streak_words(one)
    elif one.every is not Every.LIFETIME:
        facts.append(f"each {one.every}")
    if part == "competition":
        facts.append("alike share a place" if one.ties == "share" else "of those alike the first is ahead")
        facts += [f"decided {count_text(one.wait_days, 'day')} after its end"] if one.wait_days else []
    facts += [_goal_words(programme, part, one, goal) for goal in one.goals]
    if one.audience:
        facts.append(f"for {people(one.audience)}")
    if (dated := window_words(Window(one.starts, one.ends))) != "always":
        facts.append(dated)
    return ", ".join(facts)


def _streak_words(one: Pursuit) -> Iterator[str]:
    if one.edition:
        yield f"edition {one.edition}"
    if one.cancelled:
        yield f"without the cancelled {listed(str(edition) for edition in one.cancelled)}"
    if one.rest:
        yield f"resting {per_member_text(one.rest, one.rest_every)}"
    if one.members_midnight:
        yield "by the member's own midnight"
    if one.again:
        yield f"again after {one.again} more"
    if one.multiply is not None:
        yield f"then {one.multiply} times what it earns"


def _goal_words(programme: Programme, part: str, one: Pursuit, goal: Goal) -> str:
    reached = (
        f"{number_text(goal.at)} {one.spans}s in a row"
        if part == "streak"
        else f"up to {number_text(goal.at)}"
    )
    gives = [amount(goal.earn, programme.unit(one.unit))] if goal.earn is not None else []
    gives += [f"the badge {goal.badge}"] if goal.badge else []
    return f"{reached} {'gives ' + listed(gives) if gives else 'gives nothing'}"
