"""Makes academies that offer things to learn for tests, by the real actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from plaudit.earning.actions.publish import publish
from plaudit.earning.definitions import Definition, Rule, Stacking
from plaudit.earning.uploads import keep_upload
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.attendance import mark_present
from plaudit.learning.actions.claiming import claim
from plaudit.learning.actions.completions import report_completion
from plaudit.learning.actions.publish_learning import publish_learning
from plaudit.learning.actions.registering import register
from plaudit.learning.actions.rolls import stage_roll
from plaudit.learning.actions.sessions import open_session
from plaudit.learning.definitions import Counts, Kind, Learning, Offering
from plaudit.learning.models import Claim, Completion, Registration, Session
from plaudit.learning.roll_models import Roll
from plaudit.ledger.balances import balances
from plaudit.ledger.models import Unit
from plaudit.people.models import Organisation
from plaudit.people.tests.factories import make_member, make_organisation, make_sandbox

ACTOR = "usr_0"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOON.date()
PDF = b"%PDF-1.4 a certificate"

LEARNING = Learning(
    programme="academy",
    time_zone="UTC",
    role="level",
    offerings=(
        Offering("basics", "Basics", Kind.E_LEARNING, minutes=49, counts=Counts.ONCE),
        Offering("listening", "Listening", Kind.SEMINAR, minutes=100, claim=True, needed_by=("new", "lead")),
        Offering("law", "Law", Kind.WEBINAR, minutes=60, after=("basics",), counts=Counts.EACH),
        Offering(
            "first-aid",
            "First aid",
            Kind.SEMINAR,
            minutes=240,
            has_certificate=True,
            certificate_months=24,
            notice_days=60,
            needed_by=("lead",),
        ),
        Offering(
            "professional",
            "Service professional",
            Kind.CERTIFICATION,
            steps=("basics", "listening"),
            renewal=("law",),
            has_certificate=True,
            certificate_months=12,
        ),
    ),
)

_EARNS = {"basics": 100, "listening": 1_000, "law": 200, "first-aid": 500, "professional": 15_000}

_numbers = count(1)


@dataclass
class Academy:
    """An organisation with things to learn: 1,000 points for listening, 15,000 for the certification."""

    organisation: Organisation

    @property
    def id(self) -> int:
        return self.organisation.id

    def member(self, name: str = "Ada", **how: object) -> UUID:
        return make_member(self.id, name=name, kind="staff", **how).id  # type: ignore[arg-type]  # as it takes them

    def session(self, offering: str = "listening", *, places: int | None = None, key: str = "") -> Session:
        """A session that begins in an hour and takes two."""
        starts_at = clock.now() + timedelta(hours=1)
        return open_session(
            self.id,
            programme="academy",
            offering=offering,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            places=places,
            place="Room 1",
            key=key or f"session-{next(_numbers)}",
            actor=ACTOR,
        )

    def registers(self, session: Session, member_id: UUID) -> Registration:
        return register(self.id, session_id=session.id, member_id=member_id, actor=ACTOR)

    def comes(self, session: Session, member_id: UUID) -> Registration:
        return mark_present(self.id, session_id=session.id, member_id=member_id, actor=ACTOR)

    def completes(
        self, member_id: UUID, offering: str = "listening", *, day: date | None = None, key: str = ""
    ) -> Completion:
        """Have it reported that a member completed something."""
        return report_completion(
            self.id,
            member_id=member_id,
            programme="academy",
            offering=offering,
            day=day,
            key=key or f"report-{next(_numbers)}",
            actor=ACTOR,
        )

    def claims(self, member_id: UUID, *, proof: bytes = PDF, key: str = "", day: date = TODAY) -> Claim:
        """Claim that a member went to a seminar on listening."""
        return claim(
            self.id,
            member_id=member_id,
            programme="academy",
            offering="listening",
            done_on=day,
            minutes=None,
            words="At the fair",
            proof=proof,
            key=key or f"claim-{next(_numbers)}",
            actor=ACTOR,
        )

    def stages(self, *lines: str, offering: str = "listening", day: date = TODAY) -> Roll:
        """Send in a list with these lines, the first of them its heading."""
        path = keep_upload(self.id, "list.csv", [("\n".join(lines) + "\n").encode()])
        return stage_roll(
            self.id,
            path=path,
            name="list.csv",
            programme="academy",
            offering=offering,
            held_on=day,
            actor=ACTOR,
        )

    def available(self, member_id: UUID) -> int:
        """What the member can spend, or owes."""
        with in_organisation(self.id):
            return sum(one.available for one in balances(self.id, member_id))

    def standing(self, member_id: UUID) -> list[str]:
        """What the member completed and was not taken back, in order."""
        with in_organisation(self.id):
            rows = Completion.objects.filter(member_id=member_id, withdrawn_at__isnull=True)
            return list(rows.order_by("completed_on", "id").values_list("offering", flat=True))


def make_academy(*, sandbox: bool = False, learning: Learning = LEARNING) -> Academy:
    """An academy that offers this, and rewards completing it."""
    academy = Academy(make_sandbox() if sandbox else make_organisation())
    with in_organisation(academy.id):
        Unit.objects.create(
            organisation_id=academy.id,
            key="points",
            names={"one": "point", "other": "points"},
            currency="USD",
            value_minor_per_million=1_000_000,
            may_owe=True,
        )
        publish_learning(academy.id, "academy", learning)
        rules = tuple(
            Rule(key, key, "learning.completed", "points", when=f"offering = '{key}'", earn=str(points))
            for key, points in _EARNS.items()
        )
        publish(academy.id, Definition("academy", ZoneInfo("UTC"), Stacking.ADD, rules))
    return academy


def without(learning: Learning, key: str) -> Learning:
    """The same without one offering."""
    return replace(learning, offerings=tuple(one for one in learning.offerings if one.key != key))
