"""Orders of suppliers: takes some up, asks outside any transaction, notes what came back.

An order is marked as perhaps known to the supplier before anything is sent, so that whoever takes it up
after a crash asks first. A supplier that cannot say is asked again; only one that says it has no such order
is sent the order once more, under the same key.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from plaudit.foundation import audit, clock
from plaudit.foundation.exact import encode
from plaudit.foundation.ids import show
from plaudit.foundation.jobs import asked_to_stop
from plaudit.foundation.news import tell
from plaudit.foundation.reaching import Answer, post_json
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.rewards.actions.settle import arrangement_of, give_back, lock_redemption, spend
from plaudit.rewards.models import Code, Order, OrderState, Redemption, Stage, Supplier
from plaudit.rewards.sealing import digest_of, seal, unseal
from plaudit.rewards.supplying import TRIES_MAX, Door, Heard, Promise, Verdict, understand, wait_after

ACTOR = "plaudit"
LEASE = timedelta(minutes=2)
_AT_ONCE = 10
_log = logging.getLogger(__name__)

Ask = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Taken:
    """An order taken up: at which door it is asked about, and the lease that proves it is ours."""

    order: Order
    door: Door

    @property
    def promise(self) -> Promise:
        """What the supplier owes."""
        one = self.order
        return Promise(show("ord", one.id), one.face_minor, one.currency, one.needs_code)


def order_due(organisation_id: int, supplier_key: str, *, ask: Ask = post_json) -> int:
    """Order, or ask after, everything that is due of one supplier, a few at a time; how many were tried."""
    assert not connection.in_atomic_block, "nobody waits for a supplier with a transaction open"
    tried = 0
    while not asked_to_stop():
        with in_organisation(organisation_id):
            supplier = Supplier.objects.filter(organisation_id=organisation_id, key=supplier_key).first()
        if supplier is None or not supplier.url:
            break
        taken = take_up(organisation_id, supplier_key)
        if not taken:
            break
        connection.close()
        for one in taken:
            note(organisation_id, one, _ask(supplier, one, ask))
        tried += len(taken)
    return tried


_TAKE_UP = """
    with due as materialized (
        select id, state from rewards_order
         where organisation_id = %(organisation)s and supplier = %(supplier)s
           and state in ('new', 'asked', 'voiding') and due_at <= %(now)s
           and (leased_until is null or leased_until <= %(wall)s)
         order by due_at, id limit %(limit)s
           for update skip locked)
    update rewards_order o
       set lease = o.lease + 1, leased_until = %(until)s, tries = o.tries + 1, tried_at = %(now)s,
           state = case o.state when 'new' then 'asked' else o.state end
      from due where o.organisation_id = %(organisation)s and o.id = due.id
 returning o.id, due.state
"""

_DOORS = {OrderState.NEW: Door.ORDER, OrderState.ASKED: Door.ASK, OrderState.VOIDING: Door.VOID}


def take_up(organisation_id: int, supplier_key: str) -> list[Taken]:
    """Take up some of what is due of a supplier."""

    def step() -> list[Taken]:
        now, wall = clock.now(), clock.wall()
        with connection.cursor() as cursor:
            cursor.execute(
                _TAKE_UP,
                {
                    "organisation": organisation_id,
                    "supplier": supplier_key,
                    "now": now,
                    "wall": wall,
                    "until": wall + LEASE,
                    "limit": _AT_ONCE,
                },
            )
            doors = {order_id: _DOORS[OrderState(state)] for order_id, state in cursor.fetchall()}
        orders = Order.objects.filter(organisation_id=organisation_id, id__in=list(doors))
        return [Taken(order, doors[order.id]) for order in orders.order_by("due_at", "id")]

    return act(organisation_id, step)


def _ask(supplier: Supplier, taken: Taken, ask: Ask) -> Heard:
    promise, order = taken.promise, taken.order
    path = {
        Door.ORDER: "/orders",
        Door.ASK: f"/orders/{promise.id}",
        Door.VOID: f"/orders/{promise.id}/cancel",
    }[taken.door]
    face: dict[str, Any] | None = None
    if order.face_minor is not None:
        face = {"amount": order.face_minor, "currency": order.currency}
    body = {"id": promise.id, "product": order.product, "face": face} if taken.door is Door.ORDER else {}
    headers = {"idempotency-key": promise.id, "user-agent": "Plaudit-Orders/1"}
    if supplier.token is not None:
        token = unseal(supplier.organisation_id, bytes(supplier.token))
        headers["authorization"] = f"Bearer {token}"
    method = "GET" if taken.door is Door.ASK else "POST"
    answer = ask(
        supplier.url.rstrip("/") + path, "" if method == "GET" else encode(body), headers, method=method
    )
    heard = understand(taken.door, answer.status, answer.body, promise)
    _log.info("order %s: %s at %s", promise.id, heard.verdict, taken.door)
    return heard


def note(organisation_id: int, taken: Taken, heard: Heard) -> bool:
    """Note what a supplier said of an order; false where the lease is another's by now."""

    def step() -> bool:
        redemption = lock_redemption(organisation_id, taken.order.redemption_id)
        order = (
            Order.objects.select_for_update()
            .filter(organisation_id=organisation_id, id=taken.order.id, lease=taken.order.lease)
            .first()
        )
        if order is None or order.state not in _DOORS:
            return False
        order.leased_until, order.problem = None, heard.problem
        _follow(redemption, order, heard)
        order.save()
        return True

    return act(organisation_id, step)


