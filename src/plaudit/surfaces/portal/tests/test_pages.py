"""A member's pages: their own and nobody else's, true, and sound in their markup."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.insights.tests.factories import make_shop
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.places import Kind
from plaudit.people.actions.clock import move_sandbox_clock
from plaudit.people.actions.signing_in import make_link
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import make_member, make_sandbox, make_user
from plaudit.surfaces.design.tests.markup import Page
from plaudit.surfaces.portal import faults
from plaudit.surfaces.portal.framing import frame_of
from plaudit.surfaces.portal.tests.visiting import begin_visit, signed_in

EVERY_PAGE = (
    "/",
    "/activity",
    "/activity/done",
    "/earn",
    "/expiry",
    "/challenges",
    "/badges",
    "/refer",
    "/rewards",
    "/rewards?show=all",
    "/redemptions",
    "/me/profile",
    "/me/security",
    "/organisations",
    "/help",
)


@pytest.fixture
def visit():
    return begin_visit()


def _sound(page: str) -> None:
    read = Page(page)
    assert read.open == []
    assert {name for name, count in read.ids.items() if count > 1} == set()
    assert set(read.pointed) - set(read.ids) == set()
    assert read.headings.count(1) == 1
    assert {name for name in read.attributes if name == "style" or name.startswith("on")} == set()


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_page_of_somebody_who_has_nothing_is_sound_and_says_what_to_do(visit, path):
    _sound(visit.page(path))


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_page_of_somebody_who_has_something_is_sound(visit, path):
    visit.shop.buys("152.92", id="big")
    visit.shop.happens("survey")
    visit.shop.happens("survey")
    visit.shop.happens("visit")
    visit.shop.happens("purchase.refunded", {"refunded": Decimal("4.00")}, corrects="big")

    _sound(visit.page(path))


def test_every_place_in_the_bar_and_the_menu_is_there(visit):
    answer = visit.client.get("/")
    frame = frame_of(answer.wsgi_request.actor)

    places = [item.url for item in (*frame.items, *frame.person_items)] + [frame.help_url]
    assert [visit.client.get(url).status_code for url in places] == [200] * len(places)
    assert all(len(item.short or item.label) <= 8 for item in frame.items)


def test_home_says_what_one_has_what_it_buys_and_the_last_lines(visit):
    for number in range(6):
        visit.shop.buys("10.00", id=f"p{number}")
    page = visit.page("/")

    assert re.search(r'id="balance-amount">60 <span class="unit">points', page)
    assert "20 more for The last mug." in page
    assert page.count('<li id="line-') == 5
    assert page.count("Why?") == 5


def test_a_first_visit_names_three_ways_to_begin(visit):
    page = visit.page("/")

    assert "Nothing has been written down yet" in page
    for name in ("1 point per £1", "Half as much again from £100", "10 points for your opinion"):
        assert name in page


def test_a_page_that_is_open_hears_of_a_new_line_and_of_nothing_else(visit):
    visit.shop.buys("10.00")
    live = re.search(r'hx-get="(/home/live[^"]+)"', visit.page("/"))
    assert live is not None
    asked = live[1].replace("&amp;", "&")

    quiet = visit.client.get(asked)
    visit.shop.buys("5.00")
    news = visit.client.get(asked).content.decode()

    assert (quiet.status_code, quiet.content) == (204, b"")
    assert 'hx-swap-oob="afterbegin:#latest"' in news
    assert (news.count('<li id="line-'), "You spent 5.00 with us" in news) == (1, True)
    assert '15 <span class="unit">points' in news


def test_a_statement_can_be_read_by_kind_and_period_page_by_page(visit):
    for number in range(25):
        visit.shop.buys("3.00", id=f"p{number}")
    adjust(
        visit.shop.id,
        member_id=visit.shop.mina.id,
        unit="points",
        amount=7,
        reason="Found your purse",
        key="a",
        actor=visit.shop.manager_ref,
    )
    first = visit.page("/activity")
    older = re.search(r'href="(\?after=[0-9]+)" rel="next"', first)
    assert older is not None

    assert first.count('<li id="line-') == 20
    assert visit.page("/activity" + older[1]).count('<li id="line-') == 6
    assert visit.page("/activity", kind="by-hand").count('<li id="line-') == 1
    assert visit.page("/activity", kind="expired").count("No line is like that") == 1
    assert visit.page("/activity", period="this-month").count('<li id="line-') == 20
    assert visit.page("/activity", period="last-year").count("No line is like that") == 1
    assert visit.page("/activity", kind="made-up", after="x").count('<li id="line-') == 20


def test_the_csv_has_every_line_in_plain_numbers(visit):
    for number in range(30):
        visit.shop.buys("1000.00", id=f"p{number}")
    answer = visit.client.get("/activity?format=csv&kind=earned")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))

    assert answer["Content-Type"].startswith("text/csv")
    assert len(rows) == 60
    assert (rows[0]["amount"], rows[0]["before"], rows[0]["after"]) == ("500", "44500", "45000")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", rows[0]["occurred_at"])


def test_a_reason_that_begins_like_a_formula_stays_text(visit):
    adjust(
        visit.shop.id,
        member_id=visit.shop.mina.id,
        unit="points",
        amount=7,
        reason='=HYPERLINK("http://elsewhere.example")',
        key="a",
        actor=visit.shop.manager_ref,
    )
    page = visit.client.get("/activity?format=csv").content.decode()

    assert "'=HYPERLINK" in page


def test_a_line_is_explained_on_its_page_and_in_place(visit):
    visit.shop.buys("48.20")
    path = f"/activity/{visit.shop.newest(Kind.ACCRUAL).reference}"
    whole = visit.page(path)
    panel = visit.client.get(path, headers={"HX-Request": "true"}).content.decode()

    for page in (whole, panel):
        assert "48 points: You spent 48.20 with us." in page
        assert "What would have changed it" in page
    _sound(whole)
    assert "<html" not in panel


def test_an_activity_is_explained_with_every_rule_that_was_asked(visit):
    event = visit.shop.happens("purchase", {"amount": Decimal("9.00"), "gift_card": True})
    page = visit.page(f"/activity/{show('act', event)}")

    assert "This purchase earned nothing." in page
    assert "Half as much again from £100" in page
    _sound(page)


def test_what_expires_is_told_day_by_day(visit):
    with clock.frozen_at(clock.now() - timedelta(days=350)):
        visit.shop.buys("30.00")
    visit.shop.buys("20.00")
    page = visit.page("/expiry")

    assert page.count("Good until") == 2
    assert "30\u00a0points" in page


def test_nobody_sees_anything_of_anybody_else(visit):
    other = make_shop()
    other.buys("48.20")
    twin = visit.shop.happens("purchase", {"amount": Decimal("9.00")}, who="somebody-else")
    references = [
        other.newest(Kind.ACCRUAL).reference,
        show("act", twin),
        "led_zzzzzz-1",
        "act_x",
        "nonsense",
    ]

    assert [visit.client.get(f"/activity/{one}").status_code for one in references] == [404] * 5
    assert visit.client.get("/activity/done?after=x").status_code == 404


def test_what_goes_wrong_has_a_page_of_its_own(visit):
    missing = visit.client.get("/no-such-page")
    page = missing.content.decode()

    assert missing.status_code == 404
    assert "There is no page at this address." in page
    assert missing["X-Request-Id"] in page
    _sound(page)
    assert visit.client.post("/activity").status_code == 405


def test_a_form_from_elsewhere_is_refused_in_our_words():
    shop = make_shop()
    client = signed_in(shop, shop.mina_signs_in.id)
    client.handler.enforce_csrf_checks = True
    answer = client.post("/sign-out")

    assert answer.status_code == 403
    assert "This form is no longer good, so nothing was changed." in answer.content.decode()


def test_a_fault_of_ours_is_said_even_where_no_page_can_be_drawn(monkeypatch):
    def broken(*_arguments: object) -> None:
        raise RuntimeError("no template")

    monkeypatch.setattr("plaudit.foundation.access.problems.our_fault", broken)
    answer = faults.our_fault(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert "Nothing was changed" in answer.content.decode()


def test_a_sandbox_says_so_and_where_its_clock_stands():
    sandbox = make_sandbox()
    mina = make_member(sandbox.id, name="Mina")
    user = make_user(sandbox.id, roles=["member"], member=mina)
    move_sandbox_clock(sandbox.id, until=clock.wall() + timedelta(days=400), actor="usr_0")
    client = browser()
    client.post("/sign-in/" + make_link(sandbox.id, user_id=user.id, actor="usr_0"))
    page = client.get("/").content.decode()

    assert f"Sandbox: {sandbox.name}." in page
    assert f"{clock.wall() + timedelta(days=400):%Y-%m}" in page
    _sound(page)


def test_search_engines_are_asked_to_stay_away_and_browsers_find_the_sign():
    shop = make_shop()
    client = signed_in(shop, shop.mina_signs_in.id)

    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    assert client.get("/favicon.ico")["Location"].endswith(".svg")
    sign = re.search(rb'<link rel="icon"[^>]* href="data:image/svg.xml,([^"]+)"', client.get("/").content)
    assert sign is not None
    assert unquote(sign[1].decode()).startswith("<svg xmlns='http://www.w3.org/2000/svg'")
    assert client.get("/manifest.webmanifest").json()["icons"][0]["src"].endswith(sign[1].decode())


def test_a_page_costs_the_same_however_much_there_is(visit):
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            visit.page(path)
        return len(counted)

    for number in range(3):
        visit.shop.buys("10.00", id=f"a{number}")
    paths = ("/", "/activity", "/expiry", "/rewards")
    for path in paths:
        visit.page(path)  # what is published is kept in memory from the first page on
    few = {path: queries(path) for path in paths}
    for number in range(30):
        visit.shop.buys("10.00", id=f"b{number}")
    many = {path: queries(path) for path in paths}

    assert many == few
    assert max(many.values()) <= 30
