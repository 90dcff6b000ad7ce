"""What outreach does later: hands out what is new, sends it, and forgets what is long over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from plaudit.foundation import clock
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import attend, open_lane, task
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions.delivering import deliver_due
from plaudit.outreach.actions.expiring import warn_of_expiry
from plaudit.outreach.actions.pushing import push_due
from plaudit.outreach.actions.reading import forget_notices
from plaudit.outreach.actions.resending import forget_old
from plaudit.outreach.actions.spreading import spread
from plaudit.outreach.actions.telling import tell_people
from plaudit.outreach.queries.devices import moments_to_push
from plaudit.outreach.queries.expiry import moments_to_warn
from plaudit.outreach.queries.inbox import first_notice_to_forget
from plaudit.outreach.queries.letters import sentence_of
from plaudit.outreach.queries.mailing import news_since
from plaudit.outreach.queries.webhooks import endpoints_due, first_due, first_to_forget, first_to_spread
from plaudit.people.models import Member, Organisation
from plaudit.people.spoken_to import in_language_of_member

# A receiver that failed or was slow is sent to from the second lane, where it keeps no quick one waiting.
SENDING = open_lane("webhooks", at_once=16)
SENDING_SLOWLY = open_lane("webhooks_slow", at_once=8)
PUSHING = open_lane("push", at_once=4)


@task(lane=SENDING, in_one_transaction=False, time_limit=timedelta(minutes=5))
def deliver(organisation_id: int, *, endpoint: str) -> None:
    """Send what is due to one endpoint."""
    deliver_due(organisation_id, UUID(endpoint))


@task(lane=SENDING_SLOWLY, in_one_transaction=False, time_limit=timedelta(minutes=5))
def deliver_slowly(organisation_id: int, *, endpoint: str) -> None:
    """Send what is due to one endpoint that fails or is slow."""
    deliver_due(organisation_id, UUID(endpoint))


def _waiting_to_send(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    moments = set(first_due(organisation_id, after=after, until=until, wall=clock.wall()))
    news = first_to_spread(organisation_id)
    if news is not None and after < min(news, until):
        moments.add(min(news, until))
    for moment in sorted(moments):
        yield Due(moment, SEND.name, "Webhooks are sent")


def _send(organisation_id: int) -> list[str]:
    """Hand out what is new, and let a worker send what is due, endpoint by endpoint."""
    made = spread(organisation_id)
    with in_organisation(organisation_id):
        endpoints = endpoints_due(organisation_id, now=clock.now(), wall=clock.wall())
        for endpoint in endpoints:
            sending = deliver_slowly if endpoint.slow else deliver
            sending.once(f"deliver:{endpoint.id}", organisation_id, endpoint=str(endpoint.id))
    if not made and not endpoints:
        return []
    return [f"{made} new webhooks; {len(endpoints)} receivers are being sent to"]


def _waiting_to_forget(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    moment = first_to_forget(organisation_id)
    if moment is not None and after < moment <= until:
        yield Due(moment, FORGET.name, "Old webhook deliveries are removed")


def _forget(organisation_id: int) -> list[str]:
    count = forget_old(organisation_id)
    return [f"{count} old webhook deliveries removed"] if count else []


SEND = attend(when_due(Happening("webhooks.send", _waiting_to_send, _send)), every=timedelta(seconds=5))
FORGET = attend(when_due(Happening("webhooks.forget", _waiting_to_forget, _forget)), every=timedelta(hours=1))


@task(name="outreach.mail_news", in_one_transaction=False, time_limit=timedelta(minutes=2))
def mail_one(organisation_id: int, *, member: str, topic: str, facts: dict[str, Any]) -> None:
    """Mail a member one piece of news. Whoever lost their address or left meanwhile gets nothing."""
    with in_organisation(organisation_id):
        found = Member.objects.filter(
            organisation_id=organisation_id, id=UUID(member), state="active"
        ).first()
        if found is None or not found.email:
            return
        organisation = Organisation.objects.get(id=organisation_id)
        with in_language_of_member(found, organisation):
            sentence, page = sentence_of(organisation_id, topic, facts)
            shown = {
                "name": found.name,
                "sentence": sentence,
                "url": f"{settings.BASE_URL}{page}",
                "organisation": organisation.name,
                "choose_url": f"{settings.BASE_URL}/me/notifications",
            }
            message = render_to_string("outreach/news.txt", shown)
    send_mail(
        subject=f"{organisation.name}: {sentence}",
        message=message,
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[found.email],
    )


def _waiting_to_tell(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    since = news_since(organisation_id)
    if since is not None and after < min(since, until):
        yield Due(min(since, until), TELL.name, "People are told what concerns them")


def queue_mail(organisation_id: int) -> Callable[[UUID, str, Mapping[str, Any]], None]:
    """What has one member told one thing, if the transaction that is open commits."""

    def queue(member_id: UUID, topic: str, facts: Mapping[str, Any]) -> None:
        mail_one.later(organisation_id, member=str(member_id), topic=topic, facts=dict(facts))

    return queue


def _tell(organisation_id: int) -> list[str]:
    reached = tell_people(organisation_id, queue_mail(organisation_id))
    found = [f"mails to members: {reached.mails}"] if reached.mails else []
    found += [f"messages to devices: {reached.pushes}"] if reached.pushes else []
    return [f"new in inboxes: {reached.notices}", *found] if reached.notices else []


TELL = attend(when_due(Happening("outreach.tell", _waiting_to_tell, _tell)), every=timedelta(minutes=1))
"""Within a minute people find in their inbox what concerns them, and members are mailed what they chose."""


def _waiting_to_warn(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    for moment in moments_to_warn(organisation_id, after, until):
        yield Due(moment, WARN.name, "Members are warned of points that expire soon")


def _warn(organisation_id: int) -> list[str]:
    warned = warn_of_expiry(organisation_id)
    return [f"members warned before expiry: {warned}"] if warned else []


WARN = attend(when_due(Happening("outreach.warn", _waiting_to_warn, _warn)), every=timedelta(hours=6))
"""Thirty days and seven before points expire, their members are told."""


@task(lane=PUSHING, in_one_transaction=False, time_limit=timedelta(minutes=5))
def push(organisation_id: int) -> None:
    """Send what is due to members' devices."""
    push_due(organisation_id)


def _waiting_to_push(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    for moment in moments_to_push(organisation_id, after=after, until=until, wall=clock.wall()):
        yield Due(moment, PUSH.name, "Members are told on their devices")


def _push(organisation_id: int) -> list[str]:
    with in_organisation(organisation_id):
        push.once("push", organisation_id)
    return []


PUSH = attend(when_due(Happening("outreach.push", _waiting_to_push, _push)), every=timedelta(seconds=5))


def _waiting_to_forget_notices(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    moment = first_notice_to_forget(organisation_id)
    if moment is not None and after < moment <= until:
        yield Due(moment, FORGET_NOTICES.name, "What people were told a year ago leaves their inboxes")


def _forget_notices(organisation_id: int) -> list[str]:
    count = forget_notices(organisation_id)
    return [f"{count} old notices removed"] if count else []


FORGET_NOTICES = attend(
    when_due(Happening("outreach.forget", _waiting_to_forget_notices, _forget_notices)),
    every=timedelta(hours=1),
)
