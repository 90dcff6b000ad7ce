"""What time makes happen here: moments are proposed, nominations run out, and once a week a summary is mailed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from plaudit.activity.following import waits_since
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import attend, task
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.told import told
from plaudit.people.chosen import Choice
from plaudit.people.models import Member, Organisation
from plaudit.people.spoken_to import in_language_of_member
from plaudit.recognition.actions.digesting import DIGEST, send_digests
from plaudit.recognition.actions.nominating import expire_nominations
from plaudit.recognition.actions.propose import FOLLOWER, propose_moments
from plaudit.recognition.actions.reviewing import look_through
from plaudit.recognition.published import standards
from plaudit.recognition.queries.digest import week_of
from plaudit.recognition.queries.nominations import first_to_expire
from plaudit.recognition.queries.reviews import LOOK_EVERY, next_look
from plaudit.recognition.rules.weeks import mailed_between


def _activity_waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    since = waits_since(organisation_id, FOLLOWER)
    if since is not None and after < since <= until:
        yield Due(since, PROPOSE.name, "Activity is looked through for moments worth noticing")


def _propose(organisation_id: int) -> list[str]:
    done = propose_moments(organisation_id)
    return [f"{done} events were looked through for moments"] if done else []


def _look_waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    due = next_look(organisation_id)
    while due is not None and due <= until:
        if due > after:
            yield Due(due, LOOK.name, "Who recognises one another is looked through")
        due += LOOK_EVERY


def _look(organisation_id: int) -> list[str]:
    found = look_through(organisation_id)
    return [f"{found} findings wait to be looked into"] if found else []


LOOK = when_due(Happening("recognition.look", _look_waiting, _look))
PROPOSE = attend(
    when_due(Happening("recognition.propose", _activity_waiting, _propose)), every=timedelta(seconds=5)
)


def _late_nominations(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    for moment in first_to_expire(organisation_id, after, until):
        yield Due(moment, EXPIRE.name, "A nomination that nobody decided runs out")


def _expire(organisation_id: int) -> list[str]:
    ended = expire_nominations(organisation_id)
    return [f"{ended} nominations ran out"] if ended else []


EXPIRE = attend(
    when_due(Happening("recognition.nominations", _late_nominations, _expire)), every=timedelta(minutes=10)
)


@task(name="recognition.digest", in_one_transaction=False, time_limit=timedelta(minutes=2))
def mail_digest(organisation_id: int, *, member: str, moment: str) -> None:
    """Mail a member the summary of the week before `moment`. Whoever lost their address or left gets nothing."""
    with in_organisation(organisation_id):
        found = Member.objects.filter(
            organisation_id=organisation_id, id=UUID(member), state="active"
        ).first()
        if found is None or not found.email:
            return
        organisation = Organisation.objects.get(id=organisation_id)
        week = week_of(organisation_id, found.id, datetime.fromisoformat(moment))
        names = {(one.programme, b.key): b.name for one in standards(organisation_id) for b in one.behaviours}
        with in_language_of_member(found, organisation):
            shown = {
                "name": found.name,
                "organisation": organisation.name,
                "received": week.received,
                "lines": [
                    {
                        "to": ", ".join(
                            _("you") if each.id == found.id else each.name for each in one.recipients
                        ),
                        "behaviour": told(names.get((one.programme, one.behaviour), one.behaviour))
                        or _("Thank you"),
                        "words": one.words,
                    }
                    for one in week.newest
                ],
                "url": f"{settings.BASE_URL}/recognition",
                "choose_url": f"{settings.BASE_URL}/me/notifications",
            }
            subject = _("{organisation}: your week of recognition").format(organisation=organisation.name)
            message = render_to_string("recognition/digest.txt", shown)
    send_mail(
        subject=subject,
        message=message,
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[found.email],
    )


def _digest_waiting(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    chose = Choice.objects.filter(organisation_id=organisation_id, name=DIGEST, chosen=True)
    if not chose.exists():
        return
    zone = ZoneInfo(Organisation.objects.get(id=organisation_id).time_zone)
    for moment in mailed_between(after, until, zone):
        yield Due(moment, SUMMARISE.name, "Members are told by mail what their week of recognition was")


def _summarise(organisation_id: int) -> list[str]:
    with in_organisation(organisation_id):
        zone = Organisation.objects.get(id=organisation_id).time_zone

    def queue(member_id: UUID, moment: datetime) -> None:
        mail_digest.later(organisation_id, member=str(member_id), moment=moment.isoformat())

    queued = send_digests(organisation_id, zone, queue)
    return [f"{queued} members are told of their week of recognition"] if queued else []


SUMMARISE = attend(
    when_due(Happening("recognition.digest", _digest_waiting, _summarise)), every=timedelta(minutes=10)
)
"""On Monday at seven, and not a second time for the same week."""
