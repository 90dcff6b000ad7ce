"""Members who chose to be told on their devices, what they are told of, and what push services answer."""

from __future__ import annotations

from collections.abc import Callable

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.reaching import Answer
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions.devices import own_key
from plaudit.outreach.actions.telling import tell_people
from plaudit.outreach.models import Push
from plaudit.outreach.queries.devices import devices_of
from plaudit.outreach.tasks import queue_mail
from plaudit.people.actions.choosing import choose
from plaudit.people.choices import news_by_push
from plaudit.people.models import Member
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation


def begin(*chosen: str) -> Member:
    """A member who chose to be told of offers on their devices, and whatever else is named."""
    at = make_organisation().id
    ada = make_member(at, name="Ada")
    own_key(at)
    choices = dict.fromkeys((news_by_push("offers"), *chosen), True)
    choose(at, member_id=ada.id, choices=choices, actor=ACTOR)
    return ada


def offered(member: Member, *keys: str) -> int:
    """Offers are made to a member, and people are told; how many messages wait for devices then."""
    at = member.organisation_id
    with in_organisation(at):
        for key in keys:
            facts = {"programme": "main", "offer": key, "members": [show("mem", member.id)]}
            tell(at, "offer.made", facts, happened_at=clock.now())
    tell_people(at, queue_mail(at))
    return waiting(at)


def waiting(at: int) -> int:
    with in_organisation(at):
        return Push.objects.filter(organisation_id=at).count()


def names_of(member: Member) -> list[str]:
    with in_organisation(member.organisation_id):
        return [one.name for one in devices_of(member.organisation_id, member.id)]


def answers(status: int | None, retry_after: str | None = None) -> Callable[..., Answer]:
    return lambda *_: Answer(status, "", "", retry_after, "1.1.1.1", 5)
