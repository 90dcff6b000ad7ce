"""Receivers of webhooks, what is handed out to them, sent and noted; and jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from uuid import UUID

from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.ids import new_id, show
from plaudit.foundation.jobs import actions as job_actions
from plaudit.foundation.news import tell
from plaudit.foundation.reaching import Answer
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions import delivering, endpoints, resending
from plaudit.outreach.actions.expiring import warn_of_expiry
from plaudit.outreach.actions.reading import mark_read, mark_unread
from plaudit.outreach.actions.spreading import spread
from plaudit.outreach.actions.telling import tell_people
from plaudit.outreach.models import Delivery, Notice
from plaudit.outreach.queries.inbox import Reader
from plaudit.outreach.tasks import deliver, queue_mail
from plaudit.outreach.tests.factories import ACTOR, expiring_soon, happen
from plaudit.people.actions.choosing import choose
from plaudit.people.choices import news_by_mail
from plaudit.people.tests.factories import make_member, make_organisation
from tests.faults.trial import Flow, Prepared, by_key

URL = "https://hooks.example/in"


def _nobody_asks(*_: object) -> list[str]:
    """Every name leads to one public address: nothing is looked up."""
    return ["1.1.1.1"]


def _answers(status: int) -> Callable[..., Answer]:
    return lambda *_: Answer(status, "", "", None, "1.1.1.1", 5)


def _add(at: int) -> UUID:
    return endpoints.add_endpoint(at, url=URL, types=["*"], actor=ACTOR, resolve=_nobody_asks).endpoint.id


def _adding() -> Prepared:
    at = make_organisation().id
    return at, by_key(at, lambda: _add(at))


def _to_an_endpoint(
    act: Callable[[int, UUID], object], *first: Callable[[int, UUID], object]
) -> Callable[[], Prepared]:
    """Something done, by key, to a receiver two messages were handed out to."""

    def prepare() -> Prepared:
        at = make_organisation().id
        endpoint = _add(at)
        happen(at, "one", "two")
        spread(at)
        for one in first:
            one(at, endpoint)
        return at, by_key(at, lambda: act(at, endpoint))

    return prepare


def _disabling(at: int, endpoint: UUID) -> object:
    return endpoints.disable_endpoint(at, endpoint, actor=ACTOR)


def _spreading() -> Prepared:
    at = make_organisation().id
    _add(at)
    happen(at, "one", "two")
    return at, lambda: spread(at)


def _mailing() -> Prepared:
    """Two members are told of what one of them chose; the mail is queued where the place moves."""
    at = make_organisation().id
    ada, ben = (make_member(at, email=f"{name}@home.example") for name in ("ada", "ben"))
    choose(at, member_id=ada.id, choices={news_by_mail("offers"): True}, actor=ACTOR)
    with in_organisation(at):
        members = [show("mem", one.id) for one in (ada, ben)]
        told = {"programme": "main", "offer": "spring", "members": members}
        tell(at, "offer.made", told, happened_at=clock.now())
    return at, lambda: tell_people(at, queue_mail(at))


def _reading(*, again: bool) -> Prepared:
    """A notice is read, and perhaps not read after all."""
    at, tell_them = _mailing()
    tell_them()
    with in_organisation(at):
        one = Notice.objects.filter(organisation_id=at).order_by("id")[0]
    reader = Reader(member_id=one.member_id)
    if not again:
        return at, lambda: mark_read(at, reader, only=[one.id])
    mark_read(at, reader)
    return at, lambda: mark_unread(at, reader, one.id)


def _warning() -> Prepared:
    """Points of a member expire within a month."""
    at = expiring_soon(1)
    return at, lambda: warn_of_expiry(at)


def _waiting() -> tuple[int, UUID]:
    at = make_organisation().id
    endpoint = _add(at)
    happen(at, "one", "two")
    spread(at)
    return at, endpoint


def _delivering() -> Prepared:
    at, endpoint = _waiting()
    later = count()

    def act() -> object:
        # A try whose end was not noted leaves a lease behind, and the next comes when that is over.
        with clock.frozen_at(clock.wall() + next(later) * 2 * delivering.LEASE):
            return delivering.deliver_due(at, endpoint, post=_answers(200))

    return at, act


def _delivering_one() -> Prepared:
    at, endpoint = _waiting()
    with in_organisation(at):
        delivery = Delivery.objects.filter(organisation_id=at).earliest("id").id
    later = count()

    def act() -> object:
        with clock.frozen_at(clock.wall() + next(later) * 2 * delivering.LEASE):
            return delivering.deliver_one(at, endpoint, delivery, post=_answers(200))

    return at, act


def _noting_that_it_is_gone() -> Prepared:
    at, endpoint = _waiting()
    parcel = delivering.take_up(at, endpoint)
    assert parcel is not None
    tried = delivering.send(parcel, post=_answers(410))
    return at, lambda: delivering.note(at, endpoint, tried)


def _all_dead(at: int, endpoint: UUID) -> object:
    _disabling(at, endpoint)
    return endpoints.enable_endpoint(at, endpoint, actor=ACTOR)


def _resending(at: int, _endpoint: UUID) -> object:
    delivery = Delivery.objects.filter(organisation_id=at).earliest("id")
    return resending.resend(at, delivery.id, actor=ACTOR)


def _forgetting() -> Prepared:
    at, endpoint = _waiting()
    with clock.frozen_at(clock.now() + timedelta(days=-200)):
        _disabling(at, endpoint)
    return at, lambda: resending.forget_old(at)


def _queueing() -> Prepared:
    at = make_organisation().id
    endpoint = str(new_id())
    return at, by_key(at, lambda: deliver.later(at, endpoint=endpoint))


def _queueing_once() -> Prepared:
    at = make_organisation().id

    def act() -> object:
        with in_organisation(at):
            return deliver.once("deliver:one", at, endpoint="one")

    return at, act


def _to_a_job_set_aside(act: Callable[[int], object], *, state: str = "failed") -> Callable[[], Prepared]:
    def prepare() -> Prepared:
        at = make_organisation().id
        with in_organisation(at):
            deliver.once("deliver:one", at, endpoint="one")
        with connection.cursor() as cursor:
            cursor.execute(
                "update procrastinate_jobs set status = %s::procrastinate_job_status where lock = %s returning id",
                [state, f"{at}:deliver:one"],
            )
            (job,) = cursor.fetchone()
        return at, by_key(at, lambda: act(job))

    return prepare


_EVERY_TRY = frozenset({"lease", "leased_until", "tried_at", "settled_at", "due_at", "succeeded_at"})

FLOWS = [
    Flow("add a receiver", _adding, (endpoints.add_endpoint,)),
    Flow(
        "change a receiver",
        _to_an_endpoint(lambda at, one: endpoints.change_endpoint(at, one, types=["points.*"], actor=ACTOR)),
        (endpoints.change_endpoint, endpoints.lock_endpoint),
    ),
    Flow(
        "rotate a secret",
        _to_an_endpoint(lambda at, one: endpoints.rotate_secret(at, one, actor=ACTOR)),
        (endpoints.rotate_secret,),
    ),
    Flow(
        "disable a receiver",
        _to_an_endpoint(_disabling),
        (endpoints.disable_endpoint, endpoints.stop_sending),
    ),
    Flow(
        "enable a receiver",
        _to_an_endpoint(lambda at, one: endpoints.enable_endpoint(at, one, actor=ACTOR), _disabling),
        (endpoints.enable_endpoint,),
    ),
    Flow(
        "remove a receiver",
        _to_an_endpoint(lambda at, one: endpoints.remove_endpoint(at, one, actor=ACTOR)),
        (endpoints.remove_endpoint,),
    ),
    Flow("hand out", _spreading, (spread,)),
    Flow("tell people", _mailing, (tell_people,)),
    Flow("warn of expiry", _warning, (warn_of_expiry,)),
    Flow("read a notice", lambda: _reading(again=False), (mark_read,)),
    Flow("unread a notice", lambda: _reading(again=True), (mark_unread,)),
    Flow(
        "deliver",
        _delivering,
        (delivering.deliver_due, delivering.take_up, delivering.send, delivering.note),
        ignoring=_EVERY_TRY,
    ),
    Flow("deliver one", _delivering_one, (delivering.deliver_one,), ignoring=_EVERY_TRY),
    Flow(
        "note a receiver gone",
        _noting_that_it_is_gone,
        (delivering.note, endpoints.disable_and_tell),
    ),
    Flow("send again", _to_an_endpoint(_resending, _all_dead), (resending.resend,)),
    Flow(
        "send all again",
        _to_an_endpoint(lambda at, one: resending.resend_all_dead(at, one, actor=ACTOR), _all_dead),
        (resending.resend_all_dead,),
    ),
    Flow(
        "ping",
        _to_an_endpoint(lambda at, one: resending.ping(at, one, actor=ACTOR)),
        (resending.ping,),
    ),
    Flow("forget deliveries", _forgetting, (resending.forget_old,)),
    Flow("queue a job", _queueing, ()),
    Flow("queue a job once", _queueing_once, ()),
    Flow("try a job again", _to_a_job_set_aside(job_actions.try_again), (job_actions.try_again,)),
    Flow("cancel a job", _to_a_job_set_aside(job_actions.cancel, state="todo"), (job_actions.cancel,)),
    Flow("drop a job", _to_a_job_set_aside(job_actions.drop), (job_actions.drop,)),
]
