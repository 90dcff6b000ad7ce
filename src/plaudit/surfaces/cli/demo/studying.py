"""What the demo's service staff learned, where they have a place, and what one of them claims."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from plaudit.credentials.actions.giving import give_credential
from plaudit.credentials.models import Kind
from plaudit.credentials.queries import credentials
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.attendance import mark_present
from plaudit.learning.actions.claiming import claim
from plaudit.learning.actions.registering import register
from plaudit.learning.actions.rolls import stage_roll
from plaudit.learning.actions.sessions import close_session, open_session
from plaudit.learning.models import Certificate, Session, SessionState
from plaudit.surfaces.cli.demo.noticing import Step, desk_ids

ACTOR = "demo"
PROGRAMME = "service-desk"
_HOURS = timedelta(hours=2)

# Names as somebody typed them: as they are, misspelt, twice, and of somebody who does not work here.
_LIST = """\
Name,Desk
Asha Rao,North
Ben Osei,North
Clara Lindt,North
Dev Patel,North
Farid Nasari,North
Hugo Silva,South
Ines Costa,South
Jonas Webber,South
Hugo Silva,South
Kemi Ade,South
Paula Reyes,Evening
Quin Hale,Evening
Marta Villeneuve,Guest
"""


def learned(organisation_id: int, today: datetime) -> Iterator[Step]:
    """Sessions have been held, two certificates taken along, and one thing is claimed."""
    members = list(desk_ids(organisation_id).values())
    today = today.replace(hour=9, minute=0, second=0, microsecond=0)
    yield from _held(organisation_id, "welcome", members[:12], today - timedelta(days=90))
    yield from _held(organisation_id, "listening", members[2:9], today - timedelta(days=40))
    yield from _held(organisation_id, "first-aid", members[:7], today - timedelta(days=345))
    yield from _held(organisation_id, "first-aid", members[9:13], today - timedelta(days=200))
    yield today - timedelta(days=30), partial(_take_along, organisation_id)
    done = today - timedelta(days=3)
    yield done, partial(_claim, organisation_id, members[1], done)


def open_to_come(organisation_id: int, today: datetime) -> None:
    """Two sessions are to come, one of them full; a start that is gone on with finds them there."""
    members = list(desk_ids(organisation_id).values())
    today = today.replace(hour=9, minute=0, second=0, microsecond=0)
    _open(organisation_id, "listening", members[:9], today + timedelta(days=12), places=6)
    _open(organisation_id, "de-escalation", members[4:8], today + timedelta(days=20), places=10)


def _claim(organisation_id: int, member_id: UUID, done: datetime) -> None:
    claim(
        organisation_id,
        member_id=member_id,
        programme=PROGRAMME,
        offering="good-read",
        done_on=done.date(),
        minutes=None,
        words="I read it on the train, and it changed how I open a call.",
        proof=b"",
        key="demo-claim",
        actor=ACTOR,
    )


def study_a_list(organisation_id: int, folder: Path, today: datetime) -> None:
    """Let a list of who was at a workshop have been sent in, with the slips that such lists have; it waits to be counted."""
    path = folder / "workshop.csv"
    path.write_text(_LIST, encoding="utf-8")
    stage_roll(
        organisation_id,
        path=path,
        name="Workshop at the boathouse.csv",
        programme=PROGRAMME,
        offering="boathouse",
        held_on=today.date() - timedelta(days=6),
        actor=ACTOR,
    )


def _take_along(organisation_id: int) -> None:
    """Two of those who have a certificate took it with them, one of them with their name."""
    with in_organisation(organisation_id):
        if credentials(organisation_id, limit=1):
            return
        held = list(
            Certificate.objects.filter(organisation_id=organisation_id, revoked_at__isnull=True).order_by(
                "id"
            )[:2]
        )
    for one in held:
        give_credential(
            organisation_id,
            member_id=one.member_id,
            kind=Kind.CERTIFICATE,
            about=str(one.id),
            shows_name=one == held[0],
            actor=ACTOR,
        )


def _held(organisation_id: int, offering: str, came: list[UUID], at: datetime) -> Iterator[Step]:
    def session() -> Session:
        return _session(organisation_id, offering, at, places=20)

    def come() -> None:
        held = session()
        if held.state != SessionState.CLOSED:
            for member_id in came:
                mark_present(organisation_id, session_id=held.id, member_id=member_id, actor=ACTOR)

    def end() -> None:
        held = session()
        if held.state != SessionState.CLOSED:
            close_session(organisation_id, session_id=held.id, actor=ACTOR)

    yield at - timedelta(days=7), session
    yield at, come
    yield at + _HOURS, end


def _open(organisation_id: int, offering: str, registered: list[UUID], at: datetime, *, places: int) -> None:
    session = _session(organisation_id, offering, at, places=places)
    for member_id in registered:
        register(organisation_id, session_id=session.id, member_id=member_id, actor=ACTOR)


def _session(organisation_id: int, offering: str, at: datetime, *, places: int) -> Session:
    return open_session(
        organisation_id,
        programme=PROGRAMME,
        offering=offering,
        starts_at=at,
        ends_at=at + _HOURS,
        place="The quiet room",
        places=places,
        key=f"demo-{offering}-{at.date().isoformat()}",
        actor=ACTOR,
    )
