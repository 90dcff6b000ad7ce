"""By when a case is answered, and for how long a claim can be made."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from plaudit.cases.refusals import ClaimTooLate, NotHappenedYet
from plaudit.cases.rules import CLAIM_DAYS, answered_by, require_claimable

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "asked, answered",
    [(0, 3), (1, 4), (2, 7), (3, 8), (4, 9), (5, 9), (6, 9)],
    ids=["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
)
def test_an_answer_takes_three_working_days(asked: int, answered: int):
    assert answered_by(MONDAY + timedelta(days=asked)) == MONDAY + timedelta(days=answered)


def test_a_claim_can_be_made_on_the_day_and_for_thirty_days_after():
    for age in (0, CLAIM_DAYS):
        require_claimable(MONDAY - timedelta(days=age), today=MONDAY)
    with pytest.raises(ClaimTooLate, match="for 30 days"):
        require_claimable(MONDAY - timedelta(days=CLAIM_DAYS + 1), today=MONDAY)
    with pytest.raises(NotHappenedYet):
        require_claimable(MONDAY + timedelta(days=1), today=MONDAY)
