"""Two companies with people in every role and something of everything, for walking all pages as everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings

from plaudit.cases.actions.asking import ask_approval
from plaudit.cases.actions.opening import question
from plaudit.engagement.published import published_sets
from plaudit.foundation import ids
from plaudit.foundation.access.limits import Limit
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.request_log import request_log
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.statements import statement
from plaudit.membership.actions.join import join
from plaudit.outreach.actions.endpoints import add_endpoint
from plaudit.outreach.actions.resending import ping
from plaudit.outreach.queries.webhooks import show_delivery
from plaudit.people.actions.keys import create_key
from plaudit.people.actions.organisations import create_organisation
from plaudit.people.actions.saved_views import save_view
from plaudit.people.actions.ways_in import add_passkey
from plaudit.people.models import Member, Session
from plaudit.people.tests.authenticator import Device
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR, make_organisation, make_team, make_user
from plaudit.planning.actions.apply import apply
from plaudit.planning.actions.simulate import simulate
from plaudit.planning.tasks import replay
from plaudit.planning.templates import new_file
from plaudit.recognition.actions.recognise import Giving, recognise
from plaudit.rewards.actions.add_codes import add_codes
from plaudit.rewards.actions.redeem import redeem
from plaudit.rewards.models import Reward
from plaudit.surfaces.api.tests.calling import program
from plaudit.surfaces.console.tests.shops import Company

_numbers = count(1)

ABSENT = UUID("018f0000-0000-7000-8000-00000000dead")

MAPPING = """mapping: 1
file: {format: csv}
source: till
type: purchase
key: {columns: [order]}
subject: {column: customer}
occurred_at: {column: day, format: "%Y-%m-%d", time: "12:00", time_zone: UTC}
fields:
  amount: {column: amount, as: decimal, scale: 2}
"""


# What a programme has besides its rules, so that the pages about it are there. A word may hold braces and commas, so
# it stands alone on its line.
_MORE = """
challenges:
  five:
    name: WORDFive a month
    on: purchase
    every: month
    target: 5
    earn: 50
    badge: regular
tiers:
  status:
    name: WORDStatus
    earned: points
    levels:
      silver:
        name: WORDSilver
        from: 100
offers:
  spring:
    name: WORDSpring
    accept: true
segments:
  buyers:
    name: WORDBuyers
    facts: {bought: {on: purchase}}
    when: bought > 0
recognition:
  name: WORDThanks
  audience: [customer, staff]
  customers: {a_day: 1000}
  nominations: {up_to: 50, budget: 5000}
  behaviours:
    kind:
      name: WORDKind
learning:
  offerings:
    listening:
      name: WORDListening
      kind: seminar
      minutes: 100
      certificate: 12 months
      claim: true
  scenarios:
    missing:
      name: WORDMissing
      audience: [customer, staff, partner]
      turns:
        hello:
          says: SAIDWhere are they
          choices:
            look:
              say: SAIDI look
              points: 1
              because: SAIDGood
              next: end
            wait:
              say: SAIDLater
              next: end
surveys:
  mood:
    name: WORDMood
    kind: pulse
    questions:
      mood:
        ask: WORDHow are you?
membership:
  levels:
    friend:
      name: WORDFriend
      roles: [friend]
  terms:
    one-year:
      name: WORDOne year
      years: 1
  prices: [{term: one-year, price: 30 USD}]
