"""Versions, line-ups, event types, seals and webhooks: one at a time, each once."""

from __future__ import annotations

from plaudit.activity.actions.declare_type import declare_type
from plaudit.activity.models import EventType
from plaudit.earning.models import Limit, Lineup, RuleSet
from plaudit.earning.tests.factories import make_limit, make_rule, make_story
from plaudit.foundation import clock
from plaudit.foundation.ids import new_id
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.ledger.actions.declare_unit import declare_unit
from plaudit.ledger.actions.seal import seal
from plaudit.ledger.models import Seal, Unit
from plaudit.ledger.tests.factories import ACTOR, earn, make_books
from plaudit.ledger.verification.verify import verify
from plaudit.outreach.actions.delivering import take_up
from plaudit.outreach.actions.endpoints import MOST_ENDPOINTS, AddedEndpoint, add_endpoint, rotate_secret
from plaudit.outreach.actions.spreading import spread
from plaudit.outreach.models import Delivery, Endpoint, EndpointSecret
from plaudit.outreach.refusals import TooManyEndpoints
from plaudit.outreach.tests.factories import happen
from plaudit.people.models import Member
from plaudit.people.tests.factories import make_organisation
from plaudit.planning.actions.apply import Applied, apply
from plaudit.planning.actions.enrolling import Enrolled, enrol_openly
from plaudit.planning.enrolment import Wish
from plaudit.planning.programme_file.tests.factories import make_file

RECEIVER = "https://hooks.example/in"


def _endpoint(organisation_id: int) -> AddedEndpoint:
    return add_endpoint(
        organisation_id, url=RECEIVER, types=["*"], actor=ACTOR, resolve=lambda *_: ["1.1.1.1"]
    )


@rounds
def test_the_same_file_applied_by_many_at_once_is_published_once(round_: int):
    at = make_organisation().id

    got = at_once(CONTENDERS, lambda _: apply(at, make_file(), actor=ACTOR))

    assert sum(one.published for one in got if isinstance(one, Applied)) == 1


@rounds
def test_one_address_enrolled_by_many_at_once_is_one_member(round_: int):
    at = make_organisation().id
    apply(at, make_file(public="{join: open}"), actor=ACTOR)
    wish = Wish(at, "corner-shop", "Ines", "ines@example.com", "agreed")

    got = at_once(CONTENDERS, lambda _: enrol_openly(wish))

    assert sum(not one.was_known for one in got if isinstance(one, Enrolled)) == 1
    assert all(isinstance(one, Enrolled) for one in got)
    with in_organisation(at):
        assert Member.objects.filter(organisation_id=at, email=wish.email).count() == 1


@rounds
def test_publishers_at_once_leave_every_programme_in_the_line_up(round_: int):
    story = make_story()

    at_once(
        CONTENDERS,
        lambda number: story.publish(
            make_rule(limits=(make_limit(5, key="daily"),)), programme=f"p{number % 5}"
        ),
    )

    with in_organisation(story.organisation.id):
        newest = Lineup.objects.filter(organisation_id=story.organisation.id).latest("id")
        live = RuleSet.objects.filter(id__in=newest.rule_sets)
        assert {one.programme: one.number for one in live} == {
            "main": 1,
            **{f"p{number}": 4 for number in range(5)},
        }
        assert Limit.objects.filter(organisation_id=story.organisation.id).count() == 5


@rounds
def test_a_type_declared_by_many_at_once_has_one_version(round_: int):
    at = make_organisation().id

    at_once(
        CONTENDERS,
        lambda _: declare_type(at, name="visit", title="Visit", fields={"shop": {"kind": "text"}}),
    )

    with in_organisation(at):
        assert EventType.objects.filter(organisation_id=at, name="visit").count() == 1


@rounds
def test_a_unit_declared_by_many_at_once_is_one_unit(round_: int):
    at = make_organisation().id

    got = at_once(CONTENDERS, lambda _: declare_unit(at, key="stars", names={"en": "stars"}))

    assert len({one.id for one in got if isinstance(one, Unit)}) == 1


@rounds
def test_a_period_is_sealed_once_and_the_chain_has_no_gap(round_: int):
    at, ada = make_books()
    earn(at, ada, 10)
    until = clock.now()

    got = at_once(CONTENDERS, lambda _: seal(at, actor=ACTOR, until=until))

    assert sum(isinstance(one, Seal) for one in got) == 1
    assert verify(at).broken() == []


@rounds
def test_there_are_never_more_receivers_than_may_be(round_: int):
    at = make_organisation().id
    _endpoint(at)
    with in_organisation(at):
        Endpoint.objects.bulk_create(
            Endpoint(
                organisation_id=at,
                id=new_id(),
                url=RECEIVER,
                types=["*"],
                created_at=clock.now(),
                created_by=ACTOR,
            )
            for _ in range(MOST_ENDPOINTS - 3)
        )

    got = at_once(CONTENDERS, lambda _: _endpoint(at))

    assert sum(isinstance(one, AddedEndpoint) for one in got) == 2
    assert sum(isinstance(one, TooManyEndpoints) for one in got) == CONTENDERS - 2


@rounds
def test_never_more_than_two_secrets_of_a_receiver_live(round_: int):
    at = make_organisation().id
    endpoint = _endpoint(at).endpoint

    at_once(CONTENDERS, lambda _: rotate_secret(at, endpoint.id, actor=ACTOR))

    now = clock.now()
    with in_organisation(at):
        secrets = EndpointSecret.objects.filter(organisation_id=at, endpoint_id=endpoint.id)
        assert secrets.count() == CONTENDERS + 1
        assert sum(one.retires_at is None or one.retires_at > now for one in secrets) == 2


@rounds
def test_a_message_is_handed_out_once_and_taken_up_by_one(round_: int):
    at = make_organisation().id
    endpoint = _endpoint(at).endpoint
    happen(at, "one", "two", "three")

    at_once(CONTENDERS, lambda _: spread(at))
    with in_organisation(at):
        assert Delivery.objects.filter(organisation_id=at).count() == 3

    got = at_once(CONTENDERS, lambda _: take_up(at, endpoint.id))

    taken = [one.id for parcel in got if parcel is not None for one in parcel.taken]  # type: ignore[union-attr]
    assert len(taken) == len(set(taken)) == 3
