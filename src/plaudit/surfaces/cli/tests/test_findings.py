"""Findings on the command line: looked for, shown with what chance brings, asked about, decided."""

from __future__ import annotations

import json

from plaudit.earning.tests.factories import NOON
from plaudit.foundation import clock
from plaudit.people.models import Organisation
from plaudit.recognition.tests.ringed import make_ringed
from plaudit.surfaces.cli.tests.calling import call


def test_a_ring_is_looked_for_shown_asked_about_and_decided():
    org = Organisation.objects.get(id=make_ringed().organisation).slug
    with clock.frozen_at(NOON):
        looked = call("finding", "look", "--json", org=org)
        again = call("finding", "look", org=org)
    (one,) = json.loads(call("finding", "list", "--json", org=org).out)
    links = json.loads(call("finding", "show", one["finding"], "--json", org=org).out)
    asked = call("finding", "ask", one["finding"], "--json", org=org)
    early = call("finding", "decide", one["finding"], "talked_about", "--because", "We met", org=org)
    decided = call("finding", "decide", one["finding"], "nothing_wrong", "--because", "A desk", org=org)

    assert json.loads(looked.out)["findings"] == 1
    assert (again.code, "four weeks" in again.talk) == (5, True)
    assert {"Una", "Vic", "Wyn"} == set(one["members"].split(", "))
    assert sum(link["observed"] == 13 for link in links) == 3
    assert json.loads(asked.out)["state"] == "asked"
    assert (early.code, "heard first" in early.talk, decided.code) == (5, True, 0)
    assert json.loads(call("finding", "list", "--json", org=org).out) == []
    (kept,) = json.loads(call("finding", "list", "--decided", "--json", org=org).out)
    assert (kept["state"], kept["outcome"]) == ("decided", "nothing_wrong")
