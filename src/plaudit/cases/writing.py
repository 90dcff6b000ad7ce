"""How every act on a case is written down: locked, said, told, mailed."""

from __future__ import annotations

from uuid import UUID

from plaudit.cases.mailing import mail_message
from plaudit.cases.models import RUNNING, Case, CaseState, Message, MessageKind
from plaudit.cases.queries import due_day
from plaudit.cases.refusals import CaseEnded, KeyMeansAnother, NothingSaid
from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.refusals import NotFound


def locked(organisation_id: int, case_id: UUID) -> Case:
    """The case, nobody else's to change until this transaction ends. Raises `NotFound`."""
    found = Case.objects.select_for_update().filter(organisation_id=organisation_id, id=case_id).first()
    if found is None:
        raise NotFound(kind="case", ref=show("cse", case_id))
    return found


def running(organisation_id: int, case_id: UUID) -> Case:
    """The same of one that has not ended. Raises `NotFound` and `CaseEnded`."""
    found = locked(organisation_id, case_id)
    if found.state not in RUNNING:
        raise CaseEnded(state=found.state)
    return found


def said_before(organisation_id: int, key: str, case_id: UUID) -> bool:
    """Whether this key was used in this case already. Raises `KeyMeansAnother`."""
    earlier = Message.objects.filter(organisation_id=organisation_id, key=key).first()
    if earlier is not None and earlier.case_id != case_id:
        raise KeyMeansAnother(key=key)
    return earlier is not None


def checked_words(words: str) -> str:
    """What was written, without what surrounds it. Raises `NothingSaid`."""
    plain = words.strip()
    if not plain:
        raise NothingSaid
    return plain


def say(
    case: Case, kind: MessageKind, *, words: str = "", actor: str, key: str, reference: str = ""
) -> Message:
    """Add to what was said and done in the case."""
    return Message.objects.create(
        organisation_id=case.organisation_id,
        case=case,
        kind=kind,
        said_at=clock.now(),
        said_by=actor,
        words=words,
        reference=reference,
        key=key,
    )


def move_to(case: Case, state: CaseState) -> None:
    """Let the case stand so from now on, with whoever owns it and the day it is due."""
    case.state = state
    case.ended_at = None if state in RUNNING else clock.now()
    case.save(update_fields=["state", "ended_at", "owner", "due_on"])


def make_known(case: Case, topic: str, *, actor: str, reason: str = "", reference: str = "") -> None:
    """Tell the news and note the act."""
    told = {
        "case": show("cse", case.id),
        "member": show("mem", case.member_id),
        "kind": case.kind,
        "state": case.state,
        "subject": case.subject,
        "due_on": case.due_on.isoformat(),
        "correction": reference,
    }
    tell(case.organisation_id, topic, told, happened_at=clock.now())
    audit.note(
        actor=actor, act=topic, subject=show("cse", case.id), reason=reason, details={"correction": reference}
    )


def say_more(case: Case, words: str, *, actor: str, key: str) -> None:
    """The member says something more in a case that runs: answered, it is open again, with a new day."""
    if case.state == CaseState.ANSWERED:
        case.due_on = due_day(case.organisation_id)
    move_to(case, CaseState.OPEN)
    say(case, MessageKind.SAID, words=words, actor=actor, key=key)
    make_known(case, "case.replied", actor=actor)


def mail(case: Case, message: Message) -> None:
    """Have the member told by mail, if the transaction that is open commits."""
    mail_message.later(case.organisation_id, message_id=message.id)
