"""Pauses, resumes and retires programmes, and keeps files that are still being worked on."""

from __future__ import annotations

from plaudit.earning.actions.publish import reinstate, withdraw
from plaudit.engagement.actions.publish_engagement import reinstate_engagement, withdraw_engagement
from plaudit.foundation import audit, clock
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import in_organisation
from plaudit.planning.actions.apply import declare_activity, lock_programmes
from plaudit.planning.models import Programme as ProgrammeRow
from plaudit.planning.models import ProgrammeState
from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.programme_file.sharing import activities_in_force
from plaudit.planning.queries import programme_row, standing_programmes
from plaudit.planning.refusals import ProgrammeFileRefused, ProgrammeNotInState, ProgrammeRetired
from plaudit.recognition.actions.publish_standard import reinstate_standard, withdraw_standard
from plaudit.rewards.actions.publish_catalogue import publish_catalogue
from plaudit.targeting.actions.offering import publish_offers
from plaudit.targeting.actions.publish_segments import publish_segments
from plaudit.targeting.actions.publish_tiers import publish_tiers


def pause(organisation_id: int, key: str, *, actor: str, reason: str = "") -> None:
    """Let a live programme's rules rest: its activity is recorded and earns nothing until it is resumed.

    Rewards stay on offer. A paused programme stays paused. Raises `NotFound`, `ProgrammeNotInState`.
    """
    with in_organisation(organisation_id):
        row = _locked(organisation_id, key)
        if row.state == ProgrammeState.PAUSED:
            return
        _need(row, ProgrammeState.LIVE, act="paused")
        withdraw(organisation_id, key)
        withdraw_engagement(organisation_id, key)
        withdraw_standard(organisation_id, key)
        _move(row, ProgrammeState.PAUSED, actor, reason)


def resume(organisation_id: int, key: str, *, actor: str, reason: str = "") -> None:
    """Put a paused programme's newest rules back in force. Raises `NotFound`, `ProgrammeNotInState`."""
    with in_organisation(organisation_id):
        row = _locked(organisation_id, key)
        if row.state == ProgrammeState.LIVE:
            return
        _need(row, ProgrammeState.PAUSED, act="resumed")
        reinstate(organisation_id, key)
        reinstate_engagement(organisation_id, key)
        reinstate_standard(organisation_id, key)
        _move(row, ProgrammeState.LIVE, actor, reason)


def retire(organisation_id: int, key: str, *, actor: str, reason: str = "") -> None:
    """End a programme for good: nothing more is earned by it, and its rewards leave the catalogue.

    What members hold stays theirs. Raises `NotFound`.
    """
    with in_organisation(organisation_id):
        row = _locked(organisation_id, key)
        if row.state == ProgrammeState.RETIRED:
            return
        others = standing_programmes(organisation_id)
        own = others.pop(key, None)
        # What only this programme asked of a shared activity, nobody needs to send any more.
        for activity in activities_in_force(None, own, others):
            declare_activity(organisation_id, activity)
        if own is not None:
            withdraw(organisation_id, key)
            withdraw_engagement(organisation_id, key)
            withdraw_standard(organisation_id, key)
            publish_catalogue(organisation_id, key, [])
            publish_offers(organisation_id, key, time_zone="UTC", offers=[])
            publish_segments(organisation_id, key, time_zone="UTC", segments=[])
            publish_tiers(organisation_id, key, time_zone="UTC", ladders=[])
        _move(row, ProgrammeState.RETIRED, actor, reason)


def keep_draft(organisation_id: int, source: str, *, actor: str) -> str:
    """Keep a file that is still being worked on; the key of its programme.

    Only the key must be readable. Raises `ProgrammeFileRefused` where it is not, and `ProgrammeRetired`.
    """
    parsed = parse_programme(source)
    key = parsed.programme.key
    if not key or any(problem.path == ("programme",) for problem in parsed.problems):
        raise ProgrammeFileRefused(parsed.problems)
    with in_organisation(organisation_id):
        lock_programmes(organisation_id)
        row = ProgrammeRow.objects.filter(organisation_id=organisation_id, key=key).first()
        if row is not None and row.state == ProgrammeState.RETIRED:
            raise ProgrammeRetired(programme=key)
        ProgrammeRow.objects.update_or_create(
            organisation_id=organisation_id,
            key=key,
            defaults={"draft": source, "changed_at": clock.now()},
            create_defaults={
                "name": parsed.programme.name or key,
                "draft": source,
                "changed_at": clock.now(),
            },
        )
        audit.note(actor=actor, act="programme.draft_kept", subject=key)
    return key


def _locked(organisation_id: int, key: str) -> ProgrammeRow:
    lock_programmes(organisation_id)
    return programme_row(organisation_id, key)


def _need(row: ProgrammeRow, state: ProgrammeState, *, act: str) -> None:
    if row.state == ProgrammeState.RETIRED:
        raise ProgrammeRetired(programme=row.key)
    if row.state != state:
        raise ProgrammeNotInState(programme=row.key, state=row.state, act=act)


def _move(row: ProgrammeRow, state: ProgrammeState, actor: str, reason: str) -> None:
    """Write the new state down, with who and why, and tell the floors above."""
    now = clock.now()
    ProgrammeRow.objects.filter(organisation_id=row.organisation_id, id=row.id).update(
        state=state, changed_at=now
    )
    act = {ProgrammeState.LIVE: "resumed"}.get(state, state.value)
    audit.note(actor=actor, act=f"programme.{act}", subject=row.key, reason=reason)
    tell(row.organisation_id, f"programme.{act}", {"programme": row.key}, happened_at=now)
