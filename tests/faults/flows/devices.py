"""Devices on which members are told: added, tried, told, forgotten and ended; and old notices forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.reaching import Answer
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions import devices, pushing
from plaudit.outreach.actions.reading import forget_notices
from plaudit.outreach.actions.telling import tell_people
from plaudit.outreach.tasks import queue_mail
from plaudit.outreach.tests.browsers import make_browser, make_device, on_the_internet
from plaudit.outreach.tests.factories import ACTOR
from plaudit.people.actions.choosing import choose
from plaudit.people.choices import news_by_push
from plaudit.people.tests.factories import make_member, make_organisation, make_user
from tests.faults.trial import Flow, Prepared, by_key


def _answers(status: int) -> Callable[..., Answer]:
    return lambda *_: Answer(status, "", "", None, "1.1.1.1", 5)


def _member(at: int) -> UUID:
    """A member who wants to be told of offers."""
    member_id = make_member(at).id
    choose(at, member_id=member_id, choices={news_by_push("offers"): True}, actor=ACTOR)
    return member_id


def _offered(at: int, member_id: UUID) -> None:
    with in_organisation(at):
        facts = {"programme": "main", "offer": "spring", "members": [show("mem", member_id)]}
        tell(at, "offer.made", facts, happened_at=clock.now())


def _making_the_key() -> Prepared:
    at = make_organisation().id
    return at, by_key(at, lambda: devices.own_key(at))


def _adding() -> Prepared:
    at = make_organisation().id
    member_id, keys = _member(at), make_browser().keys

    def act() -> object:
        return devices.add_device(
            at, member_id=member_id, url="https://push.example/1", **keys, name="Phone", actor=ACTOR,
            resolve=on_the_internet,
        )  # fmt: skip

    return at, by_key(at, act)


def _with_a_device(act: Callable[[int, UUID, UUID], object]) -> Callable[[], Prepared]:
    def prepare() -> Prepared:
        at = make_organisation().id
        member_id = _member(at)
        device_id = make_device(at, member_id).id
        return at, by_key(at, lambda: act(at, device_id, member_id))

    return prepare


def _handing_over() -> Prepared:
    at = make_organisation().id
    member_id = _member(at)
    make_device(at, member_id)
    _offered(at, member_id)
    return at, lambda: tell_people(at, queue_mail(at))


def _handing_over_at_work() -> Prepared:
    at = make_organisation().id
    make_device(at, None, user_id=make_user(at, roles=["desk"]).id)
    with in_organisation(at):
        tell(at, "case.opened", {"case": "cse_1"}, happened_at=clock.now())
    return at, lambda: tell_people(at, queue_mail(at))


def _waiting() -> int:
    at = make_organisation().id
    devices.own_key(at)
    member_id = _member(at)
    make_device(at, member_id)
    _offered(at, member_id)
    tell_people(at, queue_mail(at))
    return at


def _pushing() -> Prepared:
    at, later = _waiting(), count()

    def act() -> object:
        # A try whose end was not noted leaves a lease behind, and the next comes when that is over.
        with clock.frozen_at(clock.wall() + next(later) * 2 * pushing.LEASE):
            return pushing.push_due(at, post=_answers(201))

    return at, act


def _noting_that_it_is_gone() -> Prepared:
    at = _waiting()
    tried = pushing.send_pushes(pushing.take_up_pushes(at), post=_answers(410))
    return at, lambda: pushing.note_pushes(at, tried)


def _without_the_key() -> Prepared:
    at = make_organisation().id
    make_device(at, _member(at))

    def act() -> None:
        with in_organisation(at):
            devices.forget_devices(at)

    return at, by_key(at, act)


def _forgetting() -> Prepared:
    at = make_organisation().id
    member_id = make_member(at).id
    with clock.frozen_at(clock.now() - timedelta(days=400)):
        _offered(at, member_id)
    tell_people(at, queue_mail(at))
    return at, lambda: forget_notices(at)


FLOWS = [
    Flow(
        "make a key to push services",
        _making_the_key,
        (devices.own_key,),
        ignoring=frozenset({"sealed", "public"}),
    ),
    Flow("add a device", _adding, (devices.add_device,), ignoring=frozenset({"sealed_secret"})),
    Flow(
        "end a device",
        _with_a_device(lambda at, one, whose: devices.end_device(at, one, member_id=whose, actor=ACTOR)),
        (devices.end_device,),
    ),
    Flow(
        "try a device",
        _with_a_device(lambda at, one, whose: devices.try_device(at, one, member_id=whose)),
        (devices.try_device,),
    ),
    Flow("forget devices", _without_the_key, (devices.forget_devices,)),
    Flow("hand to devices", _handing_over, (pushing.hand_to_devices,)),
    Flow("hand to colleagues", _handing_over_at_work, (pushing.hand_to_colleagues,)),
    Flow(
        "push",
        _pushing,
        (pushing.push_due, pushing.take_up_pushes, pushing.send_pushes, pushing.note_pushes),
        ignoring=frozenset({"lease", "leased_until", "due_at", "reached_at"}),
    ),
    Flow("note a device gone", _noting_that_it_is_gone, (pushing.note_pushes,)),
    Flow("forget notices", _forgetting, (forget_notices,)),
]
