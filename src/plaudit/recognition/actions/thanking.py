"""Takes a customer's thank-you through the address of a team or a person: nobody signs in, and nobody is kept of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from plaudit.earning.definitions import Every
from plaudit.earning.limits import period_of
from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act
from plaudit.people.models import Member
from plaudit.recognition.actions.recording import write_down
from plaudit.recognition.actions.using import use_up
from plaudit.recognition.definitions import Customers, Standard
from plaudit.recognition.models import Link, LinkKind, Recognition
from plaudit.recognition.published import standards
from plaudit.recognition.queries.links import people_behind, standing_link
from plaudit.recognition.refusals import LinkEnded, PlainWordsOnly, ThanksEnough
from plaudit.recognition.rules.giving import DAY, Use

THANKS_WORDS_MAX = 300
_ADDRESS = re.compile(
    r"https?:|www\.|[^\s@]+@[^\s@]+\.[^\s@]+|\b[\w-]+\.(?:com|net|org|info|biz|ru|io|shop)\b", re.IGNORECASE
)


def thank(
    organisation_id: int, secret: str, *, behaviour: str = "", words: str = "", key: str
) -> Recognition:
    """Pass a customer's thank-you on: to the person, or to everybody of the team who does not lead it.

    It carries the points that the programme gives for one, where it is for one person; a team's carries words alone,
    for nobody can say whose it is. The same key at the same address thanks once. Raises `LinkEnded`, `Problem`,
    `PlainWordsOnly`, `NotFound` for no such behaviour, and `ThanksEnough`.
    """
    words = " ".join(words.split())
    if len(words) > THANKS_WORDS_MAX:
        raise Problem(f"A line has at most {THANKS_WORDS_MAX} characters.")
    if _ADDRESS.search(words):
        raise PlainWordsOnly
    return act(organisation_id, lambda: _thank(organisation_id, secret, behaviour, words, key))


def _thank(organisation_id: int, secret: str, behaviour: str, words: str, key: str) -> Recognition:
    # One thank-you of an address at a time, so that a key is looked for when nobody can still be using it.
    link = standing_link(organisation_id, LinkKind.THANKS, secret, lock=True)
    standard, customers = thanked_by(organisation_id, link)
    known = f"{show('lnk', link.id)}/{key}"
    before = Recognition.objects.filter(organisation_id=organisation_id, giver_id=None, key=known).first()
    if before is not None:
        return before
    if behaviour and standard.behaviour(behaviour) is None:
        raise NotFound(kind="behaviour", ref=behaviour)
    recipients = _recipients(organisation_id, link, standard)
    now = clock.now()
    day = period_of(Every.DAY, now.astimezone(ZoneInfo(standard.time_zone)).date())
    if use_up(organisation_id, standard.programme, link.id, [Use(DAY, day, 1, customers.a_day)]):
        raise ThanksEnough
    points = customers.points if link.member_id is not None else 0
    made = Recognition(
        organisation_id=organisation_id,
        programme=standard.programme,
        behaviour=behaviour,
        unit=standard.unit if points else "",
        points=points,
        key=known,
        given_at=now,
    )
    write_down(made, standard, recipients, words=words, actor=show("lnk", link.id), by_customer=True)
    return made


def thanked_by(organisation_id: int, link: Link) -> tuple[Standard, Customers]:
    """What the programme of an address says of thanking. Raises `LinkEnded` where it does not any more."""
    for one in standards(organisation_id):
        if one.programme == link.programme and one.customers is not None:
            return one, one.customers
    raise LinkEnded


def _recipients(organisation_id: int, link: Link, standard: Standard) -> Sequence[UUID]:
    found = Member.objects.filter(
        organisation_id=organisation_id,
        id__in=people_behind(organisation_id, link),
        state="active",
        kind__in=standard.audience,
    )
    recipients = list(found.order_by("id").values_list("id", flat=True))
    if not recipients:
        raise LinkEnded
    return recipients
