"""Takes in lists of who completed something: looked at, chosen, counted by a worker, and taken back whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from plaudit.earning.uploads import kept_upload
from plaudit.foundation import audit, clock
from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.rehearsal import rehearse
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.learning.actions.completions import counts_already, refuse_if_steps
from plaudit.learning.actions.fall_due import TAKEN_BACK_WITHIN
from plaudit.learning.completing import Counted, Learned, count_all, today_there, withdraw_all
from plaudit.learning.definitions import Learning, Offering
from plaudit.learning.directory import directory_for
from plaudit.learning.lists import Columns, Sheet, read_list, recognise, shape_of
from plaudit.learning.models import Completion
from plaudit.learning.offered import offering_of
from plaudit.learning.refusals import DayToCome, ListGone, ListNamesNobody, NotThatFar, TooLate
from plaudit.learning.roll_models import KnownShape, Roll, RollRow, RollState
from plaudit.learning.rules.meaning import Group, Meant, whom, without_repeats
from plaudit.ledger.posting import open_books

STEP = 500


def roll_ref(roll_id: UUID) -> str:
    """How people and programs name a list."""
    return show("rll", roll_id)


def roll_id_of(reference: str) -> UUID:
    """The id behind `rll_…`. Raises `NotFound`."""
    return read("rll", reference, kind="list")


def stage_roll(
    organisation_id: int,
    *,
    path: Path,
    name: str,
    programme: str,
    offering: str,
    held_on: date,
    actor: str,
    minutes: int | None = None,
) -> Roll:
    """Look at a list: each row sure, likely, unknown or a duplicate, and what counting it comes to. Nothing is counted yet.

    Its columns are read as somebody last said for a list with the same headings, or else by what they are called;
    where neither says who, `read_again` does. The same file for the same thing and day, looked at and not counted
    yet, is found again. Raises `NothingToLearn`, `MadeOfSteps`, `DayToCome` for a day to come, `ListNamesNobody`,
    `ListTooLong`, and a FileRefusal.
    """
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    sheet = read_list(path, partial(_columns_for, organisation_id))

    def step() -> Roll:
        open_books(organisation_id)
        learning, what = offering_of(organisation_id, programme, offering)
        refuse_if_steps(what)
        if held_on > today_there(learning):
            raise DayToCome
        about = {"programme": programme, "offering": offering, "held_on": held_on, "digest": digest}
        staged = Roll.objects.filter(organisation_id=organisation_id, state=RollState.STAGED, **about)
        known = staged.first()
        if known is not None:
            return known
        roll = Roll.objects.create(
            organisation_id=organisation_id,
            name=name,
            file=path.name,
            minutes=what.minutes if minutes is None else minutes,
            made_by=actor,
            made_at=clock.now(),
            **about,
        )
        _fill(roll, sheet)
        audit.note(
            actor=actor, act="list.staged", subject=roll_ref(roll.id), details={"rows": len(sheet.said)}
        )
        return roll

    return _rehearse(organisation_id, act(organisation_id, step).id)


def _columns_for(organisation_id: int, headings: Sequence[str]) -> Columns:
    with in_organisation(organisation_id):
        known = KnownShape.objects.filter(organisation_id=organisation_id, digest=shape_of(headings)).first()
    return Columns(**known.columns) if known is not None else recognise(headings)


def read_again(organisation_id: int, *, roll_id: UUID, columns: Columns, actor: str) -> Roll:
    """Read a list by these of its columns, now and whenever a list has the same headings.

    What was chosen of it is forgotten, unless it was read so already. Raises `ListNamesNobody` where they name nobody, `ListGone`,
    `NotThatFar`, `NotFound`.
    """
    with in_organisation(organisation_id):
        path = kept_upload(organisation_id, _held(organisation_id, roll_id, RollState.STAGED).file)
    if not path.is_file():
        raise ListGone
    sheet = read_list(path, lambda _: columns)
    if not sheet.said or not set(columns.said().values()) <= set(sheet.headings):
        raise ListNamesNobody

    def step() -> None:
        open_books(organisation_id)
        roll, said = _held(organisation_id, roll_id, RollState.STAGED), columns.said()
        if roll.columns == said:
            return
        roll.rows.all().delete()
        _fill(roll, sheet)
        KnownShape.objects.update_or_create(
            organisation_id=organisation_id,
            digest=shape_of(sheet.headings),
            defaults={"columns": said, "saved_at": clock.now(), "saved_by": actor},
        )
        audit.note(actor=actor, act="list.read", subject=roll_ref(roll.id), details={"columns": said})

    act(organisation_id, step)
    return _rehearse(organisation_id, roll_id)


def _fill(roll: Roll, sheet: Sheet) -> None:
    """Keep what the rows say, and whom they mean."""
    _learning, what = _offered(roll)
    directory = directory_for(roll.organisation_id, sheet.said)
    meant = [whom(one, directory) for one in sheet.said]
    members = {one.member_id for one in meant if one.member_id is not None}
    counted = counts_already(
        roll.organisation_id, roll.programme, what, list(members), roll.held_on, roll_ref(roll.id)
    )
    RollRow.objects.bulk_create([_row(roll, one) for one in without_repeats(meant, counted)])
    roll.headings, roll.columns = list(sheet.headings), sheet.columns.said()
    roll.save(update_fields=["headings", "columns"])


def _row(roll: Roll, one: Meant) -> RollRow:
    return RollRow(
        organisation_id=roll.organisation_id,
        roll=roll,
        number=one.said.number,
        said_name=one.said.name,
        said_email=one.said.email,
        said_id=one.said.id,
        group=one.group.value,
        why=one.why,
        likeness=one.likeness,
        member_id=one.member_id,
        candidates=[str(member) for member in one.candidates],
        accepted=one.group is Group.SURE,
    )


def choose_likely(
    organisation_id: int, *, roll_id: UUID, choices: Mapping[int, UUID | None], actor: str
) -> int:
    """Say of likely rows whom they mean, row number by row number, None for nobody; how many are to be counted.

    Only one of a row's candidates can be chosen; other choices are left aside. Raises `NotThatFar`, `NotFound`.
    """

    def step() -> int:
        open_books(organisation_id)
        roll = _held(organisation_id, roll_id, RollState.STAGED)
        changed = []
        rows = roll.rows.filter(group=Group.LIKELY, number__in=list(choices))
        for row in rows:
            chosen = choices[row.number]
            before = row.accepted, row.member_id
            if chosen is None:
                row.accepted = False
            elif str(chosen) in row.candidates:
                row.accepted, row.member_id = True, chosen
            if (row.accepted, row.member_id) != before:
                changed.append(row)
        if changed:
            facts = {"rows": len(changed)}
            audit.note(actor=actor, act="list.chosen", subject=roll_ref(roll.id), details=facts)
        RollRow.objects.bulk_update(changed, ["accepted", "member_id"], batch_size=STEP)
        return roll.rows.filter(accepted=True).count()

    accepted = act(organisation_id, step)
    _rehearse(organisation_id, roll_id)
    return accepted


def _rehearse(organisation_id: int, roll_id: UUID) -> Roll:
    """Write down what counting it now would earn, by the very path that counting takes. Nothing else remains of it."""

    def step() -> dict[str, Any]:
        open_books(organisation_id)
        roll = _held(organisation_id, roll_id)
        counted = _count(roll, list(roll.rows.filter(accepted=True).order_by("number")))
        return {"people": len(counted.completions), "points": dict(counted.points)}

    found = rehearse(organisation_id, step)

    def write() -> Roll:
        roll = _held(organisation_id, roll_id)
        if roll.state == RollState.STAGED:
            roll.preview = found
            roll.save(update_fields=["preview"])
        return roll

    return act(organisation_id, write)


def commit_roll(organisation_id: int, *, roll_id: UUID, actor: str) -> Roll:
    """Have everybody counted who is accepted, or the rest of them where it was stopped. Committed again it stays so.

    Raises `NotThatFar`, `NotFound`.
    """

    def step() -> Roll:
        roll = _held(
            organisation_id,
            roll_id,
            RollState.STAGED,
            RollState.COMMITTING,
            RollState.STOPPED,
            RollState.DONE,
        )
        if roll.state in (RollState.STAGED, RollState.STOPPED):
            act_ = "list.committed" if roll.state == RollState.STAGED else "list.resumed"
            roll.state, roll.committed_at = RollState.COMMITTING, clock.now()
            roll.save(update_fields=["state", "committed_at"])
            audit.note(actor=actor, act=act_, subject=roll_ref(roll.id))
        return roll

    return act(organisation_id, step)


def stop_roll(organisation_id: int, *, roll_id: UUID, actor: str) -> Roll:
    """Stop a list that is being counted after the rows it is at; stopped again it stays so.

    Who was counted by then stays counted, until the list is taken back. Raises `NotThatFar`, `NotFound`.
    """

    def step() -> Roll:
        roll = _held(organisation_id, roll_id, RollState.COMMITTING, RollState.STOPPED)
        if roll.state == RollState.COMMITTING:
            roll.state = RollState.STOPPED
            roll.save(update_fields=["state"])
            counted = roll.rows.filter(accepted=True).exclude(outcome="").count()
            audit.note(
                actor=actor, act="list.stopped", subject=roll_ref(roll.id), details={"counted": counted}
            )
        return roll

    return act(organisation_id, step)


def count_roll(organisation_id: int, *, roll_id: UUID, at_a_time: int = STEP) -> int:
    """Count a list that was committed, some hundred rows a transaction, from where it is; how many rows were counted now."""
    done = 0
    while some := act(organisation_id, partial(_count_some, organisation_id, roll_id, at_a_time)):
        done += some
    return done


def _count_some(organisation_id: int, roll_id: UUID, at_a_time: int) -> int:
    open_books(organisation_id)
    roll = _held(organisation_id, roll_id)
    if roll.state != RollState.COMMITTING:
        return 0
    rows = list(roll.rows.filter(accepted=True, outcome="").order_by("number")[:at_a_time])
    if not rows:
        roll.state = RollState.DONE
        roll.save(update_fields=["state"])
        return 0
    counted = {one.member_id for one in _count(roll, rows).completions}
    for row in rows:
        row.outcome = "counted" if row.member_id in counted else "counted already"
        counted.discard(row.member_id)
    RollRow.objects.bulk_update(rows, ["outcome"], batch_size=at_a_time)
    return len(rows)


def _count(roll: Roll, rows: list[RollRow]) -> Counted:
    learning, offering = _offered(roll)
    occasion = roll_ref(roll.id)
    learned = {
        row.member_id: Learned(row.member_id, roll.held_on, roll.minutes, occasion)
        for row in rows
        if row.member_id is not None
    }
    return count_all(roll.organisation_id, learning, offering, learned.values())


def reverse_roll(organisation_id: int, *, roll_id: UUID, reason: str, actor: str) -> Roll:
    """Have everything taken back that a list counted. Asked again it stays so.

    Raises `TooLate` thirty days after it was counted, `NotThatFar`, `NotFound`.
    """

    def step() -> Roll:
        roll = _held(
            organisation_id,
            roll_id,
            RollState.STOPPED,
            RollState.DONE,
            RollState.REVERSING,
            RollState.REVERSED,
        )
        if roll.state in (RollState.STOPPED, RollState.DONE):
            assert roll.committed_at is not None, "what is done was committed"
            if clock.now() - roll.committed_at > TAKEN_BACK_WITHIN:
                raise TooLate
            roll.state, roll.reversed_at, roll.reason = RollState.REVERSING, clock.now(), reason
            roll.save(update_fields=["state", "reversed_at", "reason"])
            audit.note(actor=actor, act="list.reversed", subject=roll_ref(roll.id), reason=reason)
        return roll

    return act(organisation_id, step)


def take_back_roll(organisation_id: int, *, roll_id: UUID, at_a_time: int = STEP) -> int:
    """Take back what a list counted, some hundred completions a transaction; how many were taken back now."""
    done = 0
    while some := act(organisation_id, partial(_take_back_some, organisation_id, roll_id, at_a_time)):
        done += some
    return done


def _take_back_some(organisation_id: int, roll_id: UUID, at_a_time: int) -> int:
    open_books(organisation_id)
    roll = _held(organisation_id, roll_id)
    if roll.state != RollState.REVERSING:
        return 0
    learning, _ = _offered(roll)
    standing = Completion.objects.filter(
        organisation_id=organisation_id, occasion=roll_ref(roll.id), withdrawn_at__isnull=True
    )
    some = list(standing.order_by("id")[:at_a_time])
    if not some:
        roll.state = RollState.REVERSED
        roll.save(update_fields=["state"])
        return 0
    return withdraw_all(organisation_id, learning, some, reason=roll.reason)


def _offered(roll: Roll) -> tuple[Learning, Offering]:
    return offering_of(roll.organisation_id, roll.programme, roll.offering)


def _held(organisation_id: int, roll_id: UUID, *states: RollState) -> Roll:
    """The list under lock, in one of these states, if any are named. Raises `NotThatFar` and `NotFound`."""
    found = Roll.objects.select_for_update().filter(organisation_id=organisation_id, id=roll_id).first()
    if found is None:
        raise NotFound(kind="list", ref=roll_ref(roll_id))
    if states and found.state not in states:
        raise NotThatFar(state=found.state)
    return found
