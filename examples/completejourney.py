"""The complete journey: every campaign an offer to the households it was mailed to, every coupon used a redemption.

The programme is made of the campaigns' own file. The year is lived through day by day: booklets are mailed
as a campaign begins, and each coupon is redeemed on its day, where it must be refused to whom it was not mailed.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
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
from plaudit.people.resolving import find_members
from plaudit.rewards.actions.deciding import Wish
from plaudit.rewards.actions.redeem import redeem_all
from plaudit.rewards.actions.settle import fulfil
from plaudit.rewards.models import Redemption, Reward
from plaudit.rewards.refusals import NotEligible, RewardNotOffered
from plaudit.targeting.actions.keeping_up import keep_up
from plaudit.targeting.actions.offering import make_offers
from plaudit.targeting.queries.offers import report_of

HERE = Path(__file__).parent / "completejourney"
SOURCE = "journey"
ZONE = ZoneInfo("America/New_York")
ACTOR = "usr_0"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Campaign:
    """One campaign: when it ran, the households it was mailed to, and how many different coupons it had."""

    number: int
    kind: str
    first: date
    last: date
    households: tuple[str, ...]
    coupons: int

    @property
    def offer(self) -> str:
        """The key of its offer; its reward has the same."""
        return f"campaign-{self.number}"


@dataclass(frozen=True)
class Used:
    """One coupon that a household used."""

    household: str
    coupon: str
    campaign: int
    day: date

    @property
    def key(self) -> str:
        """What makes it the same redemption when it is sent again."""
        return f"{self.household}:{self.coupon}:{self.campaign}:{self.day}"


def programme(folder: Path) -> str:
    """The programme's file with an offer and a reward for each campaign."""
    campaigns = _campaigns(folder)
    sections = {
        "offers": {
            one.offer: {
                "name": f"Campaign {one.number}, {one.kind}",
                "from": one.first.isoformat(),
                "through": one.last.isoformat(),
                "goal": {"on": "coupon.used", "when": f"campaign = {one.number}"},
            }
            for one in campaigns
        },
        "rewards": {
            one.offer: {
                "name": f"A coupon of campaign {one.number}",
                "price": "1 coupon",
                "eligible": f"member.{one.offer.replace('-', '_')}",
                "from": one.first.isoformat(),
                "through": one.last.isoformat(),
            }
            for one in campaigns
        },
    }
    head = (HERE / "programme.yaml").read_text()
    return f"{head}\n{yaml.safe_dump(sections, sort_keys=False)}"


@dataclass(frozen=True)
class Year:
    """What came of the year: every redemption that was refused, and whether those were that had to be.

    By campaign, `reported` is how many households used a coupon as the report of its offer says, and `used_by`
    how many the file has.
    """

    campaigns: tuple[Campaign, ...]
    refused: tuple[str, ...]
    refused_to_strangers: int
    refused_afterwards: int
    sent_again: int
    reported: Mapping[int, int]
    used_by: Mapping[int, int]


def live(organisation_id: int, folder: Path) -> Year:
    """Live through the year, day by day."""
    campaigns, used = _campaigns(folder), _used(folder)
    refused: list[str] = []
    strangers = late = 0
    by_day: dict[date, list[Used]] = defaultdict(list)
    for one in used:
        by_day[one.day].append(one)
    ends = {one.last + _DAY for one in campaigns}
    for day in sorted({day for one in campaigns for day in (one.first, one.last)} | ends | by_day.keys()):
        with clock.frozen_at(datetime.combine(day, time(12), ZONE).astimezone(UTC)):
            if day in ends:
                run_due(organisation_id)
            for campaign in campaigns:
                if campaign.first == day:
                    _mail(organisation_id, campaign)
                if campaign.last == day:
                    stranger = _stranger(campaign, campaigns)
                    strangers += isinstance(_try(organisation_id, campaign, stranger), NotEligible)
                if campaign.last + _DAY == day:
                    known = campaign.households[0]
                    late += isinstance(_try(organisation_id, campaign, known), RewardNotOffered)
            refused += _redeem(organisation_id, by_day[day])
    with in_organisation(organisation_id):
        before = Redemption.objects.filter(organisation_id=organisation_id).count()
    again = redeem_all(organisation_id, _wishes(organisation_id, used))
    with in_organisation(organisation_id):
        after = Redemption.objects.filter(organisation_id=organisation_id).count()
    assert all(isinstance(answer, Redemption) for answer in again)
    used_by = Counter(campaign for campaign, _ in {(one.campaign, one.household) for one in used})
    reported = _reported(organisation_id, folder, campaigns)
    return Year(campaigns, tuple(refused), strangers, late, after - before, reported, used_by)


