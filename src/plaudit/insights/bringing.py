"""How one member brings friends: their code, what it takes, what each gets, and what became of whom they brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plaudit.activity.types import declared_types
from plaudit.earning.definitions import Per
from plaudit.earning.lineups import current_lineup_id, lineup
from plaudit.engagement.definitions import Part
from plaudit.engagement.models import ReferralCode
from plaudit.engagement.own_activities import REFERRAL_QUALIFIED
from plaudit.engagement.published import PublishedSet, published_sets
from plaudit.engagement.queries.referrals import Invite, invites_of
from plaudit.foundation.written import number
from plaudit.insights.pursuits import counts_words
from plaudit.insights.rule_words import limits_words
from plaudit.ledger.units import units_by_key
from plaudit.people.models import Member
from plaudit.planning.queries import standing_programmes

INVITES = 50


@dataclass(frozen=True, slots=True)
class Bringing:
    """Bringing friends in one programme. `code` is "" until the member asked for theirs; amounts are in words.

    `link` has the code in it, "" where the programme names no address. A friend's first so many `days` count.
    """

    programme: str
    programme_name: str
    name: str
    description: str
    counts: str
    at_least: str
    earns: str
    friend_earns: str
    days: int
    limits: tuple[str, ...]
    code: str
    link: str
    invites: tuple[Invite, ...]


def open_to(member: Member) -> list[tuple[PublishedSet, Part]]:
    """The programmes in which this member can bring friends now. Ask inside `in_organisation`."""
    return [
        (one, one.referrals)
        for one in published_sets(member.organisation_id).now()
        if one.referrals is not None and (not one.referrals.audience or member.kind in one.referrals.audience)
    ]


def bringing(member: Member) -> list[Bringing]:
    """How the member brings friends, programme by programme. Ask inside `in_organisation`."""
    asked = open_to(member)
    if not asked:
        return []
    at = member.organisation_id
    programmes, units, types = standing_programmes(at), units_by_key(at), declared_types(at)
    codes = dict(
        ReferralCode.objects.filter(organisation_id=at, member_id=member.id).values_list("programme", "code")
    )
    invites = invites_of(at, member.id, limit=INVITES)
    found = []
    for one, part in asked:
        file = programmes[one.programme]
        said = file.referrals
        assert said is not None, "what is published is what the file says"
        unit, code = units[said.unit], codes.get(one.programme, "")
        found.append(
            Bringing(
                programme=one.programme,
                programme_name=file.name,
                name=said.name,
                description=said.description,
                counts=counts_words(one, part, types[part.on]),
                at_least=number(said.at_least) if said.at_least is not None else "",
                earns=unit.say(int(said.earn.scaleb(unit.precision))) if said.earn is not None else "",
                friend_earns=unit.say(int(said.friend_earns.scaleb(unit.precision)))
                if said.friend_earns is not None
                else "",
                days=part.within_days,
                limits=tuple(_limits(at, one.programme)),
                code=code,
                link=part.link.replace("{code}", code) if code else "",
                invites=tuple(invite for invite in invites if invite.programme == one.programme),
            )
        )
    return found


def _limits(organisation_id: int, programme: str) -> Sequence[str]:
    """The limits that each member has of what bringing friends earns, in words."""
    newest = current_lineup_id(organisation_id)
    live = lineup(organisation_id, newest) if newest is not None else None
    for definition in live.definitions.values() if live is not None else ():
        for rule in definition.rules:
            if definition.programme == programme and rule.on == REFERRAL_QUALIFIED.name and "." in rule.key:
                assert live is not None
                words = limits_words(rule, live.units[rule.unit])
                return [
                    said for limit, said in zip(rule.limits, words, strict=True) if limit.per is Per.MEMBER
                ]
    return ()
