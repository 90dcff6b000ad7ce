"""Sums by month are the same whichever periods are sealed, and each member counts once in a month."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.seal import seal
from plaudit.ledger.models import Transfer, Wallet
from plaudit.ledger.months import Month, months
from plaudit.ledger.places import Place
from plaudit.ledger.tests.factories import ACTOR, day, earn, give, make_books, on_day
from plaudit.ledger.verification.verify import verify
from plaudit.people.tests.factories import make_member

PARIS = "Europe/Paris"
_GIVEN_OUT = {Place.ISSUED, Place.ADJUSTED}


def asked(organisation_id: int, *, first: str = "2025-01", time_zone: str = PARIS) -> list[Month]:
    with in_organisation(organisation_id):
        return months(organisation_id, first=first, time_zone=time_zone)


def added_up(organisation_id: int, *, time_zone: str = PARIS) -> list[Month]:
    """What the rows say, one by one."""
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    granted: dict[tuple[int, str], set[int]] = defaultdict(set)
    with in_organisation(organisation_id):
        units = dict(Wallet.objects.values_list("id", "unit_id"))
        for one in Transfer.objects.all():
            at = (units[one.wallet_id], one.occurred_at.astimezone(ZoneInfo(time_zone)).strftime("%Y-%m"))
            for turn, places in enumerate((_GIVEN_OUT, {Place.REDEEMED}, {Place.EXPIRED})):
                into, out_of = one.target in places, one.source in places
                sums[at][turn] += one.amount * (out_of - into) * (1 if turn == 0 else -1)
            if one.source == Place.ISSUED:
                granted[at].add(one.wallet_id)
    return [
        Month(*at, issued, redeemed, expired, len(granted[at]))
        for at, (issued, redeemed, expired) in sorted(sums.items())
    ]


steps = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(-40, 90), st.integers(0, 70), st.booleans()
    ),  # who, how much, so many days before, and whether all is sealed after it
    max_size=12,
)


@given(steps)
@settings(max_examples=15)
def test_sums_by_month_are_what_the_rows_add_up_to_whatever_is_sealed(steps):
    organisation_id, ada = make_books(may_owe=True, time_zone=PARIS)
    members = [ada, make_member(organisation_id).id, make_member(organisation_id).id]
    for number, (who, amount, before, sealed) in enumerate(steps, 60):
        with on_day(number):
            if amount > 0:
                moment = clock.now() - timedelta(days=before)
                earn(organisation_id, members[who], amount, occurred_at=moment)
            elif amount < 0:
                give(organisation_id, members[who], amount)
            if sealed:
                seal(organisation_id, actor=ACTOR)

    assert asked(organisation_id) == added_up(organisation_id)


def test_a_member_granted_points_before_and_after_a_seal_counts_once_in_the_month():
    organisation_id, ada = make_books(time_zone=PARIS)
    with on_day(3):
        earn(organisation_id, ada, 5)
    with on_day(4):
        seal(organisation_id, actor=ACTOR)
    with on_day(5):
        earn(organisation_id, ada, 7)

    (month,) = asked(organisation_id)
    assert (month.month, month.issued, month.members) == ("2026-01", 12, 1)
    with on_day(6):
        seal(organisation_id, actor=ACTOR)
        assert verify(organisation_id).broken() == []
    assert asked(organisation_id) == [month]
    assert asked(organisation_id, first="2026-02") == []


def test_in_another_time_zone_than_it_was_sealed_in_a_month_is_counted_anew():
    organisation_id, ada = make_books(time_zone=PARIS)
    with on_day(40):
        earn(organisation_id, ada, 5, occurred_at=day(31, hour=23))
    with on_day(41):
        seal(organisation_id, actor=ACTOR)

    assert [one.month for one in asked(organisation_id)] == ["2026-02"]
    assert [one.month for one in asked(organisation_id, time_zone="UTC")] == ["2026-01"]
