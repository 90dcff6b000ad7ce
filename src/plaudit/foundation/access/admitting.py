"""Holds an actor against a declaration: admits, or raises the refusal that says why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plaudit.foundation.access.actors import Actor
from plaudit.foundation.access.declarations import Access
from plaudit.foundation.access.refusals import KeyNeeded, ScopeMissing, SignInNeeded
from plaudit.foundation.refusals import NotAllowed


def admit(actor: Actor, access: Access, arguments: Mapping[str, Any], *, program: bool) -> None:
    """Return if the actor may use the route with these arguments; `program` says what kind of route it is.

    Raises `SignInNeeded` or `KeyNeeded` for nobody known, `NotAllowed` or `ScopeMissing` for a function
    that is not theirs, and `NotFound` (from the object rule) for a thing that is not theirs.
    """
    if access.public:
        return
    if not actor.is_known:
        raise KeyNeeded if program else SignInNeeded
    if actor.key_id is not None and not actor.has_scope(*access.scopes):
        raise ScopeMissing(needs=" or ".join(sorted(access.scopes)) or "of a person who signs in")
    if actor.key_id is None and not actor.has_role(*access.roles):
        raise NotAllowed(act=access.to, needs=" or ".join(sorted(access.roles)) or "of a program with a key")
    if access.objects is not None:
        access.objects.check(actor, arguments)