def _reported(organisation_id: int, folder: Path, campaigns: Iterable[Campaign]) -> dict[int, int]:
    """What the reports of the offers say, once the coupons used are recorded as activity too."""
    mapping = (HERE / "coupons.yaml").read_text()
    file = folder / "coupon_redemptions.csv"
    batch = start_import(organisation_id, path=file, mapping=mapping, actor=ACTOR)
    assert run_import(organisation_id, batch.id).state == "done"
    keep_up(organisation_id)
    with in_organisation(organisation_id):
        reports = {one.number: report_of(organisation_id, "journey", one.offer) for one in campaigns}
    return {number: report.exposed.did for number, report in reports.items()}


def _mail(organisation_id: int, campaign: Campaign) -> None:
    """Its booklet comes to every household on its list, and the offer is made to them."""
    booklets = [
        IncomingEvent(
            SOURCE,
            f"booklet:{campaign.number}:{household}",
            "booklet.mailed",
            household,
            None,
            clock.now(),
            {"campaign": campaign.number, "coupons": campaign.coupons},
        )
        for household in campaign.households
    ]
    for outcome in take_in(organisation_id, booklets):
        assert outcome.status is Status.RECORDED, outcome
    members = _members(organisation_id, campaign.households)
    made = make_offers(
        organisation_id, "journey", campaign.offer, members=list(members.values()), actor=ACTOR
    )
    assert made == len(campaign.households)


def _redeem(organisation_id: int, used: list[Used]) -> list[str]:
    """Redeem a day's coupons and hand out what they are for; what was refused, in words."""
    answers = redeem_all(organisation_id, _wishes(organisation_id, used)) if used else []
    for answer in answers:
        if isinstance(answer, Redemption):
            fulfil(organisation_id, answer.id, actor=ACTOR)
    return [answer.say() for answer in answers if isinstance(answer, Refusal)]


def _wishes(organisation_id: int, used: Iterable[Used]) -> list[Wish]:
    coupons = list(used)
    members = _members(organisation_id, {one.household for one in coupons})
    rewards = _rewards(organisation_id)
    return [
        Wish(members[one.household], rewards[f"campaign-{one.campaign}"], one.key, ACTOR, 1)
        for one in coupons
    ]


def _stranger(campaign: Campaign, campaigns: Iterable[Campaign]) -> str:
    """A household that has coupons of other campaigns, and none of this one."""
    mailed = {one for other in campaigns if other.first <= campaign.last for one in other.households}
    return min(mailed - set(campaign.households))


def _try(organisation_id: int, campaign: Campaign, household: str) -> Redemption | Refusal:
    """What a household is answered that asks for a coupon it should not get."""
    member = _members(organisation_id, [household])[household]
    key = f"try:{campaign.number}:{household}"
    (answer,) = redeem_all(
        organisation_id, [Wish(member, _rewards(organisation_id)[campaign.offer], key, ACTOR, 1)]
    )
    return answer


def _members(organisation_id: int, households: Iterable[str]) -> dict[str, UUID]:
    with in_organisation(organisation_id):
        found = find_members(organisation_id, [(SOURCE, one) for one in households])
    return {household: member_id for (_, household), member_id in found.items()}


def _rewards(organisation_id: int) -> dict[str, int]:
    with in_organisation(organisation_id):
        return dict(Reward.objects.filter(organisation_id=organisation_id).values_list("key", "id"))


def _campaigns(folder: Path) -> tuple[Campaign, ...]:
    mailed: dict[int, list[str]] = defaultdict(list)
    for row in _read(folder / "campaigns.csv.gz"):
        mailed[int(row["campaign_id"])].append(row["household_id"])
    coupons = Counter(
        campaign
        for _, campaign in {
            (row["coupon_upc"], row["campaign_id"]) for row in _read(folder / "coupons.csv.gz")
        }
    )
    return tuple(
        Campaign(
            int(row["campaign_id"]),
            row["campaign_type"],
            date.fromisoformat(row["start_date"]),
            date.fromisoformat(row["end_date"]),
            tuple(mailed[int(row["campaign_id"])]),
            coupons[row["campaign_id"]],
        )
        for row in _read(folder / "campaign_descriptions.csv")
    )


