"""Who may open which page of the console, and that no route of it is open to a member."""

from __future__ import annotations

import pytest
from django.urls import reverse

from plaudit.foundation.access.routes import routes
from plaudit.people.tests.browsing import browser
from plaudit.surfaces.console.tests.shops import PROGRAMME, Company, make_company, reference_of
from plaudit.surfaces.console.urls import urlpatterns

ROLES = ("manager", "desk", "finance", "auditor", "supervisor", "developer", "operator", "member")

# Each page with those who may open it.
PAGES = {
    "home": "manager desk finance auditor supervisor developer operator",
    "desk": "manager desk",
    "desk-member": "manager desk",
    "cases": "manager desk finance auditor",
    "approvals": "manager desk finance auditor",
    "members": "manager desk finance auditor supervisor",
    "programmes": "manager desk finance auditor supervisor developer",
    "programme": "manager desk finance auditor supervisor developer",
    "version": "manager desk finance auditor supervisor developer",
    "version-file": "manager desk finance auditor supervisor developer",
    "new-programme": "manager",
    "edit-programme": "manager",
    "try": "manager developer",
    "simulate": "manager finance auditor",
    "imports": "manager finance auditor developer operator",
    "new-import": "manager developer operator",
    "ledger": "manager finance auditor",
    "transfer": "manager desk finance auditor",
    "verification": "manager finance auditor operator",
    "rewards": "manager desk finance auditor supervisor developer operator",
    "redemptions": "manager desk finance auditor",
    "member": "manager desk finance auditor",
    "adjust": "manager desk",
    "dev": "developer operator",
    "keys": "developer operator",
    "new-key": "developer operator",
    "webhooks": "developer operator",
    "new-webhook": "developer operator",
    "events": "developer operator",
    "types": "manager developer operator",
    "type": "manager developer operator",
    "health": "developer operator",
    "jobs": "developer operator",
    "people": "operator",
    "roles": "operator",
    "invite": "operator",
    "sandboxes": "manager developer operator",
    "clock": "manager developer operator",
}


def address(name: str, company: Company) -> str:
    """The address of a page, about something there is."""
    member = company.member()
    company.buy(member)
    given: dict[str, list[object]] = {
        "programme": [PROGRAMME],
        "edit-programme": [PROGRAMME],
        "version": [PROGRAMME, 1],
        "type": ["purchase"],
        "version-file": [PROGRAMME, 1],
        "member": [reference_of(member)],
        "desk-member": [reference_of(member)],
        "adjust": [reference_of(member)],
        "transfer": [company.last_transfer(member)],
    }
    return reverse(f"console:{name}", args=given.get(name, []))


@pytest.fixture(scope="module")
def company() -> Company:
    return make_company()


@pytest.mark.at_length
@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_own_pages_and_no_others(role, company):
    somebody = company.person(role)
    for name, who in PAGES.items():
        status = somebody.get(address(name, company)).status_code
        if role in who.split():
            assert status == 200, (role, name)
        else:
            assert status in (403, 404), (role, name)


def test_every_route_of_the_console_is_for_colleagues_alone():
    for route in routes(urlpatterns):
        assert route.access is not None, route.path
        assert not route.access.public, route.path
        assert "member" not in route.access.roles, route.path


def test_nobody_known_is_asked_to_sign_in():
    answer = browser().get("/console/members")

    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in?next=%2Fconsole%2Fmembers"


def test_an_auditor_changes_nothing(company):
    auditor = company.person("auditor")

    for name in ("apply", "run-simulation", "seal", "look-at-upload"):
        assert auditor.post(reverse(f"console:{name}")).status_code == 403, name
