"""Ten offers to 17,000 members: each an offer with a control group, and where it gives something a challenge and a reward.

The programme is made of the portfolio's own file. Everybody is drawn for every offer; a thousand members then
come once, and spend what the dearest offer asks for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import yaml

from examples.asking import Got, one_row, rows
from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.import_file import run_import, start_import
from plaudit.earning.actions.take_in import take_in
from plaudit.earning.outcomes import Status
from plaudit.foundation import clock
from plaudit.foundation.jobs import run_due
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.models import Identity
from plaudit.rewards.actions.deciding import Wish
from plaudit.rewards.actions.redeem import redeem_all
from plaudit.rewards.models import Redemption, Reward
from plaudit.rewards.refusals import NotEligible
from plaudit.targeting.queries.offers import report_of

HERE = Path(__file__).parent / "starbucks_offers"
SOURCE = "coffee-app"
ACTOR = "usr_0"
ZONE = ZoneInfo("America/Los_Angeles")
FIRST_DAY = date(2018, 7, 26)
KEPT_BACK_PERCENT = 10
VISITORS = 1_000
SPENT = Decimal("20.00")
_AT_A_TIME = 1_000


@dataclass(frozen=True)
class Made:
    """One offer of the portfolio: what must be spent within how many days, and how many dollars it gives."""

    kind: str
    difficulty: int
    reward: int
    days: int

    @property
    def key(self) -> str:
        """Its key as an offer, and as the challenge and the reward that go with it."""
        return f"{self.kind}-{self.difficulty}-{self.reward}-{self.days}"

    @property
    def asks(self) -> str:
        """What a rule, challenge or reward asks of a member for whom it holds."""
        return f"member.{self.key.replace('-', '_')}"

    @property
    def window(self) -> dict[str, str]:
        """Its days, as the file says them."""
        last = FIRST_DAY + timedelta(days=self.days - 1)
        return {"from": FIRST_DAY.isoformat(), "through": last.isoformat()}


def portfolio(folder: Path) -> list[Made]:
    """The ten offers."""
    lines = (folder / "portfolio.json").read_text().splitlines()
    told = [json.loads(line) for line in lines if line.strip()]
    return [Made(one["offer_type"], one["difficulty"], one["reward"], int(one["duration"])) for one in told]


def programme(folder: Path) -> str:
    """The programme's file with two segments, and each offer of the portfolio."""
    offers = portfolio(folder)
    giving = [one for one in offers if one.reward]
    sections = {
        "segments": {
            "everybody": {"name": "Everybody", "when": "member.kind = 'customer'"},
            "of-known-age": {"name": "Those whose age is known", "when": "member.age is not null"},
        },
        "offers": {
            one.key: {
                "name": f"{one.kind}, {one.days} days",
                "segment": "everybody",
                "control": KEPT_BACK_PERCENT,
                "goal": {"on": "visit", "when": f"amount >= {one.difficulty}"},
                **one.window,
            }
            for one in offers
        },
        "challenges": {
            one.key: {
                "name": f"Spend ${one.difficulty} within {one.days} days",
                "on": "visit",
                "when": one.asks,
                "sum": "amount",
                "target": one.difficulty,
                "earn": one.reward,
                "unit": "dollars-off",
                **one.window,
            }
            for one in giving
        },
        "rewards": {
            one.key: {
                "name": f"${one.reward} off",
                "price": f"{one.reward} dollars off",
                "value": f"{one.reward} USD",
                "per_member": "once ever",
                "eligible": one.asks,
            }
            for one in giving
        },
    }
    head = (HERE / "programme.yaml").read_text()
    return f"{head}\n{yaml.safe_dump(sections, sort_keys=False)}"


@dataclass(frozen=True)
class Week:
    """What came of it, beside what is in the books: what the rewards answered, and the reports of the offers.

    By offer: how many visitors it was made to, of whom had its reward, and how many were refused it; and those
    who spent enough, among whom it was made to and among who got nothing.
    """

    offers: tuple[Made, ...]
    had: Mapping[str, int]
    refused: Mapping[str, int]
    reported: Mapping[str, tuple[int, int]]


def live(organisation_id: int, folder: Path) -> Week:
    """Take the members in, draw everybody, and let a thousand come and redeem what they reached."""
    offers = tuple(portfolio(folder))
    with clock.frozen_at(_noon(FIRST_DAY - timedelta(days=1))):
        mapping = (HERE / "members.yaml").read_text()
        batch = start_import(organisation_id, path=folder / "profile.json.gz", mapping=mapping, actor=ACTOR)
        assert run_import(organisation_id, batch.id).state == "done"
        run_due(organisation_id)
    with clock.frozen_at(_noon(FIRST_DAY)):
        run_due(organisation_id)
        visitors = _visit(organisation_id)
        run_due(organisation_id)
        had, refused = {}, {}
        for one in offers:
            if one.reward:
                answers = _redeem(organisation_id, one, visitors)
                had[one.key] = sum(isinstance(answer, Redemption) for answer in answers)
                refused[one.key] = sum(isinstance(answer, NotEligible) for answer in answers)
        with in_organisation(organisation_id):
            reports = {one.key: report_of(organisation_id, "coffee", one.key) for one in offers}
    return Week(
        offers, had, refused, {key: (one.exposed.did, one.control.did) for key, one in reports.items()}
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZONE).astimezone(UTC)


