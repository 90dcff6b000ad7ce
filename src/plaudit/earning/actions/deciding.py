"""Decides what a batch of events earns, and writes it down in a book: no row is read or written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from plaudit.activity.events import OWN_SOURCE, IncomingEvent
from plaudit.activity.refusals import EventTypeUnknown, SourceReserved
from plaudit.activity.types import DeclaredType
from plaudit.earning.compiling import Values
from plaudit.earning.definitions import Definition, Limit, Rule
from plaudit.earning.limits import Cut, Grant, ProgrammeUse, grant, uses_of
from plaudit.earning.lineups import Lineup
from plaudit.earning.outcomes import Granted, Outcome, Status
from plaudit.earning.uses import Uses
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.posting import Book, LockedWallet, Posting

Matched = list[tuple[Rule, int]]


class Reading(Protocol):
    """An event that was read, resolved to a member and given its id."""

    place: int
    event: IncomingEvent
    declared: DeclaredType
    values: Values
    member_id: UUID | None
    holder: str
    id: UUID | None
    made: Decided | None


@dataclass(slots=True)
class Decided:
    """What an event earned, and what of the decision cannot be recomputed."""

    grants: tuple[Granted, ...]
    kept: dict[str, Any]


def read_events(
    events: Sequence[IncomingEvent],
    types: Mapping[str, DeclaredType],
    lineup: Lineup | None,
    outcomes: list[Outcome | None],
    *,
    own: bool = False,
) -> Iterator[tuple[int, IncomingEvent, DeclaredType, Values]]:
    """Every event whose type is declared and whose data fits it; the others get their outcome here."""
    for place, event in enumerate(events):
        if event.source == OWN_SOURCE and not own:
            outcomes[place] = Outcome(event, Status.REFUSED, refusal=SourceReserved(source=event.source))
            continue
        declared = types.get(event.type)
        if declared is None or lineup is None:
            outcomes[place] = Outcome(event, Status.REFUSED, refusal=EventTypeUnknown(type=event.type))
            continue
        values, problems = lineup.for_type(declared).read(event.data)
        if problems:
            outcomes[place] = Outcome(event, Status.REFUSED, problems=problems)
            continue
        yield place, event, declared, values


@dataclass(slots=True)
class Matching:
    """The rules of every live programme that one event met."""

    reading: Reading
    by_programme: list[tuple[Definition, Matched, datetime]]


def match_events(
    lineup: Lineup, readings: Sequence[Reading], members: Mapping[UUID, Mapping[str, Any]]
) -> list[Matching]:
    """Ask every rule on each event's type, for events that have a member."""
    matchings = []
    for reading in readings:
        if reading.member_id is None:
            continue
        compiled = lineup.for_type(reading.declared)
        member = members.get(reading.member_id, {}) if compiled.member_fields else {}
        found = []
        for programme in compiled.programmes:
            local = reading.event.time.astimezone(programme.definition.time_zone)
            mine = programme.member_values(member) if compiled.member_fields else member
            matched = programme.match(reading.values, mine, reading.event.time, local)
            if matched:
                found.append((programme.definition, matched, local))
        if found:
            matchings.append(Matching(reading, found))
    return matchings


def limits_touched(
    matchings: Sequence[Matching], teams: Mapping[int, tuple[str, ...]]
) -> dict[ProgrammeUse, Limit]:
    """Every use of a limit that these matchings may be written down to."""
    touched: dict[ProgrammeUse, Limit] = {}
    for matching in matchings:
        member = matching.reading.holder
        for definition, matched, local in matching.by_programme:
            for rule, _ in matched:
                if rule.limits:
                    own_teams = teams.get(matching.reading.place, ())
                    for limit, use in uses_of(rule, day=local.date(), member=member, teams=own_teams):
                        touched[(definition.programme, use)] = limit
    return touched


def decide(
    lineup: Lineup,
    matching: Matching,
    wallets: Mapping[tuple[str, int], LockedWallet],
    book: Book,
    uses: Uses,
    teams: Mapping[int, tuple[str, ...]],
) -> Decided:
    """What one event earns under every live programme: grants within limits, then what is taken.

    `wallets` is by member, as text, and unit id.
    """
    reading = matching.reading
    assert reading.id is not None
    granted: list[Granted] = []
    cuts: list[dict[str, Any]] = []
    for definition, matched, local in matching.by_programme:
        grants, cut = grant(
            [pair for pair in matched if pair[0].take is None],
            stacking=definition.stacking,
            day=local.date(),
            member=reading.holder,
            teams=teams.get(reading.place, ()),
            used=uses.of(definition.programme),
        )
        cuts += [_stored_cut(definition, one) for one in cut]
        for one in grants:
            wallet = wallets[(reading.holder, lineup.units[one.rule.unit].id)]
            granted.append(_accrue(lineup, definition, one, wallet, reading, book))
        for rule, amount in matched:
            if rule.take is not None and amount > 0:
                wallet = wallets[(reading.holder, lineup.units[rule.unit].id)]
                granted.append(_deduct(lineup, definition, rule, amount, wallet, reading, book, cuts))
    return Decided(tuple(granted), {"cuts": cuts} if cuts else {})


def _accrue(
    lineup: Lineup, definition: Definition, one: Grant, wallet: LockedWallet, reading: Reading, book: Book
) -> Granted:
    rule = one.rule
    unit = lineup.units[rule.unit]
    occurred_at = reading.event.time
    pending = rule.pending_days > 0 or bool(rule.pending_until)
    book.add(
        Posting(
            wallet,
            Place.ISSUED,
            Place.PENDING if pending else Place.AVAILABLE,
            one.amount,
            Kind.ACCRUAL,
            occurred_at,
            event_id=reading.id,
            rule_id=lineup.rule_id(definition.programme, rule),
            # Pending points get their expiry when they become spendable.
            expires_at=None if pending else unit.expiry_of(occurred_at, definition.time_zone),
            spendable_at=occurred_at + timedelta(days=rule.pending_days) if rule.pending_days else None,
        )
    )
    return Granted(rule.key, rule.unit, one.amount, pending)


def _deduct(
    lineup: Lineup,
    definition: Definition,
    rule: Rule,
    wanted: int,
    wallet: LockedWallet,
    reading: Reading,
    book: Book,
    cuts: list[dict[str, Any]],
) -> Granted:
    """Take points back; where the unit may not owe, only what is there, and the shortfall is kept."""
    amount = wanted if wallet.may_owe else min(wanted, max(wallet.available, 0))
    if amount < wanted:
        cuts.append(
            {
                "programme": definition.programme,
                "rule": rule.key,
                "wanted": -wanted,
                "granted": -amount,
                "why": "balance",
            }
        )
    if amount:
        book.add(
            Posting(
                wallet,
                Place.AVAILABLE,
                Place.ISSUED,
                amount,
                Kind.DEDUCTION,
                reading.event.time,
                event_id=reading.id,
                rule_id=lineup.rule_id(definition.programme, rule),
            )
        )
    return Granted(rule.key, rule.unit, -amount)


def _stored_cut(definition: Definition, cut: Cut) -> dict[str, Any]:
    return {
        "programme": definition.programme,
        "rule": cut.rule,
        "wanted": cut.wanted,
        "granted": cut.granted,
        "limit": cut.limit,
        "used": cut.used,
        "at_most": cut.at_most,
    }
