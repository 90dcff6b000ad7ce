"""Reviews and the mirror as requests, without script: from the finding to the doubted decision."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plaudit.earning.tests.factories import NOON
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.signing_in import make_link
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR, make_member, make_team, make_user
from plaudit.recognition.actions.publish_standard import publish_standard
from plaudit.recognition.actions.reviewing import look_through
from plaudit.recognition.queries.reviews import finding_ref, findings
from plaudit.recognition.tests.factories import Noticing, make_standard
from plaudit.recognition.tests.ringed import LOOK_AT, given_at, make_ringed
from plaudit.surfaces.portal.tests.test_recognition import Visitor, visit


@pytest.fixture
def noticing() -> Noticing:
    return make_ringed()


def manager(noticing: Noticing) -> Visitor:
    user = make_user(noticing.organisation, roles=["manager"])
    client = browser()
    client.post(f"/sign-in/{make_link(noticing.organisation, user_id=user.id, actor=ACTOR)}")
    return Visitor(client)


def test_a_finding_is_taken_up_asked_about_answered_decided_and_doubted(noticing):
    here = noticing.organisation
    with clock.frozen_at(LOOK_AT):
        assert look_through(here) == 1
    with in_organisation(here):
        reference = finding_ref(findings(here)[0].id)
    max_, una = manager(noticing), visit(noticing, "Una")
    at, mine = f"/console/recognition/{reference}", f"/reviews/{reference}"

    assert "Una recognised Vic 13 times" in max_.page("/console/recognition")
    assert una.client.get(mine).status_code == 404
    max_.send(f"{at}/take")
    assert "They can see it now" in max_.send(f"{at}/ask")
    assert "How you recognise one another" in una.page("/recognition", show="received")
    assert "Nobody accuses you of anything" in una.page(mine)
    una.send(f"{mine}/say", words="We share a desk")
    assert "We share a desk" in max_.page(at)
    assert "heard first" in max_.send(f"{at}/decide", 409, outcome="talked_about", words="Early")
    assert "Nothing else happens by itself" in max_.send(
        f"{at}/decide", outcome="nothing_wrong", words="They do share one"
    )

    assert "They do share one" in una.page(mine)
    una.send(f"{mine}/doubt", words="It says I was asked about")
    assert "Doubted" in max_.page("/console/recognition")
    assert "decided by somebody else" in max_.send(
        f"{at}/decide", 409, outcome="nothing_wrong", words="As before"
    )
    other = manager(noticing)
    other.send(f"{at}/decide", outcome="nothing_wrong", words="Still nothing")
    assert "Still nothing" in other.page("/console/recognition", state="decided") + other.page(at)
    assert visit(noticing, "Pat").client.get(mine).status_code == 404


def test_a_supervisor_sees_their_own_mirror_and_nobody_elses(noticing):
    here, since = noticing.organisation, NOON - timedelta(days=90)
    publish_standard(here, "main", make_standard(member_fields={"shift": {"kind": "text"}}))
    people = [
        make_member(here, name=f"P{number}", kind="staff", joined_at=since, attributes={"shift": shift})
        for number, shift in enumerate(["early"] * 7 + ["late"] * 7)
    ]
    make_team(here, members=people, led_by=[noticing.members["Sue"]], since=since)
    sue = visit(noticing, "Sue", "supervisor")
    with clock.frozen_at(NOON + timedelta(days=14)):
        assert "Too early to say" in sue.page("/team/balance")
        given_at(noticing, [(noticing.members["Sue"], one) for one in people[:7] for _ in range(4)])
        page = sue.page("/team/balance")

    assert "You noticed 7 of 7 (early) and 0 of 9 (" in page
    assert "Chance alone would seldom bring such a difference" in page
    assert "My mirror" in sue.page("/team/")
    assert visit(noticing, "Tim").client.get("/team/balance").status_code == 403
