"""A company with two of everything, and both of one name: what people call things is theirs to choose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from plaudit.membership.actions.join import join
from plaudit.people.actions.teams import create_team, join_team
from plaudit.people.models import Member
from plaudit.people.tests.factories import ACTOR, make_organisation
from plaudit.planning.actions.apply import apply
from tests.access.companies import Peopled

# A thing in a programme file: its key, and below it a name.
_NAMED = re.compile(r"(?m)^(?P<in>  +)(?P<key>[\w-]+):\n(?P<rest>(?P=in) +name: .*\n(?:(?P=in) +.*\n)*)")
_PRICES = "prices: [{term: one-year, price: 30 USD}]"
_OPEN = "public: {join: open, contact: hello@harbour.example}\n"
_FRIENDS = "referrals: {name: A friend, on: purchase, within: 30 days, earn: 5, welcome: 5}\n"
_BOTH = "prices: [{term: one-year, price: 30 USD}, {term: one-year-again, price: 30 USD}]"


def _again(thing: re.Match[str]) -> str:
    """The thing, and after it the same under another key."""
    rest = thing["rest"].replace("roles: [friend]", "roles: [friend-again]")
    return f"{thing[0]}{thing['in']}{thing['key']}-again:\n{rest}"


@dataclass
class Twice(Peopled):
    """A company in whose programmes, both of one name, there are two of one name of everything."""

    @property
    def file(self) -> str:
        """The programme file in force."""
        basics, challenges, more = super().file.partition("challenges:\n")
        return basics + _NAMED.sub(_again, challenges + more.replace(_PRICES, _BOTH)) + _OPEN + _FRIENDS

    @cached_property
    def owners(self) -> dict[str, Member]:
        """Those of any company, and their namesakes, who are in a team of the same name under the same supervisor."""
        made = dict(super().owners)
        for name in ("Tim", "Mia", "Oda"):
            made[f"{name} again"] = self.member(name)
        for key in ("one", "other"):
            create_team(self.id, key=key, name="Team", actor=ACTOR)
            for name in ("Tim", "Tim again", "Mia again"):
                join_team(self.id, key=key, member_id=made[name].id, actor=ACTOR)
            join_team(self.id, key=key, member_id=made["Sue"].id, leads=True, actor=ACTOR)
        for member in made.values():
            self.buy(member, "500.00")
        return made


def make_twice() -> Twice:
    """The company, with its two programmes in force."""
    company = Twice(make_organisation(), programme="twice-points")
    apply(company.id, company.file, actor=ACTOR)
    # What is known of a member by a key is known of one programme alone.
    other = re.sub(
        r"(?m)^  (status|buyers|spring)",
        r"  further-\1",
        company.file.replace("twice-points", "again-points"),
    )
    apply(company.id, other, actor=ACTOR)
    for owner in company.owners.values():
        join(
            company.id, member_id=owner.id, programme="again-points", term="one-year", role="friend",
            key=f"joins-again-{owner.id}", actor=ACTOR,
        )  # fmt: skip
    return company
