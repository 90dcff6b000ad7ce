"""Fills an empty installation with the demo company, by the same actions that everyone uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from plaudit.activity.models import ImportBatch
from plaudit.earning.actions.import_file import run_import, start_import
from plaudit.foundation import clock
from plaudit.foundation.jobs.periodic import run_due
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.actions.seal import seal
from plaudit.ledger.balances import balances
from plaudit.people.actions.keys import create_key
from plaudit.people.actions.organisations import create_organisation
from plaudit.people.actions.roles import bind_user, invite_user
from plaudit.people.actions.teams import create_team, join_team
from plaudit.people.models import Member, Organisation, User
from plaudit.people.resolving import find_members
from plaudit.planning.actions.apply import apply
from plaudit.planning.templates import template
from plaudit.rewards.actions.add_codes import add_codes
from plaudit.rewards.actions.redeem import redeem
from plaudit.rewards.actions.settle import fulfil
from plaudit.rewards.models import Reward
from plaudit.surfaces.cli.demo.files import write_files
from plaudit.surfaces.cli.demo.people import COMPANY, DOMAIN, SLUG, TEAMS, customers, staff
from plaudit.surfaces.cli.demo.year import year_until

ACTOR = "demo"
Progress = Callable[[str, ImportBatch], None]
Stage = Callable[[str], None]


@dataclass(frozen=True)
class Seeded:
    """What the demo needs of the company: its id, and the key that was made for trying the API."""

    organisation_id: int
    api_key: str


def find_company() -> int | None:
    """The demo's organisation, where it is there."""
    found = Organisation.objects.filter(slug=SLUG).first()
    return found.id if found is not None else None


def seed(folder: Path, *, stage: Stage, progress: Progress, scale: int = 300) -> Seeded:
    """Make the company: programmes, people, teams, a year of activity, redemptions, a sandbox, a sealed book."""
    now = clock.now()
    stage("Setting up the company and its two programmes")
    organisation = create_organisation(SLUG, name=COMPANY, time_zone="Europe/London", actor=ACTOR)
    for key in ("points-basics", "service-desk"):
        apply(organisation.id, template(key).source, actor=ACTOR)
    people, colleagues = customers(scale), staff()
    year = year_until(now.date(), people, colleagues)
    for file in write_files(folder, year, people, colleagues, now):
        batch = start_import(organisation.id, path=file.path, mapping=file.mapping, actor=ACTOR)
        run_import(
            organisation.id, batch.id, on_progress=lambda one, name=file.path.name: progress(name, one)
        )  # type: ignore[misc]  # bound at once
    stage("Teams, roles and a few redemptions")
    _teams(organisation.id)
    _roles(organisation.id)
    run_due(organisation.id)
    _codes(organisation.id)
    _redemptions(organisation.id)
    _award(organisation.id)
    stage("A sandbox, an API key and a sealed book")
    create_organisation(f"{SLUG}-sandbox", name=f"{COMPANY} sandbox", actor=ACTOR, sandbox_of=organisation.id)
    key = create_key(organisation.id, name="Try it out", scopes=["admin"], actor=ACTOR)
    seal(organisation.id, actor=ACTOR)
    return Seeded(organisation.id, key.secret)


def member_of(organisation_id: int, source: str, number: str) -> Member:
    """A member by the number they have in one of the demo's systems."""
    with in_organisation(organisation_id):
        found = find_members(organisation_id, [(source, number)])
        return Member.objects.get(id=found[(source, number)])


def _teams(organisation_id: int) -> None:
    began = clock.now() - timedelta(days=400)
    for key, name in TEAMS.items():
        create_team(organisation_id, key=key, name=name, actor=ACTOR)
    for one in staff():
        member = member_of(organisation_id, "desk", one.number)
        join_team(
            organisation_id, key=one.team, member_id=member.id, began_at=began, leads=one.leads, actor=ACTOR
        )


# Who signs in as what: the member's own pages, and the console with the rights of each role.
ROLES = {
    "member": ("mina", "Mina, a customer", ("member",)),
    "agent": ("asha", "Asha, on the service desk", ("member",)),
    "supervisor": ("tom", "Tom, who leads a team", ("supervisor", "member")),
    "manager": ("priya", "Priya, who runs the programme", ("manager",)),
    "desk": ("yuki", "Yuki, who helps members", ("desk",)),
    "finance": ("grace", "Grace, in finance", ("finance",)),
}


def _roles(organisation_id: int) -> None:
    users: dict[str, User] = {}
    for role, (name, title, held) in ROLES.items():
        users[role] = invite_user(
            organisation_id, email=f"{name}@{DOMAIN}", name=title.split(",")[0], roles=held, actor=ACTOR
        )
    for role, source, number in (
        ("member", "till", "C0001"),
        ("agent", "desk", "S02"),
        ("supervisor", "desk", "S01"),
    ):
        member = member_of(organisation_id, source, number)
        bind_user(organisation_id, user_id=users[role].id, member_id=member.id, actor=ACTOR)


def _codes(organisation_id: int) -> None:
    with in_organisation(organisation_id):
        rewards = list(Reward.objects.filter(organisation_id=organisation_id, kind="code"))
    for reward in rewards:
        codes = [f"{reward.key.upper()}-{number:04}-DEMO" for number in range(1, 61)]
        add_codes(organisation_id, reward_id=reward.id, codes=codes, actor=ACTOR)


def _redemptions(organisation_id: int) -> None:
    """What members with enough points have bought; every third parcel is still on its way."""
    with in_organisation(organisation_id):
        rewards = {reward.key: reward for reward in Reward.objects.filter(organisation_id=organisation_id)}
    wanted = ("voucher-5", "early-access", "food-bank", "mug")
    for number, customer in enumerate(customers(60)):
        reward = rewards[wanted[number % len(wanted)]]
        member = member_of(organisation_id, "till", customer.number)
        with in_organisation(organisation_id):
            available = max((one.available for one in balances(organisation_id, member.id)), default=0)
        if available < reward.price:
            continue
        made = redeem(
            organisation_id,
            member_id=member.id,
            reward_id=reward.id,
            key=f"demo-{customer.number}",
            actor=ACTOR,
        )
        if made.state == "ordered" and number % 3:
            fulfil(organisation_id, made.id, actor=ACTOR)


def _award(organisation_id: int) -> None:
    adjust(
        organisation_id,
        member_id=member_of(organisation_id, "till", "C0001").id,
        unit="points",
        amount=25,
        reason="Sorry for the wait on Saturday",
        key="demo-award",
        actor=ACTOR,
    )
