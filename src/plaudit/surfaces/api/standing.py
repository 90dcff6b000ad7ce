"""What stands by itself: whether Plaudit is well, who is asking, and the description of the API."""

from __future__ import annotations

from datetime import datetime
from importlib import metadata
from typing import Literal

from django.db import connection
from django.http import HttpRequest
from ninja import Router

from plaudit.foundation import clock
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, public
from plaudit.foundation.access.scopes import ADMIN, SCOPES
from plaudit.foundation.api.shapes import Answer
from plaudit.foundation.tenancy import without_organisation

router = Router(tags=["About"])

VERSION = metadata.version("plaudit")


class Health(Answer):
    """That Plaudit answers and reaches its database."""

    status: Literal["ok"]
    version: str


class Asking(Answer):
    """The key you ask with: its organisation, what it may do, and the organisation's own time."""

    key: str
    name: str
    organisation: str
    sandbox: bool
    scopes: list[str]
    now: datetime
    time_zone: str


@router.get("/health", response=Health, operation_id="get_health", summary="Is Plaudit well?")
@public
def get_health(request: HttpRequest) -> Health:  # noqa: ARG001  # the same for everybody
    """Answered by everybody's first question. Where the database is not reached: 503."""
    with without_organisation(), connection.cursor() as cursor:
        cursor.execute("select 1")
    return Health(status="ok", version=VERSION)


@router.get("/me", response=Asking, operation_id="get_me", summary="Who am I?")
@allows(scopes=SCOPES)
def get_me(request: HttpRequest) -> Asking:
    """What the key you ask with is and may do."""
    actor = actor_of(request)
    assert actor.organisation is not None
    return Asking(
        key=actor.ref,
        name=actor.name,
        organisation=actor.organisation.name,
        sandbox=actor.organisation.sandbox,
        scopes=[scope for scope in SCOPES if scope in actor.scopes or ADMIN in actor.scopes],
        now=clock.now(),
        time_zone=actor.organisation.time_zone,
    )
