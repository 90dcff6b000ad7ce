"""That somebody is asked, and reminded once: in their inbox, and by mail where they chose it."""

from __future__ import annotations

from datetime import timedelta

from django.core import mail
from django.test import override_settings

from plaudit.foundation import clock
from plaudit.foundation.jobs import run_due
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.queries.inbox import Reader, inbox
from plaudit.people.actions.choosing import choose
from plaudit.people.choices import news_by_mail
from plaudit.people.models import Member
from plaudit.surveys.tests.factories import ACTOR, Asking, make_asking

ASKED, MISSING = (
    "You are asked for your opinion: Would you recommend us?",
    "Your opinion is still missing: Would you recommend us?",
)


def inbox_of(asking: Asking, name: str) -> list[str]:
    """What somebody's inbox says, the oldest first, and where each leads."""
    with in_organisation(asking.id):
        found = inbox(asking.id, Reader(member_id=asking.members[name].id))
    assert {one.path for one in found} <= {"/have-your-say"}
    return [one.sentence for one in reversed(found)]


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_whoever_is_asked_reads_it_and_is_reminded_once_unless_they_answered():
    mail.outbox = []
    asking = make_asking()
    address = f"ada-{asking.id}@home.example"
    with in_organisation(asking.id):
        Member.objects.filter(id=asking.member("Ada")).update(email=address)
    choose(asking.id, member_id=asking.member("Ada"), choices={news_by_mail("surveys"): True}, actor=ACTOR)
    ada, bob = (asking.invites(asking.member(name), "loyal") for name in ("Ada", "Bob"))
    run_due(asking.id)
    asking.answers(bob, likely=9)

    with clock.frozen_at(ada.invited_at + timedelta(days=3, minutes=1)):
        run_due(asking.id)
        run_due(asking.id)

    assert inbox_of(asking, "Ada") == [ASKED, MISSING]
    assert inbox_of(asking, "Bob") == [ASKED]
    mailed = [one for one in mail.outbox if one.to == [address]]
    assert [MISSING in one.subject for one in mailed] == [False, True]
    assert all("/have-your-say" in one.body for one in mailed)
