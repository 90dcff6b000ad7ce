"""Things of recognition for walking the pages about them: links, reports, nominations, moments, findings, notes, notices."""

from __future__ import annotations

from itertools import count
from uuid import UUID

from plaudit.foundation import clock, ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.models import Notice
from plaudit.outreach.queries.devices import show_device
from plaudit.outreach.tests.browsers import make_device
from plaudit.people.models import Member
from plaudit.people.tests.factories import ACTOR
from plaudit.recognition.actions.linking import Whose, open_link
from plaudit.recognition.actions.nominating import Wish, nominate
from plaudit.recognition.actions.talking import report
from plaudit.recognition.models import LinkKind, Moment, Note
from plaudit.recognition.queries.reviews import finding_ref
from plaudit.recognition.reviews import Concerned, Finding
from tests.access.companies import Peopled

_numbers = count(1)


def linked(company: Peopled, member: Member) -> str:
    """The address at which this member is thanked."""
    whose = Whose(member_id=member.id)
    made = open_link(company.id, LinkKind.THANKS, whose, name=f"{company.word}Somebody", actor=ACTOR)
    return ids.show("lnk", made.id)


def reported(company: Peopled, member: Member) -> str:
    """What this member finds wrong with something that they were recognised for."""
    recognition_id = ids.read("rcg", company.noticed(member), kind="recognition")
    words = f"{company.word}Not so"
    made = report(company.id, recognition_id, member_id=member.id, words=words, actor=ACTOR)
    return ids.show("rpt", made.id)


def nominates(company: Peopled, member: Member) -> str:
    """A nomination by this member that waits."""
    others = (company.owners["Tim"], company.owners["Oda"])
    nominee = next(one for one in others if one.id != member.id)
    wish = Wish(
        member_id=nominee.id,
        behaviour="kind",
        words=f"{company.word}They stayed",
        points=5,
        key=str(ids.new_id()),
    )
    return ids.show("nom", nominate(company.id, wish, nominator_id=member.id, actor=ACTOR).id)


def moment(company: Peopled, member: Member) -> str:
    """A moment of this member's that waits."""
    now = clock.now()
    with in_organisation(company.id):
        made = Moment.objects.create(
            organisation_id=company.id, programme=company.programme, watch="seen", name=f"{company.word}Seen",
            behaviour="kind", member_id=member.id, event_id=ids.new_id(), happened_at=now, proposed_at=now,
        )  # fmt: skip
    return ids.show("mom", made.id)


def asked_about(company: Peopled, member: Member) -> str:
    """A finding that names this member and Oda, of which they were told."""
    people = sorted({str(one.id) for one in (member, company.owners["Oda"], company.member("Pal"))})
    with in_organisation(company.id):
        now = clock.now()
        made = Finding.objects.create(
            organisation_id=company.id, since=now, until=now, found_at=now, people=" ".join(people), one_in=500,
            links=[
                {"giver": ids.show("mem", UUID(one)), "recipient": ids.show("mem", UUID(other)), "times": 9,
                 "expected": "1.2", "one_in": 900, "points": 0}
                for one, other in zip(people, [*people[1:], people[0]], strict=True)
            ],
            state="asked", asked_at=now,
        )  # fmt: skip
        Concerned.objects.bulk_create(
            Concerned(
                organisation_id=company.id,
                finding_id=made.id,
                member_id=UUID(one),
                words=f"{company.word}We share a desk",
            )
            for one in people
        )
    return finding_ref(made.id)


def note(company: Peopled, author: Member) -> str:
    """A note that this member wrote about somebody."""
    with in_organisation(company.id):
        made = Note.objects.create(
            organisation_id=company.id, author_id=author.id, member_id=company.owners["Tim"].id,
            words=f"{company.word}Breathe", written_at=clock.now(),
        )  # fmt: skip
    return ids.show("nte", made.id)


def device(company: Peopled, member: Member) -> str:
    """A device on which this member is told."""
    url = f"https://push.example/{member.id}"
    return show_device(make_device(company.id, member.id, url=url, name=f"{company.word}Phone").id)


def told(company: Peopled, member: Member) -> str:
    """A new notice in this member's inbox."""
    facts = {"programme": company.programme, "offer": "spring"}
    with in_organisation(company.id):
        made = Notice.objects.create(
            organisation_id=company.id, id=ids.new_id(), member_id=member.id, news_id=next(_numbers),
            topic="offer.made", facts=facts, told_at=clock.now(),
        )  # fmt: skip
    return ids.show("ntc", made.id)
