"""Takes recognitions back: the giver within minutes, a manager later with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from plaudit.earning.actions.record_own import OwnActivity, record_own
from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell_each
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act
from plaudit.ledger.units import units_by_key
from plaudit.recognition.actions.using import give_back
from plaudit.recognition.definitions import UNDO_MINUTES
from plaudit.recognition.models import Received, Recognition
from plaudit.recognition.own_activities import WITHDRAWN, activity_id, facts_of
from plaudit.recognition.published import standards
from plaudit.recognition.refusals import AlreadyTakenBack, NotTheGiver, TooLateToUndo
from plaudit.recognition.rules.giving import uses_of

REASON_MAX = 500


def undo(
    organisation_id: int, recognition_id: UUID, *, giver_id: UUID | None = None, actor: str
) -> Recognition:
    """Undo what was just given, as if it had never been: allowance and caps have it again. Once more changes nothing.

    `giver_id` names who must have given it, None for whoever did. Raises `NotFound`, `NotTheGiver`
    for a recipient, `TooLateToUndo` and `AlreadyTakenBack` where a reason was given for it.
    """

    def step() -> Recognition:
        made = _locked(organisation_id, recognition_id)
        received = _received(organisation_id, made)
        if giver_id is not None and made.giver_id != giver_id:
            if giver_id in {one.member_id for one in received}:
                raise NotTheGiver
            raise NotFound(kind="recognition", ref=show("rcg", recognition_id))
        if made.ended_at is not None and made.reason:
            raise AlreadyTakenBack
        if made.ended_at is not None:
            return made
        standard = next((one for one in standards(organisation_id) if one.programme == made.programme), None)
        minutes = standard.undo_minutes if standard is not None else UNDO_MINUTES
        if clock.now() >= made.given_at + timedelta(minutes=minutes):
            raise TooLateToUndo(minutes=minutes)
        if made.points and made.giver_id is not None and not made.period:
            raise NotTheGiver  # a second person gave it, from the programme's budget
        if made.giver_id is not None and standard is not None:
            # Before the wallets are locked, as giving does it.
            local = made.given_at.astimezone(ZoneInfo(standard.time_zone))
            recipients = [one.member_id for one in received]
            used = uses_of(standard, local, leads=False, points=made.points, recipients=recipients)
            give_back(organisation_id, made.programme, made.giver_id, used)
        _withdraw(organisation_id, made, received, reason="", actor=actor)
        return made

    return act(organisation_id, step)


def take_back(organisation_id: int, recognition_id: UUID, *, reason: str, actor: str) -> Recognition:
    """Take back what was given, with a reason; what it used of the allowance stays used. Once more changes nothing.

    Raises `NotFound`, `Problem` without a reason, and `AlreadyTakenBack` where its giver undid it.
    """

    def step() -> Recognition:
        made = _locked(organisation_id, recognition_id)
        if not reason.strip() or len(reason) > REASON_MAX:
            raise Problem(f"Say why in at most {REASON_MAX} characters.")
        if made.ended_at is not None and not made.reason:
            raise AlreadyTakenBack
        if made.ended_at is None:
            _withdraw(
                organisation_id,
                made,
                _received(organisation_id, made),
                reason=reason.strip(),
                actor=actor,
            )
        return made

    return act(organisation_id, step)


def _locked(organisation_id: int, recognition_id: UUID) -> Recognition:
    made = (
        Recognition.objects.select_for_update()
        .filter(organisation_id=organisation_id, id=recognition_id)
        .first()
    )
    if made is None:
        raise NotFound(kind="recognition", ref=show("rcg", recognition_id))
    return made


def _received(organisation_id: int, made: Recognition) -> Sequence[Received]:
    rows = Received.objects.filter(organisation_id=organisation_id, recognition_id=made.id)
    return list(rows.order_by("member_id"))


def _withdraw(
    organisation_id: int, made: Recognition, received: Sequence[Received], *, reason: str, actor: str
) -> None:
    """Correct what was recorded of every recipient."""
    made.ended_at, made.ended_by, made.reason = clock.now(), actor, reason
    made.save(update_fields=["ended_at", "ended_by", "reason"])
    Received.objects.filter(organisation_id=organisation_id, recognition_id=made.id).update(stands=False)
    unit = units_by_key(organisation_id).get(made.unit)
    precision = unit.precision if unit is not None else 0
    record_own(
        organisation_id,
        [
            OwnActivity(
                f"{activity_id(made, one.member_id)}:withdrawn",
                WITHDRAWN.name,
                one.member_id,
                made.ended_at,
                facts_of(made, one.source, precision),
                corrects=activity_id(made, one.member_id),
            )
            for one in received
        ],
    )
    audit.note(
        actor=actor,
        act="recognition.taken_back" if reason else "recognition.undone",
        subject=show("rcg", made.id),
        reason=reason,
    )
    told = [
        {"member": show("mem", one.member_id), "recognition": show("rcg", made.id), "reason": reason}
        for one in received
    ]
    tell_each(organisation_id, WITHDRAWN.name, told, happened_at=made.ended_at)
