"""A limit holds however many reach for it at once, whatever unit they reach from."""

from __future__ import annotations

import pytest

from plaudit.earning.definitions import Every, Of, Per
from plaudit.earning.tests.factories import make_event, make_limit, make_rule, make_story, purchase
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.ledger.models import Unit


@pytest.mark.parametrize("per", [Per.MEMBER, Per.ALL])
@rounds
def test_a_limit_over_two_units_is_granted_once_among_twenty_at_once(round_: int, per: Per):
    once = make_limit(1, of=Of.TIMES, per=per, every=Every.DAY, key="once")
    story = make_story(types={"visit": {}})
    with in_organisation(story.organisation.id):
        Unit.objects.create(organisation_id=story.organisation.id, key="stars", names={}, may_owe=True)
    story.publish(
        make_rule(earn="10", limits=(once,)),
        make_rule("visits", on="visit", unit="stars", earn="10", limits=(once,)),
    )
    events = [
        purchase("ada", "5") if number % 2 else make_event("visit", "ada", {}) for number in range(CONTENDERS)
    ]
    at_once(CONTENDERS, lambda number: story.send(events[number]))

    assert story.available("ada") + story.available("ada", "stars") == 10


@rounds
def test_a_limit_for_everyone_is_granted_up_to_its_end_among_twenty_members_at_once(round_: int):
    twice = make_limit(2, of=Of.TIMES, per=Per.ALL, every=Every.DAY, key="twice")
    story = make_story(types={"visit": {}})
    story.publish(make_rule(earn="10", limits=(twice,)))
    members = [f"m{number}" for number in range(CONTENDERS)]
    for member in members:  # enrolled before, so that enrolling keeps none of them from arriving
        story.send(make_event("visit", member, {}))
    story.send(purchase("first", "5"))  # opens the count: from now on only its lock stands between them
    at_once(CONTENDERS, lambda number: story.send(purchase(members[number], "5")))

    assert sum(story.available(member) for member in members) == 10  # and 10 are the first one's