def _visit(organisation_id: int) -> list[UUID]:
    """A thousand members come once."""
    with in_organisation(organisation_id):
        names = Identity.objects.filter(organisation_id=organisation_id, source=SOURCE).order_by(
            "external_id"
        )
        known = dict(names.values_list("external_id", "member_id")[:VISITORS])
    visits = [
        IncomingEvent(SOURCE, f"visit:{name}", "visit", name, None, clock.now(), {"amount": SPENT})
        for name in known
    ]
    for outcome in take_in(organisation_id, visits):
        assert outcome.status is Status.RECORDED, outcome
    return list(known.values())


def _redeem(organisation_id: int, offer: Made, visitors: Sequence[UUID]) -> list[Redemption | Refusal]:
    with in_organisation(organisation_id):
        reward_id = Reward.objects.get(organisation_id=organisation_id, key=offer.key).id
    wishes = [
        Wish(member_id, reward_id, f"{offer.key}:{member_id}", ACTOR, offer.reward) for member_id in visitors
    ]
    return redeem_all(organisation_id, wishes)


def expected(facts: Mapping[str, Any]) -> Got:
    f = facts["starbucks_offers (dev)"]
    offers = sorted([kind, hard, reward, int(days)] for kind, hard, reward, days, _ in f["offers"])
    giving = [one for one in offers if one[2]]
    return {
        "offers": offers,
        "challenges": sorted([hard, reward] for _, hard, reward, _ in giving),
        "rewards": sorted(reward for _, _, reward, _ in giving),
        "members drawn for each offer": [f["members"]] * len(offers),
        "control groups of a tenth, within four standard deviations": len(offers),
        "members whose age is known, as a segment": f["members"] - f["age_118_placeholder"],
        "visitors who had a reward or were in its control group": [VISITORS] * len(giving),
        "dollars off that the challenges earned": True,
        "all of them spent": True,
        "the reports of the offers count the visitors of both groups": True,
    }


_OFFERS = """
    select definition->>'key', ((ends_at at time zone 'America/Los_Angeles')::date
                                - (starts_at at time zone 'America/Los_Angeles')::date)
      from targeting_offer
"""
_DRAWN = """
    select o.key, count(*), count(*) filter (where d.is_control),
           count(*) filter (where v.member_id is not null and not d.is_control),
           count(*) filter (where v.member_id is not null and d.is_control)
      from targeting_drawn d join targeting_offer o on o.id = d.offer_id
      left join (select distinct e.member_id from activity_event e join activity_event_type y on y.id = e.type_id
                  where y.name = 'visit') v on v.member_id = d.member_id
     group by o.key
"""
_CHALLENGES = """
    select part->>'key', (part->'steps'->0->>'at')::int
      from engagement_published, jsonb_array_elements(definition->'parts') part
"""


def got(week: Week) -> Got:
    by_key = {one.key: one for one in week.offers}
    days = dict(rows(_OFFERS))
    drawn = {key: counts for key, *counts in rows(_DRAWN)}
    spread = 4 * (17_000 * KEPT_BACK_PERCENT * (100 - KEPT_BACK_PERCENT)) ** 0.5 / 100
    visitors = {key: (made, control) for key, (_, _, made, control) in drawn.items()}
    earned = sum(by_key[key].reward * made for key, (made, _) in visitors.items())
    available, held, issued = one_row(
        "select sum(w.available)::bigint, sum(w.held)::bigint, sum(w.available + w.held)::bigint"
        " from ledger_wallet w join ledger_unit u on u.id = w.unit_id where u.key = 'dollars-off'"
    )
    rewards = rows("select price from rewards_reward")
    return {
        "offers": sorted(
            [by_key[key].kind, by_key[key].difficulty, by_key[key].reward, count]
            for key, count in days.items()
        ),
        "challenges": sorted([target // 100, by_key[key].reward] for key, target in rows(_CHALLENGES)),
        "rewards": sorted(price for (price,) in rewards),
        "members drawn for each offer": [counts[0] for counts in drawn.values()],
        "control groups of a tenth, within four standard deviations": sum(
            abs(counts[1] - 1_700) <= spread for counts in drawn.values()
        ),
        "members whose age is known, as a segment": one_row(
            "select count(*) from targeting_belonging b join targeting_segment s on s.id = b.segment_id"
            " where s.key = 'of-known-age'"
        )[0],
        "visitors who had a reward or were in its control group": [
            week.had[key] + week.refused[key] for key in week.had
        ],
        "dollars off that the challenges earned": issued == earned,
        "all of them spent": (available, held) == (0, earned),
        "the reports of the offers count the visitors of both groups": week.reported == visitors,
    }
