"""What planning does later: replays of drafts, which read a whole history, and mail to who wants to enrol."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext

from plaudit.foundation.jobs import open_lane, task
from plaudit.foundation.languages import spoken
from plaudit.planning.actions.simulate import cancel_simulation, run_simulation

WHAT_IF = open_lane("what-if", at_once=1)
"""One replay at a time in a worker: each may take a gigabyte and a half of memory."""


def _cancel(organisation_id: int, arguments: dict[str, Any], actor: str) -> None:
    cancel_simulation(organisation_id, UUID(arguments["simulation_id"]), actor=actor)


@task(
    name="planning.simulate",
    lane=WHAT_IF,
    in_one_transaction=False,
    tries=3,
    time_limit=timedelta(hours=2),
    cancelling=_cancel,
)
def replay(organisation_id: int, *, simulation_id: str) -> None:
    """Replay a draft and keep what came out, or why it could not be."""
    run_simulation(organisation_id, UUID(simulation_id))


def replay_later(organisation_id: int, simulation_id: UUID) -> None:
    """Have a draft replayed as soon as a worker is free, if the transaction that is open commits."""
    replay.once(f"simulation:{simulation_id}", organisation_id, simulation_id=str(simulation_id))


_ENROLMENT = """{asked}

{link}

{ignore}
"""


@task(name="planning.send_enrolment", in_one_transaction=False)
def send_enrolment(
    _organisation_id: int, *, email: str, programme: str, link: str, language: str = ""
) -> None:
    """Mail somebody the link with which they join; until they follow it nothing is kept of them."""
    with translation.override(spoken(language)):
        send_mail(
            subject=gettext("Join {programme}").format(programme=programme),
            message=_ENROLMENT.format(
                asked=gettext(
                    "Somebody, hopefully you, wants to join {programme} with this address. To join, open:"
                ).format(programme=programme),
                link=link,
                ignore=gettext(
                    "The link works for a day. If it was not you, do nothing: nothing was kept of you."
                ),
            ),
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[email],
        )
