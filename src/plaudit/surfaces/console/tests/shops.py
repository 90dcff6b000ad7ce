"""A small company for tests of the console: a shipped programme applied, a few purchases, people who sign in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import count

from django.test import Client

from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.take_in import take_in
from plaudit.foundation import clock, ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.statements import statement
from plaudit.people.actions.signing_in import make_link
from plaudit.people.models import Member, Organisation
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_sandbox, make_user
from plaudit.planning.actions.apply import apply
from plaudit.planning.templates import template

PROGRAMME = "points-basics"

_numbers = count(1)


@dataclass
class Company:
    """An organisation whose customers earn by a shipped programme."""

    organisation: Organisation

    @property
    def id(self) -> int:
        return self.organisation.id

    @property
    def source(self) -> str:
        """The programme file in force: its weekend of double points is long over, whatever day it is today."""
        return re.sub(r"2026(?=-11-(?:27|28|30)\b)", "2006", template(PROGRAMME).source)

    def member(self, name: str = "Ada") -> Member:
        """A customer the till knows."""
        return make_member(self.id, name=name, external_ids=[("till", f"{name.lower()}-{next(_numbers)}")])

    def buy(self, member: Member, amount: str = "50.00") -> None:
        """One purchase of this member's, a moment ago: an hour ago it may have been another month."""
        with in_organisation(self.id):
            identity = member.identities.get()
        event = IncomingEvent(
            source="till",
            id=f"order-{next(_numbers)}",
            type="purchase",
            subject=identity.external_id,
            subject_source="till",
            time=clock.wall() - timedelta(seconds=1),
            data={"amount": Decimal(amount)},
        )
        take_in(self.id, [event])

    def person(self, *roles: str) -> Client:
        """A browser in which somebody with these roles is signed in."""
        others = [role for role in roles if role != "member"]
        member = self.member("Somebody") if "member" in roles else None
        return self.signed_in(make_user(self.id, roles=others, member=member).id)

    def signed_in(self, user_id: int) -> Client:
        """A browser in which this person signed in by a link."""
        client = browser()
        client.post(f"/sign-in/{make_link(self.id, user_id=user_id, actor=ACTOR)}")
        return client

    def last_transfer(self, member: Member) -> str:
        """The reference of the member's last line."""
        with in_organisation(self.id):
            return statement(self.id, member.id, "points").lines[0].reference

    def available(self, member: Member) -> int:
        """What the member can spend."""
        with in_organisation(self.id):
            return statement(self.id, member.id, "points").lines[0].after


def make_company() -> Company:
    """A company with the shipped programme in force."""
    company = Company(make_organisation())
    apply(company.id, company.source, actor=ACTOR)
    return company


def make_sandbox_company() -> Company:
    """A sandbox with the shipped programme in force."""
    company = Company(make_sandbox())
    apply(company.id, company.source, actor=ACTOR)
    return company


def reference_of(member: Member) -> str:
    """The reference people see."""
    return ids.show("mem", member.id)
