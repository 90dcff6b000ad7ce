"""Makes professional bodies that sell memberships for tests, by the real actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from plaudit.activity.actions.declare_type import declare_type
from plaudit.earning.actions.publish import publish
from plaudit.earning.definitions import Definition, Rule, Stacking
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.balances import balances
from plaudit.ledger.models import Unit
from plaudit.membership.actions.join import Asked, join
from plaudit.membership.actions.publish_scheme import publish_scheme
from plaudit.membership.actions.settle import pay
from plaudit.membership.definitions import Entitlement, Level, Partner, Price, Scheme, Term
from plaudit.membership.models import Entry, Membership
from plaudit.people.models import Organisation
from plaudit.people.tests.factories import make_member, make_organisation, make_sandbox

ACTOR = "usr_0"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FEE = 300_00

SCHEME = Scheme(
    programme="body",
    time_zone="UTC",
    currency="USD",
    levels=(
        Level("professional", "Professional", ("supervisor",)),
        Level("management", "Management", ("director", "manager")),
    ),
    terms=(Term("year", "One year", 1), Term("three", "Three years", 3)),
    prices=(Price("year", FEE), Price("year", 400_00, level="management"), Price("three", 825_00)),
    professions={"help-desk": "Help desk"},
    entitlements=(Entitlement("discount", "Discount", 10),),
    partners=(Partner("academy", "Academy", 50),),
)

_FIELDS: dict[str, dict[str, object]] = {
    "term": {"kind": "text"},
    "years": {"kind": "integer"},
    "level": {"kind": "text"},
    "fee": {"kind": "decimal", "scale": 2},
}


@dataclass
class Body:
    """An organisation that sells memberships: 1,000 points for a year, 5,000 for three, 500 for renewing."""

    organisation: Organisation

    @property
    def id(self) -> int:
        return self.organisation.id

    def member(self, name: str = "Ada") -> UUID:
        return make_member(self.id, name=name).id

    def joins(
        self, member_id: UUID, *, term: str = "year", role: str = "Supervisor", key: str = "", **more: str
    ) -> Asked:
        """Ask for a membership; nothing is paid yet."""
        return join(
            self.id,
            member_id=member_id,
            programme="body",
            term=term,
            role=role,
            key=key or f"join-{member_id}",
            actor=ACTOR,
            **more,
        )

    def pays(self, asked: Asked, amount: int | None = None, *, key: str = "", reference: str = "") -> Entry:
        """Pay an invoice, whole unless told otherwise."""
        number = asked.invoice.number
        return pay(
            self.id,
            invoice=number,
            amount=asked.invoice.amount if amount is None else amount,
            currency="USD",
            key=key or f"paid-{number}",
            reference=reference,
            actor=ACTOR,
        )

    def paid_member(self, **how: str) -> Asked:
        """A new member whose first term is paid for."""
        asked = self.joins(self.member(), **how)
        self.pays(asked)
        return asked

    def membership(self, asked: Asked) -> Membership:
        """The membership as it stands now."""
        with in_organisation(self.id):
            return Membership.objects.get(id=asked.membership.id)

    def available(self, member_id: UUID) -> int:
        """What the member can spend, or owes."""
        with in_organisation(self.id):
            return sum(one.available for one in balances(self.id, member_id))


def make_body(*, sandbox: bool = False, scheme: Scheme = SCHEME) -> Body:
    """A body that sells by this scheme, and rewards joining and renewing."""
    body = Body(make_sandbox() if sandbox else make_organisation())
    with in_organisation(body.id):
        Unit.objects.create(
            organisation_id=body.id,
            key="points",
            names={"one": "point", "other": "points"},
            currency="USD",
            value_minor_per_million=1_000_000,
            may_owe=True,
        )
        for key in ("membership.joined", "membership.renewed"):
            declare_type(body.id, name=key, title=key, fields=_FIELDS)
            declare_type(body.id, name=f"{key}.withdrawn", title=key, fields={}, corrects=key)
        declare_type(
            body.id,
            name="seminar",
            title="Seminar",
            fields={"partner": {"kind": "text", "nullable": True}},
        )
        declare_type(body.id, name="seminar.refunded", title="Refund", fields={}, corrects="seminar")
        rules = (
            Rule("welcome", "Welcome", "membership.joined", "points", when="years = 1", earn="1000"),
            Rule("welcome-3", "Welcome", "membership.joined", "points", when="years = 3", earn="5000"),
            Rule("anniversary", "Anniversary", "membership.renewed", "points", earn="500"),
            Rule("seminar", "Seminar", "seminar", "points", earn="1000"),
        )
        publish(body.id, Definition("body", ZoneInfo("UTC"), Stacking.ADD, rules))
        publish_scheme(body.id, "body", scheme)
    return body
