"""What happens in a case that runs: taken, answered with or without a correction, spoken to, ended."""

from __future__ import annotations

from uuid import UUID

from plaudit.cases.actions.asking import ask_approval
from plaudit.cases.correcting import Correction, Points, needs_approval, put_right
from plaudit.cases.models import Case, CaseState, MessageKind, RequestState
from plaudit.cases.refusals import ApprovalWaits
from plaudit.cases.writing import (
    checked_words,
    locked,
    mail,
    make_known,
    move_to,
    running,
    said_before,
    say,
    say_more,
)
from plaudit.foundation import clock
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.people.standing import person

ANSWERS = (RoleName.MANAGER, RoleName.DESK)
"""Who answers cases."""


def take(organisation_id: int, case_id: UUID, *, actor: str, key: str) -> Case:
    """Make it one's own to answer. Taken again by the same, nothing changes. Raises `CaseEnded`."""
    return assign(organisation_id, case_id, owner=actor, actor=actor, key=key)


def assign(organisation_id: int, case_id: UUID, *, owner: str, actor: str, key: str) -> Case:
    """Make somebody the one who answers: whoever asks, or a person (`usr_…`) who may answer cases here.

    Given to the same again, nothing changes. Raises `NotFound` for anybody else, and `CaseEnded`.
    """

    def step() -> Case:
        if owner != actor:
            _must_answer(organisation_id, owner)
        case = running(organisation_id, case_id)
        if case.owner != owner and not said_before(organisation_id, key, case_id):
            case.owner = owner
            move_to(case, CaseState(case.state))
            given = owner if owner != actor else ""
            say(case, MessageKind.TAKEN, actor=actor, key=key, reference=given)
            make_known(case, "case.taken", actor=actor)
        return case

    return act(organisation_id, step)


def _must_answer(organisation_id: int, owner: str) -> None:
    number = owner.removeprefix("usr_")
    known = owner.startswith("usr_") and number.isascii() and number.isdigit() and len(number) <= 9
    if not known or not person(organisation_id, int(number)).has_role(*ANSWERS):
        raise NotFound(kind="person who answers cases", ref=owner)


def answer(
    organisation_id: int,
    case_id: UUID,
    *,
    words: str,
    actor: str,
    key: str,
    correction: Correction | None = None,
    settles: bool = False,
) -> Case:
    """Answer a case, once for its key; the member reads the words and is told by mail.

    A correction is posted with it and settles the case: points by hand, or the missing activity, which its
    own rules then pay. Points from the unit's `approval_from` on are asked for instead, and the case stays
    open until a second person decides. Raises `CaseEnded`, `ApprovalWaits`, and what the correction raises.
    """
    plain = checked_words(words)

    def step() -> Case:
        if said_before(organisation_id, key, case_id):
            return locked(organisation_id, case_id)
        case = running(organisation_id, case_id)
        case.owner = case.owner or actor
        if correction is not None and case.requests.filter(state=RequestState.WAITING).exists():
            raise ApprovalWaits
        if isinstance(correction, Points) and needs_approval(organisation_id, correction):
            _ask(case, correction, words=plain, actor=actor, key=key)
            return case
        reference = put_right(case, correction, reason=plain, actor=actor) if correction else ""
        ends = settles or correction is not None
        kind, state = (
            (MessageKind.SETTLED, CaseState.SETTLED) if ends else (MessageKind.ANSWERED, CaseState.ANSWERED)
        )
        move_to(case, state)
        message = say(case, kind, words=plain, actor=actor, key=key, reference=reference)
        make_known(case, f"case.{state.value}", actor=actor, reason=plain, reference=reference)
        mail(case, message)
        return case

    return act(organisation_id, step)


def _ask(case: Case, correction: Points, *, words: str, actor: str, key: str) -> None:
    move_to(case, CaseState.OPEN)
    asked = ask_approval(
        case.organisation_id,
        member_id=case.member_id,
        unit=correction.unit,
        amount=correction.amount,
        reason=words,
        case_id=case.id,
        key=f"case:{key}",
        actor=actor,
    )
    say(case, MessageKind.ASKED, words=words, actor=actor, key=key, reference=show("apr", asked.id))


def reply(organisation_id: int, case_id: UUID, *, words: str, actor: str, key: str) -> Case:
    """The member says something more: an answered case is open again, with a new day. Raises `CaseEnded`."""
    plain = checked_words(words)

    def step() -> Case:
        if said_before(organisation_id, key, case_id):
            return locked(organisation_id, case_id)
        case = running(organisation_id, case_id)
        say_more(case, plain, actor=actor, key=key)
        return case

    return act(organisation_id, step)


def withdraw(organisation_id: int, case_id: UUID, *, actor: str, key: str) -> Case:
    """The member needs no answer any more; withdrawn again, it stays so. Raises `CaseEnded` for a settled one.

    A request for approval that waits is withdrawn with it.
    """

    def step() -> Case:
        if said_before(organisation_id, key, case_id):
            return locked(organisation_id, case_id)
        case = running(organisation_id, case_id)
        case.requests.filter(state=RequestState.WAITING).update(
            state=RequestState.WITHDRAWN, decided_at=clock.now(), decided_by=actor
        )
        move_to(case, CaseState.WITHDRAWN)
        say(case, MessageKind.WITHDRAWN, actor=actor, key=key)
        make_known(case, "case.withdrawn", actor=actor)
        return case

    return act(organisation_id, step)
