"""What outreach does later: hands out what is new, sends it, and forgets what is long over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import attend, open_lane, task
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions.delivering import deliver_due
from plaudit.outreach.actions.resending import forget_old
from plaudit.outreach.actions.spreading import spread
from plaudit.outreach.queries.webhooks import endpoints_due, first_due, first_to_forget, first_to_spread

# A receiver that failed or was slow is sent to from the second lane, where it keeps no quick one waiting.
SENDING = open_lane("webhooks", at_once=16)
SENDING_SLOWLY = open_lane("webhooks_slow", at_once=8)


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
