"""Nominates somebody for more than an allowance gives, and what a second person decides about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from plaudit.earning.limits import period_of
from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act
from plaudit.ledger.units import unit_named
from plaudit.people.actions.members import locked_member
from plaudit.people.models import Member
from plaudit.people.refusals import MemberNotActive
from plaudit.recognition.actions.recognise import WORDS_MAX
from plaudit.recognition.actions.recording import write_down
from plaudit.recognition.actions.using import use_up
from plaudit.recognition.definitions import Nominations, Standard
from plaudit.recognition.models import Nomination, NominationState, Recognition
from plaudit.recognition.published import standards
from plaudit.recognition.queries.nominations import budget_left, may_decide
from plaudit.recognition.refusals import (
    NominationBudgetUsed,
    NominationDecided,
    NoNominations,
    NotRecognised,
    NotSoManyPoints,
    OwnNomination,
    SelfRecognition,
)
from plaudit.recognition.rules.giving import NOMINATIONS, PROGRAMME, Use

GOOD_FOR = timedelta(days=30)
ANSWER_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Who is nominated for which behaviour, why, and for how many points of the programme's unit, in its smallest part."""

    member_id: UUID
    behaviour: str
    words: str
    points: int
    programme: str = ""
    key: str


def nominating(organisation_id: int, programme: str = "") -> tuple[Standard, Nominations]:
    """The standard by which somebody is nominated. Raises `NoNominations`."""
    for one in standards(organisation_id):
        if programme in ("", one.programme) and one.nominations is not None:
            return one, one.nominations
    raise NoNominations


def nominate(organisation_id: int, wish: Wish, *, nominator_id: UUID, actor: str) -> Nomination:
    """Ask for it; it waits thirty days for a second person. The same key of the same nominator asks once.

    Raises `NoNominations`, `Problem`, `SelfRecognition`, `NotFound`, `NotRecognised`, `MemberNotActive` and
    `NotSoManyPoints`.
    """
    words = wish.words.strip()
    if not words or len(words) > WORDS_MAX:
        raise Problem(f"Say what they did, in at most {WORDS_MAX} characters.")
    if wish.member_id == nominator_id:
        raise SelfRecognition

    def step() -> Nomination:
        # One of a nominator at a time, so that a key is looked for when nobody can still be using it.
        nominator = locked_member(organisation_id, nominator_id)
        standard, bounds = nominating(organisation_id, wish.programme)
        before = Nomination.objects.filter(
            organisation_id=organisation_id, nominator_id=nominator_id, key=wish.key
        ).first()
        if before is not None:
            return before
        if standard.behaviour(wish.behaviour) is None:
            raise NotFound(kind="behaviour", ref=wish.behaviour)
        for one in (nominator, _nominee(organisation_id, wish.member_id)):
            if one.kind not in standard.audience:
                raise NotRecognised(kind=one.kind, programme=standard.programme)
        _must_fit(organisation_id, standard, bounds, wish.points)
        now = clock.now()
        made = Nomination.objects.create(
            organisation_id=organisation_id,
            programme=standard.programme,
            member_id=wish.member_id,
            nominator_id=nominator_id,
            behaviour=wish.behaviour,
            words=words,
            unit=standard.unit,
            points=wish.points,
            asked_at=now,
            expires_at=now + GOOD_FOR,
            key=wish.key,
        )
        _make_known(made, "nomination.made", actor)
        return made

    return act(organisation_id, step)


def withdraw_nomination(
    organisation_id: int, nomination_id: UUID, *, nominator_id: UUID, actor: str
) -> Nomination:
    """Take back what one asked for oneself. Once more changes nothing. Raises `NotFound` and `NominationDecided`."""

    def step() -> Nomination:
        one = _locked(organisation_id, nomination_id)
        if one.nominator_id != nominator_id:
            raise NotFound(kind="nomination", ref=show("nom", nomination_id))
        if one.state == NominationState.WITHDRAWN:
            return one
        _must_wait(one)
        _end(one, NominationState.WITHDRAWN, "", actor)
        return one

    return act(organisation_id, step)


def approve_nomination(
    organisation_id: int,
    nomination_id: UUID,
    *,
    actor: str,
    decider_id: UUID | None = None,
    as_manager: bool = False,
    points: int | None = None,
    answer: str = "",
) -> Nomination:
    """Give it, with other points where `points` says so, and then the nominator reads why in `answer`.

    Who decides leads a team of the nominee or stands in for who does, or is a manager (`as_manager`); never who
    nominated or is nominated. Points come from the programme's budget for nominations. Approved so again it stays so.
    Raises `NotFound`, `OwnNomination`, `NominationDecided`, `NotSoManyPoints`, `Problem`, `NominationBudgetUsed`,
    `MemberNotActive` and `NoNominations`.
    """

    def step() -> Nomination:
        one = _for_decision(organisation_id, nomination_id, decider_id, as_manager=as_manager)
        if one.state == NominationState.APPROVED:
            return one
        _must_wait(one)
        standard, bounds = nominating(organisation_id, one.programme)
        granted = one.points if points is None else points
        _must_fit(organisation_id, standard, bounds, granted)
        if granted != one.points and not answer.strip():
            raise Problem("Say why the points are others: who nominated reads it.")
        _nominee(organisation_id, one.member_id)
        _use_budget(organisation_id, standard, bounds, granted)
        made = Recognition(
            organisation_id=organisation_id,
            programme=one.programme,
            giver_id=one.nominator_id,
            behaviour=one.behaviour,
            unit=one.unit,
            points=granted,
            given_at=clock.now(),
        )
        write_down(made, standard, [one.member_id], words=one.words, actor=actor)
        one.granted, one.recognition_id = granted, made.id
        _end(one, NominationState.APPROVED, answer, actor, decider_id)
        return one

    return act(organisation_id, step)


