"""What keeps people going: published, followed, corrected, and brought about by time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from plaudit.earning.definitions import Every
from plaudit.earning.tests.factories import NOON, make_event, make_rule
from plaudit.engagement.actions import (
    badges,
    challenges,
    competing,
    joining,
    progressing,
    reaching,
    rounding,
    streaks,
    weighing,
)
from plaudit.engagement.actions.birthdays import celebrate
from plaudit.engagement.actions.follow_on import follow_on, settle_weighed, take_page
from plaudit.engagement.actions.publish_engagement import (
    publish_engagement,
    reinstate_engagement,
    withdraw_engagement,
)
from plaudit.engagement.actions.referrals import positions_in_referrals
from plaudit.engagement.actions.referring import enrol_friend, give_code, redeem_code
from plaudit.engagement.definitions import Definition, Kind, Part
from plaudit.engagement.tests.factories import (
    Keeping,
    Referring,
    make_celebrating,
    make_challenge,
    make_competition,
    make_daily,
    make_keeping,
    make_referring,
    make_streak,
)
from plaudit.foundation import clock
from plaudit.people.actions.merging import merge_identities
from plaudit.people.tests.factories import ACTOR
from tests.faults.trial import Flow, Prepared, by_key

_FOLLOWING = (
    follow_on,
    take_page,
    weighing.weigh,
    weighing.left_of,
    weighing.write_contributions,
    progressing.progress,
    reaching.settle_positions,
    challenges.positions_in_challenge,
    streaks.positions_in_streak,
    competing.tally,
    competing.ends_at,
    badges.settle_badges,
    rounding.positions_in_rounding,
)


def _started() -> Keeping:
    keeping = make_daily(
        make_challenge(2),
        make_streak(1, multiply=Decimal(2), members_midnight=True),
        make_competition(),
        Part(Kind.ACHIEVEMENT, "bought", "Bought", "purchase"),
        Part(Kind.BADGE, "two", "Two", when="bought >= 2"),
        Part(Kind.ROUNDING, "purchases", "Purchases", "purchase", sum="amount", exact=2),
        Part(Kind.ROUNDED, "purchases", "Purchases", "purchase", sum="floor(amount)"),
    )
    keeping.story.buy("ada", "1.50", id="a")
    keeping.story.buy("ada", "1.50", id="b")
    return keeping


def _publishing() -> Prepared:
    at = make_keeping().organisation
    return at, lambda: publish_engagement(at, Definition("main", "UTC", (make_challenge(2),)))


def _withdrawing() -> Prepared:
    at = make_keeping(make_challenge(2)).organisation
    return at, lambda: withdraw_engagement(at, "main")


def _reinstating() -> Prepared:
    at = make_keeping(make_challenge(2)).organisation
    withdraw_engagement(at, "main")
    return at, lambda: reinstate_engagement(at, "main")


def _following() -> Prepared:
    at = _started().organisation
    return at, lambda: follow_on(at)


def _following_a_correction() -> Prepared:
    keeping = _started()
    keeping.follow()
    keeping.story.send(make_event("purchase.cancelled", None, {}, corrects="b"))
    at = keeping.organisation
    return at, lambda: follow_on(at)


def _deciding() -> Prepared:
    """Purchases are of March 2026, and the flows run on 3 March: a lasting competition that ended that morning."""
    over = make_competition(every=Every.LIFETIME, ends_at=NOON + timedelta(hours=1))
    prize = make_rule("prize", on="competition.won", earn="10")
    keeping = make_keeping(over, rules=(prize,))
    keeping.story.buy("ada", "1", id="a")
    keeping.follow()
    at = keeping.organisation
    return at, lambda: competing.decide_rounds(at)


def _joining() -> Prepared:
    keeping = _started()
    keeping.story.buy("bob", "1.50", id="c")
    keeping.follow()
    ada, bob = keeping.member("ada"), keeping.member("bob")
    merge_identities(keeping.organisation, survivor_id=ada, absorbed_id=bob, reason="One", actor=ACTOR)
    at = keeping.organisation
    return at, lambda: follow_on(at)


def _referring() -> tuple[Referring, str]:
    referring = make_referring()
    return referring, referring.code_of(referring.enrols("ada"))


def _giving_a_code() -> Prepared:
    referring = make_referring()
    at, ada = referring.organisation, referring.enrols("ada")
    return at, lambda: referring.code_of(ada, device="phone")


def _redeeming() -> Prepared:
    referring, code = _referring()
    bob = referring.enrols("bob", email="bob@example.com")
    return referring.organisation, lambda: referring.joins(bob, code, device="phone")


def _enrolling_a_friend() -> Prepared:
    referring, code = _referring()
    at = referring.organisation
    bob: list[tuple[str, str]] = [("till", "bob")]
    return at, by_key(
        at,
        lambda: enrol_friend(at, code=code, kind="customer", name="Bob", external_ids=bob, actor=ACTOR),
    )


def _qualifying() -> Prepared:
    referring, code = _referring()
    referring.joins(referring.enrols("bob"), code)
    referring.story.buy("bob", "30", at=clock.now(), id="a")
    at = referring.organisation
    return at, lambda: follow_on(at)


def _celebrating() -> Prepared:
    celebrating = make_celebrating()
    celebrating.born("Ada", "1990-03-03")
    celebrating.born("Bob", "1990-03-03")
    at = celebrating.organisation
    return at, lambda: celebrate(at)


FLOWS = [
    Flow("celebrate birthdays", _celebrating, (celebrate,)),
    Flow("give a referral code", _giving_a_code, (give_code,)),
    Flow("join with a code", _redeeming, (redeem_code,)),
    Flow("enrol a friend", _enrolling_a_friend, (enrol_friend,)),
    Flow("qualify a referral", _qualifying, (follow_on, positions_in_referrals)),
    Flow("decide a competition", _deciding, (competing.decide_rounds,)),
    Flow("publish what is asked", _publishing, (publish_engagement,)),
    Flow("ask nothing any more", _withdrawing, (withdraw_engagement,)),
    Flow("ask again", _reinstating, (reinstate_engagement,)),
    Flow("follow the book", _following, _FOLLOWING),
    Flow("join the progress of two", _joining, (follow_on, joining.join_progress, settle_weighed)),
    Flow("follow a correction", _following_a_correction, _FOLLOWING),
]