def _used(folder: Path) -> list[Used]:
    return [
        Used(
            row["household_id"],
            row["coupon_upc"],
            int(row["campaign_id"]),
            date.fromisoformat(row["redemption_date"]),
        )
        for row in _read(folder / "coupon_redemptions.csv")
    ]


def _read(path: Path) -> list[dict[str, str]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return list(csv.DictReader(text.splitlines()))


def year_expected(facts: Mapping[str, Any]) -> Got:
    f = facts["completejourney (dev)"]
    return {
        "campaigns, as offers": f["campaigns"],
        "households they were made to, over all": f["targeted_household_campaign_pairs"],
        "coupons used, as redemptions": f["redemptions"],
        "households that used one": f["redeeming_households"],
        "refused": [],
        "used outside its campaign's days": f["redemptions_outside_campaign_dates"],
        "used by a household it was not mailed to": f["redemptions_by_untargeted_household"],
        "redeemed twice": f["same household+coupon+campaign+date more than once"],
        "redeemed when all are sent again": 0,
        "campaigns that refuse a household not on their list": f["campaigns"],
        "campaigns that refuse the day after their last": f["campaigns"],
        "coupons issued less those used are what households hold": True,
        "the reports of the offers count the households that used one": True,
    }


_OUTSIDE = """
    select count(*) filter (where r.ordered_at < o.starts_at or r.ordered_at >= o.ends_at),
           count(*) filter (where d.member_id is null)
      from rewards_redemption r
      join rewards_reward w on w.id = r.reward_id
      join targeting_offer o on o.organisation_id = r.organisation_id and o.key = w.key
      left join targeting_drawn d on d.organisation_id = r.organisation_id and d.offer_id = o.id
                                 and d.member_id = r.member_id and not d.is_control
"""
_HELD = """
    select coalesce(sum(w.available), 0)::bigint, coalesce(sum(w.held), 0)::bigint
      from ledger_wallet w join ledger_unit u on u.id = w.unit_id where u.key = 'coupons'
"""


def year_got(year: Year) -> Got:
    outside, strangers = one_row(_OUTSIDE)
    redeemed, households, keys = one_row(
        "select count(*), count(distinct member_id), count(distinct key) from rewards_redemption"
        " where state = 'fulfilled'"
    )
    available, held = one_row(_HELD)
    issued = sum(len(one.households) * one.coupons for one in year.campaigns)
    offers = rows("select count(*) from targeting_drawn where not is_control group by offer_id")
    return {
        "campaigns, as offers": len(offers),
        "households they were made to, over all": sum(count for (count,) in offers),
        "coupons used, as redemptions": redeemed,
        "households that used one": households,
        "refused": list(year.refused),
        "used outside its campaign's days": outside,
        "used by a household it was not mailed to": strangers,
        "redeemed twice": redeemed - keys,
        "redeemed when all are sent again": year.sent_again,
        "campaigns that refuse a household not on their list": year.refused_to_strangers,
        "campaigns that refuse the day after their last": year.refused_afterwards,
        "coupons issued less those used are what households hold": (issued - redeemed, 0)
        == (available, held),
        "the reports of the offers count the households that used one": year.reported
        == {one.number: year.used_by[one.number] for one in year.campaigns},
    }


def lines_expected(facts: Mapping[str, Any]) -> Got:
    f = facts["completejourney (dev)"]
    return {
        "lines": f["tx_rows"],
        "households": f["tx_households"],
        "spend": f["tx_total_usd"],
        "top five": f["top5"],
    }


def lines_got(_: Any) -> Got:
    lines, spend = one_row("select count(*), sum((data->>'amount')::numeric) from activity_event")
    top = rows(
        "select i.external_id, sum((e.data->>'amount')::numeric) from activity_event e"
        " join people_identity i on i.member_id = e.member_id group by 1 order by 2 desc limit 5"
    )
    return {
        "lines": lines,
        "households": one_row("select count(*) from people_member")[0],
        "spend": str(spend),
        "top five": [[int(household), str(amount)] for household, amount in top],
    }