"""


@contextmanager
def without_limits() -> Iterator[None]:
    """Nobody is counted: a walk asks more often than anyone may."""
    names = ("key", "person", "address", "sign-in")
    with override_settings(RATE_LIMITS={name: Limit(name, 10**9, 1, 10**9) for name in names}):
        yield


@dataclass
class Peopled(Company):
    """A company in which every role is held, a supervisor leads a team, and members have points and rewards."""

    programme: str = ""
    word: str = ""
    sessions: dict[int, list[UUID]] = field(default_factory=dict)
    joined: dict[UUID, tuple[str, str]] = field(default_factory=dict)

    @cached_property
    def owners(self) -> Mapping[str, Member]:
        """The member somebody is, one of their team, one of nobody's team; of supervisors and members alike."""
        made = {name: self.member(self.word + name) for name in ("Mia", "Sue", "Tim", "Oda")}
        make_team(self.id, members=[made["Mia"], made["Tim"]], led_by=[made["Sue"]])
        for member in made.values():
            self.buy(member, "500.00")
        return made

    @cached_property
    def reward(self) -> Reward:
        """Something to redeem."""
        with in_organisation(self.id):
            return Reward.objects.filter(organisation_id=self.id, key="voucher-5").earliest("id")

    @cached_property
    def users(self) -> Mapping[str, int]:
        """A person for each role. A supervisor is a member too; the others are not."""
        bound = {"member": self.owners["Mia"], "supervisor": self.owners["Sue"]}
        return {
            role.value: make_user(
                self.id,
                roles=[role.value] if role != RoleName.MEMBER else [],
                member=bound.get(role.value),
            ).id
            for role in RoleName
        }

    @cached_property
    def bystander(self) -> int:
        """A person with every role who never walks."""
        return make_user(self.id, roles=[role.value for role in RoleName if role != RoleName.MEMBER]).id

    @cached_property
    def simulation(self) -> str:
        """A draft that was replayed."""
        return ids.show("sim", simulate(self.id, self.file, actor=ACTOR)[0].id)

    @cached_property
    def upload(self) -> str:
        """A file that was sent in."""
        files = {
            "file": SimpleUploadedFile("orders.csv", b"order,customer,day,amount\no1,c1,2026-10-01,x\n"),
            "mapping": MAPPING,
        }
        sent = program(self.id).client.post("/api/v1/imports", files)
        assert sent.status_code == 202, sent.content
        return str(sent.json()["id"])

    @cached_property
    def api_key(self) -> str:
        """An API key."""
        made = create_key(self.id, name=f"{self.word}Till", scopes=["activity:write"], actor=ACTOR)
        return ids.show("key", made.key.id)

    @cached_property
    def endpoint(self) -> UUID:
        """A receiver of webhooks, whose name is looked up nowhere."""
        return add_endpoint(
            self.id,
            url=f"https://{self.word.lower() or 'here'}.example/hooks",
            types=["*"],
            actor=ACTOR,
            resolve=lambda *_: ["93.184.215.14"],
        ).endpoint.id

    @cached_property
    def delivery(self) -> str:
        """Something to be sent to it."""
        return show_delivery(ping(self.id, self.endpoint, actor=ACTOR).id)

    @property
    def job(self) -> int:
        """A job of it that was set aside."""
        replay.later(self.id, simulation_id=str(ABSENT))
        with connection.cursor() as cursor:
            cursor.execute(
                "update procrastinate_jobs set status = 'failed' where id = (select max(id) from"
                " procrastinate_jobs where (args ->> 'organisation_id')::int = %s) returning id",
                [self.id],
            )
            return int(cursor.fetchone()[0])

    def colleague(self) -> int:
        """A person who works here, and nobody's walker: each time another, for they may be suspended."""
        return make_user(self.id, roles=["desk"]).id

    @property
    def sandbox(self) -> str:
        """The code of a sandbox of it: each time another, for they may be deleted."""
        slug = f"{self.organisation.slug[:20]}-{next(_numbers)}"
        return create_organisation(slug, name=f"{self.word}Sandbox", sandbox_of=self.id, actor=ACTOR).code

    @property
    def membership(self) -> str:
        """The first membership of it, with the first invoice."""
        return self.belongs(self.owners["Oda"])[0]

    @property
    def view(self) -> int:
        """A view of the list of members that everybody has: each time another, for they may be dropped."""
        return save_view(
            self.id, page="members", name=f"{self.word}View {next(_numbers)}", query="", user_id=1, shared=True,
            actor=ACTOR,
        ).id  # fmt: skip

    @cached_property
    def request(self) -> str:
        """A request that a program of it made."""
        made = program(self.id).client.get("/api/v1/members")
        request_log.write()
        return str(made["X-Request-Id"])

    @property
    def file(self) -> str:
        """The programme file in force: of its own key in each company, so that it names nobody else's."""
        file = new_file("points-basics", key=self.programme, name=self.programme.title())
        # What stands in double braces in a conversation is a fact to be worked out, and anything else is refused.
        return file + _MORE.replace("WORD", self.word).replace("SAID", self.word.replace("{{", "{ {"))

    @cached_property
    def challenge(self) -> int:
        """A challenge of it."""
        with in_organisation(self.id):
            return next(iter(published_sets(self.id).newest_forms))

    def belongs(self, member: Member) -> tuple[str, str]:
        """The membership of a member, which waits for its payment, and its invoice."""
        if member.id not in self.joined:
            asked = join(
                self.id, member_id=member.id, programme=self.programme, term="one-year", role="friend",
                key=f"joins-{member.id}", actor=ACTOR,
            )  # fmt: skip
            self.joined[member.id] = ids.show("mbs", asked.membership.id), ids.show("inv", asked.invoice.id)
        return self.joined[member.id]

    def line(self, member: Member) -> str:
        """A transfer of this member's."""
        with in_organisation(self.id):
            return statement(self.id, member.id, "points").lines[-1].reference

    def bought(self, member: Member) -> str:
        """A new redemption of this member's."""
        adjust(
            self.id, member_id=member.id, unit="points", amount=self.reward.price, reason=f"{self.word}To spend",
            key=str(ids.new_id()), actor=ACTOR,
        )  # fmt: skip
        add_codes(self.id, reward_id=self.reward.id, codes=[f"{self.word}CODE-{ids.new_id()}"], actor=ACTOR)
        made = redeem(
            self.id, member_id=member.id, reward_id=self.reward.id, key=str(ids.new_id()), actor=ACTOR
        )
        return ids.show("rdm", made.id)

    def noticed(self, member: Member) -> str:
        """Something that this member was recognised for."""
        wish = Giving(recipients=[member.id], behaviour="kind", words=f"{self.word}Well done")
        return ids.show("rcg", recognise(self.id, wish, giver_id=None, actor=ACTOR).id)

    def case(self, member: Member) -> str:
        """A new case of this member's."""
        made = question(
            self.id, member_id=member.id, subject="", about=f"{self.word}Points", words=f"{self.word}Too few",
            key=str(ids.new_id()), actor=ACTOR,
        )  # fmt: skip
        return ids.show("cse", made.id)

    def asked(self, member: Member) -> str:
        """A new request for points for this member."""
        made = ask_approval(
            self.id, member_id=member.id, unit="points", amount=5_000, reason=f"{self.word}Goodwill",
            key=str(ids.new_id()), actor=ACTOR,
        )  # fmt: skip
        return ids.show("apr", made.id)

    def session_of(self, user_id: int) -> str:
        """Another browser in which this person is signed in."""
        client = self.signed_in(user_id)
        found = Session.objects.filter(user_id=user_id).order_by("-began_at").first()
        assert found is not None
        assert client.cookies
        return ids.show("ses", found.id)

    def passkey_of(self, user_id: int) -> str:
        """A passkey of this person."""
        kept = add_passkey(self.id, user_id=user_id, made=Device().made(), name="Phone", actor=ACTOR)
        return ids.show("pky", kept.id)

    def client(self, role: str) -> Client:
        """A browser in which somebody with this role is signed in; nobody's for "nobody"."""
        return browser() if role == "nobody" else self.signed_in(self.users[role])


def make_peopled(programme: str, *, word: str = "") -> Peopled:
    """A company with this programme in force, its members' names and codes beginning with a word."""
    company = Peopled(make_organisation(), programme=programme, word=word)
    apply(company.id, company.file, actor=ACTOR)
    assert all((company.owners, company.users, company.membership))
    return company
