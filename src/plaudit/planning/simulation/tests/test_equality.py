"""Live and what-if agree to the last unit: the same events, rules and clock give the same points."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from plaudit.activity.events import IncomingEvent
from plaudit.earning.definitions import Definition, Every, Limit, Of, Per, Rule, Stacking
from plaudit.earning.tests.factories import (
    NOON,
    PURCHASE,
    Story,
    make_event,
    make_limit,
    make_rule,
    make_story,
    purchase,
    refund,
)
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.examples import examples
from plaudit.people.actions.teams import leave_team
from plaudit.people.tests.factories import ACTOR, make_member, make_team
from plaudit.planning.simulation.simulate import Result, simulate_stored

TYPES = {"purchase": PURCHASE}

limits = st.builds(
    Limit,
    key=st.just(""),
    at_most=st.integers(1, 60),
    of=st.sampled_from(Of),
    per=st.sampled_from(Per),
    every=st.sampled_from(Every),
    partial=st.booleans(),
)


@st.composite
def rule_sets(draw: st.DrawFn) -> tuple[list[Rule], Stacking]:
    """One to four earning rules and up to two multipliers, some of them sharing a budget."""
    budget = draw(st.none() | limits.map(lambda limit: _named(limit, "budget")))
    rules = [_earning_rule(draw, place, budget) for place in range(draw(st.integers(1, 4)))]
    rules += [_multiplier(draw, place) for place in range(draw(st.integers(0, 2)))]
    return rules, draw(st.sampled_from(Stacking))


def _earning_rule(draw: st.DrawFn, place: int, budget: Limit | None) -> Rule:
    own = draw(st.lists(limits, max_size=2))
    held = [_named(limit, f"r{place}/{number}") for number, limit in enumerate(own)]
    return make_rule(
        f"r{place}",
        when=draw(st.sampled_from([None, "amount > 10", "channel = 'web'", "weekday(occurred_at) < 4"])),
        earn=draw(st.sampled_from(["floor(amount)", "round(amount * 1.5)", "7", "ceil(amount / 3)"])),
        limits=tuple(held + ([budget] if budget is not None and draw(st.booleans()) else [])),
    )


def _multiplier(draw: st.DrawFn, place: int) -> Rule:
    return make_rule(
        f"m{place}",
        when=draw(st.sampled_from([None, "amount >= 20", "channel = 'shop'"])),
        multiply=draw(st.sampled_from(["2", "1.5", "3"])),
        of=draw(st.sampled_from([(), ("r0",)])),
        limits=tuple(_named(limit, f"m{place}") for limit in draw(st.lists(limits, max_size=1))),
    )


def _named(limit: Limit, key: str) -> Limit:
    return Limit(key, limit.at_most, limit.of, limit.per, limit.every, limit.partial)


@st.composite
def stories(draw: st.DrawFn) -> list[IncomingEvent]:
    """Up to 25 purchases of three members over some weeks, some of them refunded in part, in any order."""
    events: list[IncomingEvent] = []
    for number in range(draw(st.integers(3, 25))):
        amount = Decimal(draw(st.integers(1, 6000))) / 100
        at = NOON + timedelta(hours=draw(st.integers(0, 24 * 40)))
        member = draw(st.sampled_from(["ada", "bob", "cyd"]))
        channel = draw(st.sampled_from([None, "web", "shop"]))
        events.append(purchase(member, str(amount), at=at, id=f"p{number}", channel=channel))
        if draw(st.integers(0, 4)) == 0:
            part = (amount * draw(st.sampled_from([Decimal("0.5"), Decimal(1)]))).quantize(Decimal("0.01"))
            events.insert(
                draw(st.integers(0, len(events))), refund(f"p{number}", str(part), at=at, id=f"f{number}")
            )
    return events


@given(
    ruled=rule_sets(),
    events=stories(),
    size=st.sampled_from([1, 4, 100]),
    zone=st.sampled_from(["UTC", "America/New_York", "Pacific/Auckland"]),
)
@settings(
    max_examples=examples(12),
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
def test_live_and_what_if_agree_to_the_last_unit(
    ruled: tuple[list[Rule], Stacking], events: list[IncomingEvent], size: int, zone: str
) -> None:
    rules, stacking = ruled
    story = make_story(*rules, stacking=stacking, time_zone=zone)
    _people(story)
    for start in range(0, len(events), size):
        story.send(*events[start : start + size])

    replayed = simulate_stored(
        story.organisation.id, Definition("main", ZoneInfo(zone), stacking, tuple(rules)), TYPES
    )

    for unit in replayed.units:
        lines = (*unit.by_rule, *unit.by_month, *unit.by_group)
        assert [(part.name, part.draft, part.live) for part in lines if part.difference] == []
        assert (unit.winning, unit.losing) == (0, 0)
        assert unit.draft == unit.live


def _people(story: Story) -> None:
    """Ada is in two teams, in one of them for ten days only; Bob shares the other; Cyd is in none."""
    here = story.organisation.id
    with in_organisation(here):
        ada, bob = (make_member(here, name=name, external_ids=[("till", name)]) for name in ("ada", "bob"))
        make_team(here, key="north", members=[ada, bob], since=NOON - timedelta(days=1))
        make_team(here, key="south", members=[ada], since=NOON)
        leave_team(here, key="south", member_id=ada.id, ended_at=NOON + timedelta(days=10), actor=ACTOR)


def test_a_limit_that_teams_share_is_replayed_with_who_was_in_them_then() -> None:
    rule = make_rule(limits=(make_limit(30, per=Per.TEAM, every=Every.MONTH),))
    story = make_story(rule)
    _people(story)
    story.send(*(purchase(member, "20") for member in ("ada", "bob", "cyd")))

    unit = _replay(story.organisation.id, rule).units[0]

    assert unit.draft == unit.live == 20 + 10 + 20


def test_events_of_one_moment_are_decided_in_the_order_they_came() -> None:
    rule = make_rule(limits=(make_limit(50, partial=False), make_limit(2, of=Of.TIMES, key="times")))
    story = make_story(rule)
    story.send(*(purchase("ada", amount) for amount in ("40", "20", "10", "5")))

    unit = _replay(story.organisation.id, rule).units[0]

    assert unit.draft == unit.live == 40 + 10


def test_a_limit_given_back_by_a_refund_is_there_for_what_follows() -> None:
    rule = make_rule(limits=(make_limit(50),))
    story = make_story(rule)
    story.send(purchase("ada", "50", id="p1"), purchase("ada", "30"))
    story.send(refund("p1", "20"), purchase("ada", "40"), refund("p1", "30"), purchase("ada", "40"))

    unit = _replay(story.organisation.id, rule).units[0]

    assert unit.draft == unit.live == 0 + 0 + 20 + 30
    assert unit.by_rule[0].events == 3


def test_the_same_history_is_replayed_alike_where_everything_is_decided_one_by_one() -> None:
    """A limit that all share and that overflows at once draws every event; one that never does, none."""
    tight, wide = (
        make_rule(limits=(make_limit(most, per=Per.ALL, every=Every.LIFETIME),)) for most in (25, 1000)
    )
    story = make_story(tight)
    story.send(*(purchase("ada", "10", at=NOON + timedelta(days=day)) for day in range(40)))

    tightly, widely = (_replay(story.organisation.id, rule) for rule in (tight, wide))

    assert (tightly.units[0].draft, tightly.units[0].live, tightly.decided_one_by_one) == (25, 25, 40)
    assert (widely.units[0].draft, widely.decided_one_by_one) == (400, 0)
    assert [(part.name, part.draft) for part in widely.units[0].by_month] == [
        ("2026-03", 300),
        ("2026-04", 100),
    ]


def test_a_changed_rule_shows_who_would_gain_and_who_would_lose() -> None:
    story = make_story(make_rule())
    story.send(purchase("ada", "100"), purchase("bob", "10"), purchase("bob", "10"))
    draft = make_rule(earn="least(floor(amount * 2), 50)")

    result = _replay(story.organisation.id, draft)

    unit = result.units[0]
    assert (unit.draft, unit.live) == (90, 120)
    assert [(part.draft, part.live) for part in unit.winners] == [(40, 20)]
    assert [(part.draft, part.live) for part in unit.losers] == [(50, 100)]


def test_deductions_are_replayed_below_zero() -> None:
    rules = (make_rule(when="amount > 0"), make_rule("return", when="amount < 0", take="floor(abs(amount))"))
    story = make_story(*rules)
    story.send(purchase("ada", "10"), make_event("purchase", "ada", {"amount": Decimal("-25.90")}))

    unit = _replay(story.organisation.id, *rules).units[0]

    assert (unit.draft, unit.live) == (-15, -15)


def _replay(organisation_id: int, *rules: Rule, **given: Any) -> Result:
    return simulate_stored(
        organisation_id, Definition("main", ZoneInfo("UTC"), Stacking.ADD, rules), TYPES, **given
    )
