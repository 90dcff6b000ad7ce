"""Hands what is new in the feed to every endpoint that wants it, each message once."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from plaudit.foundation import arrays, clock
from plaudit.foundation.ids import new_ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.models import Endpoint, EndpointState, Spread
from plaudit.outreach.queries.feed import read_on
from plaudit.outreach.queries.webhooks import show_endpoint
from plaudit.outreach.rules.cursors import read_cursor
from plaudit.outreach.rules.messages import ENDPOINT_DISABLED, GIVEN_UP, Message, body_of, wanted

_AT_A_TIME = 500


def spread(organisation_id: int) -> int:
    """Make a delivery of every new message for every active endpoint that wants it; how many were made.

    The place in the feed moves in the transaction that makes the deliveries, so each is made once.
    """
    made, more = 0, True
    while more:
        with in_organisation(organisation_id):
            some, more = _spread_some(organisation_id)
            made += some
    return made


def _spread_some(organisation_id: int) -> tuple[int, bool]:
    endpoints = list(
        Endpoint.objects.filter(organisation_id=organisation_id, state=EndpointState.ACTIVE).order_by("id")
    )
    place = Spread.objects.select_for_update().filter(organisation_id=organisation_id).first()
    if place is None or not endpoints:
        return 0, False
    messages, reached, more = read_on(organisation_id, read_cursor(place.cursor), limit=_AT_A_TIME)
    made = _hand_out(organisation_id, endpoints, messages)
    place.cursor = reached.write()
    place.save()
    return made, more


_ADD = """
    insert into outreach_delivery (organisation_id, id, endpoint_id, message_id, type, body, happened_at, state,
                                   tries, attempts, due_at, lease, settled_because)
    select %s, id, endpoint_id, message_id, type, body, happened_at, 'waiting', 0, 0, %s, 0, ''
      from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
        as d (id, endpoint_id, message_id, type, body, happened_at)
        on conflict (organisation_id, endpoint_id, message_id) do nothing
"""


def _hand_out(organisation_id: int, endpoints: Sequence[Endpoint], messages: Sequence[Message]) -> int:
    pairs = [
        (endpoint, message)
        for message in messages
        for endpoint in endpoints
        if wanted(endpoint.types, message.type) and not _is_about(message, endpoint)
    ]
    if not pairs:
        return 0
    bodies: dict[tuple[str, int], str] = {}
    for endpoint, message in pairs:
        if (message.id, endpoint.payload_version) not in bodies:
            bodies[message.id, endpoint.payload_version] = body_of(message, version=endpoint.payload_version)
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD,
            [
                organisation_id,
                clock.now(),
                arrays.uuids(new_ids(len(pairs))),
                arrays.uuids([endpoint.id for endpoint, _ in pairs]),
                arrays.texts([message.id for _, message in pairs]),
                arrays.texts([message.type for _, message in pairs]),
                arrays.texts([bodies[message.id, endpoint.payload_version] for endpoint, message in pairs]),
                arrays.times([message.happened_at for _, message in pairs]),
            ],
        )
        return int(cursor.rowcount)


def _is_about(message: Message, endpoint: Endpoint) -> bool:
    """Whether a message tells that this very endpoint cannot be reached: it would only fail there again."""
    return message.type in (GIVEN_UP, ENDPOINT_DISABLED) and message.data.get("endpoint") == show_endpoint(
        endpoint.id
    )
