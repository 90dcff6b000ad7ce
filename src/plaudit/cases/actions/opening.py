"""Opens cases: a number is questioned, or something missing is claimed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from plaudit.cases.models import RUNNING, Case, CaseKind, Message, MessageKind
from plaudit.cases.queries import claimable, due_day, running_about, today
from plaudit.cases.refusals import KeyMeansAnother
from plaudit.cases.rules import require_claimable
from plaudit.cases.writing import checked_words, locked, mail, make_known, say, say_more
from plaudit.foundation import clock, written
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.people.queries import member


def question(
    organisation_id: int, *, member_id: UUID, subject: str, about: str, words: str, key: str, actor: str
) -> Case:
    """Open a case about what `subject` names (`led_…`, `act_…`, `rdm_…`; empty for anything else).

    `about` is what stood there, so that the case can be read by itself. The same key opens one case, and
    about one thing one case runs: asked again, its words join the one that runs. Raises `NothingSaid`,
    `KeyMeansAnother` and `NotFound`.
    """
    plain = checked_words(words)

    def step() -> Case:
        member(organisation_id, member_id)
        earlier = _opened_before(organisation_id, key, member_id)
        if earlier is not None:
            return earlier
        found = running_about(organisation_id, member_id, subject) if subject else None
        case = locked(organisation_id, found.id) if found else None
        if case is not None and case.state in RUNNING:
            say_more(case, plain, actor=actor, key=_joined(key))
            return case
        case = Case(kind=CaseKind.QUESTION, subject=subject, about=about)
        return _open(organisation_id, case, member_id=member_id, words=plain, key=key, actor=actor)

    return act(organisation_id, step)


def claim(
    organisation_id: int,
    *,
    member_id: UUID,
    activity: str,
    happened_on: date,
    proof: str,
    words: str = "",
    key: str,
    actor: str,
) -> Case:
    """Open a case about an activity of that type that is missing, with what proves it, such as an order's number.

    The same key opens one case. Raises `NothingSaid`, `NotHappenedYet`, `ClaimTooLate`, `KeyMeansAnother`
    and `NotFound`.
    """
    proven = checked_words(proof)

    def step() -> Case:
        member(organisation_id, member_id)
        earlier = _opened_before(organisation_id, key, member_id)
        if earlier is not None:
            return earlier
        declared = claimable(organisation_id).get(activity)
        if declared is None:
            raise NotFound(kind="activity", ref=activity)
        require_claimable(happened_on, today=today(organisation_id))
        case = Case(
            kind=CaseKind.CLAIM,
            about=f"{declared.title or declared.name}, {written.day(happened_on)}",
            activity=activity,
            happened_on=happened_on,
            proof=proven,
        )
        said = words.strip() or proven
        return _open(organisation_id, case, member_id=member_id, words=said, key=key, actor=actor)

    return act(organisation_id, step)


def _opened_before(organisation_id: int, key: str, member_id: UUID) -> Case | None:
    """What this key opened, or joined."""
    cases = Case.objects.filter(organisation_id=organisation_id)
    joined = Message.objects.filter(organisation_id=organisation_id, key=_joined(key)).values("case_id")
    found = cases.filter(key=key).first() or cases.filter(id__in=joined).first()
    if found is not None and found.member_id != member_id:
        raise KeyMeansAnother(key=key)
    return found


def _joined(key: str) -> str:
    return f"joined:{key}"


def _open(organisation_id: int, case: Case, *, member_id: UUID, words: str, key: str, actor: str) -> Case:
    case.organisation_id, case.member_id, case.key = organisation_id, member_id, key
    case.opened_at, case.opened_by = clock.now(), actor
    case.due_on = due_day(organisation_id)
    case.save(force_insert=True)
    message = say(case, MessageKind.OPENED, words=words, actor=actor, key=f"opened:{key}")
    make_known(case, "case.opened", actor=actor)
    mail(case, message)
    return case
