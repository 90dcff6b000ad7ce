"""The proof of the books holds the use of limits against what was granted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from plaudit.earning.definitions import Every, Of, Per
from plaudit.earning.tests.factories import NOON, Story, make_limit, make_rule, make_story, refund
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.verification.verify import verify
from plaudit.people.models import Member
from plaudit.people.resolving import find_members
from plaudit.people.tests.factories import make_team


def _broken(story: Story, **scope: Any) -> list[Any]:
    with clock.frozen_at(NOON + timedelta(hours=1)):
        return [(one.check.id, one.rows) for one in verify(story.organisation.id, **scope).broken()]


def _busy_story() -> Story:
    limits = (
        make_limit(100),
        make_limit(5, of=Of.TIMES, every=Every.MONTH),
        make_limit(1000, per=Per.ALL, every=Every.WEEK),
        make_limit(900, per=Per.TEAM, every=Every.LIFETIME),
    )
    story = make_story(make_rule(limits=limits))
    with clock.frozen_at(NOON):
        story.buy("ada", "10")
        story.buy("ben", "5")
        with in_organisation(story.organisation.id):
            (ada,) = find_members(story.organisation.id, [("till", "ada")]).values()
            member = Member.objects.get(id=ada)
        make_team(story.organisation.id, key="bar", members=[member], since=NOON - timedelta(days=9))
        story.buy("ada", "30", id="returned")
        story.buy("ada", "80", at=NOON - timedelta(days=1))
        story.buy("ada", "80", at=NOON - timedelta(days=40))
        story.buy("ben", "500", at=NOON + timedelta(minutes=5))
        story.send(refund("returned", "12"))
    return story


def test_limits_are_used_as_the_ledger_says():
    story = _busy_story()
    with in_organisation(story.organisation.id), connection.cursor() as cursor:
        cursor.execute("select count(*) from earning_budget where used > 0")
        assert cursor.fetchone()[0] >= 3
    assert _broken(story) == []
    assert _broken(story, since=NOON) == []


@pytest.mark.parametrize(
    "change",
    [
        "update earning_budget set used = used + 1 where holder = ''",
        "update ledger_wallet set counts = regexp_replace(counts, '(\"2026-03\",[^:]*:)', '\\11')",
    ],
)
def test_a_use_that_nobody_was_granted_is_found(change):
    story = _busy_story()
    with in_organisation(story.organisation.id), connection.cursor() as cursor:
        cursor.execute(change)
    assert {check for check, _ in _broken(story)} == {"E01"}
