"""Looks into what was reported: somebody takes it, and hides it with a reason or leaves it as it is."""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act
from plaudit.recognition.models import Received, Recognition, Reply, Report, ReportState
from plaudit.recognition.refusals import OwnReport, ReportDecided

ANSWER_MAX = 500


def take_report(organisation_id: int, report_id: UUID, *, actor: str) -> Report:
    """Own it from now on, also instead of whoever did. Raises `NotFound` and `ReportDecided`."""

    def step() -> Report:
        one = _locked(organisation_id, report_id)
        if one.state != ReportState.WAITING:
            raise ReportDecided
        if one.owner != actor:
            one.owner = actor
            one.save(update_fields=["owner"])
            audit.note(actor=actor, act="report.taken", subject=show("rpt", report_id))
        return one

    return act(organisation_id, step)


def decide_report(
    organisation_id: int,
    report_id: UUID,
    *,
    hide: bool,
    answer: str,
    actor: str,
    decider_id: UUID | None = None,
) -> Report:
    """Hide what was reported, with a reason that its people read, or leave it; decided so again it stays so.

    Others who reported the same are answered with it. `decider_id` is who decides, where they are a member: never
    who gave, received, wrote or reported it (`OwnReport`). Raises `NotFound`, `Problem`, `ReportDecided`.
    """
    answer = answer.strip()
    wanted = ReportState.HIDDEN if hide else ReportState.KEPT

    def step() -> Report:
        one = _locked(organisation_id, report_id)
        if not answer or len(answer) > ANSWER_MAX:
            raise Problem(f"Say why in at most {ANSWER_MAX} characters.")
        if one.state == wanted:
            return one
        if one.state != ReportState.WAITING:
            raise ReportDecided
        if decider_id is not None and decider_id in _people_of(one):
            raise OwnReport
        if hide:
            _hide(one, answer, actor)
        same = Report.objects.filter(
            organisation_id=organisation_id,
            recognition_id=one.recognition_id,
            reply_id=one.reply_id,
            state=ReportState.WAITING,
        )
        same.update(state=wanted, decided_at=clock.now(), decided_by=actor, answer=answer)
        one.refresh_from_db()
        subject = show("rpt", one.id)
        audit.note(actor=actor, act=f"report.{wanted.value}", subject=subject, reason=answer)
        told = {
            "report": subject,
            "recognition": show("rcg", one.recognition_id),
            "state": wanted.value,
            "reason": answer,
        }
        tell(organisation_id, "recognition.report_decided", told, happened_at=clock.now())
        return one

    return act(organisation_id, step)


def _locked(organisation_id: int, report_id: UUID) -> Report:
    one = Report.objects.filter(organisation_id=organisation_id, id=report_id).first()
    if one is None:
        raise NotFound(kind="report", ref=show("rpt", report_id))
    # What it is about first, as everybody who decides about the same does.
    Recognition.objects.select_for_update().filter(
        organisation_id=organisation_id, id=one.recognition_id
    ).first()
    one.refresh_from_db()
    return one


def _people_of(one: Report) -> set[UUID | None]:
    found = Received.objects.filter(organisation_id=one.organisation_id, recognition_id=one.recognition_id)
    people = {each for row in found.values_list("member_id", "giver_id") for each in row} | {one.member_id}
    if one.reply_id is not None:
        people |= set(Reply.objects.filter(id=one.reply_id).values_list("member_id", flat=True))
    return people - {None}


def _hide(one: Report, reason: str, actor: str) -> None:
    hidden = {"hidden_at": clock.now(), "hidden_by": actor, "hidden_for": reason}
    at = one.organisation_id
    if one.reply_id is not None:
        Reply.objects.filter(organisation_id=at, id=one.reply_id).update(**hidden)
        return
    Recognition.objects.filter(organisation_id=at, id=one.recognition_id).update(**hidden)
    Received.objects.filter(organisation_id=at, recognition_id=one.recognition_id).update(hidden=True)
