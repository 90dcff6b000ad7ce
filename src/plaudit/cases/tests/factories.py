"""An organisation with a member who asks, two people who answer, and a limit above which both must agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from uuid import UUID

from plaudit.cases.actions.asking import ask_approval
from plaudit.cases.actions.opening import claim, question
from plaudit.cases.models import ApprovalRequest, Case
from plaudit.cases.queries import case, today
from plaudit.earning.tests.factories import make_story
from plaudit.foundation.ids import show
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.balances import balances
from plaudit.ledger.models import Unit
from plaudit.people.tests.factories import make_member, make_user

LIMIT = 500

_numbers = count(1)


def new_key() -> str:
    """A key no other act has."""
    return f"key-{next(_numbers)}"


@dataclass
class Desk:
    """The organisation, its member, and two of the desk."""

    id: int
    member_id: UUID
    mine: str
    ravi: str
    maya: str

    def asks(self, subject: str = "led_000001-1", *, key: str = "") -> Case:
        """Ada questions something."""
        return question(
            self.id,
            member_id=self.member_id,
            subject=subject,
            about="50 points: You spent 50.00 with us.",
            words="I spent more.",
            key=key or new_key(),
            actor=self.mine,
        )

    def misses(self, *, days_ago: int = 1, activity: str = "purchase") -> Case:
        """Ada claims a purchase that never arrived."""
        return claim(
            self.id,
            member_id=self.member_id,
            activity=activity,
            happened_on=self.today() - timedelta(days=days_ago),
            proof="Order 4711",
            key=new_key(),
            actor=self.mine,
        )

    def wants(self, amount: int = 600, *, key: str = "", by: str = "") -> ApprovalRequest:
        """Ravi asks for points that need a second person."""
        return ask_approval(
            self.id,
            member_id=self.member_id,
            unit="points",
            amount=amount,
            reason="Two orders were lost.",
            key=key or new_key(),
            actor=by or self.ravi,
        )

    def today(self) -> date:
        """The day it is."""
        with in_organisation(self.id):
            return today(self.id)

    def read(self, one: Case) -> Case:
        """The case as it stands."""
        with in_organisation(self.id):
            return case(self.id, show("cse", one.id))

    def available(self) -> int:
        """What Ada can spend."""
        with in_organisation(self.id):
            return sum(one.available for one in balances(self.id, self.member_id))


def make_desk() -> Desk:
    """Ada, who has nothing yet; purchases earn a point a unit of currency."""
    story = make_story()
    at = story.organisation.id
    with in_organisation(at):
        Unit.objects.filter(organisation_id=at).update(approval_from=LIMIT, may_owe=False)
    ada = make_member(at, name="Ada", email=f"ada-{at}@harbour.example", external_ids=[("till", "ada")])
    mine = make_user(at, roles=["member"], member=ada)
    ravi, maya = make_user(at, roles=["desk"]), make_user(at, roles=["manager"])
    return Desk(at, ada.id, f"usr_{mine.id}", f"usr_{ravi.id}", f"usr_{maya.id}")
