"""Whose a membership is when two members prove to be one, and what of it is known of somebody who was erased."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from plaudit.membership.models import Membership, State, StepState
from plaudit.membership.stepping import held, tell_standing, withdraw


def follow(organisation_id: int, *, absorbed_id: UUID, survivor_id: UUID) -> None:
    """The survivor has the absorbed member's memberships, except in programmes where they have one already."""
    theirs = _locked(organisation_id, [absorbed_id])
    has = set(
        _locked(organisation_id, [survivor_id])
        .exclude(state=State.CANCELLED)
        .values_list("programme", flat=True)
    )
    for one in theirs:
        if one.programme not in has:
            _hand_over(one, survivor_id)


def go_back(organisation_id: int, *, absorbed_id: UUID, survivor_id: UUID) -> None:
    """What the absorbed member had joined themselves is theirs again."""
    for one in _locked(organisation_id, [survivor_id]).filter(enrolled_id=absorbed_id):
        _hand_over(one, absorbed_id)


def forget(organisation_id: int, erased: Collection[UUID], *, actor: str) -> None:
    """Words about the person go; the membership ends, and what still waits for a payment is given up.

    Its steps, invoices and entries stay, without a name.
    """
    for one in _locked(organisation_id, list(erased)):
        waiting = held(one)
        for step in waiting.steps:
            if step.state == StepState.OPEN:
                key = f"erased:{step.invoice.id}"
                withdraw(waiting, step, key=key, actor=actor, reason="The member was erased.")
        one.role, one.profession, one.why_level = "", "", ""
        one.state, one.due_at = State.CANCELLED, None
        one.save()
        one.steps.update(reason="")
        tell_standing(one)


def _locked(organisation_id: int, members: list[UUID]) -> QuerySet[Membership]:
    found = Membership.objects.select_for_update().filter(
        organisation_id=organisation_id, member_id__in=members
    )
    return found.order_by("id")


def _hand_over(membership: Membership, member_id: UUID) -> None:
    """Give a membership to another member, and let rules know it of them and no longer of the one before."""
    state, membership.state = membership.state, State.CANCELLED
    tell_standing(membership)
    membership.state, membership.member_id = state, member_id
    membership.save(update_fields=["member_id"])
    tell_standing(membership)
