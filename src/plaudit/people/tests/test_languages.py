"""In which language pages speak: what a person chose, then their browser's, their organisation's, what it asks for."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client, override_settings

from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.language import choose_language
from plaudit.people.actions.organisations import create_organisation
from plaudit.people.actions.signing_in import make_link
from plaudit.people.models import User
from plaudit.people.refusals import LanguageUnknown
from plaudit.people.tasks import send_sign_in_links
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR, make_organisation, make_user

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def signed_in(organisation_id: int, user_id: int) -> Client:
    somebody = browser()
    link = make_link(organisation_id, user_id=user_id, actor=ACTOR)
    assert somebody.post(f"/sign-in/{link}").status_code == 302
    return somebody


def spoken(answer) -> str:
    assert answer.status_code == 200
    language: str = answer["Content-Language"]
    assert f'<html lang="{language}"' in answer.content.decode()
    return language


def test_nobody_known_is_spoken_to_as_their_browser_asks():
    assert spoken(browser().get("/sign-in")) == "en-gb"
    assert spoken(browser().get("/sign-in", headers=GERMAN)) == "de"
    assert spoken(browser().get("/sign-in", headers={"Accept-Language": "tlh, *"})) == "en-gb"
    assert {"Accept-Language", "Cookie"} <= set(browser().get("/sign-in")["Vary"].split(", "))


def test_a_choice_at_the_foot_of_the_page_stays_in_the_browser():
    somebody = browser()
    assert somebody.get("/language", {"language": "de", "next": "/sign-in"})["Location"] == "/sign-in"
    assert spoken(somebody.get("/sign-in", headers={"Accept-Language": "en"})) == "de"
    assert somebody.post("/language", {"language": "en-gb", "next": "//elsewhere.example"})["Location"] == "/"
    assert spoken(somebody.get("/sign-in", headers=GERMAN)) == "en-gb"


def test_what_a_person_chose_goes_with_them_to_every_browser():
    here = make_organisation()
    grace = make_user(here.id, roles=["manager"])
    signed_in(here.id, grace.id).post("/language", {"language": "de", "next": "/me/profile"})
    assert spoken(signed_in(here.id, grace.id).get("/me/profile")) == "de"
    assert User.objects.get(id=grace.id).language == "de"


def test_a_link_that_asks_changes_nothing_of_the_person():
    here = make_organisation()
    grace = make_user(here.id, roles=["manager"])
    signed_in(here.id, grace.id).get("/language", {"language": "de"})
    assert User.objects.get(id=grace.id).language == ""


def test_an_organisation_speaks_its_language_to_whoever_chose_none():
    here = create_organisation(f"de-{make_organisation().slug}", name="Hafen", language="de", actor=ACTOR)
    grace = make_user(here.id, roles=["manager"])
    assert spoken(signed_in(here.id, grace.id).get("/me/profile", headers={"Accept-Language": "en"})) == "de"


def test_a_program_is_answered_in_english():
    answer = browser().get("/api/v1/members", headers=GERMAN)
    assert "Content-Language" not in answer
    assert answer.json()["detail"] == "This needs an API key."


def test_a_language_nobody_knows_is_refused():
    here = make_organisation()
    grace = make_user(here.id)
    assert browser().get("/language", {"language": "tlh"}).status_code == 422
    with pytest.raises(LanguageUnknown):
        choose_language(here.id, user_id=grace.id, language="tlh", actor=ACTOR)
    with pytest.raises(LanguageUnknown):
        create_organisation(f"tlh-{here.slug}", name="Q", language="tlh", actor=ACTOR)
    with in_organisation(here.id):
        assert User.objects.get(id=grace.id).language == ""


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_a_link_is_mailed_in_the_language_its_person_chose_or_asked_in():
    mail.outbox = []
    here = make_organisation()
    grace, ada = make_user(here.id, roles=["manager"]), make_user(here.id, roles=["manager"])
    choose_language(here.id, user_id=grace.id, language="de", actor=ACTOR)
    for who, asked_in in ((grace, "en-gb"), (ada, "de"), (ada, "")):
        send_sign_in_links(email=who.email, base_url="https://points.example", language=asked_in)
    assert [one.subject for one in mail.outbox] == [
        "Ihr Link zum Anmelden",
        "Ihr Link zum Anmelden",
        "Your link to sign in",
    ]
