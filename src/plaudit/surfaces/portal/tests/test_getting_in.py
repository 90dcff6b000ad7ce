"""Signing in by a link, and out again; where one is signed in; several organisations."""

from __future__ import annotations

import re

import pytest

from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.tests.factories import make_shop
from plaudit.people.actions.roles import bind_user, grant_role
from plaudit.people.actions.signing_in import make_link
from plaudit.people.models import User
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_user
from plaudit.surfaces.portal.tests.visiting import begin_visit, signed_in


@pytest.fixture
def visit():
    return begin_visit()


def test_nobody_is_asked_for_an_address_and_told_the_same_whoever_they_are(monkeypatch):
    shop, client = make_shop(), browser()
    with in_organisation(shop.id):
        known = User.objects.get(id=shop.mina_signs_in.id).email
    assert client.get("/")["Location"] == "/sign-in?next=%2F"

    answers = [client.post("/sign-in", {"email": email}) for email in (known, "stranger@example.net")]

    assert [(one.status_code, one["Location"]) for one in answers] == [(302, "/sign-in/sent")] * 2
    assert "If we know your address" in client.get("/sign-in/sent").content.decode()


def test_something_that_is_no_address_is_said_beside_the_field():
    answer = browser().post("/sign-in", {"email": "mina"})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert page.count("Enter an e-mail address such as name@example.com.") == 2
    assert "<title>Error: Sign in" in page
    assert 'value="mina"' in page


def test_opening_a_link_uses_nothing_up_pressing_its_button_does():
    shop, client = make_shop(), browser()
    link = "/sign-in/" + make_link(shop.id, user_id=shop.mina_signs_in.id, actor=ACTOR)

    assert client.get(link).status_code == 200
    assert client.get(link).status_code == 200
    assert client.post(link)["Location"] == "/"
    assert "Hello, Mina" in client.get("/").content.decode()


def test_a_used_link_says_so_and_how_to_get_another():
    shop = make_shop()
    link = "/sign-in/" + make_link(shop.id, user_id=shop.mina_signs_in.id, actor=ACTOR)
    browser().post(link)
    answer = browser().post(link)
    page = answer.content.decode()

    assert answer.status_code == 403
    assert "This link was already used or is too old." in page
    assert 'href="/sign-in"' in page


def test_whoever_wanted_a_page_gets_there_after_signing_in():
    shop, client = make_shop(), browser()
    wanted = client.get("/expiry?unit=points")["Location"]
    client.get(wanted)
    link = "/sign-in/" + make_link(shop.id, user_id=shop.mina_signs_in.id, actor=ACTOR)

    assert client.post(link)["Location"] == "/expiry?unit=points"


def test_nobody_is_sent_to_another_site():
    shop, client = make_shop(), browser()
    client.get("/sign-in?next=https://elsewhere.example/")
    link = "/sign-in/" + make_link(shop.id, user_id=shop.mina_signs_in.id, actor=ACTOR)

    assert client.post(link)["Location"] == "/"


def test_signing_out_ends_the_session_and_empties_the_browser(visit):
    answer = visit.client.post("/sign-out")

    assert answer["Location"] == "/signed-out"
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert visit.client.get("/")["Location"].startswith("/sign-in")


def test_an_organisation_has_a_sign_in_of_its_own():
    shop = make_shop()

    assert shop.organisation.name in browser().get(f"/sign-in/to/{shop.organisation.slug}").content.decode()
    assert browser().get("/sign-in/to/nobody").status_code == 404


def test_a_person_goes_on_in_another_organisation_and_in_no_other(visit):
    second, foreign = make_organisation(), make_organisation()
    user = visit.shop.mina_signs_in
    grant_role(second.id, user_id=user.id, role="member", actor=ACTOR)
    bind_user(second.id, user_id=user.id, member_id=make_member(second.id, name="Mina").id, actor=ACTOR)

    page = visit.page("/organisations")
    assert second.name in page
    assert foreign.name not in page

    assert visit.client.post(f"/organisations/{foreign.code}").status_code == 404
    assert visit.client.post(f"/organisations/{second.code}")["Location"] == "/"
    assert second.name in visit.page("/")


def test_a_person_ends_a_session_elsewhere(visit):
    elsewhere = signed_in(visit.shop, visit.shop.mina_signs_in.id)
    page = visit.page("/me/security")
    references = re.findall(r'action="(/me/security/ses_[0-9a-z]+)"', page)
    assert len(references) == 2
    assert page.count("This browser") == 1

    stranger = signed_in(visit.shop, visit.shop.manager.id)
    assert [stranger.post(one).status_code for one in references] == [404, 404]

    assert visit.client.post("/me/security/others")["Location"] == "/me/security"
    assert elsewhere.get("/").status_code == 302
    assert visit.client.get("/").status_code == 200


def test_whoever_is_no_member_goes_on_to_the_console(visit):
    manager = signed_in(visit.shop, make_user(visit.shop.id).id)

    assert manager.get("/")["Location"] == "/console/"
    assert manager.get("/activity").status_code == 403
