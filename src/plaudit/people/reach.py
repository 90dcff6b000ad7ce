"""Whose rows an actor may reach: their own, their team's, or everybody's in the organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from plaudit.foundation.access.actors import Actor
from plaudit.foundation.access.declarations import ObjectRule
from plaudit.foundation.access.roles import READS_ALL_MEMBERS, RoleName
from plaudit.foundation.refusals import NotFound
from plaudit.people.models import Member
from plaudit.people.queries import leads, member_id_of
from plaudit.people.refusals import OperatorNeeded


def may_reach(actor: Actor, member_id: UUID) -> bool:
    """Whether this member's rows are the actor's to see: asked inside `in_organisation`.

    Everyone reaches themselves; a supervisor whoever is in a team they lead right now; managers, the
    desk, finance and auditors everyone; a developer everyone in a sandbox; a key with the route's scope
    everyone.
    """
    if actor.key_id is not None or actor.has_role(*READS_ALL_MEMBERS):
        return True
    if actor.member_id == member_id:
        return True
    if actor.has_role(RoleName.DEVELOPER) and actor.organisation is not None and actor.organisation.sandbox:
        return True
    return (
        actor.has_role(RoleName.SUPERVISOR)
        and actor.member_id is not None
        and leads(actor.organisation_id, actor.member_id, member_id)
    )


def may_let_in(actor: Actor) -> bool:
    """Whether they may let a program in, or send news out: an operator; in a sandbox, a developer too.

    A key and a receiver reach every member, and a developer does so in a sandbox alone.
    """
    if actor.has_role(RoleName.OPERATOR):
        return True
    return (
        actor.has_role(RoleName.DEVELOPER) and actor.organisation is not None and actor.organisation.sandbox
    )


def must_let_in(actor: Actor) -> None:
    """Raises `OperatorNeeded` for whoever may not let a program in."""
    if not may_let_in(actor):
        raise OperatorNeeded


def must_reach(actor: Actor, reference: str | UUID) -> UUID:
    """The id of a member the actor may reach. Raises `NotFound` for all others, known or not."""
    member_id = member_id_of(actor.organisation_id, reference)
    there = Member.objects.filter(organisation_id=actor.organisation_id, id=member_id).exists()
    if not there or not may_reach(actor, member_id):
        raise NotFound(kind="member", ref=reference)
    return member_id


def member_in_reach(argument: str = "member_id") -> ObjectRule:
    """The member named in this argument of the route must be within reach."""

    def check(actor: Actor, arguments: Mapping[str, Any]) -> None:
        must_reach(actor, arguments[argument])

    return ObjectRule("members within reach: oneself, one's team, or all, by role", check)


def themselves() -> ObjectRule:
    """The actor must be a member: the page is about nobody else."""

    def check(actor: Actor, _arguments: Mapping[str, Any]) -> None:
        if actor.member_id is None:
            raise NotFound(kind="member", ref="you")

    return ObjectRule("oneself", check)
