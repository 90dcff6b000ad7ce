"""Surveys on the command line: listed, asked of one and of all, and read with their bounds."""

from __future__ import annotations

import json

from plaudit.foundation.ids import show
from plaudit.surfaces.cli.tests.calling import call
from plaudit.surveys.tests.factories import make_asking


def test_somebody_is_asked_once_and_everybody_else_after_that():
    asking = make_asking()
    asking.member("Ada")
    asking.member("Bob")
    org = asking.organisation.slug
    ada = show("mem", asking.members["Ada"].id)

    one = call("survey", "invite", "main/loyal", "--member", ada, "--json", org=org)
    neither = call("survey", "invite", "main/loyal", org=org)
    everyone = call("survey", "invite", "main/loyal", "--everyone", "--json", org=org)
    again = call("survey", "invite", "main/loyal", "--everyone", "--json", org=org)

    assert "/survey/svi_" in json.loads(one.out)["link"]
    assert neither.code == 2
    assert json.loads(everyone.out)["invited"] == 1
    assert json.loads(again.out)["invited"] == 0


def test_results_have_their_bounds_and_answers_of_seven_without_names_are_not_shown():
    asking = make_asking()
    org = asking.organisation.slug
    for person in asking.team("Floor", 7):
        asking.says(person, "mood", mood=4)
    asking.takes_in(*((f"call-{number}", "Tim", 5) for number in range(8)))

    few = call("survey", "results", "main/mood", "--json", org=org)
    enough = call("survey", "results", "main/call", "--json", org=org)
    listed = call("survey", "list", "--json", org=org)

    assert (few.code, few.out.strip()) == (0, "[]")
    (satisfied,) = (row for row in json.loads(enough.out) if row["answer"] == "satisfied")
    assert (satisfied["value"], satisfied["of"]) == ("1.0000", 8)
    assert satisfied["low"] < satisfied["high"] == "1.0000"
    assert {row["survey"] for row in json.loads(listed.out)} == {"main/call", "main/mood", "main/loyal"}
