"""What a member questions or claims: opened from the why, answered by a day, read by nobody else."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

from django.test import Client

from plaudit.cases.actions.answering import answer
from plaudit.cases.correcting import Points
from plaudit.cases.queries import case, today
from plaudit.foundation import ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.tests.factories import Shop, make_shop
from plaudit.ledger.places import Kind
from plaudit.people.tests.factories import make_member, make_user
from plaudit.surfaces.portal.tests.visiting import signed_in


def at_home(shop: Shop) -> Client:
    return signed_in(shop, shop.mina_signs_in.id)


def text_of(response) -> str:
    return unescape(response.content.decode())


def key_in(response) -> str:
    found = re.search(r'name="key" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def asks(shop: Shop, browser: Client, about: str, words: str = "I spent more.") -> str:
    """Question something; the address of the case."""
    form = browser.get("/cases/new", {"about": about})
    sent = browser.post("/cases/new/send", {"about": about, "words": words, "key": key_in(form)})
    assert sent.status_code == 302, text_of(sent)
    return sent["Location"].partition("?")[0]


def settles(shop: Shop, address: str, *, words: str = "You are right.", points: int = 40) -> None:
    with in_organisation(shop.id):
        found = case(shop.id, address.rpartition("/")[2])
    answer(
        shop.id,
        found.id,
        words=words,
        actor=shop.manager_ref,
        key=address,
        correction=Points("points", points),
    )


def test_every_why_leads_to_a_question_with_the_day_of_its_answer():
    shop = make_shop()
    shop.buys("48.20")
    mina = at_home(shop)
    line = shop.newest(Kind.ACCRUAL).reference

    why = text_of(mina.get(f"/activity/{line}"))
    assert f'href="/cases/new?about={line}"' in why
    assert "Answered by" in why
    address = asks(shop, mina, line)

    page = text_of(mina.get(address))
    assert "48 points: You spent 48.20 with us." in page
    assert "I spent more." in page
    assert address in text_of(mina.get("/cases"))
    again = mina.get("/cases/new", {"about": line})
    assert (again.status_code, again["Location"]) == (302, address)


def test_a_zero_is_questioned_as_well():
    shop = make_shop()
    event_id = shop.happens("purchase", {"amount": 20, "gift_card": True})
    mina = at_home(shop)

    address = asks(shop, mina, ids.show("act", event_id))

    assert "earned" in text_of(mina.get(address))


def test_the_answer_its_correction_and_the_why_of_it_are_there():
    shop = make_shop()
    shop.buys("48.20")
    mina = at_home(shop)
    address = asks(shop, mina, shop.newest(Kind.ACCRUAL).reference)

    settles(shop, address)

    page = text_of(mina.get(address))
    assert "You are right." in page
    assert "Settled" in page
    assert f'href="/activity/{shop.newest(Kind.ADJUSTMENT).reference}"' in page
    assert mina.post(f"{address}/reply", {"words": "Thanks", "key": "k"}).status_code == 409


def test_more_can_be_said_and_what_needs_no_answer_is_withdrawn():
    shop = make_shop()
    mina = at_home(shop)
    address = asks(shop, mina, "")

    assert mina.post(f"{address}/reply", {"words": "And also.", "key": "k"}).status_code == 302
    assert "And also." in text_of(mina.get(address))
    empty = mina.post(f"{address}/reply", {"words": " ", "key": "l"})
    assert (empty.status_code, "There are no words in it." in text_of(empty)) == (422, True)
    for _ in range(2):
        assert mina.post(f"{address}/withdraw").status_code == 302
    assert "Withdrawn" in text_of(mina.get(address))


def test_something_missing_is_claimed_within_its_time():
    shop = make_shop()
    mina = at_home(shop)
    form = mina.get("/activity/missing")
    assert "until 30 days after" in text_of(form)
    with in_organisation(shop.id):
        day = today(shop.id)
    claim = {"activity": "purchase", "proof": "Order 4711", "words": "", "key": key_in(form)}

    late = mina.post("/activity/missing/send", {**claim, "happened_on": day - timedelta(days=31)})
    empty = mina.post("/activity/missing/send", {**claim, "proof": "", "happened_on": day})
    sent = mina.post("/activity/missing/send", {**claim, "happened_on": day - timedelta(days=30)})

    assert late.status_code == empty.status_code == 422
    assert "can be claimed for 30 days" in text_of(late)
    assert "Enter a number or a name that can be looked up." in text_of(empty)
    assert sent.status_code == 302
    assert "Order 4711" in text_of(mina.get(sent["Location"]))
    assert "Purchase" in text_of(mina.get("/activity/missing"))
    assert "Refund" not in text_of(form)


def test_nobody_questions_reads_or_answers_what_is_anothers():
    shop = make_shop()
    shop.buys("48.20")
    line = shop.newest(Kind.ACCRUAL).reference
    address = asks(shop, at_home(shop), line)
    ben = make_member(shop.id, name="Ben")
    other = signed_in(shop, make_user(shop.id, roles=["member"], member=ben).id)

    assert other.get("/cases/new", {"about": line}).status_code == 404
    assert other.post("/cases/new/send", {"about": line, "words": "Mine?", "key": "k"}).status_code == 404
    assert other.get(address).status_code == 404
    assert other.post(f"{address}/reply", {"words": "Mine?", "key": "k"}).status_code == 404
    assert other.post(f"{address}/withdraw").status_code == 404
