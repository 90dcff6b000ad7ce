"""Browsers and programs for tests of who gets in."""

from __future__ import annotations

from collections.abc import Iterable

from django.test import Client

from plaudit.foundation.access.limits import buckets
from plaudit.people.actions.keys import create_key
from plaudit.people.actions.signing_in import make_link
from plaudit.people.tests.factories import ACTOR


def browser() -> Client:
    """A browser in which nobody is signed in, and that nobody has counted yet."""
    buckets.forget()
    return Client(SERVER_NAME="localhost", raise_request_exception=False)


def signed_in(organisation_id: int, user_id: int) -> Client:
    """A browser in which this person signed in by a link."""
    client = browser()
    link = make_link(organisation_id, user_id=user_id, actor=ACTOR)
    assert client.post(f"/sign-in/{link}").status_code in (200, 302)
    return client


def program(organisation_id: int, scopes: Iterable[str]) -> Client:
    """A program with a key of these scopes."""
    secret = create_key(organisation_id, name="Tests", scopes=scopes, actor=ACTOR).secret
    return program_with(secret)


def program_with(secret: str) -> Client:
    """A program with this key."""
    headers = {"Authorization": f"Bearer {secret}"}
    return Client(SERVER_NAME="localhost", raise_request_exception=False, headers=headers)
