"""The pages of recognition as requests, without script: giving, undoing, seeing, and the supervisor's day."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plaudit.earning.tests.factories import make_event
from plaudit.foundation import clock
from plaudit.people.actions.signing_in import make_link
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR, make_user
from plaudit.recognition.actions.propose import propose_moments
from plaudit.recognition.tests.factories import Noticing, make_noticing, make_watching


@dataclass
class Visitor:
    """Somebody signed in, and short ways to look and to send a form."""

    client: Client

    def page(self, path: str, **facts: str) -> str:
        answer = self.client.get(path, facts)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def send(self, path: str, status: int = 200, **values: object) -> str:
        answer = self.client.post(path, values, follow=True)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.content.decode()


def visit(noticing: Noticing, who: str, *roles: str) -> Visitor:
    user = make_user(noticing.organisation, roles=roles, member=noticing.members[who])
    client = browser()
    link = make_link(noticing.organisation, user_id=user.id, actor=ACTOR)
    assert client.post(f"/sign-in/{link}")["Location"] == "/"
    return Visitor(client)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def give(visitor: Visitor, *people: str, status: int = 200, **more: object) -> str:
    """What the form sends when these people are tapped, a behaviour, and the button."""
    form = visitor.page("/recognition/new")
    chosen = [re.search(rf'value="([^"]+)"[^>]*><span>{one}', form) for one in people]
    return visitor.send(
        "/recognition/new/send",
        status,
        key=hidden(form, "key"),
        person=[found[1] for found in chosen if found is not None],
        **{"behaviour": "calm", **more},
    )


@pytest.fixture
def noticing() -> Noticing:
    return make_noticing()


def test_a_person_a_behaviour_and_the_button_are_all_it_takes(noticing):
    tim = visit(noticing, "Tim")
    assert "You have 100 points to give." in tim.page("/recognition/new")

    done = give(tim, "Ann")

    assert "Ann can read it now." in done
    assert "20 points" in done
    assert noticing.points("Ann") == 20
    assert "/undo" in done


def test_a_form_sent_twice_gives_once(noticing):
    tim = visit(noticing, "Tim")
    key = hidden(tim.page("/recognition/new"), "key")
    ann = re.search(r'value="(mem_[^"]+)"[^>]*><span>Ann', tim.page("/recognition/new"))
    assert ann is not None

    for _ in range(2):
        tim.send("/recognition/new/send", key=key, person=ann[1], behaviour="calm")

    assert noticing.points("Ann") == 20


def test_what_is_refused_keeps_what_was_filled_in(noticing):
    tim = visit(noticing, "Tim")

    page = give(tim, "Ann", behaviour="", words="You waited with her", status=422)

    assert "<title>Error:" in page
    assert "You waited with her" in page
    assert re.search(r"checked><span>Ann", page)
    assert noticing.points("Ann") == 0


def test_a_whole_team_is_one_tap(noticing):
    sue = visit(noticing, "Sue", "supervisor")

    give(sue, "All of Floor")

    assert [noticing.points(one) for one in ("Tim", "Ann", "Pat")] == [20, 20, 0]


def test_somebody_of_another_team_is_found_by_name(noticing):
    tim = visit(noticing, "Tim")
    assert "Pat" not in tim.page("/recognition/new")

    assert re.search(r'value="mem_[^"]+"[^>]*><span>Pat', tim.page("/recognition/new", search="pa"))


def test_what_was_given_is_undone_with_a_tap_and_a_line_is_added(noticing):
    tim = visit(noticing, "Tim")
    done = give(tim, "Ann")
    page = re.search(r'action="(/recognition/rcg_[^"]+)/undo"', done)
    assert page is not None

    assert "You let her finish" in tim.send(f"{page[1]}/words", words="You let her finish")
    assert "Taken back" in tim.send(f"{page[1]}/undo")
    assert noticing.points("Ann") == 0


def test_a_recipient_reads_it_with_its_because_and_chooses_who_sees_it(noticing):
    tim, ann, pat = (visit(noticing, who) for who in ("Tim", "Ann", "Pat"))
    give(tim, "Ann", words="You kept calm for an hour")

    for_me = ann.page("/recognition", show="received")
    assert "You kept calm for an hour" in for_me
    assert "Tim" in for_me
    page = re.search(r'href="(/recognition/rcg_[^"]+)"', for_me)
    assert page is not None
    assert "Keeps a hard conversation calm." in ann.page(page[1])
    assert pat.client.get(page[1]).status_code == 404

    assert "You kept calm" not in pat.page("/recognition")
    ann.send(f"{page[1]}/show", visible="everyone")
    assert "You kept calm" in pat.page("/recognition")
    ann.send("/recognition/show", visible="private")
    assert "You kept calm" not in pat.page("/recognition")


def test_the_statement_says_for_which_behaviour_points_came(noticing):
    give(visit(noticing, "Tim"), "Ann")

    assert "recognition" in visit(noticing, "Ann").page("/activity").lower()


def watched(*rated: str) -> Noticing:
    """A company in which customers have just given these people five stars."""
    noticing = make_watching()
    for who in rated:
        data = {"rating": 5, "words": ""}
        noticing.story.send(make_event("rated", who, data, at=clock.now()))
    propose_moments(noticing.organisation)
    return noticing


def test_a_moment_is_recognised_with_one_tap():
    noticing = watched("Tim")
    sue = visit(noticing, "Sue", "supervisor")
    today = sue.page("/team/")
    assert "Tim: Five stars" in today
    assert "rating 5" in today
    form = re.search(r'action="(/team/moments/mom_[^"]+/recognise)"', today)
    assert form is not None

    done = sue.send(form[1])

    assert "Tim can read it now." in done
    assert noticing.points("Tim") == 20
    assert "Five stars" not in sue.page("/team/")


def test_a_moment_can_be_given_with_a_line_put_off_and_put_away():
    noticing = watched("Tim", "Ann")
    sue = visit(noticing, "Sue", "supervisor")
    today = sue.page("/team/")
    link = re.search(r'href="(/recognition/new[?]person=[^"]+)"', today)
    assert link is not None
    form = sue.page(link[1].replace("&amp;", "&"))
    assert re.search(r"checked><span>(Tim|Ann)", form)
    assert 'name="moment" value="mom_' in form

    for act in ("later", "put-away"):
        found = re.search(rf'action="(/team/moments/mom_[^"]+/{act})"', sue.page("/team/"))
        assert found is not None
        sue.send(found[1])

    assert "No moments are waiting" in sue.page("/team/")


def test_whom_the_supervisor_has_not_noticed_is_listed_until_they_have(noticing):
    sue = visit(noticing, "Sue", "supervisor")
    assert "Not noticed by you in 7 days" in sue.page("/team/")

    give(sue, "All of Floor")

    today = sue.page("/team/")
    assert "You have noticed everybody" in today
    assert "2 of 2 in 7 days" in today
    assert "your goal: 24 hours" in today


def test_a_plan_and_notes_are_kept_and_a_note_is_shared(noticing):
    sue = visit(noticing, "Sue", "supervisor")
    assert "Not noticed by you in 3 days" in sue.send("/team/plan", every="3", behaviour="calm")
    assert "Choose from 1 to 90 days." in sue.send("/team/plan", 422, every="x")
    tim = re.search(r'href="(/team/people/mem_[^"]+)">Tim', sue.page("/team/"))
    assert tim is not None

    assert "Breathe first" in sue.send(f"{tim[1]}/note", words="Breathe first")
    sue.send(f"{tim[1]}/note", words="Then listen")
    coaching = sue.page("/team/coaching")
    assert (
        coaching.count(f'<h2><a href="{tim[1]}"'),
        coaching.count("Then listen"),
        coaching.count("Breathe first"),
    ) == (1, 2, 2)
    share = re.search(r'action="(/team/notes/[^"]+/share)"', coaching)
    assert share is not None
    assert "shared" in sue.send(share[1])
    assert "Then listen" in visit(noticing, "Tim").page("/recognition", show="received")


def test_todays_page_asks_as_often_for_many_people_as_for_few(noticing):
    sue = visit(noticing, "Sue", "supervisor")
    few = asked(sue)

    others = watched(*["Tim", "Ann"] * 10)

    assert asked(visit(others, "Sue", "supervisor")) == few


def asked(visitor: Visitor) -> int:
    """How many statements today's page takes once everything that is kept in memory is there."""
    visitor.page("/team/")
    with CaptureQueriesContext(connection) as found:
        visitor.page("/team/")
    return len(found)
