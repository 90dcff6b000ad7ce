"""Tiers, segments, offers and competitions of the shipped points programme, figure by figure."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.take_in import take_in
from plaudit.foundation import clock
from plaudit.foundation.jobs import run_due
from plaudit.foundation.models import News
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.verification.verify import verify
from plaudit.surfaces.cli.tests.calling import call
from plaudit.targeting.models import Drawn
from tests.journeys.shop import Shop, open_shop
from tests.journeys.ways import only_in_every_way

pytestmark = only_in_every_way


@pytest.fixture
def shop() -> Shop:
    """The shop on its first day."""
    return open_shop()


def status(shop: Shop, who: str) -> tuple[str | None, int, str | None, int | None, int | None]:
    """Somebody's level, what counts, the day it goes, what keeps it, and what the next one takes."""
    run_due(shop.organisation.id)
    (found,) = [one for one in shop.asks(f"member tiers shop:{who}") if one["ladder"] == "status"]
    return found["level"], found["amount"], found["goes_on"], found["keep"], found["missing"]


def test_gold_is_climbed_lost_to_a_refund_and_silver_kept_to_the_end_of_the_next_year(shop: Shop):
    with shop.on("2026-03-02"):
        assert shop.buys("gia", "600.00") == {"purchases": 600, "double-over-100": 600}
        assert status(shop, "gia") == ("silver", 1200, "2028-01-01", 1000, 1800)
    with shop.on("2026-05-04"):
        shop.buys("gia", "900.00", key="sofa")
        assert status(shop, "gia") == ("gold", 3000, "2028-01-01", 3000, None)
        assert shop.buys("gia", "21.00") == {"purchases": 21, "more-for-gold": 10}
    with shop.on("2026-05-11"):
        shop.refunds("sofa", "100.00")
        assert status(shop, "gia") == ("silver", 2831, "2028-01-01", 1000, 169)
        assert shop.buys("gia", "21.00") == {"purchases": 21}
    with shop.on("2027-06-01"):
        shop.buys("gia", "500.00")
        assert status(shop, "gia") == ("silver", 1000, "2029-01-01", 1000, 2000)
    with shop.on("2028-12-31"):
        assert status(shop, "gia") == ("silver", 0, "2029-01-01", 1000, 3000)
    with shop.on("2029-01-01"):
        assert status(shop, "gia") == (None, 0, None, None, 1000)
        assert [one["because"] for one in told(shop, "tier.left")] == ["activity", "time"]
        (warned,) = [one for one in told(shop, "tier.will_leave") if one["falls_on"] == "2029-01-01"]
        assert warned["falls_to"] == ""
        assert verify(shop.organisation.id).holds


def told(shop: Shop, topic: str) -> list[dict[str, object]]:
    with in_organisation(shop.organisation.id):
        rows = News.objects.filter(organisation_id=shop.organisation.id, topic=topic).order_by("id")
        return [dict(row.payload) for row in rows]


def test_whoever_was_missed_gets_double_points_once_and_why_can_be_read(shop: Shop):
    with shop.on("2026-01-05"):
        assert shop.buys("noa", "20.00") == {"purchases": 20}
    with shop.on("2026-04-04"):
        assert shop.asks("segment show inactive")["members"] == 0  # 89 days
    with shop.on("2026-04-05"):
        assert shop.asks("member show shop:noa")["segments"] == ["inactive"]
        why = shop.asks("member because shop:noa segment:points-rewards/inactive")
        assert why["sentence"] == (
            "In Customers we miss since 5 April 2026: it is for members for whom last is at least 90."
        )
        assert why["sums"] == ["90 >= 90: true"]
        assert shop.buys("noa", "20.00") == {"purchases": 20, "welcome-back": 20}
        run_due(shop.organisation.id)
        assert shop.buys("noa", "20.00") == {"purchases": 20}
        assert {"occasional", "inactive"} & set(shop.asks("member show shop:noa")["segments"]) == {
            "occasional"
        }


