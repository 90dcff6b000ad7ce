"""Pages: who gets in, what they see of a refusal, and what a session survives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory, override_settings

from plaudit.foundation import clock
from plaudit.foundation.access.limits import Limit, buckets
from plaudit.foundation.access.middleware import CONTENT_SECURITY_POLICY
from plaudit.foundation.access.refusals import TooManyRequests
from plaudit.foundation.ids import new_id, show
from plaudit.foundation.models import Audit
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.members import suspend_member
from plaudit.people.actions.roles import grant_role, withdraw_role
from plaudit.people.actions.signing_in import end_other_sessions, end_session, make_link
from plaudit.people.models import Member, Session, Team
from plaudit.people.queries import sessions
from plaudit.people.signing_in import ask_for_link
from plaudit.people.tests import pages
from plaudit.people.tests.browsing import browser, signed_in
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_team, make_user


@pytest.fixture(autouse=True)
def _small_application():
    with override_settings(ROOT_URLCONF=pages.__name__):
        yield


def test_a_public_page_is_everybodys_and_carries_strict_headers():
    page = browser().get("/")

    assert page.status_code == 200
    assert page["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert page["Cache-Control"] == "no-store"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["X-Request-Id"].startswith("req_")
    assert page["RateLimit"].startswith('"address";r=')


def test_nobody_is_sent_to_sign_in_and_comes_back():
    answer = browser().get("/teams?page=2")

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=%2Fteams%3Fpage%3D2")


def test_a_link_signs_one_browser_in_once():
    at = make_organisation().id
    grace = make_user(at)
    link = make_link(at, user_id=grace.id, actor=ACTOR)
    first, second = browser(), browser()

    assert first.post(f"/sign-in/{link}").status_code == 200
    assert first.get("/teams").status_code == 200

    assert second.post(f"/sign-in/{link}").status_code == 403
    assert second.get("/teams").status_code == 302


def test_a_session_gets_a_new_key_when_somebody_signs_in():
    at = make_organisation().id
    grace = make_user(at)
    client = signed_in(at, grace.id)
    before = client.cookies["plaudit"].value

    client.post(f"/sign-in/{make_link(at, user_id=grace.id, actor=ACTOR)}")

    assert client.cookies["plaudit"].value != before
    client.cookies["plaudit"] = before
    assert client.get("/teams").status_code == 302


def test_a_cookie_is_kept_from_scripts_and_its_key_from_the_database():
    at = make_organisation().id
    client = signed_in(at, make_user(at).id)

    cookie = client.cookies["plaudit"]

    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert not Session.objects.filter(data__contains=cookie.value).exists()
    assert not Session.objects.filter(key_hash=cookie.value.encode()).exists()


def test_a_page_of_another_role_is_refused_with_who_can_help():
    at = make_organisation().id
    client = signed_in(at, make_user(at, roles=["desk"]).id)

    page = client.get("/teams")

    assert page.status_code == 403
    assert "You may not see teams." in page.content.decode()
    assert "manager" in page.content.decode()


def test_a_role_counts_from_the_next_request_on():
    at = make_organisation().id
    grace = make_user(at, roles=["desk"])
    client = signed_in(at, grace.id)

    grant_role(at, user_id=grace.id, role="manager", actor=ACTOR)
    assert client.get("/teams").status_code == 200

    withdraw_role(at, user_id=grace.id, role="manager", actor=ACTOR)
    assert client.get("/teams").status_code == 403


def test_whoever_loses_every_role_is_signed_out():
    at = make_organisation().id
    grace = make_user(at, roles=["desk"])
    client = signed_in(at, grace.id)

    withdraw_role(at, user_id=grace.id, role="desk", actor=ACTOR)

    assert client.get("/teams").status_code == 302
    assert sessions(grace.id) == []


def test_a_suspended_member_is_nobody_at_the_next_request():
    at = make_organisation().id
    ada = make_member(at)
    client = signed_in(at, make_user(at, roles=[], member=ada).id)
    assert client.get("/me").status_code == 200

    suspend_member(at, member_id=ada.id, reason="Two accounts", actor=ACTOR)

    assert client.get("/me").status_code == 302


@pytest.mark.parametrize("role", ["manager", "desk", "finance", "auditor"])
def test_some_roles_reach_every_member_and_nobody_elsewhere(role):
    here, there = make_organisation().id, make_organisation().id
    ada, stranger = make_member(here), make_member(there)
    client = signed_in(here, make_user(here, roles=[role]).id)

    assert client.get(f"/members/{show('mem', ada.id)}").status_code == 200
    answers = {
        client.get(f"/members/{reference}").status_code
        for reference in (show("mem", stranger.id), show("mem", new_id()), "mem_x", "ext:crm", "ext:crm:none")
    }
    assert answers == {404}


def test_a_supervisor_reaches_the_teams_they_lead_while_they_lead_them():
    at = make_organisation().id
    lead, agent, other = make_member(at), make_member(at, name="Bob"), make_member(at, name="Cy")
    make_team(at, members=[agent], led_by=[lead])
    make_team(at, members=[other, lead])
    client = signed_in(at, make_user(at, roles=["supervisor"], member=lead).id)

    def asks_for(member: Member) -> int:
        return client.get(f"/members/{show('mem', member.id)}").status_code

    assert (asks_for(lead), asks_for(agent), asks_for(other)) == (200, 200, 404)


def test_reading_cannot_write_whatever_the_page_does():
    at = make_organisation().id
    client = signed_in(at, make_user(at).id)

    assert client.get("/careless").status_code == 500

    with in_organisation(at):
        assert not Team.objects.exists()


def test_a_refused_act_changes_nothing_and_is_shown_on_its_form():
    at = make_organisation().id
    make_team(at, key="north")
    client = signed_in(at, make_user(at).id)

    page = client.post("/teams/new", {"key": "north"})

    assert page.status_code == 409
    assert page.content.decode() == "There is already a team north.[north]"


def test_forms_of_other_sites_are_refused():
    at = make_organisation().id
    client = signed_in(at, make_user(at).id)
    client.handler.enforce_csrf_checks = True

    assert client.post("/teams/new", {"key": "north"}).status_code == 403

    with in_organisation(at):
        assert not Team.objects.exists()


def test_every_look_of_an_auditor_is_on_record():
    at = make_organisation().id
    ada, auditor = make_member(at), make_user(at, roles=["auditor"])
    client = signed_in(at, auditor.id)
    path = f"/members/{show('mem', ada.id)}"

    reference = client.get(path)["X-Request-Id"]

    with in_organisation(at):
        entry = Audit.objects.filter(organisation_id=at, act="read").get()
    assert (entry.actor, entry.subject) == (f"usr_{auditor.id}", path)
    assert entry.request_id != ""
    assert entry.request_id == reference


def test_a_colleague_is_signed_out_after_half_an_hour_and_a_member_after_a_fortnight():
    at = make_organisation().id
    grace, ada = make_user(at), make_user(at, roles=[], member=make_member(at))
    colleague, member = signed_in(at, grace.id), signed_in(at, ada.id)

    with clock.frozen_at(clock.wall() + timedelta(minutes=31)):
        assert colleague.get("/teams").status_code == 302
        assert member.get("/me").status_code == 200
    with clock.frozen_at(clock.wall() + timedelta(days=15)):
        assert member.get("/me").status_code == 302


def test_use_keeps_a_session_alive_until_its_time_is_over():
    at = make_organisation().id
    client = signed_in(at, make_user(at).id)
    began = clock.wall()

    answers = []
    for minutes in range(20, 13 * 60, 20):
        with clock.frozen_at(began + timedelta(minutes=minutes)):
            answers.append(client.get("/teams").status_code)

    assert answers.index(302) == 12 * 3 - 1
    assert set(answers[: 12 * 3 - 1]) == {200}


def test_a_person_sees_and_ends_their_sessions():
    at = make_organisation().id
    grace = make_user(at)
    phone, laptop, tablet = (signed_in(at, grace.id) for _ in range(3))
    assert [(one.address, one.signed_in_to_id) for one in sessions(grace.id)] == [("127.0.0.1", at)] * 3
    newest, middle, _oldest = sorted(sessions(grace.id), key=lambda one: one.began_at, reverse=True)

    end_session(grace.id, session_id=middle.id)
    assert [one.get("/teams").status_code for one in (phone, laptop, tablet)] == [200, 302, 200]

    assert end_other_sessions(grace.id, but=newest.id) == 1
    assert [one.get("/teams").status_code for one in (phone, laptop, tablet)] == [302, 302, 200]


def test_signing_out_ends_the_session_and_clears_the_browser():
    at = make_organisation().id
    grace = make_user(at)
    client = signed_in(at, grace.id)

    answer = client.post("/leave")

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/teams").status_code == 302
    assert sessions(grace.id) == []


def test_a_link_is_never_written_to_the_log(caplog, capsys):
    at = make_organisation().id
    grace = make_user(at)
    used, unused = (make_link(at, user_id=grace.id, actor=ACTOR) for _ in range(2))
    client = browser()
    client.post(f"/sign-in/{used}")
    with override_settings(RATE_LIMITS={"sign-in": Limit("sign-in", quota=1, window=3600, burst=1)}):
        answers = [browser().post(f"/sign-in/{used}").status_code]
        answers.append(client.post(f"/sign-in/{unused}").status_code)

    assert answers == [403, 429]
    logged = caplog.text + "".join(capsys.readouterr())
    assert "/sign-in/<str:secret>" in logged
    assert used not in logged
    assert unused not in logged


def test_asking_for_links_too_often_is_refused():
    buckets.forget()
    request = RequestFactory().post("/sign-in", REMOTE_ADDR="203.0.113.77", headers={"Host": "localhost"})
    with override_settings(RATE_LIMITS={"sign-in": Limit("sign-in", quota=1, window=3600, burst=2)}):
        for _ in range(2):
            ask_for_link(request, email="nobody@harbour.example")
        with pytest.raises(TooManyRequests):
            ask_for_link(request, email="nobody@harbour.example")
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where args ->> 'email' = 'nobody@harbour.example'")
