"""The same intake as anybody would first write it: one event a transaction, row by row through the ORM.

It decides with the same compiled rules and keeps the same promises (an event once, limits held, one row
in the outbox), so that what is compared is the way to the database and nothing else.
"""

from __future__ import annotations

from datetime import datetime

from plaudit.activity.events import IncomingEvent
from plaudit.activity.models import Event, Source
from plaudit.activity.types import DeclaredType, declared_types
from plaudit.earning.compiling import CompiledProgramme, Values
from plaudit.earning.definitions import Every
from plaudit.earning.limits import Use, grant, uses_of
from plaudit.earning.lineups import Lineup, in_force, lineup
from plaudit.foundation import clock
from plaudit.foundation.exact import decode, encode
from plaudit.foundation.ids import new_id
from plaudit.foundation.models import News
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.models import Transfer, Wallet
from plaudit.ledger.places import Kind, Place
from plaudit.people.models import Identity


def take_in_one(organisation_id: int, event: IncomingEvent) -> None:
    """Record one event and post what it earns, in one transaction of its own."""
    with in_organisation(organisation_id):
        lineup_id, newest = in_force(organisation_id)
        assert lineup_id is not None
        live = lineup(organisation_id, lineup_id)
        declared = declared_types(organisation_id, newest=newest)[event.type]
        mine = {"organisation_id": organisation_id}
        source, _ = Source.objects.get_or_create(**mine, name=event.source)
        if Event.objects.filter(**mine, source_id=source.id, key=event.id).exists():
            return
        identity = Identity.objects.get(**mine, source=event.source, external_id=event.subject)
        recorded = Event.objects.create(
            **mine,
            id=new_id(),
            source_id=source.id,
            key=event.id,
            type_id=declared.id,
            member_id=identity.member_id,
            occurred_at=event.time,
            recorded_at=clock.now(),
            lineup_id=lineup_id,
            data=event.data,
        )
        _grant(live, declared, recorded)
        News.objects.create(
            **mine,
            topic="activity.recorded",
            happened_at=recorded.recorded_at,
            payload={"first": str(recorded.id), "last": str(recorded.id)},
        )


def _grant(live: Lineup, declared: DeclaredType, recorded: Event) -> None:
    compiled = live.for_type(declared)
    values, _ = compiled.read(recorded.data)
    mine = {"organisation_id": recorded.organisation_id, "member_id": recorded.member_id}
    wallet, _ = Wallet.objects.select_for_update().get_or_create(**mine, unit_id=live.units["points"].id)
    for programme in compiled.programmes:
        local = recorded.occurred_at.astimezone(programme.definition.time_zone)
        _grant_under(live, programme, values, local, recorded, wallet)
    wallet.save()


def _grant_under(
    live: Lineup,
    programme: CompiledProgramme,
    values: Values,
    local: datetime,
    recorded: Event,
    wallet: Wallet,
) -> None:
    name = programme.definition.programme
    matched = programme.match(values, {}, recorded.occurred_at, local)
    member = str(recorded.member_id)
    counts = decode(wallet.counts) if wallet.counts else {}
    newest, today = counts.get(Every.DAY, ("", {}))
    used: dict[Use, int] = {}
    for rule, _ in matched:
        for _, use in uses_of(rule, day=local.date(), member=member, teams=()):
            used[use] = today.get(str(live.limits[(name, use[0])].id), 0) if newest == use[2] else 0
    grants, _ = grant(
        matched,
        stacking=programme.definition.stacking,
        day=local.date(),
        member=member,
        teams=(),
        used=used,
    )
    for one in grants:
        wallet.lines += 1
        wallet.available += one.amount
        Transfer.objects.create(
            organisation_id=recorded.organisation_id,
            wallet_id=wallet.id,
            line=wallet.lines,
            event_id=recorded.id,
            amount=one.amount,
            available_after=wallet.available,
            occurred_at=recorded.occurred_at,
            recorded_at=recorded.recorded_at,
            rule_id=live.rule_id(name, one.rule),
            source=Place.ISSUED,
            target=Place.AVAILABLE,
            kind=Kind.ACCRUAL,
        )
    for (key, _, period), amount in used.items():
        if newest < period:
            newest, today = period, {}
        today[str(live.limits[(name, key)].id)] = amount
    wallet.counts = encode({Every.DAY: [newest, today]})
