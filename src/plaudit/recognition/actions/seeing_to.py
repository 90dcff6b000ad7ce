"""What a supervisor does with a moment besides recognising: later, never, or a note for themselves."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act
from plaudit.people.queries import leads
from plaudit.recognition.models import Moment, MomentState, Note, Plan
from plaudit.recognition.published import standards

NOTE_MAX = 1_000
SNOOZE_DAYS = 1
PLAN_DAYS_MAX = 90


def snooze_moment(organisation_id: int, moment_id: UUID, *, leader_id: UUID, actor: str) -> None:
    """Let a moment, and those it stands for, come again tomorrow. Raises `NotFound` for one of somebody whom they do not lead."""

    def step() -> None:
        moment = led_moment(organisation_id, moment_id, leader_id)
        now = clock.now()
        if moment.snoozed_until is not None and moment.snoozed_until > now:
            return
        alike(moment).update(snoozed_until=now + timedelta(days=SNOOZE_DAYS))
        audit.note(actor=actor, act="moment.snoozed", subject=show("mom", moment_id))

    act(organisation_id, step)


def put_away_moment(organisation_id: int, moment_id: UUID, *, leader_id: UUID, actor: str) -> None:
    """Say that a moment is seen to, without recognising. Once more changes nothing. Raises `NotFound`."""

    def step() -> None:
        moment = led_moment(organisation_id, moment_id, leader_id)
        if moment.state != MomentState.OPEN:
            return
        alike(moment).update(state=MomentState.PUT_AWAY)
        audit.note(actor=actor, act="moment.put_away", subject=show("mom", moment_id))

    act(organisation_id, step)


def write_note(
    organisation_id: int,
    *,
    author_id: UUID,
    member_id: UUID,
    words: str,
    actor: str,
    moment_id: UUID | None = None,
    share: bool = False,
) -> Note:
    """Note something about somebody they lead; they read it only where it is shared with them.

    Raises `NotFound` for whom they do not lead, and `Problem`.
    """
    words = words.strip()
    if not words or len(words) > NOTE_MAX:
        raise Problem(f"A note has from 1 to {NOTE_MAX} characters.")

    def step() -> Note:
        must_lead(organisation_id, author_id, member_id)
        now = clock.now()
        made = Note.objects.create(
            organisation_id=organisation_id,
            author_id=author_id,
            member_id=member_id,
            moment_id=moment_id,
            words=words,
            written_at=now,
            shared_at=now if share else None,
        )
        audit.note(actor=actor, act="note.written", subject=show("mem", member_id), details={"shared": share})
        return made

    return act(organisation_id, step)


def share_note(organisation_id: int, note_id: UUID, *, author_id: UUID, actor: str) -> None:
    """Let whom a note is about read it, for good. Once more changes nothing. Raises `NotFound`."""

    def step() -> None:
        note = Note.objects.filter(organisation_id=organisation_id, id=note_id, author_id=author_id).first()
        if note is None:
            raise NotFound(kind="note", ref=show("nte", note_id))
        if note.shared_at is None:
            note.shared_at = clock.now()
            note.save(update_fields=["shared_at"])
            audit.note(actor=actor, act="note.shared", subject=show("mem", note.member_id))

    act(organisation_id, step)


def keep_plan(
    organisation_id: int, *, leader_id: UUID, every_days: int, behaviour: str = "", actor: str
) -> None:
    """Keep how often a supervisor means to notice each of theirs, and what they look for. Raises `Problem`."""
    if not 1 <= every_days <= PLAN_DAYS_MAX:
        raise Problem(f"Choose from 1 to {PLAN_DAYS_MAX} days.")

    def step() -> None:
        known = {each.key for one in standards(organisation_id) for each in one.behaviours}
        if behaviour and behaviour not in known:
            raise NotFound(kind="behaviour", ref=behaviour)
        wanted = {"every_days": every_days, "behaviour": behaviour}
        mine = Plan.objects.filter(organisation_id=organisation_id, member_id=leader_id)
        if not mine.filter(**wanted).exists():
            Plan.objects.update_or_create(
                organisation_id=organisation_id, member_id=leader_id, defaults=wanted
            )
            audit.note(actor=actor, act="plan.kept", subject=show("mem", leader_id), details=wanted)

    act(organisation_id, step)


def led_moment(organisation_id: int, moment_id: UUID, leader_id: UUID) -> Moment:
    """A moment of somebody else whom they lead now, its row locked. Raises `NotFound`."""
    moment = (
        Moment.objects.select_for_update()
        .filter(organisation_id=organisation_id, id=moment_id)
        .exclude(state=MomentState.GONE)
        .first()
    )
    if (
        moment is None
        or moment.member_id == leader_id
        or not leads(organisation_id, leader_id, moment.member_id)
    ):
        raise NotFound(kind="moment", ref=show("mom", moment_id))
    return moment


def alike(moment: Moment) -> QuerySet[Moment]:
    """A moment and the earlier ones of its kind and person that wait as well: one card stands for them."""
    return Moment.objects.filter(
        organisation_id=moment.organisation_id,
        member_id=moment.member_id,
        programme=moment.programme,
        watch=moment.watch,
        state=MomentState.OPEN,
        happened_at__lte=moment.happened_at,
    )


def must_lead(organisation_id: int, leader_id: UUID, member_id: UUID) -> None:
    """Raises `NotFound` for whoever is in no team that they lead now, and for themselves."""
    if leader_id == member_id or not leads(organisation_id, leader_id, member_id):
        raise NotFound(kind="member", ref=show("mem", member_id))
