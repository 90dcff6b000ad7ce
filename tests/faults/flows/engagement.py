"""What keeps people going: published, followed, corrected, and brought about by time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from plaudit.earning.definitions import Every
from plaudit.earning.tests.factories import NOON, make_event, make_rule
from plaudit.engagement.actions import challenges, competing, progressing, reaching, streaks, weighing
from plaudit.engagement.actions.follow_on import follow_on, take_page
from plaudit.engagement.actions.publish_engagement import (
    publish_engagement,
    reinstate_engagement,
    withdraw_engagement,
)
from plaudit.engagement.definitions import Definition
from plaudit.engagement.tests.factories import (
    Keeping,
    make_challenge,
    make_competition,
    make_daily,
    make_keeping,
    make_streak,
)
from tests.faults.trial import Flow, Prepared

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
)


def _started() -> Keeping:
    keeping = make_daily(
        make_challenge(2), make_streak(1, multiply=Decimal(2), members_midnight=True), make_competition()
    )
    keeping.story.buy("ada", "1", id="a")
    keeping.story.buy("ada", "1", id="b")
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


FLOWS = [
    Flow("decide a competition", _deciding, (competing.decide_rounds,)),
    Flow("publish what is asked", _publishing, (publish_engagement,)),
    Flow("ask nothing any more", _withdrawing, (withdraw_engagement,)),
    Flow("ask again", _reinstating, (reinstate_engagement,)),
    Flow("follow the book", _following, _FOLLOWING),
    Flow("follow a correction", _following_a_correction, _FOLLOWING),
]
