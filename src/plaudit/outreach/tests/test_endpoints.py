"""Endpoints: their secrets, how they are stopped, started and changed, and what is sent to them again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings
from standardwebhooks import Webhook, WebhookVerificationError

from plaudit.foundation import clock
from plaudit.foundation.addresses import UrlRefused
from plaudit.foundation.jobs import run_due
from plaudit.foundation.models import Audit
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions.delivering import deliver_due, deliver_one, note, send, take_up
from plaudit.outreach.actions.endpoints import (
    MOST_ENDPOINTS,
    OLD_SECRET_LIVES,
    add_endpoint,
    change_endpoint,
    disable_endpoint,
    enable_endpoint,
    remove_endpoint,
    rotate_secret,
)
from plaudit.outreach.actions.resending import forget_old, ping, resend, resend_all_dead
from plaudit.outreach.models import DeliveryState, EndpointState
from plaudit.outreach.queries.webhooks import (
    attempts,
    deliveries,
    delivery,
    endpoint,
    endpoints,
    health,
    read_delivery,
    read_endpoint,
    show_delivery,
    show_endpoint,
)
from plaudit.outreach.refusals import EndpointDisabled, MessageTypeUnknown, TooManyEndpoints
from plaudit.outreach.tests.factories import ACTOR, NOON, make_endpoint, only_delivery, say
from plaudit.outreach.tests.receiver import Received, Reply, receiver
from plaudit.people.tests.factories import make_organisation

pytestmark = pytest.mark.usefixtures("_sending_here")


def verifies(secret: str, received: Received) -> bool:
    try:
        Webhook(secret).verify(received.body, dict(received.headers))
    except WebhookVerificationError:
        return False
    return True


def acts(organisation: int) -> list[str]:
    with in_organisation(organisation):
        noted = Audit.objects.filter(act__startswith="webhook.").order_by("id")
        return list(noted.values_list("act", flat=True))


def test_after_a_rotation_both_secrets_are_good_for_a_day_then_only_the_new_one():
    organisation = make_organisation().id
    start = clock.wall()
    with receiver() as there:
        with clock.frozen_at(start):
            added = make_endpoint(organisation, there)
            new = rotate_secret(organisation, added.endpoint.id, actor=ACTOR)
            say(organisation, "one")
            deliver_due(organisation, added.endpoint.id)
        both = there.received[-1]
        assert verifies(added.secret, both)
        assert verifies(new, both)

        with clock.frozen_at(start + OLD_SECRET_LIVES):
            say(organisation, "two")
            deliver_due(organisation, added.endpoint.id)
        after = there.received[-1]

    assert " " not in after.headers["webhook-signature"]
    assert both.headers["webhook-signature"].count(" ") == 1


def test_never_more_than_two_secrets_are_live():
    organisation = make_organisation().id
    with receiver() as there:
        added = make_endpoint(organisation, there)
        second = rotate_secret(organisation, added.endpoint.id, actor=ACTOR)
        third = rotate_secret(organisation, added.endpoint.id, actor=ACTOR)
        say(organisation, "one")
        deliver_due(organisation, added.endpoint.id)

    (received,) = there.received
    assert [verifies(secret, received) for secret in (added.secret, second, third)] == [False, True, True]


def test_an_address_that_is_not_on_the_internet_is_refused_and_nothing_is_added():
    organisation = make_organisation().id
    for url in ("https://10.0.0.1/", "http://example.com/", "https://169.254.169.254/"):
        with pytest.raises(UrlRefused):
            add_endpoint(organisation, url=url, types=["*"], actor=ACTOR)
    with pytest.raises(MessageTypeUnknown):
        add_endpoint(organisation, url="https://1.1.1.1/", types=["Points!"], actor=ACTOR)

    assert endpoints(organisation) == []
    assert acts(organisation) == []


def test_a_name_is_looked_up_before_it_is_added():
    organisation = make_organisation().id
    with pytest.raises(UrlRefused):
        add_endpoint(
            organisation, url="https://a.example/", types=["*"], actor=ACTOR, resolve=lambda *_: ["10.0.0.1"]
        )
    with pytest.raises(UrlRefused):
        add_endpoint(organisation, url="https://b.example/", types=["*"], actor=ACTOR, resolve=lambda *_: [])
    add_endpoint(
        organisation, url="https://c.example/", types=["*"], actor=ACTOR, resolve=lambda *_: ["1.1.1.1"]
    )

    assert [one.url for one in endpoints(organisation)] == ["https://c.example/"]


def test_an_endpoint_too_many_is_refused():
    organisation = make_organisation().id
    for _ in range(MOST_ENDPOINTS):
        add_endpoint(organisation, url="https://1.1.1.1/", types=["*"], actor=ACTOR)
    with pytest.raises(TooManyEndpoints):
        add_endpoint(organisation, url="https://1.1.1.1/", types=["*"], actor=ACTOR)


def test_another_organisations_endpoint_is_not_there():
    ours, theirs = make_organisation().id, make_organisation().id
    with receiver() as there:
        added = make_endpoint(theirs, there)
        say(theirs, "one")
        other = only_delivery(theirs)

    for ask in (
        lambda: endpoint(ours, added.endpoint.id),
        lambda: rotate_secret(ours, added.endpoint.id, actor=ACTOR),
        lambda: disable_endpoint(ours, added.endpoint.id, actor=ACTOR),
        lambda: ping(ours, added.endpoint.id, actor=ACTOR),
        lambda: resend(ours, other.id, actor=ACTOR),
        lambda: resend_all_dead(ours, added.endpoint.id, actor=ACTOR),
        lambda: delivery(ours, other.id),
    ):
        with pytest.raises(NotFound):
            ask()
    assert deliver_due(ours, added.endpoint.id) == 0
    assert not endpoints(ours)
    assert not deliveries(ours)
    assert not attempts(ours, other.id)


def test_a_disabled_endpoint_is_sent_nothing_until_it_is_enabled():
    organisation = make_organisation().id
    with receiver() as there:
        added = make_endpoint(organisation, there)
        say(organisation, "one")
        disable_endpoint(organisation, added.endpoint.id, actor=ACTOR, reason="Maintenance")
        say(organisation, "two")
        assert deliver_due(organisation, added.endpoint.id) == 0
        given_up = only_delivery(organisation)
        with pytest.raises(EndpointDisabled):
            resend(organisation, given_up.id, actor=ACTOR)
        with pytest.raises(EndpointDisabled):
            ping(organisation, added.endpoint.id, actor=ACTOR)
        enable_endpoint(organisation, added.endpoint.id, actor=ACTOR)
        say(organisation, "three")
        assert resend_all_dead(organisation, added.endpoint.id, actor=ACTOR) == 1
        deliver_due(organisation, added.endpoint.id)

    whats = sorted(one.body.split('"what":"')[1].split('"')[0] for one in there.received)
    assert whats == ["one", "three"]
    assert acts(organisation) == [
        "webhook.added",
        "webhook.disabled",
        "webhook.enabled",
        "webhook.all_resent",
    ]


def test_a_delivered_message_is_sent_again_with_its_id_when_asked_for():
    organisation = make_organisation().id
    with receiver() as there:
        added = make_endpoint(organisation, there)
        say(organisation, "one")
        deliver_due(organisation, added.endpoint.id)
        again = resend(organisation, only_delivery(organisation).id, actor=ACTOR)
        assert (again.state, again.tries) == (DeliveryState.WAITING, 0)
        deliver_due(organisation, added.endpoint.id)

    assert len(there.received) == 2
    assert len(set(there.ids)) == 1
    assert len(attempts(organisation, again.id)) == 2


def test_sending_again_what_a_worker_is_at_takes_its_lease():
    organisation = make_organisation().id
    with receiver() as there:
        added = make_endpoint(organisation, there)
        say(organisation, "one")
        parcel = take_up(organisation, added.endpoint.id)
        assert parcel is not None
        resend(organisation, only_delivery(organisation).id, actor=ACTOR)
        assert note(organisation, added.endpoint.id, send(parcel)) == 0
        assert deliver_due(organisation, added.endpoint.id) == 1


def test_a_test_message_is_sent_whatever_types_are_wanted():
    organisation = make_organisation().id
    with receiver(Reply(418, body=b"a teapot")) as there:
        added = make_endpoint(organisation, there, types=["points.earned"])
        made = ping(organisation, added.endpoint.id, actor=ACTOR)
        answer = deliver_one(organisation, added.endpoint.id, made.id)

    assert answer is not None
    assert (answer.status, answer.body) == (418, "a teapot")
    assert '"type":"webhook.ping"' in there.received[0].body
    assert verifies(added.secret, there.received[0])


def test_an_endpoint_is_changed_and_its_new_address_checked():
    organisation = make_organisation().id
    with receiver() as there:
        added = make_endpoint(organisation, there)
        with pytest.raises(UrlRefused):
            change_endpoint(organisation, added.endpoint.id, url="https://10.0.0.1/", actor=ACTOR)
        change_endpoint(organisation, added.endpoint.id, description="Till", types=["points.*"], actor=ACTOR)

    changed = endpoint(organisation, added.endpoint.id)
    assert (changed.url, changed.types, changed.description) == (there.url, ["points.*"], "Till")


def test_an_endpoint_removed_while_it_is_sent_to_is_gone():
    organisation = make_organisation().id
    with receiver() as there:
        added = make_endpoint(organisation, there)
        say(organisation, "one")
        parcel = take_up(organisation, added.endpoint.id)
        assert parcel is not None
        remove_endpoint(organisation, added.endpoint.id, actor=ACTOR)
        assert note(organisation, added.endpoint.id, send(parcel)) == 0

    assert endpoints(organisation) == []
    assert only_delivery(organisation).state == DeliveryState.DEAD


def test_an_endpoint_whose_secret_is_lost_is_disabled_until_it_gets_another():
    organisation = make_organisation().id
    with receiver() as there:
        with override_settings(SECRET_KEY="a-key-that-was-lost-with-the-old-machine"):
            added = make_endpoint(organisation, there)
        say(organisation, "one")
        assert deliver_due(organisation, added.endpoint.id) == 0
        lost = endpoint(organisation, added.endpoint.id)
        new = rotate_secret(organisation, added.endpoint.id, actor=ACTOR)
        enable_endpoint(organisation, added.endpoint.id, actor=ACTOR)
        resend_all_dead(organisation, added.endpoint.id, actor=ACTOR)
        deliver_due(organisation, added.endpoint.id)

    assert lost.state == EndpointState.DISABLED
    assert "secret was lost" in lost.disabled_because
    assert verifies(new, there.received[0])


def test_deliveries_are_forgotten_a_month_after_they_were_made_and_the_dead_after_three():
    organisation = make_organisation().id
    with receiver() as there, clock.frozen_at(NOON):
        added = make_endpoint(organisation, there)
        say(organisation, "one")
        deliver_due(organisation, added.endpoint.id)
        say(organisation, "two")
        disable_endpoint(organisation, added.endpoint.id, actor=ACTOR)
    delivered = deliveries(organisation, state=DeliveryState.DELIVERED)[0]
    with clock.frozen_at(NOON + timedelta(days=29)):
        assert run_due(organisation) == []
    with clock.frozen_at(NOON + timedelta(days=31)):
        assert run_due(organisation) == ["1 old webhook deliveries removed"]
        assert [one.state for one in deliveries(organisation)] == [DeliveryState.DEAD]
        assert attempts(organisation, delivered.id) == []
    with clock.frozen_at(NOON + timedelta(days=91)):
        assert forget_old(organisation) == 1

    assert deliveries(organisation) == []


def test_health_counts_what_waits_was_made_and_given_up():
    organisation = make_organisation().id
    with receiver() as there:
        added = make_endpoint(organisation, there)
        say(organisation, "one")
        deliver_due(organisation, added.endpoint.id)
        say(organisation, "two", "three")

    now = health(organisation)[added.endpoint.id]
    assert (now.delivered, now.waiting, now.dead, now.oldest_waiting) == (1, 2, 0, NOON)


def test_references_are_read_back_as_shown():
    organisation = make_organisation().id
    with receiver() as there:
        added = make_endpoint(organisation, there)
        say(organisation, "one")
    one = only_delivery(organisation)

    assert read_endpoint(show_endpoint(added.endpoint.id)) == added.endpoint.id
    assert read_delivery(show_delivery(one.id)) == one.id
    with pytest.raises(NotFound):
        read_delivery(show_endpoint(added.endpoint.id))