def decline_nomination(
    organisation_id: int,
    nomination_id: UUID,
    *,
    answer: str,
    actor: str,
    decider_id: UUID | None = None,
    as_manager: bool = False,
) -> Nomination:
    """Say no, with the reason that the nominator reads. Declined so again it stays so.

    Raises `NotFound`, `OwnNomination`, `Problem` and `NominationDecided`.
    """

    def step() -> Nomination:
        one = _for_decision(organisation_id, nomination_id, decider_id, as_manager=as_manager)
        if one.state == NominationState.DECLINED:
            return one
        _must_wait(one)
        if not answer.strip():
            raise Problem("Say why not: who nominated reads it.")
        _end(one, NominationState.DECLINED, answer, actor, decider_id)
        return one

    return act(organisation_id, step)


def expire_nominations(organisation_id: int) -> int:
    """End every nomination whose time ran out before somebody decided; how many."""

    def step() -> int:
        late = Nomination.objects.select_for_update().filter(
            organisation_id=organisation_id, state=NominationState.WAITING, expires_at__lte=clock.now()
        )
        ended = list(late.order_by("id"))
        for one in ended:
            _end(one, NominationState.EXPIRED, "", "")
        return len(ended)

    return act(organisation_id, step)


def _nominee(organisation_id: int, member_id: UUID) -> Member:
    found = Member.objects.filter(organisation_id=organisation_id, id=member_id).first()
    if found is None:
        raise NotFound(kind="member", ref=show("mem", member_id))
    if found.state != "active":
        raise MemberNotActive(state=found.state)
    return found


def _must_fit(organisation_id: int, standard: Standard, bounds: Nominations, points: int) -> None:
    if not 1 <= points <= bounds.up_to:
        raise NotSoManyPoints(most=unit_named(organisation_id, standard.unit).say(bounds.up_to))


def _use_budget(organisation_id: int, standard: Standard, bounds: Nominations, points: int) -> None:
    local = clock.now().astimezone(ZoneInfo(standard.time_zone))
    use = Use(NOMINATIONS, period_of(bounds.every, local.date()), points, bounds.budget)
    if use_up(organisation_id, standard.programme, PROGRAMME, [use]):
        unit = unit_named(organisation_id, standard.unit)
        left = budget_left(organisation_id, standard, bounds)
        raise NominationBudgetUsed(needed=unit.say(points), left=unit.say(left))


def _locked(organisation_id: int, nomination_id: UUID) -> Nomination:
    rows = Nomination.objects.select_for_update()
    one = rows.filter(organisation_id=organisation_id, id=nomination_id).first()
    if one is None:
        raise NotFound(kind="nomination", ref=show("nom", nomination_id))
    return one


def _for_decision(
    organisation_id: int, nomination_id: UUID, decider_id: UUID | None, *, as_manager: bool
) -> Nomination:
    one = _locked(organisation_id, nomination_id)
    if not as_manager and (decider_id is None or not may_decide(organisation_id, one, decider_id)):
        if decider_id not in (one.nominator_id, one.member_id):
            raise NotFound(kind="nomination", ref=show("nom", nomination_id))
        raise OwnNomination
    if decider_id is not None and decider_id in (one.nominator_id, one.member_id):
        raise OwnNomination
    return one


def _must_wait(one: Nomination) -> None:
    if one.state != NominationState.WAITING:
        raise NominationDecided(state=one.state)
    if one.expires_at <= clock.now():
        raise NominationDecided(state=NominationState.EXPIRED.value)


def _end(
    one: Nomination, state: NominationState, answer: str, actor: str, decider_id: UUID | None = None
) -> None:
    if len(answer) > ANSWER_MAX:
        raise Problem(f"An answer has at most {ANSWER_MAX} characters.")
    one.state, one.decided_at, one.decided_by = state, clock.now(), actor
    one.decider_id, one.answer = decider_id, answer.strip()
    one.save()
    _make_known(one, "nomination.decided", actor)


def _make_known(one: Nomination, topic: str, actor: str) -> None:
    """Tell of it: `member` is who nominated, for the news is theirs."""
    told = {
        "nomination": show("nom", one.id),
        "member": show("mem", one.nominator_id),
        "nominee": show("mem", one.member_id),
        "programme": one.programme,
        "state": one.state,
        "points": one.points,
        "granted": one.granted,
    }
    tell(one.organisation_id, topic, told, happened_at=clock.now())
    details = {"state": one.state, "points": one.points, "granted": one.granted}
    audit.note(
        actor=actor or "system", act=topic, subject=show("nom", one.id), reason=one.answer, details=details
    )
