"""Redeeming on a page: checked before, done once, cancelled until it is on its way, and only one's own."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from plaudit.foundation import ids
from plaudit.foundation.models import Audit
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.tests.factories import PROGRAMME, make_shop
from plaudit.ledger.balances import balances
from plaudit.planning.actions.apply import apply
from plaudit.rewards.actions.redeem import redeem
from plaudit.rewards.actions.settle import fulfil
from plaudit.rewards.models import Redemption
from plaudit.rewards.queries import CODE_SHOWN
from plaudit.surfaces.portal.tests.visiting import Visit, begin_visit, signed_in


@pytest.fixture
def visit():
    visit = begin_visit()
    visit.shop.buys("300.00")
    return visit


def _hidden(page: str) -> dict[str, str]:
    """What the form on a page carries unseen."""
    return dict(re.findall(r'<input type="hidden" name="(key|price)" value="([^"]+)"', page))


def _available(visit: Visit) -> int:
    with in_organisation(visit.shop.id):
        return sum(one.available for one in balances(visit.shop.id, visit.shop.mina.id))


def _redemptions(visit: Visit) -> list[Redemption]:
    with in_organisation(visit.shop.id):
        return list(Redemption.objects.filter(organisation_id=visit.shop.id).order_by("id"))


def _showings(organisation_id: int) -> list[str]:
    """Whose codes were shown, as the audit trail has it."""
    with in_organisation(organisation_id):
        noted = Audit.objects.filter(organisation_id=organisation_id, act=CODE_SHOWN)
        return list(noted.values_list("subject", flat=True))


def test_a_reward_is_redeemed_in_four_steps_and_says_what_comes_next(visit):
    coffee = visit.shop.reward_id("coffee")
    assert f'href="/rewards/{coffee}"' in visit.page("/rewards")
    assert f'href="/rewards/{coffee}/redeem"' in visit.page(f"/rewards/{coffee}")
    check = visit.page(f"/rewards/{coffee}/redeem")
    assert "400\u00a0points" in check  # what is left of 450

    answer = visit.client.post(f"/rewards/{coffee}/redeem/now", _hidden(check))
    page = visit.page(answer["Location"])

    assert "A coffee is yours" in page
    assert "Your reference" in page
    assert "Next: the people who run the programme get in touch with you." in page
    assert _available(visit) == 400


def test_the_same_form_sent_twice_redeems_once(visit):
    coffee = visit.shop.reward_id("coffee")
    form = _hidden(visit.page(f"/rewards/{coffee}/redeem"))
    answers = [visit.client.post(f"/rewards/{coffee}/redeem/now", form) for _ in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert len(_redemptions(visit)) == 1
    assert _available(visit) == 400


def test_a_reward_beyond_reach_says_how_far_it_is_and_takes_nothing(visit):
    trip = visit.shop.reward_id("trip")
    page = visit.page(f"/rewards/{trip}")
    assert "4,550 more for A trip to the sea" in page
    assert "/redeem" not in page

    answer = visit.client.post(f"/rewards/{trip}/redeem/now", {"key": str(uuid4()), "price": "5000"})

    assert answer.status_code == 409
    assert "You need 4,550 points more for this." in answer.content.decode()
    assert _available(visit) == 450


def test_the_last_one_gone_is_told_before_points_move(visit):
    mug = visit.shop.reward_id("mug")
    form = _hidden(visit.page(f"/rewards/{mug}/redeem"))
    redeem(visit.shop.id, member_id=visit.shop.mina.id, reward_id=mug, key="other", actor="usr_0")
    before = _available(visit)
    answer = visit.client.post(f"/rewards/{mug}/redeem/now", form)

    assert answer.status_code == 409
    assert "The last mug is sold out." in answer.content.decode()
    assert "Nothing was taken from your balance." in answer.content.decode()
    assert _available(visit) == before


def test_a_price_that_changed_since_is_asked_again(visit):
    coffee = visit.shop.reward_id("coffee")
    form = _hidden(visit.page(f"/rewards/{coffee}/redeem"))
    dearer = PROGRAMME.replace("A coffee, price: 50 points", "A coffee, price: 60 points")
    apply(visit.shop.id, dearer, actor=visit.shop.manager_ref, reason="Beans")
    answer = visit.client.post(f"/rewards/{coffee}/redeem/now", form)

    assert answer.status_code == 409
    assert "costs 60" in answer.content.decode()
    assert _hidden(answer.content.decode())["price"] == "60"
    assert _available(visit) == 450


def test_a_code_is_shown_in_place_on_a_page_and_to_nobody_else(visit):
    voucher = visit.shop.reward_id("voucher")
    form = _hidden(visit.page(f"/rewards/{voucher}/redeem"))
    done = visit.client.post(f"/rewards/{voucher}/redeem/now", form)["Location"]
    where = done.partition("?")[0]

    assert "HBR-0" in visit.page(done)
    assert "HBR-" not in visit.page(where)

    assert "HBR-" not in visit.page("/redemptions")
    assert "HBR-0" in visit.page(f"{where}/code")
    in_place = visit.client.get(f"{where}/code", headers={"HX-Request": "true"}).content.decode()
    assert "HBR-0" in in_place
    assert "<html" not in in_place

    other = make_shop()
    stranger = signed_in(other, other.mina_signs_in.id)
    assert [stranger.get(f"{where}{end}").status_code for end in ("", "/code", "/cancel")] == [404] * 3
    assert stranger.post(f"{where}/cancel/now").status_code == 404

    (mine,) = _redemptions(visit)
    assert _showings(visit.shop.id) == [ids.show("rdm", mine.id)] * 3
    assert _showings(other.id) == []


def test_a_reward_is_cancelled_until_it_is_on_its_way(visit):
    coffee = visit.shop.reward_id("coffee")
    places = []
    for _ in range(2):
        form = _hidden(visit.page(f"/rewards/{coffee}/redeem"))
        answer = visit.client.post(f"/rewards/{coffee}/redeem/now", form)
        places.append(answer["Location"].partition("?")[0])
    fulfil(visit.shop.id, _redemptions(visit)[1].id, actor=visit.shop.manager_ref)

    assert "50\u00a0points come back to you" in visit.page(f"{places[0]}/cancel")
    visit.client.post(f"{places[0]}/cancel/now")
    assert "A coffee is cancelled. 50 points are yours again." in visit.page(places[0])

    too_late = visit.client.post(f"{places[1]}/cancel/now")
    assert too_late.status_code == 409
    assert "This redemption is already fulfilled." in too_late.content.decode()
    assert _available(visit) == 400


def test_a_form_that_was_not_ours_redeems_nothing(visit):
    coffee = visit.shop.reward_id("coffee")
    answers = [
        visit.client.post(f"/rewards/{coffee}/redeem/now", form)
        for form in (
            {},
            {"key": "k", "price": "50"},
            {"key": str(uuid4())},
            {"key": str(uuid4()), "price": "1"},
        )
    ]

    assert [one.status_code for one in answers] == [404, 404, 409, 409]
    assert _redemptions(visit) == []


WITH_MORE = (
    PROGRAMME
    + """  card:
    name: Gift certificate
    ladder: [100 points for 1 GBP, 200 points for 3 GBP]
    terms: Good for a year.
  jacket: {name: Jacket, price: 100 points, money: 20 GBP, kind: physical, address: true}
"""
)


def test_a_step_is_chosen_on_the_page_of_its_reward(visit):
    apply(visit.shop.id, WITH_MORE, actor="usr_0")
    card = visit.shop.reward_id("card")
    page = visit.page(f"/rewards/{card}")
    assert f'href="/rewards/{card}/redeem?price=200"' in page
    assert "Good for a year." in page
    check = visit.page(f"/rewards/{card}/redeem", price="200")
    assert _hidden(check)["price"] == "200"
    visit.client.post(f"/rewards/{card}/redeem/now", _hidden(check))
    assert [one.points for one in _redemptions(visit)] == [200]


def test_an_address_is_asked_for_where_something_is_sent(visit):
    apply(visit.shop.id, WITH_MORE, actor="usr_0")
    jacket = visit.shop.reward_id("jacket")
    form = _hidden(visit.page(f"/rewards/{jacket}/redeem"))
    refused = visit.client.post(f"/rewards/{jacket}/redeem/now", form)
    assert (refused.status_code, _redemptions(visit)) == (422, [])
    done = visit.client.post(f"/rewards/{jacket}/redeem/now", {**form, "address": "1 High Street"})
    assert "Next: you pay what it costs beside the points." in visit.page(done["Location"])
