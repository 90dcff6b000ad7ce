"""Rules are published side by side, withdrawn and put back, and never lose one another."""

from __future__ import annotations

from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from plaudit.earning.actions.publish import publish, reinstate, withdraw
from plaudit.earning.definitions import Definition, Stacking
from plaudit.earning.lineups import current_lineup_id, lineup
from plaudit.earning.models import Limit, RuleSet
from plaudit.earning.tests.factories import make_limit, make_rule
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.declare_unit import declare_unit
from plaudit.people.tests.factories import make_organisation


def defined(programme: str, *rules):
    return Definition(programme, ZoneInfo("UTC"), Stacking.ADD, rules or (make_rule(),))


def live(organisation_id: int) -> dict[str, int]:
    """The programmes in the line-up, each with the number of its rule set."""
    with in_organisation(organisation_id):
        newest = current_lineup_id(organisation_id)
        assert newest is not None
        numbers = dict(RuleSet.objects.values_list("id", "number"))
        definitions = lineup(organisation_id, newest).definitions
        return {definition.programme: numbers[id] for id, definition in definitions.items()}


@pytest.fixture
def organisation_id() -> int:
    return make_organisation().id


def test_the_newest_rules_of_every_programme_are_live(organisation_id):
    publish(organisation_id, defined("a"))
    publish(organisation_id, defined("b"))
    publish(organisation_id, defined("a"))

    assert live(organisation_id) == {"a": 2, "b": 1}


def test_a_withdrawn_programme_leaves_and_comes_back_with_its_newest_rules(organisation_id):
    publish(organisation_id, defined("a"))
    publish(organisation_id, defined("a"))
    publish(organisation_id, defined("b"))

    withdraw(organisation_id, "a")
    assert live(organisation_id) == {"b": 1}

    reinstate(organisation_id, "a")
    assert live(organisation_id) == {"a": 2, "b": 1}


def test_what_was_never_published_cannot_come_back(organisation_id):
    with pytest.raises(NotFound):
        reinstate(organisation_id, "a")


def test_a_limit_keeps_its_identity_across_versions(organisation_id):
    declare_unit(organisation_id, key="points", names={"one": "point", "other": "points"}, may_owe=True)
    limited = make_rule(limits=(make_limit(5, key="daily"),))
    publish(organisation_id, defined("a", limited))
    publish(organisation_id, defined("a", limited, make_rule("more", limits=(make_limit(9, key="other"),))))

    with in_organisation(organisation_id):
        assert sorted(Limit.objects.values_list("key", flat=True)) == ["daily", "other"]


def test_publishers_at_once_do_not_lose_one_another(organisation_id):
    names = [f"p{number}" for number in range(6)]
    together = Barrier(len(names))

    def publisher(name: str) -> None:
        try:
            together.wait(timeout=30)
            publish(organisation_id, defined(name))
        finally:
            connection.close()

    threads = [Thread(target=publisher, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert live(organisation_id) == dict.fromkeys(names, 1)
