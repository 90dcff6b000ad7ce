"""Lets time pass for memberships: ends are announced, grace begins, memberships lapse, unpaid ones are given up."""

from __future__ import annotations

from collections import Counter

from plaudit.foundation import clock
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.posting import open_books
from plaudit.membership.models import Membership, State, StepState
from plaudit.membership.stepping import Held, held, membership_ref, restand, withdraw

AT_A_TIME = 200


def fall_due(organisation_id: int, *, at_a_time: int = AT_A_TIME) -> Counter[str]:
    """Do what is due at the organisation's clock; how many memberships were noticed, or came to each state.

    A page of memberships is one transaction; what another is changing just now is left for the next time.
    """
    done: Counter[str] = Counter()
    while page := _page(organisation_id, at_a_time):
        done.update(page)
    return done


def _page(organisation_id: int, at_a_time: int) -> list[str]:
    with in_organisation(organisation_id):
        open_books(organisation_id)
        due = Membership.objects.select_for_update(skip_locked=True).filter(
            organisation_id=organisation_id, due_at__lte=clock.now()
        )
        return [_pass(held(one)) for one in due.order_by("due_at", "id")[:at_a_time]]


def _pass(waiting: Held) -> str:
    membership = waiting.membership
    before = membership.state
    if before == State.PENDING:
        _give_up(waiting, "It was not paid for in time.")
    elif before == State.ACTIVE and membership.noticed_on != membership.ends_on:
        membership.noticed_on = membership.ends_on
    restand(waiting)
    after = membership.state
    if after == State.LAPSED:
        _give_up(waiting, "The membership has lapsed.")
    said = after if after != before else "noticed"
    told = {"membership": membership_ref(membership.id), "ends_on": str(membership.ends_on or "")}
    tell(membership.organisation_id, f"membership.{said}", told, happened_at=clock.now())
    return str(said)


def _give_up(waiting: Held, reason: str) -> None:
    """Withdraw what still waits for its payment; what was paid of it goes back."""
    for step in waiting.steps:
        if step.state == StepState.OPEN:
            key = f"due:{step.invoice.id}"
            withdraw(waiting, step, key=key, actor="plaudit", reason=reason)
