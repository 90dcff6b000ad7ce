"""Takes activity in: a batch of events becomes rows in the book, decisions, transfers and balances.

One event and five thousand take the same path: resolve, lock, look for keys, decide, write, commit.
Only after the members' wallets are locked are keys looked for, so that two deliveries of one event
cannot both miss it; everything is then written with one statement a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from plaudit.activity.events import OWN_SOURCE, IncomingEvent
from plaudit.activity.recording import NewEvent, find_recorded, record, source_ids
from plaudit.activity.types import DeclaredType, declared_types
from plaudit.earning import uses as limit_uses
from plaudit.earning.actions.confirm_pending import carry_out_confirmations
from plaudit.earning.actions.correct import carry_out_corrections
from plaudit.earning.actions.deciding import (
    Decided,
    Matching,
    decide,
    limits_touched,
    match_events,
    read_events,
)
from plaudit.earning.actions.segments import segments_of
from plaudit.earning.compiling import Values
from plaudit.earning.lineups import Lineup, in_force, lineup
from plaudit.earning.outcomes import Outcome, Status, compare_with_recorded
from plaudit.foundation.exact import encode
from plaudit.foundation.ids import new_ids
from plaudit.foundation.news import tell
from plaudit.foundation.prepared import sent_together
from plaudit.foundation.tenancy import act
from plaudit.ledger.book import Book, LockedWallet, Posting
from plaudit.ledger.lots import open_lots
from plaudit.ledger.posting import Holding, lock_wallets, open_books, post
from plaudit.ledger.references import show_transfer
from plaudit.ledger.settling import settle
from plaudit.people.resolving import ExternalId, attributes_of, find_or_enrol
from plaudit.people.teams import teams_at


@dataclass(slots=True)
class Reading:
    """One incoming event on its way: what it was read as, and where it stands in the caller's batch."""

    place: int
    event: IncomingEvent
    declared: DeclaredType
    values: Values
    text: str
    source_id: int = 0
    member_id: UUID | None = None
    holder: str = ""
    """The member's id as text, as the use of limits is written down to it."""
    id: UUID | None = None
    made: Decided | None = None
    """What it earned, where it met a rule."""


@dataclass(slots=True)
class Intake:
    """One batch being taken in."""

    organisation_id: int
    batch_id: int | None
    recorded_at: datetime
    lineup: Lineup | None
    corrected: bool
    """Whether any type of event corrects another here."""
    outcomes: list[Outcome | None]
    wallets: dict[tuple[str, int], LockedWallet] = field(default_factory=dict)
    """The locked wallets, by the member's id as text and the unit's."""


def take_in(
    organisation_id: int, events: Sequence[IncomingEvent], *, batch_id: int | None = None, own: bool = False
) -> list[Outcome]:
    """Record these events and post what they earn; one outcome an event, in the order given.

    A faulty event is refused alone; the others are recorded. An event already in the book is answered
    as before and changes nothing. Two writers that meet on a new key or deadlock start over by
    themselves: nothing of the first try remains. The programme's `own` activity comes from `OWN_SOURCE`,
    which nobody else may use, and its subjects are members' ids.
    """
    return act(organisation_id, lambda: _take_in(organisation_id, events, batch_id, own=own))


def _take_in(
    organisation_id: int, events: Sequence[IncomingEvent], batch_id: int | None, *, own: bool
) -> list[Outcome]:
    recorded_at = open_books(organisation_id)
    lineup_id, newest_type = in_force(organisation_id)
    types = declared_types(organisation_id, newest=newest_type)
    intake = Intake(
        organisation_id,
        batch_id,
        recorded_at,
        lineup(organisation_id, lineup_id) if lineup_id is not None else None,
        any(declared.corrects for declared in types.values()),
        [None] * len(events),
    )
    readings = [
        Reading(place, event, declared, values, encode(event.data))
        for place, event, declared, values in read_events(
            events, types, intake.lineup, intake.outcomes, own=own
        )
    ]
    _resolve(intake, readings)
    _lock(intake, readings)
    new = _not_yet_recorded(intake, readings)
    if new:
        with sent_together():
            _decide_and_write(intake, new)
    outcomes = [outcome for outcome in intake.outcomes if outcome is not None]
    assert len(outcomes) == len(events), "every event has its outcome"
    return outcomes


