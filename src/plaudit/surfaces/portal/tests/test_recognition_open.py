"""Pages of thanks from outside, of the wall, of what is said to a recognition and of nominations, without script."""

from __future__ import annotations

import re
from datetime import UTC, timedelta

import pytest
from django.core import mail
from django.test import Client, override_settings

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.choosing import choose
from plaudit.people.actions.members import update_member
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR
from plaudit.recognition.actions.digesting import DIGEST, send_digests
from plaudit.recognition.actions.linking import Whose, open_link
from plaudit.recognition.models import LinkKind, Received
from plaudit.recognition.rules.weeks import mailed_at
from plaudit.recognition.tasks import mail_digest
from plaudit.recognition.tests.factories import Noticing, make_noticing
from plaudit.surfaces.portal.tests.test_recognition import Visitor, give, hidden, visit


@pytest.fixture
def noticing() -> Noticing:
    return make_noticing()


def of_tim(noticing: Noticing) -> str:
    whose = Whose(member_id=noticing.id("Tim"))
    return open_link(noticing.organisation, LinkKind.THANKS, whose, name="Tim", actor=ACTOR).secret


def thank(client: Client, at: str, status: int = 200, **said: str) -> str:
    form = client.get(at)
    assert form["X-Robots-Tag"] == "noindex, nofollow"
    sent = {"key": hidden(form.content.decode(), "key"), **said}
    answer = client.post(at, sent, follow=True)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_customer_says_thank_you_without_signing_in_and_the_person_reads_it(noticing):
    at = f"/thanks/{of_tim(noticing)}"
    customer = browser()

    done = thank(customer, at, behaviour="calm", words="You stayed with me.")

    assert "Tim can read it now." in done
    assert noticing.points("Tim") == 5
    mine = visit(noticing, "Tim").page("/recognition", show="received")
    assert "A customer" in mine
    assert "You stayed with me." in mine
    for other in ("Ann", "Sue", "Floor"):
        assert other not in customer.get(at).content.decode()


def test_what_a_program_fills_in_and_what_has_addresses_in_it_is_passed_on_to_nobody(noticing):
    at = f"/thanks/{of_tim(noticing)}"

    assert "Tim can read it now." in thank(browser(), at, website="https://spam.example")
    refused = thank(browser(), at, 422, words="See www.spam.example")

    assert "A line holds plain words, no addresses." in refused
    assert "See www.spam.example" in refused
    with in_organisation(noticing.organisation):
        assert not Received.objects.filter(organisation_id=noticing.organisation).exists()


def test_a_member_makes_renews_and_ends_their_own_link(noticing):
    tim = visit(noticing, "Tim")
    made = tim.send("/recognition/links/make", 200, **{"for": "me", "what": "thanks", "name": "Tim T."})
    first = re.search(r"/thanks/([\w-]+)", made)
    page = re.search(r'action="(/recognition/links/lnk_\w+)/renew"', made)
    assert first is not None
    assert page is not None
    assert "<svg" in made

    renewed = re.search(r"/thanks/([\w-]+)", tim.send(f"{page[1]}/renew"))
    assert renewed is not None
    assert browser().get(f"/thanks/{first[1]}").status_code == 404
    assert "Tim T." in browser().get(f"/thanks/{renewed[1]}").content.decode()
    assert visit(noticing, "Ann").client.post(f"{page[1]}/end").status_code == 404


def test_a_wall_shows_what_its_people_let_others_see_until_it_ends(noticing):
    sue, tim, ann = visit(noticing, "Sue", "supervisor"), visit(noticing, "Tim"), visit(noticing, "Ann")
    team = str(noticing.teams["floor"].id)
    made = sue.send("/recognition/links/make", 200, **{"for": team, "what": "wall"})
    wall = re.search(r"(/team/wall/[\w-]+)", made)
    assert wall is not None
    give(ann, "Tim", words="You carried it all")
    assert "You carried it all" not in browser().get(wall[1]).content.decode()

    shown = re.search(r'href="(/recognition/rcg_\w+)"', tim.page("/recognition", show="received"))
    assert shown is not None
    tim.send(f"{shown[1]}/show", visible="team")

    for path in (wall[1], f"{wall[1]}/live"):
        answer = browser().get(path)
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert "You carried it all" in answer.content.decode()
        assert "Ann" not in answer.content.decode()
    end = re.search(r'action="(/recognition/links/lnk_\w+/end)"', made)
    assert end is not None
    sue.send(end[1])
    assert browser().get(wall[1]).status_code == 404


