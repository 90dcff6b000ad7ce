"""What a programme says in German is read in German: on pages, by programs, in mails and in what was decided then."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plaudit.foundation.models import News
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.tests.factories import PROGRAMME, make_shop
from plaudit.people.actions.language import choose_language
from plaudit.people.models import Organisation
from plaudit.people.tests.browsing import browser, program
from plaudit.people.tests.factories import ACTOR, make_user
from plaudit.people.translations import translations_of
from plaudit.planning.actions.apply import apply
from plaudit.planning.queries import export, standing_programmes
from plaudit.rewards.models import Reward
from plaudit.surfaces.portal.tests.visiting import Visit, signed_in

PUBLIC = "/public/{}/corner-shop/rules"
GERMAN = """
public: {join: closed}
challenges:
  five: {name: Five purchases, on: purchase, target: 5, every: month, earn: 50, badge: regular}
badges:
  regular: {name: A regular}
tiers:
  status: {name: Status, earned: points, levels: {silver: {name: Silver, from: 100}}}
learning:
  offerings:
    tasting: {name: Tasting, kind: seminar, provider: The roastery}
  scenarios:
    ask:
      name: Asking
      intro: "Points expire {{ expiry of points }}."
      audience: customer
      teaches: purchases
      turns:
        hello: {says: "What is it worth?", choices: {well: {say: "It {{ purchases }}.", points: 1, next: end}}}
language: en
translations:
  de:
    Corner shop: Eckladen
    point: Punkt
    points: Punkte
    Purchase: Einkauf
    order value: Bestellwert
    1 point per £1: 1 Punkt je £1
    You spent {amount} with us.: Sie haben für {amount} eingekauft.
    20 points a guest: 20 Punkte je Gast
    A coffee: Ein Kaffee
    Five purchases: Fünf Einkäufe
    A regular: Stammgast
    The last mug: Der letzte Becher
    Silver: Silber
    The roastery: Die Rösterei
    Asking: Fragen
    "Points expire {{ expiry of points }}.": "Punkte verfallen {{ expiry of points }}."
    What is it worth?: Was ist das wert?
    "It {{ purchases }}.": "Es {{ purchases }}."
