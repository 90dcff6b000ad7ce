"""Badges with conditions of their own, achievements, and the news when either comes or goes."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.earning.definitions import Every
from plaudit.earning.tests.factories import NOON, make_event, make_rule, purchase
from plaudit.engagement.definitions import Kind, Part, Step, counted
from plaudit.engagement.queries.progress import badges_declared, badges_of
from plaudit.engagement.tests.factories import Keeping, make_challenge, make_keeping
from plaudit.foundation.models import News
from plaudit.foundation.tenancy import in_organisation

DAY = timedelta(days=1)
PURCHASES = Part(
    Kind.ACHIEVEMENT,
    "web-orders",
    "Orders",
    "purchase",
    when="channel = 'web'",
    steps=(Step(counted(3), "third"),),
)
SPENT = Part(Kind.ACHIEVEMENT, "spent", "Spent", "purchase", sum="amount")


def make_badge(when: str | None, key: str = "regular") -> Part:
    return Part(Kind.BADGE, key, key.title(), when=when, description=f"Given for {when or 'something'}")


def make_giving(*badges: Part, challenge: Part | None = None) -> Keeping:
    return make_keeping(
        PURCHASES,
        SPENT,
        challenge or make_challenge(2, key="two-a-month", every=Every.MONTH),
        *badges,
        rules=(make_rule("proud", on="badge.earned", earn="7"),),
    )


def buy(keeping: Keeping, *ids: str, amount: str = "10", day: int = 0) -> None:
    keeping.story.send(*(purchase("ada", amount, id=id, at=NOON + day * DAY, channel="web") for id in ids))
    keeping.follow()


def cancel(keeping: Keeping, id: str) -> None:
    keeping.story.send(make_event("purchase.cancelled", None, {}, corrects=id))
    keeping.follow()


def held(keeping: Keeping) -> list[str]:
    with in_organisation(keeping.organisation):
        return sorted(one.badge for one in badges_of(keeping.organisation, keeping.member_of("ada")))


def told(keeping: Keeping) -> list[tuple[str, str]]:
    with in_organisation(keeping.organisation):
        rows = News.objects.filter(organisation_id=keeping.organisation, topic__startswith="badge.")
        return [(row.topic, row.payload["badge"]) for row in rows.order_by("id")]


def test_a_badge_is_theirs_for_as_long_as_its_condition_holds_and_earns_as_its_rule_says():
    keeping = make_giving(make_badge("web_orders >= 2 and spent >= 25.50 and two_a_month >= 1"))
    buy(keeping, "a", "b")
    assert held(keeping) == []
    buy(keeping, "c", amount="5.50")
    assert held(keeping) == ["regular", "third"]
    cancel(keeping, "a")
    assert held(keeping) == []
    buy(keeping, "d", "e")
    assert held(keeping) == ["regular", "third"]

    earned, gone = "badge.earned", "badge.withdrawn"
    assert sorted(told(keeping)[:2]) == [(earned, "regular"), (earned, "third")]
    assert sorted(told(keeping)[2:4]) == [(gone, "regular"), (gone, "third")]
    assert len(told(keeping)) == 6
    assert keeping.story.available("ada") == 7 + 50, "the badge, and the challenge of this month"


def test_a_goal_that_stands_in_several_periods_counts_as_often():
    keeping = make_giving(make_badge("two_a_month >= 2"))
    buy(keeping, "a", "b")
    buy(keeping, "c", "d", day=31)
    assert "regular" in held(keeping)
    cancel(keeping, "b")
    assert "regular" not in held(keeping)


def test_badges_are_listed_with_what_members_read_of_them():
    keeping = make_giving(make_badge("spent >= 1"), make_badge(None, "third"))
    buy(keeping, "a", "b", "c")
    with in_organisation(keeping.organisation):
        declared = badges_declared(keeping.organisation)
        own = badges_of(keeping.organisation, keeping.member_of("ada"))
    assert [(programme, part.key, part.when) for programme, part in declared] == [
        ("main", "regular", "spent >= 1"),
        ("main", "third", None),
    ]
    assert {(one.name, one.kind.value, one.key) for one in own} == {
        ("Regular", "badge", "regular"),
        ("Third", "achievement", "web-orders"),
    }


def test_badges_of_many_members_are_looked_at_together():
    keeping = make_giving(make_badge("spent >= 1"))
    keeping.story.send(*(purchase(f"m{number}", "10", id=f"p{number}") for number in range(40)))
    with CaptureQueriesContext(connection) as asked:
        keeping.follow()
    assert len(asked) < 70
    assert keeping.story.available("m39") == 7


@settings(max_examples=6)
@given(
    bought=st.lists(st.integers(1, 40), min_size=1, max_size=6),
    undone=st.sets(st.integers(0, 5)),
    order=st.randoms(use_true_random=False),
)
def test_purchases_and_corrections_in_any_order_leave_badges_as_if_the_corrected_had_never_been(
    bought, undone, order
):
    badge = make_badge("web_orders >= 2 and spent > 30")
    disturbed, plain = make_giving(badge), make_giving(badge)
    events = [purchase("ada", str(amount), id=f"p{n}", channel="web") for n, amount in enumerate(bought)]
    gone = {f"p{n}" for n in undone if n < len(bought)}
    arriving = [*events, *(make_event("purchase.cancelled", None, {}, corrects=id) for id in sorted(gone))]
    order.shuffle(arriving)
    for event in arriving:
        disturbed.story.send(event)
        disturbed.follow()
    disturbed.story.send(purchase("ada", "1", id="last", channel="web"))
    plain.story.send(
        *(event for event in events if event.id not in gone), purchase("ada", "1", id="last", channel="web")
    )
    disturbed.follow()
    plain.follow()

    assert held(disturbed) == held(plain)
    assert disturbed.story.available("ada") == plain.story.available("ada")
