"""Learning in the console and in the portal: a list from its file to being taken back, a claim, a session, a certificate."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.rolls import count_roll, take_back_roll
from plaudit.learning.models import Claim, Session
from plaudit.learning.roll_models import Roll
from plaudit.learning.tests.factories import PDF, Academy, make_academy
from plaudit.people.models import Member
from plaudit.people.tests.factories import make_user
from plaudit.surfaces.console.tests.shops import Company


@pytest.fixture
def academy() -> Academy:
    return make_academy()


def day(after: int = 0) -> str:
    """Today, or so many days after it; what is asked later is never before it."""
    return str(clock.now().date() + timedelta(days=after))


def manager(academy: Academy) -> Client:
    return Company(academy.organisation).signed_in(make_user(academy.id, roles=["manager"]).id)


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_list_is_sent_in_looked_at_chosen_counted_and_taken_back(academy):
    for name in ("Ada Lovelace", "Bo Lind", "Cy Young"):
        academy.member(name)
    client = manager(academy)
    file = SimpleUploadedFile("came.csv", b"Name\nAda Lovelace\nBo Lindt\nCy Young\nNobody Known\n")
    sent = {"what": "academy/listening", "day": day(), "file": file}

    assert client.post("/console/learning/lists/look", {"what": "academy/listening"}).status_code == 422
    page = client.post("/console/learning/lists/look", sent)["Location"]
    looked = text(client.get(page))
    assert (
        "Bo Lindt" in looked
        and "2,000" in looked
        and "Nobody Known" in text(client.get(f"{page}?group=unknown"))
    )
    chosen = re.search(r'name="(row-\d+)".*?value="(mem_\w+)" selected', looked)
    assert chosen is not None
    client.post(f"{page}/choose", {chosen[1]: chosen[2]})
    assert "3,000" in text(client.get(page))

    client.post(f"{page}/count", {})
    with in_organisation(academy.id):
        roll = Roll.objects.get()
    count_roll(academy.id, roll_id=roll.id)
    assert "Counted" in text(client.get(page))
    assert client.get(f"{page}/progress").status_code == 200
    assert "Nobody Known" in text(client.get(f"{page}/rejects.csv"))

    client.post(f"{page}/take-back", {"reason": "The wrong day"})
    take_back_roll(academy.id, roll_id=roll.id)
    assert "Taken back" in text(client.get(page))


def test_a_list_whose_headings_say_nothing_is_read_as_somebody_says_and_so_is_the_next(academy):
    for name in ("Ada Lovelace", "Bo Lind"):
        academy.member(name)
    client = manager(academy)

    def sends(rows: str) -> str:
        file = SimpleUploadedFile("came.csv", f"Seat,Colour\n{rows}\n".encode())
        sent = {"what": "academy/listening", "day": day(), "file": file}
        page: str = client.post("/console/learning/lists/look", sent)["Location"]
        return page

    page = sends("1,Ada Lovelace")
    looked = text(client.get(page))
    assert "Which column says who?" in looked and "Count them" not in looked
    assert client.post(f"{page}/read", {"name": "Nothing"}).status_code == 422
    assert client.post(f"{page}/read", {"name": "Colour"})["Location"] == page
    assert "Ada Lovelace" in text(client.get(page))

    again = text(client.get(sends("2,Bo Lind")))
    assert "Which column says who?" not in again
    assert "Bo Lind" in again and "Whole name: Colour" in again


def test_a_session_is_opened_registered_for_checked_in_to_and_closed(academy):
    with in_organisation(academy.id):
        ada = Member.objects.get(id=academy.member("Ada Lovelace"))
    me = Company(academy.organisation).signed_in(make_user(academy.id, roles=[], member=ada).id)
    client = manager(academy)
    place = "/console/learning/of/academy/listening"
    assert client.post(f"{place}/open", {"key": "k"}).status_code == 422
    asked = {
        "key": "k",
        "day": day(1),
        "begins": "15:00",
        "lasts": "120",
        "places": "1",
        "place": "Room 7",
    }
    roster = client.post(f"{place}/open", asked)["Location"]

    mine = text(me.get("/learning"))
    register = re.search(r'action="(/learning/sessions/\w+/register)"', mine)
    assert "Room 7" in mine and register is not None
    assert me.post(register[1])["Location"] == "/learning"
    assert "You have a place" in text(me.get("/learning"))
    with in_organisation(academy.id):
        secret = Session.objects.get().secret
    assert "Listening" in text(me.get(f"/learning/check-in/{secret}"))
    assert "opens no session" in text(me.get("/learning/check-in/nothing"))
    assert me.post(f"/learning/check-in/{secret}/now").status_code == 302
    assert "Ada Lovelace" in text(client.get(roster))
    client.post(f"{roster}/close")

    assert academy.available(ada.id) == 1_000
    done = text(me.get("/learning"))
    assert "Credits this year" in done and "Listening" in done
    assert "Closed" in text(client.get(place)) and "Listening" in text(client.get("/console/learning"))


def test_a_claim_is_sent_with_its_proof_and_approved(academy):
    with in_organisation(academy.id):
        ada = Member.objects.get(id=academy.member("Ada Lovelace", attributes={"level": "new"}))
    me = Company(academy.organisation).signed_in(make_user(academy.id, roles=[], member=ada).id)
    client = manager(academy)
    claimed = {"what": "academy/listening", "day": day(-1), "words": "At the fair", "key": "k"}
    assert "Listening" in text(me.get("/learning/claim"))
    assert me.post("/learning/claim/send", {"key": "k"}).status_code == 422
    wrong = me.post("/learning/claim/send", {**claimed, "proof": SimpleUploadedFile("a.pdf", b"no")})
    assert "neither a PDF nor a picture" in text(wrong)
    assert (
        me.post("/learning/claim/send", {**claimed, "proof": SimpleUploadedFile("a.pdf", PDF)}).status_code
        == 302
    )
    assert "Ada Lovelace" in text(client.get("/console/learning/gaps"))
    assert "Ada Lovelace" in text(client.get("/console/learning/gaps?format=csv"))

    waiting = text(client.get("/console/learning/claims"))
    proof = re.search(r'href="(/console/learning/claims/(\w+)/proof)"', waiting)
    assert "At the fair" in waiting and proof is not None
    kept = client.get(proof[1])
    assert (kept.content, kept["Content-Type"]) == (PDF, "application/pdf")
    assert kept["Content-Disposition"].startswith("attachment")
    client.post(f"/console/learning/claims/{proof[2]}/decide", {"then": "approve", "answer": "Well done"})

    assert academy.available(ada.id) == 1_000
    assert "Well done" in text(me.get("/learning"))
    with in_organisation(academy.id):
        assert Claim.objects.get().state == "approved"


def test_a_certificate_is_shown_and_revoked(academy):
    with in_organisation(academy.id):
        ada = Member.objects.get(id=academy.member("Ada Lovelace"))
    academy.completes(ada.id, "first-aid")
    me = Company(academy.organisation).signed_in(make_user(academy.id, roles=[], member=ada).id)
    client = manager(academy)

    shown = text(client.get("/console/learning/certificates"))
    revoke = re.search(r'action="(/console/learning/certificates/\w+/revoke)"', shown)
    assert "Ada Lovelace" in shown and revoke is not None
    assert "First aid" in text(me.get("/learning"))
    client.post(revoke[1], {"reason": "Copied"})

    assert academy.available(ada.id) == 0
    assert "Revoked" in text(me.get("/learning"))