"""


def begin() -> Visit:
    """A shop whose file is in two languages, and Mina, who reads German, after a purchase for 60."""
    shop = make_shop()
    apply(shop.id, PROGRAMME + GERMAN, actor=ACTOR)
    shop.buys("60.00", id="first")
    choose_language(shop.id, user_id=shop.mina_signs_in.id, language="de", actor=ACTOR)
    return Visit(shop, signed_in(shop, shop.mina_signs_in.id))


@pytest.fixture(scope="module")
def visit() -> Visit:
    """One such shop for all that changes nothing in it."""
    return begin()


def test_a_member_reads_the_programme_in_their_language(visit):
    assert "Ein Kaffee" in visit.page("/rewards")
    assert "Sie haben für 60 eingekauft" in visit.page("/activity").replace(",00", "")
    earn = visit.page("/earn")
    assert "Eckladen" in earn
    assert "1 Punkt je £1" in earn
    assert "60 Punkte" in visit.page("/").replace("\xa0", " ")
    assert "Fünf Einkäufe" in visit.page("/challenges")
    assert "Stammgast" in visit.page("/badges")


def test_a_conversation_is_practised_in_the_language_of_whoever_practises_with_its_figures(visit):
    asked = visit.page("/learning/scenarios/corner-shop/ask")
    played = visit.page("/learning/scenarios/corner-shop/ask?way=well")

    assert ("Fragen" in asked, "Was ist das wert?" in asked) == (True, True)
    assert "Punkte verfallen nach 12 Monaten am Ende des Monats." in asked
    assert "Es bringt floor(amount) Punkte." in asked
    assert "Es bringt floor(amount) Punkte." in played
    assert "purchase, wenn gift_card is null or not gift_card, bringt floor(amount) Punkte" in played


def test_a_level_is_explained_with_the_unit_as_it_is_called_in_the_language(visit):
    assert "gesammelte Punkte" in visit.page("/tier")


def test_what_has_no_translation_is_read_as_it_is_written(visit):
    page = visit.page("/")

    assert "Der letzte Becher" in page
    assert "A trip to the sea" in page


def test_anybody_reads_the_public_pages_in_the_language_of_their_browser(visit):
    def read(language: str) -> str:
        page = browser().get(
            PUBLIC.format(visit.shop.organisation.slug), headers={"Accept-Language": language}
        )
        assert page.status_code == 200
        return page.content.decode().replace("\xa0", " ")

    assert "1 Punkt je £1" in read("de")
    assert "Ein Kaffee" in read("de")
    assert "1 point per £1" in read("en")
    assert "A coffee" in read("en")


def test_why_is_told_in_the_words_of_the_version_that_decided():
    visit = begin()
    changed = (PROGRAMME + GERMAN).replace("Sie haben für {amount} eingekauft.", "Einkauf über {amount}.")
    apply(visit.shop.id, changed, actor=ACTOR)
    visit.shop.buys("20.00", id="second")
    apply(visit.shop.id, PROGRAMME, actor=ACTOR)
    visit.shop.buys("30.00", id="third")
    statement = visit.page("/activity").replace(",00", "")

    assert "Sie haben für 60 eingekauft" in statement
    assert "Einkauf über 20" in statement
    assert "You spent 30 with us" in statement


def test_what_is_kept_is_what_was_written():
    visit = begin()
    with in_organisation(visit.shop.id):
        number = Reward.objects.get(organisation_id=visit.shop.id, key="coffee").id
    facts = {"key": str(uuid4()), "price": "50"}
    done = visit.client.post(f"/rewards/{number}/redeem/now", facts, follow=True)
    assert "Ein Kaffee" in done.content.decode()
    with in_organisation(visit.shop.id):
        kept = list(News.objects.filter(organisation_id=visit.shop.id).values_list("payload", flat=True))
        assert kept
        assert "Kaffee" not in str(kept)
        assert Reward.objects.get(id=number).name == "A coffee"
        assert standing_programmes(visit.shop.id)["corner-shop"].name == "Corner shop"
        assert export(visit.shop.id, "corner-shop") == PROGRAMME + GERMAN


def test_a_page_in_german_asks_the_database_as_often_as_one_in_english(visit):
    client = signed_in(visit.shop, visit.shop.mina_signs_in.id)

    def queries(path: str) -> int:
        assert client.get(path).status_code == 200
        with CaptureQueriesContext(connection) as counted:
            client.get(path)
        return len(counted)

    paths = ("/rewards", "/activity", "/earn", "/challenges")
    german = [queries(path) for path in paths]
    client.post("/language", {"language": "en-gb", "next": "/"})
    english = [queries(path) for path in paths]
    client.post("/language", {"language": "de", "next": "/"})

    assert german == english


def test_a_program_reads_the_language_it_asks_for(visit):
    caller = program(visit.shop.id, ["rewards:read"])
    german = caller.get("/api/v1/rewards", headers={"Accept-Language": "de-AT, en;q=0.5"})
    plain = caller.get("/api/v1/rewards")
    french = caller.get("/api/v1/rewards", headers={"Accept-Language": "fr"})

    assert "Ein Kaffee" in german.content.decode()
    assert german["Content-Language"] == "de-at"
    assert "Accept-Language" in german["Vary"]
    for other in (plain, french):
        assert "A coffee" in other.content.decode()
    assert "Content-Language" not in plain


def test_the_console_shows_what_was_written_and_how_far_each_language_is(visit):
    manager = signed_in(visit.shop, make_user(visit.shop.id, roles=["manager"]).id)
    manager.post("/language", {"language": "de", "next": "/"})
    page = manager.get("/console/programmes/of/corner-shop").content.decode()

    assert "Corner shop" in page
    assert "Die Texte sind geschrieben auf: Englisch." in page
    assert "Deutsch: 18 von 33 Texten" in page
    assert "<li>A trip to the sea<br>" in page


def test_an_organisation_of_one_language_has_no_digest_and_other_texts_have_another():
    shop = make_shop()

    def digest() -> str:
        return Organisation.objects.get(id=shop.id).translations

    assert digest() == ""
    digests = []
    for file in (GERMAN, GERMAN.replace("Ein Kaffee", "Kaffee"), GERMAN, ""):
        apply(shop.id, PROGRAMME + file, actor=ACTOR)
        digests.append(digest())

    assert digests[0] == digests[2]
    assert len(set(digests)) == 3
    with in_organisation(shop.id):
        assert translations_of(shop.id) == {}
