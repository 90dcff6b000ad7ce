"""Fills an empty installation with the demo company, by the same actions that everyone uses."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Protocol

from plaudit.activity.events import IncomingEvent
from plaudit.activity.models import BatchState, ImportBatch
from plaudit.earning.actions.import_file import run_import, start_import
from plaudit.earning.actions.take_in import take_in
from plaudit.engagement.actions.referring import give_code, redeem_code
from plaudit.foundation import clock
from plaudit.foundation.jobs.periodic import run_due
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.actions.seal import seal
from plaudit.membership.actions.join import join
from plaudit.membership.actions.settle import pay
from plaudit.people.actions.choosing import choose
from plaudit.people.actions.keys import create_key, revoke_key
from plaudit.people.actions.organisations import create_organisation
from plaudit.people.actions.roles import bind_user, invite_user
from plaudit.people.actions.teams import create_team, join_team
from plaudit.people.choices import BY_NAME
from plaudit.people.models import Member, Organisation, User
from plaudit.people.queries import keys, team_members, teams
from plaudit.people.resolving import find_members
from plaudit.planning.actions.apply import apply
from plaudit.planning.queries import programmes
from plaudit.rewards.actions.add_codes import add_codes
from plaudit.rewards.actions.deciding import Wish
from plaudit.rewards.actions.redeem import redeem_all
from plaudit.rewards.actions.settle import fulfil
from plaudit.rewards.models import Redemption, Reward
from plaudit.surfaces.cli.demo.files import DemoFile, files_in, write_files
from plaudit.surfaces.cli.demo.hearing import listen
from plaudit.surfaces.cli.demo.noticing import Step, in_order
from plaudit.surfaces.cli.demo.people import (
    COMPANY,
    DOMAIN,
    MINA,
    SLUG,
    STANDS_IN,
    TEAMS,
    Customer,
    customers,
    staff,
)
from plaudit.surfaces.cli.demo.practising import practised
from plaudit.surfaces.cli.demo.programmes import CIRCLE, company_files, first_files
from plaudit.surfaces.cli.demo.studying import learned, open_to_come, study_a_list
from plaudit.surfaces.cli.demo.surveying import ask_around
from plaudit.surfaces.cli.demo.thanking import thanks_and_nominations
from plaudit.surfaces.cli.demo.year import year_until
from plaudit.targeting.actions.offering import make_offer

ACTOR = "demo"

_BEFORE = timedelta(days=401)
"""How long ago the company began."""
_CHANGED = timedelta(days=60)
"""How long ago its programmes came to be what they are."""
_BUYERS = (
    (
        "till",
        [one.number for one in customers(240)],
        ("voucher-5", "mug", "voucher-25", "food-bank", "early-access"),
    ),
    ("desk", [one.number for one in staff()], ("coffee", "lunch", "hospice", "half-day")),
)
"""Who chooses among which rewards."""

KEY_NAME = "Try it out"
_WRITTEN = "written-for"
"""A file that says that the files to import are whole, and for which organisation they were written."""


@dataclass(frozen=True)
class Seeded:
    """What the demo needs of the company: its id, and the key that was made for trying the API."""

    organisation_id: int
    code: str
    api_key: str


class Stage(Protocol):
    """A stage that goes on, told how far an import is."""

    def report(self, batch: ImportBatch) -> None: ...


class Stages(Protocol):
    """Whoever shows what is going on."""

    def stage(self, title: str) -> AbstractContextManager[Stage]: ...


def find_company() -> Organisation | None:
    """The demo's organisation, where it is there."""
    return Organisation.objects.filter(slug=SLUG).first()


def seed(folder: Path, *, stages: Stages, scale: int = 300, days: int = 365) -> Seeded:
    """Make the company: programmes, people, teams, a year of activity, redemptions, a sandbox, a sealed book.

    The year goes by as it did, month by month, with the clock standing where it stood; the last month ends now.
    Every step finds what is there already, so that a start that was killed is gone on with by the next.
    """
    with stages.stage("The company and its programmes"):
        made = _begun()
        company, today = made.id, made.created_at + _BEFORE
    with stages.stage("Twelve months of activity, written as files"):
        people, *months = _files(folder, made, scale, days)
    with clock.frozen_at(made.created_at):
        for file in people.files:
            with stages.stage(f"Importing {file.path.name}") as stage:
                _import(company, file, stage)
        with stages.stage("Teams and roles"):
            _teams(company)
            _roles(company)
            _codes(company)
    happened = _happenings(company, today)
    for month in months:
        with stages.stage(f"Importing {month.name}") as stage, month.over(clock.now()):
            before = (
                len(happened) if month is months[-1] else bisect(happened, clock.now(), key=itemgetter(0))
            )
            in_order(happened[:before])
            del happened[:before]
            for file in month.files:
                _import(company, file, stage)
            run_due(company)
            for source, numbers, wanted in _BUYERS:
                _redemptions(company, source, numbers[:scale], wanted, month)
    with stages.stage("A word of thanks, surveys and ideas"):
        open_to_come(company, today)
        _take_part(company)
        _award(company)
        _memberships(company, customers(scale)[:8])
        ask_around(company, customers(scale), today)
        listen(company, today)
        study_a_list(company, folder, today)
    with stages.stage("A sandbox, a sealed book and an API key"):
        if not Organisation.objects.filter(slug=f"{SLUG}-sandbox").exists():
            create_organisation(f"{SLUG}-sandbox", name=f"{COMPANY} sandbox", actor=ACTOR, sandbox_of=company)
        seal(company, actor=ACTOR)
        return Seeded(company, made.code, _key(company))


