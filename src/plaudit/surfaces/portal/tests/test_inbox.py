"""The inbox page: what reached somebody, opened, read and unread."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions.telling import tell_people
from plaudit.outreach.tasks import queue_mail
from plaudit.surfaces.portal.tests.test_going import sound
from plaudit.surfaces.portal.tests.visiting import Visit, begin_visit


@pytest.fixture
def visit() -> Visit:
    return begin_visit()


def offered(visit: Visit, *keys: str) -> None:
    """Offers are made to Mina, and she is told."""
    shop = visit.shop
    with in_organisation(shop.id):
        for key in keys:
            facts = {"programme": "corner-shop", "offer": key, "members": [show("mem", shop.mina.id)]}
            tell(shop.id, "offer.made", facts, happened_at=clock.now())
    tell_people(shop.id, queue_mail(shop.id))


def acts(page: str, act: str) -> list[str]:
    return re.findall(rf'action="(/me/inbox/ntc_\w+/{act})"', page)


def test_an_empty_inbox_says_that_nothing_needs_one(visit):
    page = visit.page("/me/inbox")

    assert "Nothing needs you" in page
    assert "Mark all as read" not in page
    sound(page)


def test_a_notice_is_opened_read_and_unread_again(visit):
    offered(visit, "spring", "summer")
    page = visit.page("/me/inbox")
    sound(page)
    assert page.index("summer") < page.index("spring")
    assert page.count(">New<") == 2

    opened = visit.client.post(acts(page, "open")[0])
    assert opened["Location"] == "/challenges"
    page = visit.page("/me/inbox")
    assert page.count(">New<") == 1
    assert "summer" not in visit.page("/me/inbox", show="unread")

    visit.client.post(acts(page, "mark")[0], {"unread": "1"})
    assert visit.page("/me/inbox").count(">New<") == 2
    visit.client.post("/me/inbox/read")
    page = visit.page("/me/inbox", show="unread")
    assert "You have read everything" in page
    sound(page)


def test_nobody_opens_what_is_in_somebody_elses_inbox(visit):
    offered(visit, "spring")
    stranger = begin_visit().client

    (opened,) = acts(visit.page("/me/inbox"), "open")

    assert stranger.post(opened).status_code == 404
    assert stranger.post(opened.replace("open", "mark")).status_code == 404
    assert visit.page("/me/inbox").count(">New<") == 1


def test_a_long_inbox_is_read_page_by_page_and_its_words_are_found_together(visit):
    offered(visit, "one")
    with CaptureQueriesContext(connection) as few:
        visit.page("/me/inbox")
    offered(visit, *(f"offer-{number:02}" for number in range(44)))

    with CaptureQueriesContext(connection) as many:
        first = visit.page("/me/inbox")
    (older,) = re.findall(r'href="(\?before=ntc_\w+)"', first)

    assert len(many) == len(few)
    assert len(acts(first, "open")) == 30
    assert len(acts(visit.page(f"/me/inbox{older}"), "open")) == 15


def test_the_bell_counts_what_is_not_read_on_every_page_and_home_says_so(visit):
    quiet = visit.page("/")
    assert re.search(r'id="home-inbox"[^>]* hidden>', quiet)
    assert 'class="badge"' not in quiet
    offered(visit, "spring", "summer")

    for path in ("/", "/earn", "/me/inbox"):
        page = visit.page(path)
        assert re.search(r'id="bell"[^>]*href="/me/inbox"[^>]*>.*?<span class="badge">2</span>', page), path
        sound(page)
    assert "There are 2 things you have not read." in visit.page("/")


def test_more_than_anybody_counts_is_not_counted(visit):
    offered(visit, *(f"offer-{number:03}" for number in range(101)))

    assert '<span class="badge">99+</span>' in visit.page("/earn")


def test_the_bell_asks_the_database_nothing(visit):
    def statements() -> int:
        with CaptureQueriesContext(connection) as counted:
            visit.page("/earn")
        return len(counted)

    visit.page("/earn")
    without = statements()
    offered(visit, "spring")

    assert statements() == without


def test_an_open_home_hears_of_a_notice_without_its_balance_being_said_again(visit):
    visit.shop.buys("10.00")
    live = re.search(r'hx-get="(/home/live[^"]+)"', visit.page("/"))
    assert live is not None
    asked = live[1].replace("&amp;", "&")
    assert visit.client.get(asked).status_code == 204
    offered(visit, "spring")

    news = visit.client.get(asked).content.decode()

    assert re.search(r'id="bell"[^>]*hx-swap-oob="true" data-announce="1 notice is not read\."', news)
    assert re.search(r'id="home-inbox"[^>]*hx-swap-oob="true">', news)
    assert 'id="home-balance"' not in news
    again = re.search(r'hx-get="(/home/live[^"]+)"', news)
    assert again is not None
    assert visit.client.get(again[1].replace("&amp;", "&")).status_code == 204
