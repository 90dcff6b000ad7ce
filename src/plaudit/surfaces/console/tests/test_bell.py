"""The bell above the console: what waits in a colleague's inbox is counted there as well."""

from __future__ import annotations

import re

from plaudit.cases.actions.asking import ask_approval
from plaudit.outreach.actions.telling import tell_people
from plaudit.outreach.tasks import queue_mail
from plaudit.people.tests.factories import ACTOR
from plaudit.surfaces.console.tests.shops import make_company

BADGE = re.compile(r'id="bell"[^>]*href="/me/inbox"[^>]*>.*?<span class="badge">(\d+)</span>')


def test_what_waits_for_a_colleague_is_counted_above_every_page_until_it_is_read():
    company = make_company()
    ada = company.member()
    manager = company.person("manager")
    assert BADGE.search(manager.get("/console/").content.decode()) is None

    ask_approval(
        company.id, member_id=ada.id, unit="points", amount=900, reason="Kindness", key="a", actor=ACTOR
    )
    tell_people(company.id, queue_mail(company.id))
    for path in ("/console/", "/console/members", "/me/inbox"):
        found = BADGE.search(manager.get(path).content.decode())
        assert found is not None, path
        assert found[1] == "1"

    manager.post("/me/inbox/read")
    assert BADGE.search(manager.get("/console/").content.decode()) is None