def _begun() -> Organisation:
    """The company with the programmes that it began with, and what they came to be two months ago."""
    made = find_company()
    if made is None:
        with clock.frozen_at(clock.now() - _BEFORE):
            made = create_organisation(SLUG, name=COMPANY, time_zone="Europe/London", actor=ACTOR)
    today = made.created_at + _BEFORE
    with in_organisation(made.id):
        there = {one.key for one in programmes(made.id)}
    with clock.frozen_at(made.created_at):
        for key, source in first_files(today.date()).items():
            if key not in there:
                apply(made.id, source, actor=ACTOR)
    return made


def _happenings(company: int, today: datetime) -> list[Step]:
    """What happened besides what the files tell, the oldest first."""
    changed: list[Step] = [
        (today - _CHANGED, partial(apply, company, source, actor=ACTOR))
        for source in company_files(today.date())
    ]
    steps: list[Step] = [
        *changed,
        (today - _BEFORE + timedelta(days=50), partial(_bring_friends, company)),
        *learned(company, today),
        *practised(company, today),
        *thanks_and_nominations(company, today),
    ]
    return sorted(steps, key=itemgetter(0))


@dataclass(frozen=True)
class Month:
    """Files that came together: a month's activity, or people where it has no name."""

    name: str
    files: list[DemoFile]
    back: int
    """How many months come after it."""

    @contextmanager
    def over(self, now: datetime) -> Iterator[None]:
        """With the clock at the morning after the month, or going on where that is still to come."""
        year, month = (int(part) for part in self.name.split("-"))
        ends = datetime(year + month // 12, month % 12 + 1, 1, 6, tzinfo=UTC)
        with nullcontext() if not self.back or ends > now else clock.frozen_at(ends):
            yield


def _files(folder: Path, company: Organisation, scale: int, days: int) -> list[Month]:
    """The files, written once for a company: imports that were begun go on in the very same bytes."""
    now = clock.now()
    written = folder / _WRITTEN
    if not (written.exists() and written.read_text() == company.code):
        people, colleagues = customers(scale), staff()
        year = year_until(now.date(), people, colleagues, days=days)
        write_files(folder, year, people, colleagues, now)
        written.write_text(company.code)
    by_name = [(name, list(found)) for name, found in groupby(files_in(folder), key=attrgetter("month"))]
    return [Month(name, found, len(by_name) - place) for place, (name, found) in enumerate(by_name, start=1)]


def _import(company: int, file: DemoFile, stage: Stage) -> None:
    with in_organisation(company):
        done = ImportBatch.objects.filter(
            organisation_id=company, path=str(file.path), state=BatchState.DONE
        ).first()
    if done is not None:
        stage.report(done)
        return
    batch = start_import(company, path=file.path, mapping=file.mapping, actor=ACTOR)
    run_import(company, batch.id, on_progress=stage.report)


def _key(company: int) -> str:
    """A new key; one that an earlier start made and did not come to tell anybody of is ended."""
    with in_organisation(company):
        earlier = [key for key in keys(company) if key.name == KEY_NAME and key.revoked_at is None]
    for key in earlier:
        revoke_key(company, key_id=key.id, actor=ACTOR)
    return create_key(company, name=KEY_NAME, scopes=["admin"], actor=ACTOR).secret


def member_of(organisation_id: int, source: str, number: str) -> Member:
    """A member by the number they have in one of the demo's systems."""
    with in_organisation(organisation_id):
        found = find_members(organisation_id, [(source, number)])
        return Member.objects.get(id=found[(source, number)])


def _teams(company: int) -> None:
    with in_organisation(company):
        there = {team.key for team in teams(company)}
        inside = {(key, stay.member_id) for key in TEAMS for stay in team_members(company, key)}
    for key, name in TEAMS.items():
        if key not in there:
            create_team(company, key=key, name=name, actor=ACTOR)
    belong = [(one.number, one.team, one.leads) for one in staff()] + [(*STANDS_IN, True)]
    for number, key, leads in belong:
        member = member_of(company, "desk", number)
        if (key, member.id) not in inside:
            join_team(company, key=key, member_id=member.id, began_at=clock.now(), leads=leads, actor=ACTOR)


# Who signs in as what: the member's own pages, and the console with the rights of each role.
ROLES = {
    "member": ("mina", "Mina, a customer", ("member",)),
    "agent": ("asha", "Asha, on the service desk", ("member",)),
    "supervisor": ("tom", "Tom, who leads a team", ("supervisor", "member")),
    "manager": ("priya", "Priya, who runs the programme", ("manager",)),
    "desk": ("yuki", "Yuki, who helps members", ("desk",)),
    "finance": ("grace", "Grace, in finance", ("finance",)),
    "developer": ("sam", "Sam, who builds and runs it", ("developer", "operator")),
}


def _roles(organisation_id: int) -> None:
    users: dict[str, User] = {}
    for role, (name, title, held) in ROLES.items():
        users[role] = invite_user(
            organisation_id, email=f"{name}@{DOMAIN}", name=title.split(",")[0], roles=held, actor=ACTOR
        )
    for role, source, number in (
        ("member", "till", MINA.number),
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


def _redemptions(company: int, source: str, numbers: list[str], wanted: Sequence[str], month: Month) -> None:
    """What a sixth of these choose in one month, where they have the points for it; Mina is among the last month's.

    Of the last month, every third parcel is on its way.
    """
    with in_organisation(company):
        rewards = dict(Reward.objects.filter(organisation_id=company).values_list("key", "id"))
        found = find_members(company, [(source, number) for number in numbers])
    wishes = [
        Wish(
            found[source, number], rewards[wanted[place % len(wanted)]], f"demo-{number}-{month.name}", ACTOR
        )
        for place, number in enumerate(numbers[month.back % 6 :: 6], start=month.back)
    ]
    # Who cannot have what they chose goes without: the answer says why.
    for number, made in enumerate(redeem_all(company, wishes)):
        if isinstance(made, Redemption) and made.state == "ordered" and (number % 3 or month.back):
            fulfil(company, made.id, actor=ACTOR)


def _memberships(organisation_id: int, people: list[Customer]) -> None:
    """Who belongs to the circle: most have paid, two have not yet."""
    for number, customer in enumerate(people):
        member = member_of(organisation_id, "till", customer.number)
        asked = join(
            organisation_id,
            member_id=member.id,
            programme=CIRCLE,
            term="one-year",
            role="guide" if number % 4 == 0 else "walker",
            key=f"demo-{customer.number}",
            actor=ACTOR,
        )
        if number % 4 != 1:
            pay(
                organisation_id,
                invoice=asked.invoice.number,
                amount=asked.invoice.amount,
                currency=asked.invoice.currency,
                method="bank transfer",
                key=f"demo-{customer.number}",
                actor=ACTOR,
            )


def _take_part(organisation_id: int) -> None:
    """Mina is made the offer that is to be accepted; some at the desk are seen by name."""
    mina = member_of(organisation_id, "till", MINA.number).id
    make_offer(organisation_id, "points-basics", "weekend-bonus", member_id=mina, actor=ACTOR)
    for number in ("S02", "S03", "S04", "S05"):
        colleague = member_of(organisation_id, "desk", number).id
        choose(organisation_id, member_id=colleague, choices={BY_NAME: True}, actor=ACTOR)


def _bring_friends(organisation_id: int) -> None:
    """Mina brings two, one of whom has bought."""
    mina = member_of(organisation_id, "till", MINA.number).id
    code = give_code(organisation_id, member_id=mina, programme="points-basics", actor=ACTOR).code
    brought = [
        redeem_code(
            organisation_id, code=code, member_id=member_of(organisation_id, "till", number).id, actor=ACTOR
        )
        for number in ("C0010", "C0011")
    ]
    # At the moment that is kept, so that a start gone on with tells the same once more.
    when, paid = brought[0].redeemed_at, {"amount": Decimal("39.00")}
    bought = IncomingEvent("till", "demo-friend", "purchase", "C0010", None, when, paid)
    take_in(organisation_id, [bought])


def _award(organisation_id: int) -> None:
    adjust(
        organisation_id,
        member_id=member_of(organisation_id, "till", MINA.number).id,
        unit="points",
        amount=25,
        reason="Sorry for the wait on Saturday",
        key="demo-award",
        actor=ACTOR,
    )
