"""Scenarios on pages, without script: played, passed and refreshed, and what a supervisor and a manager see."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.publish_learning import publish_learning
from plaudit.learning.tests.conversing import BEST, changed, make_practice, plays, teaching
from plaudit.learning.tests.factories import Academy
from plaudit.outreach.actions.telling import tell_people
from plaudit.outreach.queries.inbox import Reader, inbox
from plaudit.people.actions.signing_in import make_link
from plaudit.people.models import Member
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR, make_team, make_user

PAGE = "/learning/scenarios/academy/missing"


@pytest.fixture
def academy() -> Academy:
    return make_practice()


def signed_in(academy: Academy, *roles: str, member: Member | None = None) -> Client:
    user = make_user(academy.id, roles=roles, member=member)
    client = browser()
    client.post(f"/sign-in/{make_link(academy.id, user_id=user.id, actor=ACTOR)}")
    return client


def person(academy: Academy, name: str = "Ada") -> Member:
    made = academy.member(name)
    with in_organisation(academy.id):
        return Member.objects.get(id=made)


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_scenario_is_played_answer_by_answer_with_what_each_gave(academy):
    ada = person(academy)
    client = signed_in(academy, member=ada)
    assert "My points are missing" in text(client.get("/learning"))
    begun = text(client.get(PAGE))
    assert "Where are my points?" in begun and 'name="choice"' in begun and "Answer 1" in begun

    unsaid = client.post(f"{PAGE}/answer", {"way": ""})
    assert unsaid.status_code == 422 and "Choose an answer." in text(unsaid)
    on = client.post(f"{PAGE}/answer", {"way": "", "choice": "shrug"})["Location"]
    page = text(client.get(on))
    assert "There is a better answer" in page and "0 of 3 points." in page and "That is no answer." in page
    on = client.post(f"{PAGE}/answer", {"way": "shrug", "choice": "sorry"})["Location"]
    assert "That is the best answer" in text(client.get(on))
    on = client.post(f"{PAGE}/answer", {"way": "shrug.sorry", "choice": "explain"})["Location"]
    over = text(client.get(on))
    assert "Not passed this time" in over and "4 of 7" in over and "Points for buying" in over

    for way, choice in (("", "look"), ("look", "explain")):
        on = client.post(f"{PAGE}/answer", {"way": way, "choice": choice})["Location"]
    assert "You passed." in text(client.get(on))
    assert "Best score: 100 percent" in text(client.get("/learning"))


def test_a_way_that_is_there_no_more_begins_again(academy):
    client = signed_in(academy, member=person(academy))

    gone = client.get(PAGE, {"way": "gone"})
    assert gone.status_code == 409 and "Where are my points?" in text(gone)
    assert client.post(f"{PAGE}/answer", {"way": "look.explain", "choice": "look"}).status_code == 409
    assert client.get("/learning/scenarios/academy/nothing").status_code == 404


def test_a_changed_rule_is_in_the_inbox_and_leads_to_the_scenario(academy):
    ada = person(academy)
    plays(academy, ada.id, *BEST)
    publish_learning(academy.id, "academy", teaching(changed()))

    tell_people(academy.id, lambda *_: None)
    with in_organisation(academy.id):
        (notice,) = inbox(academy.id, Reader(member_id=ada.id))
    assert (notice.sentence, notice.path) == (
        "A rule has changed. Please practise once more: My points are missing.",
        PAGE,
    )
    client = signed_in(academy, member=ada)
    mine = text(client.get("/learning"))
    assert "A refresher is asked of you" in mine and "Changed since you passed: Points for buying" in mine


def test_supervisors_see_their_team_and_managers_every_team_but_no_figures_of_few(academy):
    people = [person(academy, f"M{number}") for number in range(6)]
    make_team(academy.id, key="north", members=people[:5], led_by=[people[5]])
    apart = person(academy, "Apart")
    for one in (people[0], apart):
        plays(academy, one.id, *BEST)
    publish_learning(academy.id, "academy", teaching(changed()))

    team = text(signed_in(academy, "supervisor", member=people[5]).get("/team/practice"))
    assert "North" in team and "M0" in team and "Apart" not in team
    assert "Of fewer than five people no figures are shown." not in team
    console = text(signed_in(academy, "manager").get("/console/learning/scenarios"))
    assert "Apart" in console and "M0" in console
    assert "Of fewer than five people no figures are shown." in console
