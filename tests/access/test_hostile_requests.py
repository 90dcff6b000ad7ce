"""Requests nobody means well: addresses written otherwise, fields that are not theirs to give, words that are markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser

import pytest
from django.test import Client

from plaudit.foundation.access.routes import ANY, Route, routes
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import make_organisation
from plaudit.surfaces.api.document import SAFE
from plaudit.surfaces.api.tests.calling import program
from plaudit.surfaces.design.icons import site_icon
from tests.access.companies import Peopled, make_peopled, without_limits
from tests.access.storied import OPERATIONS, Teller, absent, settled, story

MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)><svg onload=alert(1)>{{7*7}}${7*7}</textarea><a href=javascript:alert(1)>"

FORMS = [
    "/.{path}", "/{path}", "/x/..{path}", "/x/%2e%2e{path}", "{path};a=b", "{path}/", "{path}//", "{path}/.", "{path}%00",
    "{path}%2f", "{path}%20", "{path}?", "{path}.json", "{upper}", "/%2e{path}", "{path}/%2e%2e/x", "\\{path}",
    "{path}/..;/", "/;{path}", "{encoded}",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _unlimited() -> Iterator[None]:
    with without_limits():
        yield


def some(of: list[Route], form: str) -> list[Route]:
    """A fourth of them: the forms take turns, so that every address is written in five of them."""
    return of[FORMS.index(form) % 4 :: 4]


@lru_cache(maxsize=1)
def loud() -> Peopled:
    """A company in which every name, reason and code is markup."""
    return make_peopled("loud-points", word=MARKUP)


def written(form: str, path: str) -> str:
    """The address in another form."""
    encoded = "/" + "".join(f"%{ord(letter):02x}" for letter in path[1:])
    return form.format(path=path, upper=path.upper(), encoded=encoded)


def ask(client: Client, method: str, path: str) -> int:
    """One request with the path exactly as it is written."""
    return int(client.generic(method, f"http://localhost{path}", SERVER_NAME="localhost").status_code)


@pytest.mark.parametrize("form", FORMS)
def test_an_address_written_otherwise_opens_nothing_to_nobody(form: str):
    opened, nobody = {}, browser()
    closed = [route for route in routes() if route.access is not None and not route.access.public]
    for route in some(closed, form):
        path = re.sub(r"<(?:\w+:)?\w+>", "1", route.path)
        method = "GET" if route.method == ANY else route.method
        status = ask(nobody, method, written(form, path))
        if status not in (301, 302, 400, 401, 403, 404, 405):
            opened[f"{method} {written(form, path)}"] = status
    assert opened == {}


@pytest.mark.at_length
@pytest.mark.parametrize("form", FORMS)
def test_an_address_written_otherwise_opens_no_more_to_a_role(form: str):
    opened, desk = {}, loud().client("desk")
    closed = [
        route
        for route in routes()
        if route.method == ANY
        and route.access
        and not route.access.public
        and "desk" not in route.access.roles
    ]
    for route in some(closed, form):
        path = written(form, re.sub(r"<(?:\w+:)?\w+>", "1", route.path))
        status = ask(desk, "GET", path)
        if status not in (400, 403, 404, 405):
            opened[path] = status
    assert opened == {}


# What rows have and nobody outside may set.
NOT_THEIRS = [
    "id_", "organisation_id", "organisation", "member_id", "state", "balance", "available", "points", "actor",
    "approver", "created_by", "recorded_at", "secret_hash", "user_id", "roles", "taken", "hold", "captured",
    "line", "sealed_by", "is_admin", "__class__", "__proto__",
]  # fmt: skip


@pytest.mark.at_length
def test_a_field_that_is_not_theirs_to_give_is_refused_by_every_operation():
    taken, asked = {}, 0
    teller = Teller(program(make_organisation().id, made_by="cli"))
    told = {call.operation: call for call in story() if isinstance(call.body, dict) and "json" in call.media}
    for name, call in told.items():
        one = OPERATIONS[name]
        if one.method in SAFE or name == "report_events":
            continue
        body = settled(call, absent(_known())).body
        path = re.sub(r"\{\w+\}", "nothing", one.path.removeprefix("/api/v1"))
        foreign = {field: 1 for field in NOT_THEIRS if field not in body}
        answer = teller.program.send(one.method, path, {**body, **foreign})
        asked += len(foreign)
        refused = {error["pointer"].rpartition("/")[2] for error in answer.json().get("errors", [])}
        if answer.status_code != 422 or not foreign.keys() <= refused:
            taken[name] = (answer.status_code, sorted(foreign.keys() - refused))
    assert taken == {}
    assert asked > 300


def _known() -> dict[str, str]:
    words = re.findall(r"<([a-z][a-z-]*)>", str(story()))
    return dict.fromkeys(words, "mem_01m80dt026df5pb3en0hyck0s2")


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


SIGNS = {site_icon(sandbox=sandbox) for sandbox in (False, True)}
"""The site's own sign, which stands in the head of each page: these letters and no others."""


def dangerous(page: str) -> list[str]:
    """What in a page runs, or leads where something runs."""
    reader = Elements()
    reader.feed(page)
    found = []
    for tag, attributes in reader.found:
        if tag == "script" and not (attributes.get("src") or "").startswith("/static/"):
            found.append(f"<{tag}>")
        if tag in {"iframe", "object", "embed", "base"} or (tag == "img" and attributes.get("src") == "x"):
            found.append(f"<{tag}>")
        for name, value in attributes.items():
            if (tag, name) == ("link", "href") and value in SIGNS:
                continue
            if name.startswith("on") or re.match(
                r"\s*(javascript|data|vbscript):", value or "", re.IGNORECASE
            ):
                found.append(f"<{tag} {name}>")
    return found


def test_what_looks_for_danger_finds_it():
    assert {"<script>", "<img>", "<img onerror>", "<svg onload>", "<a href>"} <= set(
        dangerous(f"<p>{MARKUP}</p>")
    )
    (sign, *_) = SIGNS
    own, another = (f'<link rel="icon" href="{href}">' for href in (sign, f"{sign}%3Cscript%3E"))
    assert (dangerous(own), dangerous(another)) == ([], ["<link href>"])
    assert dangerous(f'<a href="{sign}">') == ["<a href>"]


@pytest.mark.parametrize(
    "role",
    [
        "member",
        *(pytest.param(role, marks=pytest.mark.at_length) for role in ("manager", "auditor", "supervisor")),
    ],
)
def test_words_that_are_markup_are_words_on_every_page(role: str):
    company = loud()
    walker, shown, run = company.client(role), 0, {}
    for name in ("Mia", "Sue"):
        company.bought(company.owners[name])
    line = company.line(company.owners["Mia"])
    things = {"key": company.programme, "number": "1", "reward_id": str(company.reward.id)}
    for route in routes():
        if route.method != ANY:
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: things.get(match[1], line), route.path)
        answer = walker.get(f"{path}?search={MARKUP}&q={MARKUP}")
        page = answer.content.decode()
        shown += "alert(1)" in page
        if "text/html" in answer.headers.get("Content-Type", "") and (found := dangerous(page)):
            run[path] = found
    assert run == {}
    assert shown > 1
