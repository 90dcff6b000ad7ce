"""What others say to a recognition that they may see: a tap, one line, or that something is wrong with it."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act
from plaudit.people.actions.members import locked_member
from plaudit.recognition.models import Reaction, ReactionKind, Reply, Report, ReportState
from plaudit.recognition.queries.feed import seen
from plaudit.recognition.refusals import AlreadyTakenBack, ReplyCorrected

REPLY_MAX = 200
REPORT_MAX = 500

_REACT = """
    insert into recognition_reaction (organisation_id, recognition_id, member_id, kind, reacted_at)
    values (%s, %s, %s, %s, %s) on conflict do nothing
"""


def react(organisation_id: int, recognition_id: UUID, *, member_id: UUID, kind: ReactionKind) -> None:
    """Say it with a tap; once of each kind, however often it is tapped. Raises `NotFound` and `AlreadyTakenBack`."""

    def step() -> None:
        _open_to(organisation_id, recognition_id, member_id)
        with connection.cursor() as cursor:
            cursor.execute(_REACT, [organisation_id, recognition_id, member_id, kind.value, clock.now()])

    act(organisation_id, step)


def take_reaction(organisation_id: int, recognition_id: UUID, *, member_id: UUID, kind: ReactionKind) -> None:
    """Take it away again. Where there is none nothing changes."""

    def step() -> None:
        Reaction.objects.filter(
            organisation_id=organisation_id, recognition_id=recognition_id, member_id=member_id, kind=kind
        ).delete()

    act(organisation_id, step)


def reply(
    organisation_id: int,
    recognition_id: UUID,
    *,
    member_id: UUID,
    words: str,
    actor: str,
    corrects: UUID | None = None,
) -> Reply:
    """Say one line under it, or one instead of an earlier line of one's own. The same line as the last is said once.

    Raises `NotFound`, `AlreadyTakenBack`, `Problem`, and `ReplyCorrected` for a line that has been corrected.
    """
    words = " ".join(words.split())
    if not words or len(words) > REPLY_MAX:
        raise Problem(f"A line has from 1 to {REPLY_MAX} characters.")

    def step() -> Reply:
        locked_member(organisation_id, member_id)
        _open_to(organisation_id, recognition_id, member_id)
        mine = Reply.objects.filter(
            organisation_id=organisation_id, recognition_id=recognition_id, member_id=member_id
        )
        last = mine.order_by("-id").first()
        if last is not None and (last.words, last.corrects) == (words, corrects):
            return last
        if corrects is not None:
            if not mine.filter(id=corrects).exists():
                raise NotFound(kind="reply", ref=show("rpl", corrects))
            if mine.filter(corrects=corrects).exists():
                raise ReplyCorrected
        made = Reply.objects.create(
            organisation_id=organisation_id,
            recognition_id=recognition_id,
            member_id=member_id,
            words=words,
            corrects=corrects,
            said_at=clock.now(),
        )
        audit.note(actor=actor, act="recognition.replied", subject=show("rcg", recognition_id))
        return made

    return act(organisation_id, step)


def report(
    organisation_id: int,
    recognition_id: UUID,
    *,
    member_id: UUID,
    words: str,
    actor: str,
    reply_id: UUID | None = None,
) -> Report:
    """Say what is wrong with it, or with a line under it; somebody decides. One of a person waits at a time.

    Raises `NotFound` and `Problem`.
    """
    words = words.strip()
    if not words or len(words) > REPORT_MAX:
        raise Problem(f"Say what is wrong in at most {REPORT_MAX} characters.")

    def step() -> Report:
        seen(organisation_id, recognition_id, member_id)
        if reply_id is not None:
            there = Reply.objects.filter(organisation_id=organisation_id, recognition_id=recognition_id)
            if not there.filter(id=reply_id).exists():
                raise NotFound(kind="reply", ref=show("rpl", reply_id))
        waiting = Report.objects.filter(
            organisation_id=organisation_id,
            recognition_id=recognition_id,
            reply_id=reply_id,
            member_id=member_id,
            state=ReportState.WAITING,
        ).first()
        if waiting is not None:
            return waiting
        made = Report.objects.create(
            organisation_id=organisation_id,
            recognition_id=recognition_id,
            reply_id=reply_id,
            member_id=member_id,
            words=words,
            reported_at=clock.now(),
        )
        audit.note(actor=actor, act="recognition.reported", subject=show("rcg", recognition_id))
        told = {"report": show("rpt", made.id), "recognition": show("rcg", recognition_id)}
        tell(organisation_id, "recognition.reported", told, happened_at=made.reported_at)
        return made

    return act(organisation_id, step)


def _open_to(organisation_id: int, recognition_id: UUID, member_id: UUID) -> None:
    """Somebody who may see it can say something to it while it stands."""
    if seen(organisation_id, recognition_id, member_id).ended_at is not None:
        raise AlreadyTakenBack
