"""Points that wait for a second person, on the command line."""

from __future__ import annotations

import json

from plaudit.cases.tests.factories import make_desk
from plaudit.people.models import Organisation
from plaudit.surfaces.cli.tests.calling import call


def test_what_waits_is_listed_approved_and_declined_and_nobody_approves_their_own():
    desk = make_desk()
    org = Organisation.objects.get(id=desk.id).slug
    for amount, by in ((600, ""), (700, ""), (800, "cli")):
        desk.wants(amount, by=by)

    own, second, first = json.loads(call("approval", "list", "--json", org=org).out)
    refused = call("approval", "approve", own["approval"], org=org)
    approved = call("approval", "approve", first["approval"], "--json", org=org)
    declined = call("approval", "decline", second["approval"], "--because", "Found.", "--json", org=org)

    assert (refused.code, "asked for themselves" in refused.talk) == (6, True)
    assert json.loads(approved.out)["state"] == "approved" and desk.available() == 600
    assert json.loads(declined.out)["state"] == "declined"
    assert [one["amount"] for one in json.loads(call("approval", "list", "--json", org=org).out)] == [800]
    assert len(json.loads(call("approval", "list", "--all", "--json", org=org).out)) == 3
