"""Asks a second person, and what they decide: above a limit, nobody gives or takes points alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from plaudit.cases.models import ApprovalRequest, Case, CaseState, Message, MessageKind, RequestState
from plaudit.cases.refusals import ApprovalWaits, KeyMeansAnother, OwnRequest, RequestDecided
from plaudit.cases.writing import checked_words, locked, mail, make_known, move_to, say
from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.rules import checked_amount
from plaudit.ledger.units import unit_named
from plaudit.people.merging import survivor_of
from plaudit.people.queries import member, person_behind

GOOD_FOR = timedelta(days=7)


def ask_approval(
    organisation_id: int,
    *,
    member_id: UUID,
    unit: str,
    amount: int,
    reason: str,
    key: str,
    actor: str,
    case_id: UUID | None = None,
) -> ApprovalRequest:
    """Ask for points to be given, or taken where `amount` is below zero; once for its key.

    It waits seven days. Raises `NothingSaid`, `AmountRefused`, `KeyMeansAnother`, `ApprovalWaits` where one of
    its case waits already, and `NotFound`.
    """
    plain = checked_words(reason)
    checked_amount(abs(amount))

    def step() -> ApprovalRequest:
        earlier = ApprovalRequest.objects.filter(organisation_id=organisation_id, key=key).first()
        if earlier is not None:
            if (earlier.member_id, earlier.unit, earlier.amount) != (member_id, unit, amount):
                raise KeyMeansAnother(key=key)
            return earlier
        member(organisation_id, member_id)
        unit_named(organisation_id, unit)
        if case_id is not None:
            _require_none_waiting(locked(organisation_id, case_id))
        now = clock.now()
        made = ApprovalRequest.objects.create(
            organisation_id=organisation_id,
            member_id=member_id,
            unit=unit,
            amount=amount,
            reason=plain,
            case_id=case_id,
            asked_by=actor,
            asked_at=now,
            expires_at=now + GOOD_FOR,
            key=key,
        )
        _make_known(made, "approval.asked", actor=actor, reason=plain)
        return made

    return act(organisation_id, step)


def approve(organisation_id: int, request_id: UUID, *, actor: str) -> ApprovalRequest:
    """Post what was asked for, by whoever asked and approved by `actor`. Approved again by the same, it stays so.

    Whoever is behind a program counts as one with it, whichever of the two asked. The case it belongs to is settled with it. Raises `OwnRequest`, `RequestDecided` (also once its time ran
    out), what `adjust` raises, and `NotFound`.
    """

    def step() -> ApprovalRequest:
        one = _locked(organisation_id, request_id)
        if one.state == RequestState.APPROVED and one.decided_by == actor:
            return one
        _must_wait(one)
        if person_behind(organisation_id, one.asked_by) == person_behind(organisation_id, actor):
            raise OwnRequest
        posted = adjust(
            organisation_id,
            member_id=survivor_of(one.member_id),
            unit=one.unit,
            amount=one.amount,
            reason=one.reason,
            key=show("apr", one.id),
            actor=one.asked_by,
            approver=actor,
        )
        one.transfer = posted.reference
        _decide(one, RequestState.APPROVED, actor=actor)
        if one.case_id is not None:
            _settle(locked(organisation_id, one.case_id), one, actor=actor)
        return one

    return act(organisation_id, step)


def decline(organisation_id: int, request_id: UUID, *, reason: str, actor: str) -> ApprovalRequest:
    """Say no, with the reason that whoever asked reads. Their own they may decline too.

    Raises `NotFound` before all, `NothingSaid` and `RequestDecided`.
    """

    def step() -> ApprovalRequest:
        one = _locked(organisation_id, request_id)
        plain = checked_words(reason)
        if one.state == RequestState.DECLINED and one.decided_by == actor:
            return one
        _must_wait(one)
        _decide(one, RequestState.DECLINED, actor=actor, words=plain)
        if one.case_id is not None:
            case = locked(organisation_id, one.case_id)
            _say(case, one, MessageKind.DECLINED, words=plain, actor=actor)
        return one

    return act(organisation_id, step)


def expire_requests(organisation_id: int) -> int:
    """End every request whose time ran out before somebody decided; how many."""

    def step() -> int:
        late = ApprovalRequest.objects.select_for_update().filter(
            organisation_id=organisation_id, state=RequestState.WAITING, expires_at__lte=clock.now()
        )
        ended = list(late.order_by("id"))
        for one in ended:
            _decide(one, RequestState.EXPIRED, actor="")
        return len(ended)

    return act(organisation_id, step)


def _require_none_waiting(case: Case) -> None:
    if case.requests.filter(state=RequestState.WAITING).exists():
        raise ApprovalWaits


def _locked(organisation_id: int, request_id: UUID) -> ApprovalRequest:
    found = ApprovalRequest.objects.filter(organisation_id=organisation_id, id=request_id)
    # The case first, as everybody who answers it does.
    case_id = found.values_list("case_id", flat=True).first()
    if case_id is not None:
        locked(organisation_id, case_id)
    one = found.select_for_update().first()
    if one is None:
        raise NotFound(kind="request", ref=show("apr", request_id))
    return one


def _must_wait(one: ApprovalRequest) -> None:
    if one.state != RequestState.WAITING:
        raise RequestDecided(state=one.state)
    if one.expires_at <= clock.now():
        raise RequestDecided(state=RequestState.EXPIRED.value)


def _decide(one: ApprovalRequest, state: RequestState, *, actor: str, words: str = "") -> None:
    one.state, one.decided_by, one.decided_at, one.words = state, actor, clock.now(), words
    one.save(update_fields=["state", "decided_by", "decided_at", "words", "transfer"])
    _make_known(one, f"approval.{state.value}", actor=actor, reason=words)


def _settle(case: Case, one: ApprovalRequest, *, actor: str) -> None:
    move_to(case, CaseState.SETTLED)
    message = _say(case, one, MessageKind.SETTLED, words=one.reason, actor=actor)
    make_known(case, "case.settled", actor=actor, reason=one.reason, reference=one.transfer)
    mail(case, message)


def _say(case: Case, one: ApprovalRequest, kind: MessageKind, *, words: str, actor: str) -> Message:
    reference = one.transfer or show("apr", one.id)
    return say(
        case, kind, words=words, actor=actor, key=f"{one.state}:{show('apr', one.id)}", reference=reference
    )


def _make_known(one: ApprovalRequest, topic: str, *, actor: str, reason: str) -> None:
    told = {
        "request": show("apr", one.id),
        "member": show("mem", one.member_id),
        "unit": one.unit,
        "amount": one.amount,
        "state": one.state,
        "transfer": one.transfer or None,
    }
    tell(one.organisation_id, topic, told, happened_at=clock.now())
    audit.note(
        actor=actor,
        act=topic,
        subject=show("apr", one.id),
        reason=reason,
        details={name: told[name] for name in ("member", "unit", "amount", "transfer")},
    )
