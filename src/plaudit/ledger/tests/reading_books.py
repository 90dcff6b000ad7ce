"""Runs a book: a story of points, one act a line, that anybody can read and the ledger must agree with.

    day      1
    earn     ada   100   until 30   as purchase   # points that expire on day 30
    hold     ada   60    as basket
    hold     ada   60    not_enough_points
    balance  ada   40 held 60
    lots     ada   40 until 30

Amounts are points. `as` names what an act made, `until` the day it lasts to, `from` the day from which points
can be spent. A line ends with the code of the refusal it expects, if it expects one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.ids import new_id
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.capture import capture
from plaudit.ledger.actions.expire import activate, expire
from plaudit.ledger.actions.extend import extend
from plaudit.ledger.actions.move import move, move_back
from plaudit.ledger.actions.release import expire_holds, release
from plaudit.ledger.actions.reverse import reverse
from plaudit.ledger.balances import balances
from plaudit.ledger.statements import lots_of
from plaudit.ledger.tests.factories import (
    ACTOR,
    correct,
    day,
    deduct,
    earn,
    give,
    make_unit,
    new_key,
    set_aside,
)
from plaudit.ledger.verification.verify import verify
from plaudit.people.tests.factories import make_member, make_organisation


@dataclass
class Line:
    """One line of a book: a verb, its words, and what stands behind `as`, `until` and `from`."""

    number: int
    verb: str
    words: list[str]
    name: str | None = None
    until: int | None = None
    starts: int | None = None
    refusal: str | None = None


@dataclass
class Story:
    """What a book has come to so far."""

    organisation_id: int
    today: int = 1
    members: dict[str, UUID] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)  # name: reference
    events: dict[str, UUID] = field(default_factory=dict)

    def member(self, name: str) -> UUID:
        """The member of that name, enrolled when first named."""
        if name not in self.members:
            self.members[name] = make_member(self.organisation_id, name=name.title()).id
        return self.members[name]


def read_line(number: int, text: str) -> Line | None:
    """One line of a book, or None for one that only tells."""
    words = text.partition("#")[0].split()
    if not words:
        return None
    line = Line(number, words[0], [])
    rest = words[1:]
    while rest:
        word = rest.pop(0)
        if word == "as":
            line.name = rest.pop(0)
        elif word == "until" and line.verb != "lots":
            line.until = int(rest.pop(0))
        elif word == "from":
            line.starts = int(rest.pop(0))
        elif "_" in word:
            line.refusal = word
        else:
            line.words.append(word)
    return line


def run_book(path: Path) -> None:
    """Do what the book says, line by line; at its end the books prove themselves."""
    story = Story(make_organisation().id)
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = read_line(number, text)
        if line is None:
            continue
        with clock.frozen_at(day(story.today)):
            try:
                refused = _refused(story, line)
            except AssertionError as difference:
                raise AssertionError(f"line {number} of {path.name}: {difference}") from difference
        assert refused == line.refusal, f"line {number} of {path.name}: refused as {refused}"
    with clock.frozen_at(day(story.today)):
        activate(story.organisation_id)
        expire(story.organisation_id)
        assert verify(story.organisation_id).broken() == []


def _refused(story: Story, line: Line) -> str | None:
    """Do what a line says; the code of the refusal it met, if it met one."""
    try:
        VERBS[line.verb](story, line)
    except Refusal as refusal:
        return refusal.code
    return None


def _day(story: Story, line: Line) -> None:
    story.today = int(line.words[0])


def _unit(story: Story, line: Line) -> None:
    policy = "inactive" if "inactive" in line.words else "after"
    expiry = {policy: line.words[1]} if len(line.words) > 1 else None
    make_unit(
        story.organisation_id,
        expiry=expiry,
        may_owe=line.words[0] == "owing",
        writes_off=line.words[0] == "writing-off",
    )


def _earn(story: Story, line: Line) -> None:
    event = new_id()
    made = earn(
        story.organisation_id,
        story.member(line.words[0]),
        int(line.words[1]),
        event_id=event,
        expires_at=day(line.until) if line.until else None,
        spendable_at=day(line.starts) if line.starts else None,
    )
    if line.name:
        story.events[line.name], story.made[line.name] = event, made.reference


def _spend(story: Story, line: Line) -> None:
    made = give(story.organisation_id, story.member(line.words[0]), -int(line.words[1]))
    if line.name:
        story.made[line.name] = made.reference


def _deduct(story: Story, line: Line) -> None:
    made = deduct(story.organisation_id, story.member(line.words[0]), int(line.words[1]))
    if line.name:
        story.made[line.name] = made.reference


def _hold(story: Story, line: Line) -> None:
    made = set_aside(
        story.organisation_id,
        story.member(line.words[0]),
        int(line.words[1]),
        expires_at=day(line.until) if line.until else None,
    )
    if line.name:
        story.made[line.name] = made.reference


def _capture(story: Story, line: Line) -> None:
    amount = int(line.words[1]) if len(line.words) > 1 else None
    done = capture(story.organisation_id, story.made[line.words[0]], amount=amount)
    if line.name:
        story.made[line.name] = done.captured.reference


def _release(story: Story, line: Line) -> None:
    release(story.organisation_id, story.made[line.words[0]])


def _reverse(story: Story, line: Line) -> None:
    done = reverse(
        story.organisation_id,
        story.made[line.words[0]],
        amount=int(line.words[1]) if len(line.words) > 1 else None,
        reason="The book says so.",
        key=new_key(),
        actor=ACTOR,
    )
    if line.name:
        story.made[line.name] = done.receipt.reference


def _correct(story: Story, line: Line) -> None:
    amount = int(line.words[1]) if len(line.words) > 1 else None
    correct(story.organisation_id, story.events[line.words[0]], amount)


def _extend(story: Story, line: Line) -> None:
    """`extend gift until 50 as longer`: what is left of that lot expires then instead."""
    assert line.until is not None, "an extension says until when"
    made = extend(
        story.organisation_id,
        story.made[line.words[0]],
        until=day(line.until),
        reason="The book says so.",
        key=new_key(),
        actor=ACTOR,
    )
    if line.name:
        story.made[line.name] = made.reference


def _merge(story: Story, line: Line) -> None:
    between = {"reason": "The book says so.", "actor": ACTOR, "key": new_key()}
    act = move if line.verb == "merge" else move_back
    source, target = (story.member(name) for name in line.words)
    act(story.organisation_id, from_member_id=source, to_member_id=target, **between)


def _fall_due(story: Story, line: Line) -> None:
    activate(story.organisation_id)
    expire_holds(story.organisation_id)
    expire(story.organisation_id)


def _balance(story: Story, line: Line) -> None:
    wanted = {"available": int(line.words[1]), "pending": 0, "held": 0}
    wanted |= {place: int(amount) for place, amount in zip(line.words[2::2], line.words[3::2], strict=True)}
    with in_organisation(story.organisation_id):
        one = balances(story.organisation_id, story.member(line.words[0]))[0]
    found = {"available": one.available, "pending": one.pending, "held": one.held}
    assert found == wanted, f"{found} and not {wanted}"


def _lots(story: Story, line: Line) -> None:
    """`lots ada 40 until 30 , 20`: what is left of each lot in the order it will be spent."""
    wanted = [part.split() for part in " ".join(line.words[1:]).split(",") if part.strip()]
    with in_organisation(story.organisation_id):
        lots = lots_of(story.organisation_id, story.member(line.words[0]), "points")
    found = [
        [str(lot.remaining)]
        + ([] if lot.expires_at is None else ["until", str((lot.expires_at - day(0)).days)])
        for lot in lots
    ]
    assert found == wanted, f"{found} and not {wanted}"


VERBS: dict[str, Callable[[Story, Line], None]] = {
    "day": _day,
    "unit": _unit,
    "earn": _earn,
    "spend": _spend,
    "deduct": _deduct,
    "hold": _hold,
    "capture": _capture,
    "release": _release,
    "reverse": _reverse,
    "correct": _correct,
    "extend": _extend,
    "merge": _merge,
    "unmerge": _merge,
    "due": _fall_due,
    "balance": _balance,
    "lots": _lots,
}
