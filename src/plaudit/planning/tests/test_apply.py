"""Applying a file: published whole or not at all, once, and given back as it was."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection

from plaudit.activity.types import declared_types
from plaudit.earning.lineups import current_lineup_id, lineup
from plaudit.earning.models import RuleSet
from plaudit.earning.tests.factories import Story, make_event
from plaudit.foundation import clock
from plaudit.foundation.exact import encode
from plaudit.foundation.models import Audit, News
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.units import units_by_key
from plaudit.people.tests.factories import make_organisation
from plaudit.planning.actions.apply import apply
from plaudit.planning.comparing import compare_versions, compare_with_file
from plaudit.planning.models import ProgrammeVersion
from plaudit.planning.plans import plan
from plaudit.planning.programme_file.definitions import digest_of_rules
from plaudit.planning.programme_file.document import document_of
from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.programme_file.tests.factories import make_file
from plaudit.planning.queries import export, programmes, regenerate, versions
from plaudit.planning.refusals import ProgrammeFileRefused, ProgrammeMovedOn
from plaudit.planning.templates import new_file, template, templates
from plaudit.rewards.queries import offers

ACTOR = "usr_1"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

DOUBLED = "{purchases: {name: 2 points per $1, on: purchase, earn: floor(amount * 2)}}"


@pytest.fixture
def story() -> Story:
    """An organisation with nothing in it."""
    return Story(make_organisation())


def put(story: Story, source: str, **more: object):
    return apply(story.organisation.id, source, actor=ACTOR, **more)  # type: ignore[arg-type]  # reason, expected_live


@pytest.mark.parametrize("shipped", templates(), ids=lambda shipped: shipped.key)
def test_a_shipped_file_is_given_back_exactly_as_it_was_applied(story, shipped):
    applied = put(story, shipped.source)

    with in_organisation(story.organisation.id):
        assert export(story.organisation.id, shipped.key) == shipped.source
        written = regenerate(story.organisation.id, shipped.key)
    assert (applied.version, applied.published) == (1, True)
    assert parse_programme(written).programme == parse_programme(shipped.source).programme


@pytest.mark.parametrize("shipped", templates(), ids=lambda shipped: shipped.key)
def test_the_same_file_twice_changes_nothing_and_says_so(story, shipped):
    put(story, shipped.source)
    with in_organisation(story.organisation.id):
        before = (current_lineup_id(story.organisation.id), units_by_key(story.organisation.id))

    again = put(story, shipped.source)

    assert again.plan.sentences() == [f"Nothing changes: this file is version 1 of {shipped.key}."]
    with in_organisation(story.organisation.id):
        assert before == (current_lineup_id(story.organisation.id), units_by_key(story.organisation.id))
        assert ProgrammeVersion.objects.count() == RuleSet.objects.count() == 1
    assert (again.version, again.published) == (1, False)


def test_what_is_applied_earns_at_once(story):
    put(story, template("points-basics").source)

    story.buy("ada", "120.00")
    story.send(make_event("survey.completed", "ada", {}))
    story.send(make_event("survey.completed", "ada", {}))
    story.send(make_event("referral.completed", "ada", {}))

    assert story.available("ada") == 240 + 10 + 50


def test_a_changed_file_earns_by_its_new_rules_from_then_on(story):
    put(story, make_file())
    story.buy("ada", "10.00")

    applied = put(story, make_file(rules=DOUBLED))
    story.buy("ada", "10.00")

    assert applied.version == 2
    assert story.available("ada") == 30


def test_a_version_keeps_who_when_why_and_can_be_checked(story):
    with clock.frozen_at(NOON):
        put(story, make_file(), reason="Opening day")

    with in_organisation(story.organisation.id):
        (kept,) = versions(story.organisation.id, "corner-shop")
        row = ProgrammeVersion.objects.get()
        lines = lineup(story.organisation.id, current_lineup_id(story.organisation.id) or 0)
        (definition,) = lines.definitions.values()
        assert (kept.number, kept.published_by, kept.published_at, kept.reason) == (
            1,
            ACTOR,
            NOON,
            "Opening day",
        )
        assert kept.digest == hashlib.sha256(row.document.encode()).hexdigest()
        assert kept.rules_digest == digest_of_rules(definition)
        assert row.document == encode(document_of(parse_programme(make_file()).programme))
        (noted,) = Audit.objects.filter(act="programme.applied")
        assert (noted.actor, noted.subject, noted.reason, noted.details["version"]) == (
            ACTOR,
            "corner-shop",
            "Opening day",
            1,
        )
        assert News.objects.filter(topic="programme.published").count() == 1


def test_a_version_is_never_changed(story):
    put(story, make_file())

    with (
        in_organisation(story.organisation.id),
        pytest.raises(Exception, match=r"only ever added to|permission denied"),
    ):
        ProgrammeVersion.objects.update(source="")


def test_units_activities_and_rewards_are_declared_with_the_rules(story):
    put(
        story,
        make_file(
            units="{points: {one: point, other: points, precision: 1, worth: 0.02 USD, expires: after 1 year, may_owe: true, approval_from: 50}}",
            rewards="{coffee: {name: A coffee, price: 20.5 points}}",
        ),
    )

    with in_organisation(story.organisation.id):
        unit = units_by_key(story.organisation.id)["points"]
        types = declared_types(story.organisation.id)
        (offer,) = offers(story.organisation.id)
    assert (unit.names, unit.precision, unit.currency) == ({"one": "point", "other": "points"}, 1, "USD")
    assert (unit.value_minor_per_million, unit.expiry, unit.may_owe, unit.approval_from) == (
        200_000,
        {"after": "P1Y"},
        True,
        500,
    )
    assert types["purchase"].fields == {
        "amount": {"kind": "decimal", "scale": 2},
        "channel": {"kind": "text", "nullable": True},
    }
    assert (types["refund"].corrects, types["refund"].part) == ("purchase", "refunded/amount")
    assert (offer.key, offer.price) == ("coffee", 205)


def test_only_a_changed_activity_gets_a_new_version(story):
    put(story, make_file())
    put(story, make_file(rules=DOUBLED))
    changed = "{purchase: {title: Purchase, fields: {amount: decimal(2)}}}"
    put(story, make_file(activities=changed))

    with in_organisation(story.organisation.id):
        types = declared_types(story.organisation.id)
    assert (types["purchase"].version, types["refund"].version) == (2, 1)


def test_comments_alone_make_a_version_that_earns_the_same(story):
    put(story, make_file())

    applied = put(story, "# For our regulars.\n" + make_file())

    assert applied.plan.sentences() == ["Only comments or layout change; everything earns as before."]
    assert applied.plan.digest == plan(story.organisation.id, make_file()).digest
    with in_organisation(story.organisation.id):
        assert export(story.organisation.id, "corner-shop").startswith("# For our regulars.")
        assert export(story.organisation.id, "corner-shop", version=1) == make_file()


def test_a_file_with_faults_changes_nothing(story):
    put(story, make_file())

    with pytest.raises(ProgrammeFileRefused) as refused:
        put(story, make_file(rules="{purchases: {name: a, on: visit, earn: amount}}", stacking="most"))

    assert refused.value.say() == "The programme file has 2 problems."
    assert [error["pointer"] for error in refused.value.errors] == ["/rules/purchases/on", "/stacking"]
    with in_organisation(story.organisation.id):
        assert [kept.number for kept in versions(story.organisation.id, "corner-shop")] == [1]


def test_a_plan_that_is_out_of_date_is_not_applied(story):
    put(story, make_file(), expected_live=0)
    put(story, make_file(rules=DOUBLED), expected_live=1)

    with pytest.raises(ProgrammeMovedOn):
        put(story, make_file(), expected_live=1)

    with in_organisation(story.organisation.id):
        assert len(versions(story.organisation.id, "corner-shop")) == 2


def test_a_limit_stays_used_across_versions(story):
    limited = "{purchases: {name: a, on: purchase, earn: floor(amount), limits: at most %d points a day per member}}"
    put(story, make_file(rules=limited % 50))
    story.buy("ada", "40.00")

    put(story, make_file(rules=limited % 60))
    story.buy("ada", "40.00")

    assert story.available("ada") == 60


def test_two_versions_are_compared_line_by_line_and_in_words(story):
    put(story, make_file())
    put(story, make_file(rules=DOUBLED))

    compared = compare_versions(story.organisation.id, "corner-shop", older=1)

    assert "--- corner-shop version 1\n+++ corner-shop version 2" in compared.lines
    assert f"+rules: {DOUBLED}" in compared.lines
    assert [change.sentence for change in compared.changes] == [
        "Rule purchases now earns floor(amount * 2) points; before, it earns floor(amount) points.",
        "Rule purchases now tells members: 2 points per $1.",
    ]


def test_a_version_is_compared_with_a_file(story):
    put(story, make_file())

    same = compare_with_file(story.organisation.id, "corner-shop", make_file())
    other = compare_with_file(story.organisation.id, "corner-shop", make_file(name="Other"))

    assert (same.lines, same.changes) == ("", ())
    assert "-name: Corner shop\n+name: Other" in other.lines
    with pytest.raises(NotFound):
        compare_with_file(story.organisation.id, "corner-shop", make_file(), version=9)


def test_every_programme_is_listed_with_its_newest_version(story):
    put(story, make_file(programme="b-shop"))
    put(story, make_file(programme="a-shop"))
    put(story, make_file(programme="a-shop", rules=DOUBLED))

    with in_organisation(story.organisation.id):
        listed = [(one.key, one.state, one.version) for one in programmes(story.organisation.id)]

    assert listed == [("a-shop", "live", 2), ("b-shop", "live", 1)]


def test_two_programmes_earn_side_by_side(story):
    put(story, make_file(programme="a-shop"))
    put(story, make_file(programme="b-shop", rules=DOUBLED))

    story.buy("ada", "10.00")

    assert story.available("ada") == 30


def test_another_organisations_programmes_are_not_seen(story):
    other = make_organisation()
    put(story, make_file())

    with in_organisation(other.id):
        assert programmes(other.id) == []
    assert plan(other.id, make_file()).live is None


def test_a_new_file_is_made_of_a_template():
    source = new_file("points-basics", key="cafe", name='Ada\'s "café": points')

    programme = parse_programme(source).programme

    assert (programme.key, programme.name) == ("cafe", 'Ada\'s "café": points')
    assert "# What it earns." in source
    with pytest.raises(NotFound):
        new_file("nothing", key="cafe", name="Café")


def test_amounts_in_a_file_are_exact(story):
    precise = "{points: {one: point, other: points, precision: 2}}"
    put(story, make_file(units=precise, rules="{r: {name: a, on: purchase, earn: amount}}"))

    story.buy("ada", "0.10")
    story.buy("ada", "0.20")

    assert Decimal(story.available("ada")).scaleb(-2) == Decimal("0.30")


def test_the_same_file_applied_at_once_is_published_once(story):
    together = Barrier(4)
    published: list[bool] = []

    def applier() -> None:
        try:
            together.wait(timeout=30)
            published.append(put(story, make_file()).published)
        finally:
            connection.close()

    threads = [Thread(target=applier) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(published) == [False, False, False, True]
    with in_organisation(story.organisation.id):
        assert len(versions(story.organisation.id, "corner-shop")) == 1