def test_whoever_sees_a_recognition_taps_replies_and_reports_it(noticing):
    tim, ann = visit(noticing, "Tim"), visit(noticing, "Ann")
    give(visit(noticing, "Sue", "supervisor"), "Tim")
    found = re.search(r'action="(/recognition/rcg_\w+)/react"', ann.page("/recognition"))
    assert found is not None
    at = found[1]

    assert 'value="-bravo"' in ann.send(f"{at}/react", kind="bravo", at="feed")
    assert "Well done 1" in tim.page(at)
    assert "So it was" in ann.send(f"{at}/reply", words="So it was")
    corrects = re.search(r'name="corrects" value="(rpl_\w+)"', ann.page(at))
    assert corrects is not None
    assert "<s>So it was</s>" in ann.send(f"{at}/reply", words="So it always was", corrects=corrects[1])
    assert "Somebody looks into it." in tim.send(f"{at}/report", words="It was Ann")
    assert visit(noticing, "Pat").client.get(at).status_code == 404


def test_a_nomination_is_asked_for_decided_and_read_about(noticing):
    ann, sue = visit(noticing, "Ann"), visit(noticing, "Sue", "supervisor")
    form = ann.page("/nominations")
    tim = re.search(r'value="(mem_\w+)">Tim', form)
    assert tim is not None
    asked = {"key": hidden(form, "key"), "person": tim[1], "behaviour": "helps", "words": "He stayed"}
    assert "Write how many points" in ann.send("/nominations/send", 422, **asked, points="many")
    ann.send("/nominations/send", 200, **asked, points="200")

    decide = re.search(r'action="(/nominations/nom_\w+/decide)"', sue.page("/nominations"))
    assert decide is not None
    assert "Say why the points are others" in sue.send(decide[1], 422, then="approve", points="150")
    sue.send(decide[1], then="approve", points="150", answer="As last time")

    mine = ann.page("/nominations")
    assert "Given: 150 points, not 200 points." in mine
    assert "As last time" in mine
    assert noticing.points("Tim") == 150


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_a_weeks_summary_is_mailed_once_to_whoever_chose_it(noticing):
    mail.outbox = []
    at, tim = noticing.organisation, noticing.id("Tim")
    monday = mailed_at(clock.now(), UTC)
    update_member(at, member_id=tim, email=f"tim-{at}@example.org", actor=ACTOR)
    with clock.frozen_at(monday - timedelta(days=8)):
        choose(at, member_id=tim, choices={DIGEST: True}, actor=ACTOR)
    noticing.give("Sue", "Tim", at=monday - timedelta(hours=7), words="Calm as ever")

    queued: list[dict[str, str]] = []
    for _ in range(2):
        send_digests(
            at, "UTC", lambda who, moment: queued.append({"member": str(who), "moment": moment.isoformat()})
        )
    assert len(queued) == 1
    mail_digest(at, **queued[0])

    (sent,) = [one for one in mail.outbox if f"tim-{at}@example.org" in one.to]
    assert "You were recognised 1 time last week." in sent.body
    assert "Calm as ever" in sent.body


def test_somebody_without_a_link_to_show_is_told_what_is_missing():
    noticing = make_noticing(customers=None, nominations=None)
    tim: Visitor = visit(noticing, "Tim")

    assert "Customers cannot say thank you here yet" in tim.page("/recognition/links")
    assert "Nobody is nominated here yet" in tim.page("/nominations")
