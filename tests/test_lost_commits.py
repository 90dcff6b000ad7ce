"""What the database did not confirm is answered by nobody, and what was undone is told to nobody."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError, connection

from plaudit.foundation import clock
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.people.tests.factories import make_organisation


def test_a_commit_that_was_not_confirmed_is_never_answered_as_done():
    organisation_id = make_organisation().id

    def lose_the_connection_before_the_commit() -> str:
        tell(organisation_id, "points.adjusted", {}, happened_at=clock.now())
        connection.connection.close()
        return "done"

    with pytest.raises((OperationalError, InterfaceError)):
        act(organisation_id, lose_the_connection_before_the_commit)
    assert _told(organisation_id) == 0


def test_what_was_undone_is_never_told():
    organisation_id = make_organisation().id

    def tell_and_fail() -> None:
        tell(organisation_id, "points.adjusted", {}, happened_at=clock.now())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act(organisation_id, tell_and_fail)
    assert _told(organisation_id) == 0


def _told(organisation_id: int) -> int:
    with in_organisation(organisation_id), connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from foundation_news where organisation_id = %s and topic = 'points.adjusted'",
            [organisation_id],
        )
        return int(cursor.fetchone()[0])
