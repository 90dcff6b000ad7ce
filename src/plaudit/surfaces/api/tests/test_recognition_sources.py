"""From whom recognitions come, as programs read it: of everybody, and of one team."""

from __future__ import annotations

from plaudit.foundation import clock
from plaudit.recognition.tests.factories import make_noticing
from plaudit.surfaces.api.tests.calling import body_of, program


def test_programs_read_the_same_of_everybody_and_of_one_team():
    noticing, now = make_noticing(), clock.now()
    for giver in ("Sue", "Sue", "Ann", "Pat", None):
        noticing.give(giver, "Tim", at=now, with_points=False)
    noticing.give("Sue", "Pat", at=now, with_points=False)
    caller = program(noticing.organisation)

    told = body_of(caller.get("/recognition-sources"))
    floor = body_of(caller.get("/recognition-sources", team=noticing.teams["floor"].key))
    peers = body_of(caller.get("/recognitions", given_by="peer"))["items"]

    assert [told[one] for one in ("supervisor", "peer", "customer", "system")] == [2, 3, 0, 1]
    assert told["supervisors_share"] == "0.3333"
    assert [floor[one] for one in ("supervisor", "peer", "system")] == [2, 2, 1]
    assert (floor["supervisors_share"], floor["low"], floor["high"]) == ("0.4000", "0.1176", "0.7693")
    assert {one["given_by"] for one in peers} == {"peer"} and len(peers) == 3
    assert caller.get("/recognition-sources", team="nobody").status_code == 404
    nobody = body_of(program(make_noticing().organisation).get("/recognition-sources"))
    assert (nobody["supervisor"], nobody["supervisors_share"]) == (0, None)