def _resolve(intake: Intake, readings: Sequence[Reading]) -> None:
    """Sources and members by their ids; a member never seen before is enrolled."""
    if not readings:
        return
    sources = source_ids(intake.organisation_id, [reading.event.source for reading in readings])
    named: dict[str, set[ExternalId]] = {}
    for reading in readings:
        if reading.event.subject and reading.event.source != OWN_SOURCE:
            named.setdefault(reading.declared.enrols, set()).add(_external_id(reading.event))
    members: dict[ExternalId, UUID] = {}
    for kind, wanted in sorted(named.items()):
        members |= find_or_enrol(intake.organisation_id, wanted, kind=kind, joined_at=intake.recorded_at)
    for reading in readings:
        event = reading.event
        reading.source_id = sources[event.source]
        if event.subject:
            known = event.source == OWN_SOURCE
            reading.member_id = UUID(event.subject) if known else members[_external_id(event)]
            reading.holder = str(reading.member_id)


def _external_id(event: IncomingEvent) -> ExternalId:
    assert event.subject is not None
    return (event.subject_source or event.source, event.subject)


def _lock(intake: Intake, readings: Sequence[Reading]) -> None:
    """Lock every wallet this batch may post to, in one order for everybody."""
    if intake.lineup is None:
        return
    wanted: dict[tuple[str, int], Holding] = {}
    for reading in readings:
        if reading.member_id is not None:
            for unit_id in intake.lineup.units_touched_by(reading.declared):
                wanted[(reading.holder, unit_id)] = (reading.member_id, unit_id)
    locked = lock_wallets(intake.organisation_id, wanted.values())
    intake.wallets = {held: locked[holding] for held, holding in wanted.items()}


def _not_yet_recorded(intake: Intake, readings: Sequence[Reading]) -> list[Reading]:
    """The readings that are new; the others get their outcome here, repeats inside the batch included."""
    found = find_recorded(intake.organisation_id, [(r.source_id, r.event.id, r.text) for r in readings])
    first: dict[tuple[int, str], Reading] = {}
    new = []
    for place, reading in enumerate(readings):
        key = (reading.source_id, reading.event.id)
        if place in found:
            intake.outcomes[reading.place] = compare_with_recorded(
                intake.organisation_id, reading, found[place]
            )
        elif key in first:
            twin = first[key]
            same = twin.event.type == reading.event.type and twin.text == reading.text
            same = same and twin.event.time == reading.event.time and twin.member_id == reading.member_id
            intake.outcomes[reading.place] = Outcome.twin(reading.event, twin.place, same=same)
        else:
            first[key] = reading
            new.append(reading)
    return new


def _decide_and_write(intake: Intake, new: Sequence[Reading]) -> None:
    """Mint ids under the lock, so that their order is the order of decision, then decide and write all."""
    ids = new_ids(len(new))
    for reading, event_id in zip(new, ids, strict=True):
        reading.id = event_id
    posted: list[Posting] = []
    segments = segments_of(intake.organisation_id, intake.lineup, new, corrected=intake.corrected)
    for place, segment in enumerate(segments):
        if place:
            _lock(intake, segment)  # corrections have moved these wallets since they were read
        posted += _write_segment(intake, segment)
    told: dict[str, object] = {
        "first": str(ids[0]),
        "last": str(ids[-1]),
        "events": len(ids),
        "transfers": len(posted),
    }
    # What was posted for these very events is found by their ids. A correction that had waited for one of
    # them, and points called back on its way, are named.
    first, last = ids[0].int, ids[-1].int
    besides = [one for one in posted if one.event_id is None or not first <= one.event_id.int <= last]
    if besides:
        told["also"] = [show_transfer(one.wallet.id, one.line) for one in besides]
    tell(intake.organisation_id, "activity.recorded", told, happened_at=intake.recorded_at)


