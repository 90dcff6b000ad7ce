"""Every page that there is, for everybody: where there is much on it, nothing yet, and something wrong in a form."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import cast

import pytest
from django.test import Client
from selenium.webdriver.common.by import By

from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.access.routes import Route
from plaudit.people.tests.factories import make_member, make_organisation, make_user
from tests.access.companies import without_limits
from tests.access.test_pages import ENDS_THE_WALK, address, admitted, argument, pages
from tests.access.twice import make_twice
from tests.journeys.person import Person
from tests.journeys.ways import DESK, only_in_every_way

pytestmark = pytest.mark.browser

# Each page is looked at by the first of these whom it admits.
WALKERS = ("nobody", "member", "supervisor", "manager", "developer", "operator")

# So many walks see the pages of one who has many, each its share: none takes minutes.
PARTS = {"manager": 4, "member": 2}
WALKS = [(walker, part) for walker in WALKERS for part in range(PARTS.get(walker, 1))]

# Sends a form as it would be if everything that can be typed were cleared, past what the browser itself would say.
_CLEARED = """
const form = document.querySelectorAll("main form[method=post]")[arguments[0]];
if (!form) return false;  // what was sent before left fewer
const typed = [...form.querySelectorAll("input, textarea")].filter(
  (one) => !["hidden", "checkbox", "radio", "submit", "file"].includes(one.type) && !one.readOnly);
if (!typed.length) return false;
typed.forEach((one) => { one.value = ""; });
HTMLFormElement.prototype.submit.call(form);
return true;
"""


@lru_cache(maxsize=1)
def full():
    return make_twice()


@lru_cache(maxsize=1)
def empty() -> dict[str, tuple[int, int]]:
    """An organisation with a person in each role, and nothing else."""
    at = make_organisation().id
    people = {role.value: make_user(at, roles=[role.value]) for role in RoleName if role != RoleName.MEMBER}
    people["member"] = make_user(at, roles=[], member=make_member(at))
    return {role: (at, user.id) for role, user in people.items()}


def mine(walker: str) -> list[Route]:
    """The pages that nobody before this one is admitted to."""
    earlier = WALKERS[: WALKERS.index(walker)]
    return [
        route for route in pages()
        if admitted(route, walker) and not any(admitted(route, one) for one in earlier)
    ]  # fmt: skip


def opened(client: Client, paths: list[str]) -> list[str]:
    """Those of these addresses at which there is a whole page."""
    found = {path: client.get(path) for path in paths}
    return [
        path for path, answer in found.items()
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
        and b"<html" in answer.content
    ]  # fmt: skip


def addresses(walker: str) -> Iterator[str]:
    """Where each page is, and what it is about is."""
    for route in mine(walker):
        about = argument(route)
        owner = full().owners["Mia" if walker == "member" else "Sue" if walker == "supervisor" else "Oda"]
        path = address(route, about[1](full(), owner) if about is not None else "")
        yield path.replace("/nothing", f"/{full().organisation.slug}", 1).replace(
            "/nothing", f"/{full().programme}", 1
        )


def share(found: list[str], walker: str, part: int) -> list[str]:
    """What one of the walks sees of these pages."""
    return found[part :: PARTS.get(walker, 1)]


def told(wrong: dict[str, object]) -> str:
    """All that is wrong, a line each: pytest itself shows the beginning."""
    return "\n".join(f"{where}: {one}" for where, found in wrong.items() for one in cast(list[object], found))


@pytest.fixture
def person(browser, site):
    person = Person(browser, site)
    person.begin(DESK)
    with without_limits():
        yield person
    person.leave()


def test_every_page_has_somebody_who_looks_at_it():
    seen = {route.path for walker in WALKERS for route in mine(walker)}
    assert seen == {route.path for route in pages()}
    assert WALKS[0] == ("nobody", 0)
    shares = [
        one for walker, part in WALKS for one in share([f"{walker} {n}" for n in range(9)], walker, part)
    ]
    assert sorted(shares) == sorted(f"{walker} {n}" for walker in WALKERS for n in range(9))


@only_in_every_way
@pytest.mark.parametrize("walker, part", WALKS)
def test_every_page_is_for_everybody_and_fits_where_there_is_much_on_it(person, axe, walker, part):
    found = share(opened(full().client(walker), list(addresses(walker))), walker, part)
    if walker != "nobody":
        person.sign_in(full().id, full().users[walker])

    wrong = person.walk(found, axe)
    assert wrong == {}, told(wrong)


@only_in_every_way
@pytest.mark.parametrize("walker, part", WALKS[1:])
def test_every_page_is_for_everybody_and_fits_where_there_is_nothing_yet(person, axe, walker, part):
    about_nothing = [address(route, "") for route in mine(walker) if argument(route) is None]
    at, user_id = empty()[walker]
    person.sign_in(at, user_id)
    client = Client(SERVER_NAME="localhost")
    client.cookies.load({one["name"]: one["value"] for one in person.browser.get_cookies()})

    wrong = person.walk(share(opened(client, about_nothing), walker, part), axe)
    assert wrong == {}, told(wrong)


@only_in_every_way
@pytest.mark.parametrize("walker, part", WALKS)
def test_a_form_sent_empty_is_answered_by_a_page_for_everybody_that_fits(person, axe, walker, part):
    ends = {route.path for route in pages() if route.name in ENDS_THE_WALK}
    whole = opened(full().client(walker), list(addresses(walker)))
    found = share([path for path in whole if path not in ends], walker, part)
    if walker != "nobody":
        person.sign_in(full().id, full().users[walker])
    wrong: dict[str, object] = {}
    for path in found:
        person.opens(path)
        for number in range(len(person.browser.find_elements(By.CSS_SELECTOR, "main form[method=post]"))):
            person.opens(path)
            if person.browser.execute_script(_CLEARED, number):
                wrong |= {f"{path}, form {number}, {way}": said for way, said in person.look(axe).items()}

    assert wrong == {}, told(wrong)
