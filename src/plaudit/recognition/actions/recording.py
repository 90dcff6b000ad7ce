"""Writes one act of noticing down, whoever it comes from: its rows, its activity, what is told of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from plaudit.earning.actions.record_own import OwnActivity, record_own
from plaudit.foundation import audit
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell_each
from plaudit.ledger.units import unit_named
from plaudit.recognition.definitions import Source, Standard, Visible
from plaudit.recognition.models import Received, Recognition
from plaudit.recognition.own_activities import RECEIVED, activity_id, facts_of
from plaudit.recognition.queries.people import team_of_each, teams_shared
from plaudit.recognition.visibility import Reach, visible_for


def write_down(
    made: Recognition,
    standard: Standard,
    recipients: Collection[UUID],
    *,
    words: str,
    actor: str,
    deed_at: datetime | None = None,
    by_customer: bool = False,
) -> Sequence[Received]:
    """Write it down with a row for each recipient, and let the programme's rule grant its points.

    Called inside an action that has checked who may.
    """
    made.save(force_insert=True)
    rows = _rows(made, standard, recipients, words.strip(), deed_at, by_customer=by_customer)
    Received.objects.bulk_create(rows)
    _grant(made, rows, standard)
    _say(made, rows, actor)
    return rows


def _rows(
    made: Recognition,
    standard: Standard,
    recipients: Collection[UUID],
    words: str,
    deed_at: datetime | None,
    *,
    by_customer: bool,
) -> Sequence[Received]:
    """From whom it came as each recipient sees it, and how far it is seen."""
    organisation_id = made.organisation_id
    shared = teams_shared(organisation_id, made.giver_id, recipients) if made.giver_id else {}
    elsewhere = team_of_each(organisation_id, set(recipients) - shared.keys())
    reaches = visible_for(organisation_id, recipients, standard.visible)
    if by_customer and words:
        # Nobody has read a stranger's words yet: whom they are about decides who else does.
        reaches = dict.fromkeys(recipients, Reach(Visible.PRIVATE, chosen=False))
    rows = []
    for member_id in recipients:
        team = shared.get(member_id)
        source = Source.SYSTEM if made.giver_id is None else Source.PEER
        if team is not None and team.led:
            source = Source.SUPERVISOR
        rows.append(
            Received(
                organisation_id=organisation_id,
                recognition_id=made.id,
                member_id=member_id,
                giver_id=made.giver_id,
                team_id=team.team_id if team is not None else elsewhere.get(member_id),
                source=(Source.CUSTOMER if by_customer else source).value,
                behaviour=made.behaviour,
                words=words,
                visible=reaches[member_id].visible,
                chosen=reaches[member_id].chosen,
                given_at=made.given_at,
                deed_at=deed_at,
            )
        )
    return rows


def _grant(made: Recognition, rows: Sequence[Received], standard: Standard) -> None:
    precision = unit_named(made.organisation_id, standard.unit).precision
    record_own(
        made.organisation_id,
        [
            OwnActivity(
                activity_id(made, one.member_id),
                RECEIVED.name,
                one.member_id,
                made.given_at,
                facts_of(made, one.source, precision),
            )
            for one in rows
        ],
    )


def _say(made: Recognition, rows: Sequence[Received], actor: str) -> None:
    reference = show("rcg", made.id)
    audit.note(
        actor=actor,
        act="recognition.given",
        subject=reference,
        details={"behaviour": made.behaviour, "recipients": len(rows), "points": made.points},
    )
    told = [
        {
            "member": show("mem", one.member_id),
            "programme": made.programme,
            "recognition": reference,
            "behaviour": made.behaviour,
            "given_by": one.source,
            "points": made.points,
        }
        for one in rows
    ]
    tell_each(made.organisation_id, RECEIVED.name, told, happened_at=made.given_at)
