"""What the demo's service staff learned, where they have a place, and what one of them claims."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from plaudit.credentials.actions.giving import give_credential
from plaudit.credentials.models import Kind
from plaudit.credentials.queries import credentials
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.attendance import mark_present
from plaudit.learning.actions.claiming import claim
from plaudit.learning.actions.registering import register
from plaudit.learning.actions.rolls import stage_roll
from plaudit.learning.actions.sessions import close_session, open_session
from plaudit.learning.models import Certificate, Session, SessionState
from plaudit.people.models import Organisation
from plaudit.people.resolving import find_members
from plaudit.surfaces.cli.demo.people import staff

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


def learn(organisation_id: int) -> None:
    """Let sessions have been held and others be open; a start that is gone on with finds them there."""
    numbers = [one.number for one in staff()]
    with in_organisation(organisation_id):
        found = find_members(organisation_id, [("desk", number) for number in numbers])
    members = [found[("desk", number)] for number in numbers]
    today = clock.now().replace(hour=9, minute=0, second=0, microsecond=0)
    _held(organisation_id, "welcome", members[:12], today - timedelta(days=90))
    _held(organisation_id, "listening", members[2:9], today - timedelta(days=40))
    _held(organisation_id, "first-aid", members[:7], today - timedelta(days=345))
    _held(organisation_id, "first-aid", members[9:13], today - timedelta(days=200))
    _open(organisation_id, "listening", members[:9], today + timedelta(days=12), places=6)
    _open(organisation_id, "de-escalation", members[4:8], today + timedelta(days=20), places=10)
    _take_along(organisation_id)
    claim(
        organisation_id,
        member_id=members[1],
        programme=PROGRAMME,
        offering="good-read",
        done_on=(today - timedelta(days=3)).date(),
        minutes=None,
        words="I read it on the train, and it changed how I open a call.",
        proof=b"",
        key="demo-claim",
        actor=ACTOR,
    )


def study_a_list(organisation_id: int, folder: Path) -> None:
    """Let a list of who was at a workshop have been sent in, with the slips that such lists have; it waits to be counted."""
    path = folder / "workshop.csv"
    path.write_text(_LIST, encoding="utf-8")
    stage_roll(
        organisation_id,
        path=path,
        name="Workshop at the boathouse.csv",
        programme=PROGRAMME,
        offering="boathouse",
        held_on=Organisation.objects.get(id=organisation_id).created_at.date() - timedelta(days=6),
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


def _held(organisation_id: int, offering: str, came: list[UUID], at: datetime) -> None:
    with clock.frozen_at(at - timedelta(days=7)):
        session = _session(organisation_id, offering, at, places=20)
    if session.state == SessionState.CLOSED:
        return
    with clock.frozen_at(at):
        for member_id in came:
            mark_present(organisation_id, session_id=session.id, member_id=member_id, actor=ACTOR)
    with clock.frozen_at(at + _HOURS):
        close_session(organisation_id, session_id=session.id, actor=ACTOR)


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