def _follow(redemption: Redemption, order: Order, heard: Heard) -> None:
    voiding = order.state == OrderState.VOIDING
    match heard.verdict:
        case Verdict.DELIVERED if not voiding:
            _deliver(redemption, order, heard)
        case Verdict.WRONG if not voiding:
            _void(order)
        case Verdict.REFUSED if not voiding:
            _drop(redemption, order)
        case Verdict.VOIDED:
            _drop(redemption, order)
        case Verdict.UNKNOWN if voiding:
            _drop(redemption, order)
        case Verdict.UNKNOWN:
            _again(order, OrderState.NEW)
        case _:
            _again(order, order.state)


def _deliver(redemption: Redemption, order: Order, heard: Heard) -> None:
    """What was promised is there: the code is kept, the points are spent, both or neither."""
    organisation_id, now = order.organisation_id, clock.now()
    if heard.code:
        digest = digest_of(organisation_id, heard.code)
        if Code.objects.filter(organisation_id=organisation_id, digest=digest).exists():
            order.problem = "It delivered a code that was given out before."
            _void(order)
            return
        Code.objects.create(
            organisation_id=organisation_id,
            reward_id=redemption.reward_id,
            sealed=seal(organisation_id, heard.code),
            digest=digest,
            redemption=redemption,
            added_at=now,
        )
    arrangement = arrangement_of(redemption)
    assert arrangement is not None, "what is ordered was arranged"
    arrangement.stage, arrangement.lapses_at = Stage.DONE, None
    arrangement.save()
    spend(organisation_id, redemption, actor=ACTOR)
    order.state, order.reference, order.settled_at = OrderState.DONE, heard.reference, now


def _void(order: Order) -> None:
    order.state, order.due_at, order.tries = OrderState.VOIDING, clock.now(), 0


def _drop(redemption: Redemption, order: Order) -> None:
    """Nothing came of it: the member has their points again, and is told."""
    order.state, order.settled_at = OrderState.DROPPED, clock.now()
    give_back(order.organisation_id, redemption, actor=ACTOR, reason="The supplier could not deliver it")


def _again(order: Order, state: str) -> None:
    if order.tries < TRIES_MAX:
        order.state, order.due_at = OrderState(state), clock.now() + wait_after(order.tries)
        return
    order.state = OrderState.STUCK
    told = {"redemption": show("rdm", order.redemption_id), "supplier": order.supplier}
    tell(order.organisation_id, "redemption.stuck", told, happened_at=clock.now())


def look_again(organisation_id: int, redemption_ids: Sequence[Any], *, actor: str) -> int:
    """Let a worker ask after orders that are stuck once more; how many of these redemptions had one."""

    def step() -> int:
        stuck = Order.objects.filter(
            organisation_id=organisation_id, redemption_id__in=redemption_ids, state=OrderState.STUCK
        )
        count = stuck.update(state=OrderState.ASKED, tries=1, due_at=clock.now())
        audit.note(actor=actor, act="orders.asked_again", details={"orders": count})
        return count

    return act(organisation_id, step)
