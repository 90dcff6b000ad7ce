"""From whom recognitions come: told apart in the console and on the supervisor's own page."""

from __future__ import annotations

import re

from plaudit.foundation import clock
from plaudit.people.actions.signing_in import make_link
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR, make_user
from plaudit.recognition.tests.factories import Noticing, make_noticing


def lived() -> Noticing:
    """A company in which Sue, who leads Tim, noticed him twice, and Ann, Pat and the programme once."""
    noticing = make_noticing()
    now = clock.now()
    for giver, words in (("Sue", "one"), ("Sue", "two"), ("Ann", "three"), ("Pat", "four"), (None, "five")):
        noticing.give(giver, "Tim", at=now, words=words, with_points=False)
    return noticing


def read_by(noticing: Noticing, role: str, path: str, *, who: str = "") -> str:
    member = noticing.members[who] if who else None
    user = make_user(noticing.organisation, roles=[role], member=member)
    client = browser()
    client.post(f"/sign-in/{make_link(noticing.organisation, user_id=user.id, actor=ACTOR)}")
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_sources_are_told_apart_and_the_supervisors_share_has_its_bounds():
    noticing = lived()

    everything = read_by(noticing, "manager", "/console/noticing")
    assert "All 5 Supervisor 2 Colleague 2 Customer 0 Programme 1" in everything
    assert "From supervisors 40%" in everything
    assert "of 5 in 90 days; it lies between 12% and 77% in 95 of 100 cases" in everything
    peers = read_by(noticing, "manager", "/console/noticing?source=peer")
    assert "three" in peers and "four" in peers and "five" not in peers and "one" not in peers.split()
    hers = read_by(noticing, "supervisor", "/team/", who="Sue")
    assert "Supervisor 2 Colleague 2 Programme 1" in hers
