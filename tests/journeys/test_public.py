"""The public pages and those about what goes on, for everybody: in the light at a desk, in the dark on a phone."""

from __future__ import annotations

import pytest

from plaudit.foundation.request_log import request_log
from plaudit.people.tests.browsing import program
from plaudit.people.tests.factories import ACTOR, make_organisation, make_user
from plaudit.planning.actions.apply import apply
from plaudit.surfaces.console.tests.shops import Company, make_company
from plaudit.surfaces.console.tests.test_going_on import a_membership, made
from tests.journeys.person import Person
from tests.journeys.ways import DESK, only_in_every_way

pytestmark = pytest.mark.browser

ROLES = ["manager", "finance", "developer", "operator"]
CONSOLE = (
    "/console/",
    "/console/challenges",
    "/console/segments",
    "/console/tiers",
    "/console/memberships",
    "/console/dev/requests",
)


@pytest.fixture
def visitor(browser, site):
    visitor = Person(browser, site)
    yield visitor
    visitor.leave()


@only_in_every_way
def test_public_pages_are_for_everybody_and_fit(visitor, axe):
    company = Company(make_organisation())
    public = "\npublic: {join: open, contact: ask@shop.example}\n"
    apply(company.id, company.source, actor=ACTOR)
    apply(company.id, company.source.replace("after 24 months", "after 12 months") + public, actor=ACTOR)
    at = f"/public/{company.organisation.slug}"
    pages = ["", "rules", "rules?since=1", "faq", "faq?search=zebra", "join", "join/sent", "join/nothing"]
    verify = [f"{at}/verify", f"{at}/verify?code=nothing"]

    found = visitor.walk([f"{at}/", *(f"{at}/points-basics/{page}" for page in pages), *verify], axe)

    assert found == {}


@only_in_every_way
@pytest.mark.parametrize("state", ["full", "empty"])
def test_pages_about_what_goes_on_are_for_everybody_and_fit(visitor, axe, state):
    company = made() if state == "full" else make_company()
    more = []
    if state == "full":
        asked = program(company.id, ["admin"]).get("/api/v1/members/mem_x")
        request_log.write()
        more = [
            f"/console/dev/requests/{asked['X-Request-Id']}",
            f"/console/memberships/{a_membership(company)}",
            "/console/segments/points-basics/buyers",
            "/console/tiers/points-basics/club/silver",
            "/console/challenges/points-basics/challenges/five/stop",
        ]
    visitor.begin(DESK)
    visitor.sign_in(company.id, make_user(company.id, roles=ROLES).id)

    found = visitor.walk([*CONSOLE, *more], axe)

    assert found == {}