def test_segments_tell_frequent_from_occasional_customers_and_find_the_champions(shop: Shop):
    with shop.on("2026-03-02"):
        for name, times in (("a", 5), ("b", 4), ("c", 3), ("d", 2), ("e", 1)):
            for _ in range(times):
                shop.buys(name, "10.00")
    with shop.on("2026-03-03"):
        found = {one["key"]: one["members"] for one in shop.asks("segment list")}
    assert found == {"frequent": 2, "occasional": 3, "inactive": 0, "champions": 2, "at-risk": 0}


def test_an_offer_is_drawn_taken_and_measured_against_those_who_got_nothing(shop: Shop):
    names = [f"c{number}" for number in range(60)]
    with shop.on("2026-09-15"):
        _everybody_buys(shop, names)
    with shop.on("2026-10-01"):
        groups = _drawn(shop)
        made = [name for name in names if not groups[shop.member(name)]]
        kept_back = [name for name in names if groups[shop.member(name)]]
        assert (len(groups), len(made) + len(kept_back)) == (60, 60)
        for name in made[:2]:
            assert call("offer", "accept", "autumn", f"shop:{name}", org=shop.organisation.slug).code == 0
        refused = call("offer", "accept", "autumn", f"shop:{kept_back[0]}", org=shop.organisation.slug)
        assert (refused.code, "was not made to this member" in refused.talk) == (6, True)
    with shop.on("2026-10-02"):
        assert shop.buys(made[0], "60.00") == {"purchases": 60, "double-in-autumn": 60}
        assert shop.buys(made[2], "60.00") == {"purchases": 60}
        assert shop.buys(kept_back[0], "60.00") == {"purchases": 60}
        run_due(shop.organisation.id)
        found = shop.asks("offer show autumn")
        assert (found["made_to"], found["accepted"], found["kept_back"]) == (len(made), 2, len(kept_back))
        assert found["reached_the_goal"].startswith(f"2 of {len(made)} ")
        assert found["without_it"].startswith(f"1 of {len(kept_back)} ")
        assert found["is_clear"] is False
        why = shop.asks(f"member because shop:{made[0]} offer:points-rewards/autumn")
        assert why["facts"]["What it gives"] == "Double points in autumn"
    with shop.on("2026-11-01"):
        assert shop.buys(made[0], "20.00") == {"purchases": 20}
        over = call("offer", "accept", "autumn", f"shop:{made[1]}", org=shop.organisation.slug)
        assert over.code == 5


def _everybody_buys(shop: Shop, names: list[str]) -> None:
    take_in(
        shop.organisation.id,
        [
            IncomingEvent(
                "shop", f"first-{name}", "purchase", name, None, clock.now(), {"amount": Decimal(5)}
            )
            for name in names
        ],
    )


def _drawn(shop: Shop) -> dict[object, bool]:
    with in_organisation(shop.organisation.id):
        rows = Drawn.objects.filter(organisation_id=shop.organisation.id)
        return dict(rows.values_list("member_id", "is_control"))


def test_the_first_three_at_the_market_win_and_their_prizes_stand(shop: Shop):
    at_the_market = {"place": "market"}
    with shop.on("2026-05-04"):
        for name, amount in (("ana", "90.00"), ("ben", "80.00"), ("cem", "50.00"), ("dia", "40.00")):
            shop.buys(name, amount, key=name, **at_the_market)
        shop.buys("eli", "99.00", place="web")
    with shop.on("2026-07-02"):
        shop.refunds("ben", "35.00")  # two days after the quarter's end it still counts
        assert shop.has("ana") == (90, 0)
    with shop.on("2026-07-04"):
        assert {name: shop.has(name)[0] for name in ("ana", "ben", "cem", "dia", "eli")} == {
            "ana": 590,  # 90 and 500
            "ben": 245,  # 45 and 200
            "cem": 350,  # 50 and 300
            "dia": 40,
            "eli": 99,
        }
        shop.refunds("ana", "90.00")
        assert shop.has("ana") == (500, 0)
        assert verify(shop.organisation.id).holds
