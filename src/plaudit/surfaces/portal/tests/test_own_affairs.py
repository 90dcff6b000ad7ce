"""A member's own affairs: their membership and its fees, their data, and what reaches them."""

from __future__ import annotations

import json
import re

import pytest
from django.core import mail
from django.test import override_settings

from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.rules.letters import CATEGORIES
from plaudit.people.choices import choices_of
from plaudit.people.models import Member
from plaudit.surfaces.portal.tests.going import Going, begin_going
from plaudit.surfaces.portal.tests.test_going import sound
from plaudit.surfaces.portal.tests.visiting import begin_visit


@pytest.fixture
def going() -> Going:
    return begin_going()


def reference(page: str, prefix: str) -> str:
    found = re.search(rf"{prefix}_[0-9a-z]{{26}}", page)
    assert found is not None, page
    return found[0]


def test_a_membership_shows_its_level_term_fees_and_what_it_entitles_to(going):
    going.joins(paid=True)
    page = going.page("/membership")

    for words in ("Friend", "Paid through", "£30.00", "Workshops", "20% off", "One year"):
        assert words in page
    sound(page)


def test_a_membership_is_renewed_once_and_its_invoice_can_be_cancelled(going):
    going.joins(paid=True)
    membership = reference(going.page("/membership"), "mbs")
    check = going.page(f"/membership/{membership}/renew")
    sound(check)
    assert "£30.00" in check

    key = check.partition('name="key" value="')[2].partition('"')[0]
    invoice = going.post(f"/membership/{membership}/renew/now", term="one-year", key=key)
    again = going.post(f"/membership/{membership}/renew/now", term="one-year", key=key)
    assert "To be paid" in invoice
    assert reference(again, "inv") == reference(invoice, "inv")
    sound(invoice)
    assert going.client.post(f"/membership/{membership}/renew/now", {"key": "other"}).status_code == 409

    number = reference(invoice, "inv")
    sound(going.page(f"/invoices/{number}/cancel"))
    assert "Cancelled. What was paid is paid back." in going.post(f"/invoices/{number}/cancel/now")
    assert "This can be cancelled no longer." in going.page(f"/invoices/{number}/cancel")


def test_somebody_who_never_joined_is_told_how(going):
    page = going.page("/membership")

    assert "You have no membership" in page
    sound(page)


def test_nobody_sees_the_membership_or_the_invoice_of_somebody_else(going):
    going.joins(paid=False)
    page = going.page("/membership")
    stranger = begin_going()

    for path in (
        f"/membership/{reference(page, 'mbs')}/renew",
        f"/invoices/{reference(page, 'inv')}",
        f"/invoices/{reference(page, 'inv')}/cancel",
    ):
        assert (going.client.get(path).status_code, stranger.client.get(path).status_code) == (200, 404)


def test_a_copy_of_ones_data_holds_everything_and_nobody_elses(going):
    going.lives()
    going.shop.happens("survey", {"score": 1}, who="somebody-else")
    answer = going.client.post("/me/privacy/export")
    copy = json.loads(answer.content)

    assert "attachment" in answer["Content-Disposition"]
    assert copy["member"]["name"] == "Mina Okafor"
    assert {one["type"] for one in copy["activity"]} >= {"purchase", "survey", "challenge.completed"}
    assert len([one for one in copy["activity"] if one["type"] == "purchase"]) == 4
    assert copy["points"][0]["after"] > 0
    assert {one["badge"] for one in copy["badges"]} == {"steady"}
    assert b"somebody-else" not in answer.content


def test_a_name_is_corrected_and_one_that_cannot_be_is_refused_on_the_page(going):
    assert 'value="Mina Hale"' in going.post("/me/privacy/correct", name="Mina Hale")

    for name in ("Mina\x07", " "):
        refused = going.client.post("/me/privacy/correct", {"name": name})
        assert refused.status_code == 422
        sound(refused.content.decode())
    assert 'value="Mina Hale"' in going.page("/me/privacy")


def test_a_member_is_erased_only_by_the_word_and_then_for_good(going):
    going.lives()
    check = going.page("/me/privacy/erase")
    sound(check)
    assert "nobody can spend them any more" in check

    assert going.client.post("/me/privacy/erase/now", {"word": "yes"}).status_code == 422
    with in_organisation(going.shop.id):
        assert Member.objects.get(id=going.shop.mina.id).name

    gone = going.client.post("/me/privacy/erase/now", {"word": " Erase  ME "})
    assert (gone.status_code, gone["Location"]) == (302, "/signed-out")
    assert going.client.get("/").status_code == 302
    with in_organisation(going.shop.id):
        mina = Member.objects.get(id=going.shop.mina.id)
        assert (mina.name, mina.state) == ("", "erased")
        assert choices_of(going.shop.id, mina.id) == {}


def test_only_channels_that_exist_are_offered_and_what_is_ticked_is_kept(going):
    page = going.page("/me/notifications")
    sound(page)
    assert page.count('type="checkbox"') == 2 * len(CATEGORIES) + 1
    assert "No mail reaches you yet" in page
    assert "checked" not in page

    kept = going.post("/me/notifications/save", **{"mail-levels": "on", "mail-made-up": "on"})
    assert kept.count(" checked") == 1
    kept = going.post("/me/notifications/save", **{"push-offers": "on", "in-words": "on"})
    assert kept.count(" checked") == 2
    assert " checked" not in going.post("/me/notifications/save", none="1")


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_who_chose_it_is_told_by_mail_once_and_from_then_on(going):
    mail.outbox = []
    with in_organisation(going.shop.id):
        Member.objects.filter(id=going.shop.mina.id).update(email="mina@home.example")
    going.offers("summer")
    going.post("/me/notifications/save", **{"mail-offers": "on", "mail-challenges": "on"})
    going.offers("spring")
    going.lives()
    going.counts()

    said = [letter.subject for letter in mail.outbox if letter.to == ["mina@home.example"]]
    assert len([one for one in said if "Spring bonus" in one]) == 1
    assert any("3 in a row: Day by day." in one for one in said)
    assert not any("Summer bonus" in one or "Silver" in one for one in said)
    assert "/me/notifications" in mail.outbox[-1].body


def test_the_pages_of_somebody_who_has_nothing_are_sound():
    visit = begin_visit()
    for path in ("/me/privacy", "/me/privacy/erase", "/me/notifications"):
        sound(visit.page(path))
