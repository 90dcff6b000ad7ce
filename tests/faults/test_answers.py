"""What callers hear when the disk is full or the database gone: try again, and never a false success."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections

from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.tests.factories import balance_of, earn, give, make_books
from plaudit.people.actions.signing_in import make_link
from plaudit.people.models import Organisation, Team
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR, make_member, make_user
from plaudit.surfaces.api.tests.calling import program
from plaudit.surfaces.cli.tests.calling import Said, call
from tests.faults.planting import BEFORE, Fault, Passage, watched

faults = pytest.mark.parametrize("fault", BEFORE, ids=lambda fault: fault.name)


def _answers_with(fault: Fault, ask: Callable[[], Any]) -> list[Any]:
    """What is answered with the first statement failing, with the second, … until none is left to fail."""
    answers: list[Any] = []
    while True:
        passage = Passage(fault, len(answers) + 1)
        with watched(passage):
            answer = ask()
        close_old_connections()
        if not passage.fired:
            return answers
        answers.append(answer)


def _is_not_now(answer: Any) -> bool:
    return answer.status_code == 503 and int(answer["Retry-After"]) > 0


@faults
def test_a_write_of_the_api_is_put_off_and_done_once_when_sent_again(fault: Fault):
    at, _ = make_books()
    client = program(at)
    sent: list[int] = []

    def ask() -> Any:
        sent.append(len(sent))
        return client.post("/teams", {"key": f"team-{sent[-1]}", "name": "Team"}, key=f"k{sent[-1]}")

    answers = _answers_with(fault, ask)

    assert len(answers) > 5
    for number, answer in enumerate(answers):
        assert answer.status_code == 201 or _is_not_now(answer), (number, answer.status_code)
        while (
            again := client.post("/teams", {"key": f"team-{number}", "name": "Team"}, key=f"k{number}")
        ).status_code == 409:
            assert again.json()["code"] == "request_still_running"
        assert again.status_code == 201
    if fault is not Fault.SERIALIZATION_FAILURE:
        assert sum(map(_is_not_now, answers)) > 5
    with in_organisation(at):
        assert Team.objects.filter(organisation_id=at).count() == len(sent)


@faults
def test_a_reading_of_the_api_is_put_off(fault: Fault):
    at, ada = make_books()
    earn(at, ada, 10)
    client = program(at)

    answers = _answers_with(fault, lambda: client.get("/teams"))

    assert len(answers) > 2
    assert all(_is_not_now(answer) or answer.status_code == 200 for answer in answers)
    assert _is_not_now(answers[-2])


@faults
def test_a_page_is_put_off_with_a_page_that_says_so(fault: Fault):
    at, _ = make_books()
    ada = make_member(at)
    client = browser()
    link = make_link(at, user_id=make_user(at, roles=(), member=ada).id, actor=ACTOR)
    assert client.post(f"/sign-in/{link}")["Location"] == "/"

    answers = _answers_with(fault, lambda: client.get("/"))

    assert {answer.status_code for answer in answers} == {503}
    for answer in answers:
        assert _is_not_now(answer)
        assert answer["Content-Type"].startswith("text/html")
        assert "cannot reach its database" in answer.content.decode()


@pytest.mark.at_length
@faults
def test_a_command_says_so_and_ends_with_its_own_code(fault: Fault):
    at, _ = make_books()
    ada = make_member(at, external_ids=[("till", "ada")])
    give(at, ada.id, 1)
    slug = Organisation.objects.get(id=at).slug
    keys: list[str] = []

    def ask() -> Said:
        keys.append(f"award-{len(keys)}")
        return call("award", "till:ada", "10", "--because", "A test.", "--key", keys[-1], org=slug)

    answers = _answers_with(fault, ask)

    assert {said.code for said in answers} <= {0, 7}
    put_off = [said for said in answers if said.code == 7]
    assert len(put_off) > 3
    assert all("cannot reach its database" in " ".join(said.talk.split()) for said in put_off)
    for key in keys:
        assert call("award", "till:ada", "10", "--because", "A test.", "--key", key, org=slug).code == 0
    assert balance_of(at, ada.id)[0] == 1 + 10 * len(keys)
