"""What people does later: mail with sign-in links, and the sweeping out of what is over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop
from procrastinate.jobs import Job
from procrastinate.types import JSONDict

from plaudit.foundation import clock, config
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import WORK, attend, open_lane, task
from plaudit.foundation.jobs.declaring import BLUEPRINT, queue
from plaudit.foundation.jobs.trying import TRIES, Tries
from plaudit.people.actions.clock import run_clock_move
from plaudit.people.actions.signing_in import GOOD_FOR, forget_signing_in, invite_by_email, take_back
from plaudit.people.models import Organisation, User
from plaudit.people.queries import oldest_sign_in
from plaudit.people.spoken_to import in_language_of

_SEND = "people.send_sign_in_links"
KEPT_FOR = timedelta(days=30)

CLOCKS = open_lane("clocks", at_once=1)
"""Moves of sandboxes' clocks: a long one holds up no other work."""


def ask_for_link(*, email: str, base_url: str, slug: str = "", language: str = "") -> None:
    """Have links mailed to whoever has this address; with `slug` to one organisation, its members included.

    One job is queued for every request alike, known address or not, so that neither the answer nor its
    time tells who is known. It belongs to no organisation: which ones is found out by the job.
    """
    arguments: JSONDict = {
        "email": email.strip().lower()[:254],
        "base_url": base_url,
        "slug": slug,
        "language": language,
    }
    job = Job(queue=WORK.name, lock=None, queueing_lock=None, task_name=_SEND, task_kwargs=arguments)
    queue(job)


@BLUEPRINT.task(name=_SEND, queue=WORK.name, retry=Tries(TRIES))
def send_sign_in_links(email: str, base_url: str, slug: str = "", language: str = "") -> None:
    """Mail one-time links to whoever has this address; a stranger gets nothing.

    The links are made here, so that no queue ever holds one; where the mail does not leave, they are taken
    back, and the next try makes new ones. `base_url` comes from the configuration, never from the request:
    a forged host must not get a link to itself.
    """
    invitations = invite_by_email(email=email, slug=slug, actor="sign-in")
    if not invitations:
        return
    shown = {
        "links": [(one.organisation, f"{base_url}/sign-in/{one.token}") for one in invitations],
        "minutes": int(GOOD_FOR.total_seconds() // 60),
    }
    try:
        # Whoever was made a person by asking is one by now.
        with in_language_of(User.objects.filter(email=email).first(), None, asked_in=language):
            send_mail(
                subject=gettext("Your link to sign in"),
                message=render_to_string("people/sign_in_links.txt", shown),
                from_email=settings.DEFAULT_FROM_EMAIL,
                recipient_list=[email],
            )
    except BaseException:
        take_back(invitations)
        raise


_CHANGES = {
    "passkey_added": gettext_noop("A passkey was added to your ways in."),
    "passkey_removed": gettext_noop("A passkey was removed from your ways in."),
    "code_app_added": gettext_noop("From now on we ask for a code of your app when you sign in."),
    "code_app_removed": gettext_noop("We ask for codes of your app no longer."),
    "ways_in_forgotten": gettext_noop(
        "Your passkeys and your app were removed: a link by mail signs you in."
    ),
}


def tell_of_way_in(organisation_id: int, *, user_id: int, what: str, base_url: str = "") -> None:
    """Have a person told that one of their ways in changed, if the transaction that is open commits."""
    assert what in _CHANGES, "a way in changes in ways that have words"
    address = f"{base_url or config.load().base_url.rstrip('/')}/me/security"
    send_way_in_changed.later(organisation_id, user_id=user_id, what=what, address=address)


@task(name="people.way_in_changed", in_one_transaction=False)
def send_way_in_changed(organisation_id: int, *, user_id: int, what: str, address: str) -> None:
    """Mail a person that one of their ways in changed, so that a stranger's change is noticed."""
    user = User.objects.get(id=user_id)
    organisation = Organisation.objects.get(id=organisation_id)
    with in_language_of(user, organisation):
        shown = {"what": gettext(_CHANGES[what]), "organisation": organisation.name, "address": address}
        send_mail(
            subject=gettext("Your ways in have changed"),
            message=render_to_string("people/way_in_changed.txt", shown),
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[user.email],
        )


@task(lane=CLOCKS, in_one_transaction=False, tries=3, time_limit=timedelta(hours=1))
def move_clock(organisation_id: int, *, move_id: str) -> None:
    """Move a sandbox's clock as was noted; where it broke off, it goes on from there."""
    run_clock_move(organisation_id, UUID(move_id))


def move_clock_later(organisation_id: int, move_id: UUID) -> None:
    """Have a sandbox's clock moved as soon as a worker is free, if the transaction that is open commits."""
    move_clock.once(f"clock:{move_id}", organisation_id, move_id=str(move_id))


def _waiting(organisation_id: int, after: datetime, until: datetime) -> Iterable[Due]:
    oldest = oldest_sign_in(organisation_id)
    # Signing in goes by the real clock: whoever moves a sandbox's by months is not signed out by it.
    if oldest is not None and after < oldest + KEPT_FOR <= min(until, clock.wall()):
        yield Due(oldest + KEPT_FOR, SWEEP.name, "old sign-in links and sessions are forgotten")


def _sweep(organisation_id: int) -> Sequence[str]:
    gone = forget_signing_in(organisation_id, older_than=clock.wall() - KEPT_FOR)
    return [f"{gone} old sign-in links and sessions were forgotten"]


SWEEP = attend(when_due(Happening("people.sweep", _waiting, _sweep)), every=timedelta(hours=6))
"""Links and sessions go thirty days after they ended."""
