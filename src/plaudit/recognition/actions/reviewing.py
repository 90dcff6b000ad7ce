"""Looks through recognitions for people who recognise one another more than chance would bring, and has it looked into.

A finding accuses nobody: somebody asks those it names, they are heard, and a person decides. Nothing follows by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import new_ids, show
from plaudit.foundation.news import tell_each
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.people.queries import person_behind
from plaudit.recognition.queries.given import Given, given_between
from plaudit.recognition.queries.reviews import (
    LOOK_AGAIN,
    LOOK_BACK,
    asked_of,
    concerned,
    finding_ref,
    last_look,
    next_look,
)
from plaudit.recognition.refusals import (
    FindingDecided,
    LookedLately,
    NotHeardYet,
    OwnFinding,
    SomebodyElseDecides,
    TooLateToDoubt,
)
from plaudit.recognition.reviews import RUNNING, Concerned, Finding, FindingState, Look, Outcome
from plaudit.recognition.rules.rings import Found, find

WORDS_MAX = 1_000
HEARD_DAYS = 7
"""Whoever was asked and says nothing for so long has been heard."""
DOUBT_DAYS = 30
_ONE_IN_MAX = 10**9


def look_through(organisation_id: int) -> int:
    """Look through every half year whose look is due, each once; how many findings there are.

    Several at once look through the same and keep it once. Must not be called inside a transaction.
    """
    found = 0
    while True:
        with in_organisation(organisation_id):
            until = next_look(organisation_id)
            if until is None or until > clock.now():
                return found
            given = given_between(organisation_id, until - LOOK_BACK, until)
        found += keep_look(organisation_id, until, given, find(given.counts))


@dataclass(frozen=True, slots=True)
class Counted:
    """What a look at the half year up to `until` counted, and what stands out in it; nothing of it is kept yet."""

    until: datetime
    given: Given
    rings: Sequence[Found]


def count_now(organisation_id: int) -> Counted:
    """Count the half year up to now. Must not be called inside a transaction: in a large company it takes seconds."""
    with in_organisation(organisation_id):
        # A time ends before its `until`: what was given at this very moment is looked at too.
        until = clock.now() + timedelta.resolution
        given = given_between(organisation_id, until - LOOK_BACK, until)
    return Counted(until, given, find(given.counts))


def look_now(organisation_id: int, counted: Counted, *, actor: str) -> Look:
    """Keep a look that somebody asks for before its day; the next one is due a quarter later.

    At most one in four weeks, for every look is one more in which chance may find something. Of several at once
    one is kept. Raises `LookedLately`.
    """

    def step() -> Look:
        with connection.cursor() as cursor:
            # Two who ask at one time look at two half years, a moment apart, and still make one look.
            cursor.execute("select pg_advisory_xact_lock(%s, hashtext('look'))", [organisation_id])
        last = last_look(organisation_id)
        if last is not None and clock.now() < last.looked_at + LOOK_AGAIN:
            raise LookedLately(again_at=last.looked_at + LOOK_AGAIN)
        keep_look(organisation_id, counted.until, counted.given, counted.rings, actor=actor)
        return Look.objects.get(organisation_id=organisation_id, until=counted.until)

    return act(organisation_id, step)


def keep_look(
    organisation_id: int, until: datetime, given: Given, rings: Sequence[Found], *, actor: str = "system"
) -> int:
    """Keep what a look found, where nobody has by now; people about whom a finding runs have no second one."""

    def step() -> int:
        look = Look(
            organisation_id=organisation_id,
            since=until - LOOK_BACK,
            until=until,
            looked_at=clock.now(),
            recognitions=given.recognitions,
            findings=len(rings),
        )
        if Look.objects.filter(organisation_id=organisation_id, until=until).exists():
            return 0
        look.save(force_insert=True)
        running = set(
            Finding.objects.filter(organisation_id=organisation_id, state__in=RUNNING).values_list(
                "people", flat=True
            )
        )
        made = [
            _finding(look, finding_id, ring, given)
            for finding_id, ring in zip(new_ids(len(rings)), rings, strict=True)
            if _people(ring) not in running
        ]
        Finding.objects.bulk_create(made)
        Concerned.objects.bulk_create(
            Concerned(organisation_id=organisation_id, finding_id=one.id, member_id=UUID(person))
            for one in made
            for person in one.people.split()
        )
        audit.note(
            actor=actor,
            act="recognition.looked_through",
            subject=until.date().isoformat(),
            details={"recognitions": given.recognitions, "findings": len(made)},
        )
        return len(made)

    return act(organisation_id, step)


def _people(ring: Found) -> str:
    return " ".join(sorted(str(person) for person in ring.people))


def _finding(look: Look, finding_id: UUID, ring: Found, given: Given) -> Finding:
    return Finding(
        id=finding_id,
        organisation_id=look.organisation_id,
        since=look.since,
        until=look.until,
        found_at=look.looked_at,
        people=_people(ring),
        one_in=_one_in(ring.chance),
        links=[
            {
                "giver": show("mem", UUID(str(link.giver))),
                "recipient": show("mem", UUID(str(link.recipient))),
                "times": link.times,
                "expected": f"{link.expected:.1f}",
                "one_in": _one_in(link.chance),
                "points": given.points.get((UUID(str(link.giver)), UUID(str(link.recipient))), 0),
            }
            for link in ring.links
        ],
    )


def _one_in(chance: float) -> int:
    return min(_ONE_IN_MAX, int(1 / chance)) if chance * _ONE_IN_MAX > 1 else _ONE_IN_MAX


def take_up(organisation_id: int, finding_id: UUID, *, actor: str, member_id: UUID | None) -> None:
    """Make somebody the one who looks into it; once more changes nothing.

    `member_id` is the member they are. Raises `NotFound`, `FindingDecided`, and `OwnFinding` for whom it names.
    """

    def step(found: Finding) -> None:
        if found.owner != actor:
            found.owner = actor
            _keep(found, "finding.taken_up", actor, "owner")

    _with(organisation_id, finding_id, member_id, step)


def ask_those_concerned(
    organisation_id: int, finding_id: UUID, *, actor: str, member_id: UUID | None
) -> None:
    """Let those it names see what was counted and say what is behind it; once more changes nothing.

    Whoever asks looks into it from now on. Raises as `take_up` does.
    """

    def step(found: Finding) -> None:
        if found.asked_at is not None:
            return
        found.asked_at, found.owner, found.state = clock.now(), actor, FindingState.ASKED
        _keep(found, "finding.asked", actor, "asked_at", "owner", "state")
        _tell(found, "recognition.asked_about")

    _with(organisation_id, finding_id, member_id, step)


def decide_finding(
    organisation_id: int,
    finding_id: UUID,
    *,
    outcome: str,
    words: str,
    actor: str,
    member_id: UUID | None,
) -> None:
    """Say what came of it, in words that those it names read. Nothing else happens.

    That nothing was wrong can be said at once; anything else when everybody was heard: each has said something, or
    a week has passed since they were asked. Raises `Problem`, `NotHeardYet`, `SomebodyElseDecides` where it was
    doubted, and as `take_up` does.
    """
    words = words.strip()
    if outcome not in Outcome.values:
        raise Problem("Say what came of it.")
    if not words or len(words) > WORDS_MAX:
        raise Problem(f"Say why in at most {WORDS_MAX} characters.")

    def step(found: Finding) -> None:
        before = person_behind(organisation_id, found.decided_before_by)
        if found.state == FindingState.DOUBTED and before == person_behind(organisation_id, actor):
            raise SomebodyElseDecides
        if outcome != Outcome.NOTHING_WRONG and not _were_heard(found):
            raise NotHeardYet(days=HEARD_DAYS)
        found.outcome, found.words, found.state = outcome, words, FindingState.DECIDED
        found.decided_at, found.decided_by, found.owner = clock.now(), actor, actor
        _keep(
            found, "finding.decided", actor, "outcome", "words", "state", "decided_at", "decided_by", "owner"
        )
        if found.asked_at is not None:
            _tell(found, "recognition.review_decided")

    _with(organisation_id, finding_id, member_id, step)


def say_ones_side(organisation_id: int, finding_id: UUID, *, member_id: UUID, words: str, actor: str) -> None:
    """Say what is behind it, until it is decided; said again it replaces what was said.

    Raises `NotFound` for whom it does not name or who was not asked, `Problem` and `FindingDecided`.
    """
    words = _worded(words)

    def step() -> None:
        found, part = _asked(organisation_id, finding_id, member_id)
        if found.state == FindingState.DECIDED:
            raise FindingDecided
        if part.words != words:
            part.words, part.said_at = words, clock.now()
            part.save(update_fields=["words", "said_at"])
            audit.note(actor=actor, act="finding.side_said", subject=finding_ref(finding_id))

    act(organisation_id, step)


def doubt_decision(
    organisation_id: int, finding_id: UUID, *, member_id: UUID, words: str, actor: str
) -> None:
    """Have somebody else decide once more, within thirty days; each may ask for it once.

    Raises `NotFound`, `Problem` and `TooLateToDoubt`. Once more by the same changes nothing.
    """
    words = _worded(words)

    def step() -> None:
        found, part = _asked(organisation_id, finding_id, member_id)
        if part.doubted_at is not None:
            return
        now = clock.now()
        decided = found.decided_at if found.state == FindingState.DECIDED else None
        if decided is None or now >= decided + timedelta(days=DOUBT_DAYS):
            raise TooLateToDoubt(days=DOUBT_DAYS)
        part.doubt, part.doubted_at = words, now
        part.save(update_fields=["doubt", "doubted_at"])
        found.state, found.decided_before_by, found.decided_by = (
            FindingState.DOUBTED,
            found.decided_by,
            "",
        )
        found.owner, found.decided_at = "", None
        _keep(
            found, "finding.doubted", actor, "state", "decided_before_by", "decided_by", "owner", "decided_at"
        )

    act(organisation_id, step)


def _worded(words: str) -> str:
    words = words.strip()
    if not words or len(words) > WORDS_MAX:
        raise Problem(f"Say it in 1 to {WORDS_MAX} characters.")
    return words


def _with(
    organisation_id: int, finding_id: UUID, member_id: UUID | None, step: Callable[[Finding], None]
) -> None:
    """Let a reviewer change a finding that runs: never one that names themselves."""

    def locked() -> None:
        found = _locked(organisation_id, finding_id)
        if member_id is not None and str(member_id) in found.people.split():
            raise OwnFinding
        if found.state == FindingState.DECIDED:
            raise FindingDecided
        step(found)

    act(organisation_id, locked)


def _locked(organisation_id: int, finding_id: UUID) -> Finding:
    found = Finding.objects.select_for_update().filter(organisation_id=organisation_id, id=finding_id).first()
    if found is None:
        raise NotFound(kind="finding", ref=finding_ref(finding_id))
    return found


def _asked(organisation_id: int, finding_id: UUID, member_id: UUID) -> tuple[Finding, Concerned]:
    """The finding with its row locked, and the part of somebody it names who was told of it."""
    _locked(organisation_id, finding_id)
    return asked_of(organisation_id, member_id, finding_id)


def _were_heard(found: Finding) -> bool:
    if found.asked_at is None:
        return False
    if clock.now() >= found.asked_at + timedelta(days=HEARD_DAYS):
        return True
    return all(one.said_at is not None for one in concerned(found.organisation_id, found.id))


def _keep(found: Finding, what: str, actor: str, *fields: str) -> None:
    found.save(update_fields=list(fields))
    details = {"outcome": found.outcome} if found.outcome else {}
    audit.note(actor=actor, act=what, subject=finding_ref(found.id), details=details)


def _tell(found: Finding, what: str) -> None:
    told = [
        {"member": show("mem", one.member_id), "finding": finding_ref(found.id)}
        for one in concerned(found.organisation_id, found.id)
    ]
    tell_each(found.organisation_id, what, told, happened_at=clock.now())
