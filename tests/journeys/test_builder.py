"""A developer's first hour: a key, a first activity, what it earned, and time that passes; and every page of theirs."""

from __future__ import annotations

import re

import pytest
from selenium.webdriver.common.by import By

from plaudit.foundation import ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions.endpoints import add_endpoint, disable_endpoint
from plaudit.outreach.actions.resending import ping
from plaudit.outreach.actions.spreading import spread
from plaudit.outreach.queries.webhooks import show_delivery, show_endpoint
from plaudit.people.actions.keys import create_key
from plaudit.people.actions.single_sign_on import set_provider
from plaudit.people.queries import clock_moves
from plaudit.people.tasks import move_clock
from plaudit.people.tests.browsing import program_with
from plaudit.people.tests.factories import ACTOR, make_sandbox, make_user
from plaudit.planning.actions.apply import apply
from plaudit.surfaces.console.tests.shops import Company, make_company
from plaudit.surfaces.console.tests.test_operating import set_aside
from tests.journeys.person import Person
from tests.journeys.ways import by_keyboard, in_every_way, only_in_every_way

pytestmark = pytest.mark.browser

CLOCK = "/console/dev/clock"


def make_shop() -> Company:
    """A sandbox in which points are good for sixty days."""
    company = Company(make_sandbox())
    apply(
        company.id,
        company.source.replace("after 24 months at the end of the month", "after 60 days"),
        actor=ACTOR,
    )
    return company


def do_the_work(company: Company) -> None:
    """What a worker would do: move the clock."""
    with in_organisation(company.id):
        (move, *_) = clock_moves(company.id)
    move_clock(company.id, move_id=str(move.id))


def send_what_the_page_says(page: str) -> None:
    """Send the activity of the quick start as curl would, with the key in it."""
    key = re.search(r"Bearer (plt_test_\S+?)\"", page)
    body = re.search(r"-d '(\{.*?\})'", page, re.DOTALL)
    assert key and body
    answer = program_with(key[1]).post("/api/v1/events", body[1], "application/cloudevents+json")
    assert answer.status_code == 201
    again = program_with(key[1]).post("/api/v1/events", body[1], "application/cloudevents+json")
    assert (again.status_code, again.json()["status"]) == (200, "repeated")


@pytest.fixture
def dev(browser, site):
    dev = Person(browser, site)
    yield dev
    dev.leave()


def example(dev: Person) -> str:
    return dev.browser.find_element(By.ID, "quick-curl").text


@only_in_every_way
@in_every_way
def test_from_a_key_to_points_that_expire_in_six_taps(dev, way):
    company = make_shop()
    dev.begin(way)
    dev.sign_in(company.id, make_user(company.id, roles=["developer"]).id)
    dev.opens("/console/dev")

    dev.tap("Fill in a test key of my own")
    assert dev.reads("Your test key stands in every example below")
    send_what_the_page_says(example(dev))
    dev.tap("See events")
    assert dev.reads("points.earned")
    dev.opens("/console/dev")
    dev.tap("Go to the clock")
    dev.tap("+90 days")
    assert dev.reads("What will happen until")
    assert "expire" in dev.text()
    dev.tap("Let this time pass")
    assert dev.reads("The clock is moving")
    do_the_work(company)
    if not way.script:
        dev.opens(CLOCK)

    assert dev.until(lambda: "What changed" in dev.text(), seconds=8)
    assert "expired" in dev.text()
    dev.tap("See what was told of it")
    assert dev.reads("points.expired")
    assert dev.taps == 6
    assert not dev.overflows()


@by_keyboard
def test_with_the_keyboard_alone(dev, way):
    company = make_shop()
    dev.begin(way)
    dev.sign_in(company.id, make_user(company.id, roles=["developer"]).id)
    dev.opens("/console/dev")

    dev.tab_to("Fill in a test key of my own")
    dev.press_enter()
    assert dev.reads("Your test key stands in every example below")
    send_what_the_page_says(example(dev))
    dev.tab_to("Go to the clock")
    dev.press_enter()
    assert dev.reads("How far?")
    dev.tab_to("+90 days")
    dev.press_enter()
    assert dev.reads("What will happen until")
    dev.tab_to("Let this time pass")
    dev.press_enter()
    assert dev.reads("The clock is moving")
    do_the_work(company)

    assert dev.until(lambda: "What changed" in dev.text(), seconds=8)
    assert dev.keys <= 160


PAGES = (
    "/console/dev",
    "/console/dev/keys",
    "/console/dev/keys/new",
    "/console/dev/webhooks",
    "/console/dev/webhooks/new",
    "/console/dev/events",
    "/console/dev/events?type=nothing.such",
    "/console/dev/types",
    "/console/dev/sandboxes",
    "/console/dev/clock",
    "/console/dev/clock?days=90",
    "/console/dev/clock?to=soon",
    "/console/ops",
    "/console/ops/jobs",
    "/console/ops/people",
    "/console/ops/people/new",
    "/console/ops/people/roles",
    "/console/ops/people/single-sign-on",
)


def fill(company: Company) -> list[str]:
    """Something of everything; the pages about one thing each."""
    key = create_key(company.id, name="Till in Lisbon", scopes=["activity:write"], actor=ACTOR).key
    endpoints = [
        add_endpoint(
            company.id,
            url=f"https://{name}.example/hooks/a-long-address-that-goes-on",
            types=["points.*", "activity.*"],
            description="Tells the shop",
            actor=ACTOR,
            resolve=lambda *_: ["93.184.215.14"],
        ).endpoint
        for name in ("shop", "closed")
    ]
    delivery = ping(company.id, endpoints[0].id, actor=ACTOR)
    company.buy(company.member())
    spread(company.id)
    disable_endpoint(company.id, endpoints[1].id, actor=ACTOR, reason="It moved.")
    set_aside(company.id)
    grace = make_user(company.id, roles=["desk", "finance"])
    set_provider(
        company.id, name="Harbour ID", issuer="https://id.harbour.example", client_id="plaudit", client_secret="secret",
        domains=["harbour.example", "coffee.harbour.example"], creates=True, role="member", other_ways="members", actor=ACTOR,
    )  # fmt: skip
    return [
        f"/console/dev/keys/{ids.show('key', key.id)}",
        *(f"/console/dev/webhooks/{show_endpoint(one.id)}" for one in endpoints),
        f"/console/dev/deliveries/{show_delivery(delivery.id)}",
        "/console/dev/types/purchase",
        f"/console/ops/people/{grace.id}",
    ]


@only_in_every_way
@pytest.mark.parametrize("state", ["full", "empty", "live"])
def test_every_page_is_for_everybody_and_fits(dev, axe, state):
    company = (
        make_company() if state == "live" else make_shop() if state == "full" else Company(make_sandbox())
    )
    pages = [*PAGES, *(fill(company) if state != "empty" else [])]
    dev.sign_in(company.id, make_user(company.id, roles=["developer", "operator"]).id)

    assert dev.walk(pages, axe) == {}