def _write_segment(intake: Intake, segment: Sequence[Reading]) -> list[Posting]:
    """Decide and write some events, then carry out the corrections they complete; what was posted."""
    book = Book()
    if intake.lineup is not None:
        _decide(intake, segment, book)
    record(
        intake.organisation_id,
        [_as_new_event(reading) for reading in segment],
        recorded_at=intake.recorded_at,
        lineup_id=intake.lineup.id if intake.lineup else None,
        batch_id=intake.batch_id,
    )
    post(intake.organisation_id, book, recorded_at=intake.recorded_at)
    ids = [reading.id for reading in segment if reading.id is not None]
    corrected: list[Posting] = []
    if intake.corrected:
        corrected = carry_out_corrections(intake.organisation_id, ids, recorded_at=intake.recorded_at)
    if intake.lineup is not None and intake.lineup.confirming:
        waiting = [
            reading.id
            for reading in segment
            if reading.made is not None
            and reading.id is not None
            and any(one.pending for one in reading.made.grants)
        ]
        corrected += carry_out_confirmations(
            intake.organisation_id, intake.lineup, ids, waiting=waiting, recorded_at=intake.recorded_at
        )
    for reading in segment:
        grants = reading.made.grants if reading.made is not None else ()
        intake.outcomes[reading.place] = Outcome(
            reading.event, Status.RECORDED, reading.id, reading.member_id, grants
        )
    return [*book.postings, *corrected]


def _decide(intake: Intake, new: Sequence[Reading], book: Book) -> None:
    """Match every event, load what the matches may touch, then decide in order. Writes the use of limits."""
    lineup = intake.lineup
    assert lineup is not None
    asking = {r.declared.id: lineup.for_type(r.declared).member_fields for r in new}
    asked = {r.member_id for r in new if r.member_id is not None and asking[r.declared.id]}
    members = attributes_of(intake.organisation_id, asked) if asked else {}
    matchings = match_events(lineup, new, members)
    teams = _teams(intake.organisation_id, matchings) if lineup.has_team_limits else {}
    touched = limits_touched(matchings, teams)
    uses = limit_uses.load(intake.organisation_id, touched, lineup.limits, intake.wallets)
    taken_from = _wallets_taken_from(intake, matchings) if lineup.has_deductions else {}
    owing = {wallet.id for wallet in intake.wallets.values() if wallet.available < 0}
    book.lots = open_lots(intake.organisation_id, taken_from.keys() | owing)
    settle(intake.organisation_id, book, taken_from.values(), now=intake.recorded_at)
    for matching in matchings:
        reading = matching.reading
        reading.made = decide(lineup, matching, intake.wallets, book, uses, teams)
        fields = asking[reading.declared.id]
        if fields and reading.member_id is not None:
            reading.made.kept["member"] = {
                name: members[reading.member_id].get(name) for name in sorted(fields)
            }
    counted = limit_uses.write(intake.organisation_id, uses, lineup.limits, intake.wallets)
    book.settled |= {wallet.id: wallet for wallet in counted if not wallet.touched}


def _teams(organisation_id: int, matchings: Sequence[Matching]) -> Mapping[int, tuple[str, ...]]:
    moments = [(m.reading.place, m.reading.member_id, m.reading.event.time) for m in matchings]
    return teams_at(
        organisation_id, [(place, member, at) for place, member, at in moments if member is not None]
    )


def _wallets_taken_from(intake: Intake, matchings: Sequence[Matching]) -> dict[int, LockedWallet]:
    """The wallets that a deduction may take from, by id: what has lapsed there is written down before."""
    assert intake.lineup is not None
    taking: dict[int, LockedWallet] = {}
    for matching in matchings:
        for _, matched, _ in matching.by_programme:
            for rule, _ in matched:
                if rule.take is not None:
                    wallet = intake.wallets[(matching.reading.holder, intake.lineup.units[rule.unit].id)]
                    taking[wallet.id] = wallet
    return taking


def _as_new_event(reading: Reading) -> NewEvent:
    assert reading.id is not None
    made = reading.made
    return NewEvent(
        id=reading.id,
        source_id=reading.source_id,
        key=reading.event.id,
        type_id=reading.declared.id,
        member_id=reading.member_id,
        occurred_at=reading.event.time,
        data=reading.text,
        corrects_key=reading.event.corrects,
        decision=encode(made.kept) if made is not None and made.kept else None,
    )
