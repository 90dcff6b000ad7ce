"""What is offered to learn, sessions and who comes, completions, claims, certificates, and lists of who came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as replaced
from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from plaudit.credentials.actions.giving import give_credential, revoke_credential
from plaudit.credentials.actions.signing import opened, renew_key, signing_key
from plaudit.credentials.tests.factories import make_taking
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.attendance import check_in, mark_present, unmark
from plaudit.learning.actions.claiming import claim, claim_ref, decide_claim, media_of
from plaudit.learning.actions.completions import (
    counts_already,
    refuse_if_steps,
    report_completion,
    withdraw_completion,
)
from plaudit.learning.actions.documents import (
    Asked,
    Sent,
    delete_documents,
    post_document,
    put_document,
)
from plaudit.learning.actions.fall_due import fall_due, forget_rows
from plaudit.learning.actions.practising import practise
from plaudit.learning.actions.publish_learning import publish_learning
from plaudit.learning.actions.registering import cancel_registration, register
from plaudit.learning.actions.reminding import remind
from plaudit.learning.actions.rolls import (
    choose_likely,
    commit_roll,
    count_roll,
    read_again,
    reverse_roll,
    roll_id_of,
    roll_ref,
    stage_roll,
    stop_roll,
    take_back_roll,
)
from plaudit.learning.actions.sessions import cancel_session, close_session, open_session
from plaudit.learning.actions.statements import keep_statements
from plaudit.learning.document_models import Resource
from plaudit.learning.lists import Columns
from plaudit.learning.models import Session
from plaudit.learning.queries.documents import Place
from plaudit.learning.roll_models import Roll
from plaudit.learning.speaking import mark_of
from plaudit.learning.tests.conversing import BEST, changed, make_practice, plays, teaching
from plaudit.learning.tests.factories import ACTOR, LEARNING, Academy, make_academy, without
from plaudit.learning.tests.saying import COURSE, FILE, MAILBOX, attached, said
from plaudit.people.models import Member
from tests.faults.trial import Flow, Prepared


def _of_a_session(act: Callable[[Academy, Session, UUID], object]) -> Callable[[], Prepared]:
    """Something done to a session of one place, which one member has and another waits for."""

    def prepare() -> Prepared:
        academy = make_academy()
        session, ada = academy.session(places=1, key="session"), academy.member()
        academy.registers(session, ada)
        academy.registers(session, academy.member("Bo"))
        return academy.id, lambda: act(academy, session, ada)

    return prepare


def _of_a_member(act: Callable[[Academy, UUID], object]) -> Callable[[], Prepared]:
    """Something done for a member who has completed one step of a certification of two."""

    def prepare() -> Prepared:
        academy = make_academy()
        ada = academy.member()
        academy.completes(ada, "basics")
        return academy.id, lambda: act(academy, ada)

    return prepare


def _of_a_list(act: Callable[[Academy, Roll], object], *, counted: bool = False) -> Callable[[], Prepared]:
    """Something done to a list that names one member surely and one nearly."""

    def prepare() -> Prepared:
        academy = make_academy()
        for name in ("Ada Lovelace", "Bo Lind"):
            academy.member(name)
        roll = _staged(academy)
        if counted:
            _count(academy, roll)
        return academy.id, lambda: act(academy, roll)

    return prepare


def _staged(academy: Academy) -> Roll:
    return academy.stages("Name", "Ada Lovelace", "Bo Lindt", day=clock.now().date())


def _count(academy: Academy, roll: Roll) -> None:
    assert roll_id_of(roll_ref(roll.id)) == roll.id
    commit_roll(academy.id, roll_id=roll.id, actor=ACTOR)
    count_roll(academy.id, roll_id=roll.id)


def _stopping() -> Prepared:
    academy = make_academy()
    academy.member("Ada Lovelace")
    roll = _staged(academy)
    commit_roll(academy.id, roll_id=roll.id, actor=ACTOR)
    return academy.id, lambda: stop_roll(academy.id, roll_id=roll.id, actor=ACTOR)


def _choose(academy: Academy, roll: Roll) -> None:
    choose_likely(academy.id, roll_id=roll.id, choices={3: _bo(academy)}, actor=ACTOR)


def _bo(academy: Academy) -> UUID:
    with in_organisation(academy.id):
        return Member.objects.get(organisation_id=academy.id, name="Bo Lind").id


def _take_back(academy: Academy, roll: Roll) -> None:
    reverse_roll(academy.id, roll_id=roll.id, reason="Wrong", actor=ACTOR)
    take_back_roll(academy.id, roll_id=roll.id)


def _publishing() -> Prepared:
    academy = make_academy()
    return academy.id, lambda: publish_learning(academy.id, "academy", without(LEARNING, "law"))


def _closing() -> Prepared:
    academy = make_academy()
    session = academy.session()
    for name in ("Ada", "Bo"):
        academy.comes(session, academy.member(name))
    return academy.id, lambda: close_session(academy.id, session_id=session.id, actor=ACTOR)


def _withdrawing() -> Prepared:
    academy = make_academy()
    ada = academy.member()
    step = academy.completes(ada, "basics")
    academy.completes(ada, "listening")
    return academy.id, lambda: withdraw_completion(
        academy.id, completion_id=step.id, reason="Copied", actor=ACTOR
    )


def _deciding() -> Prepared:
    academy = make_academy()
    made = academy.claims(academy.member(), day=clock.now().date())
    return academy.id, lambda: decide_claim(
        academy.id, claim_id=made.id, approve=True, answer="Well done", actor=ACTOR
    )


def _falling_due() -> Prepared:
    academy = make_academy()
    for name in ("Ada", "Bo"):
        academy.completes(academy.member(name), "first-aid", day=clock.now().date() - timedelta(days=700))
    with clock.frozen_at(clock.now() - timedelta(days=40)):
        _staged(academy)
    return academy.id, lambda: fall_due(academy.id, at_a_time=1)


def _registering() -> Prepared:
    academy = make_academy()
    session, ada = academy.session(places=1), academy.member()
    return academy.id, lambda: academy.registers(session, ada)


def _reading_again() -> Prepared:
    academy = make_academy()
    academy.member("Ada Lovelace")
    roll = academy.stages("Seat,Colour", "1,Ada Lovelace", day=clock.now().date())
    columns = Columns(name="Colour")
    return academy.id, lambda: read_again(academy.id, roll_id=roll.id, columns=columns, actor=ACTOR)


def _stating() -> Prepared:
    listening = LEARNING.offering("listening")
    assert listening is not None
    academy = make_academy(learning=replace(LEARNING, offerings=(replace(listening, activity=COURSE),)))
    academy.member(email="ada@people.example")
    statement = said(id="6690e6c9-3ef0-4ed3-8b37-7f3964730bee", attachments=[attached()])
    files = {FILE.sha2: FILE}
    return academy.id, lambda: keep_statements(academy.id, [statement], key="key_0", files=files)


def _keeping_a_document(change: Callable[[int, Place, Sent], object]) -> Callable[[], Prepared]:
    def prepare() -> Prepared:
        academy = make_academy()
        academy.member(email="ada@people.example")
        place = Place(Resource.STATE, activity=COURSE, agent=mark_of(MAILBOX), name="bookmark")
        kept = Sent("application/json", b'{"page":1}')
        put_document(academy.id, place, kept, Asked(), agent=MAILBOX, blindly=True)
        more = Sent("application/json", b'{"answer":2}')
        return academy.id, lambda: change(academy.id, place, more)

    return prepare


def _taking_along() -> Prepared:
    taking = make_taking()
    return taking.id, taking.takes


def _revoking() -> Prepared:
    taking = make_taking()
    one = taking.takes()
    return taking.id, lambda: revoke_credential(
        taking.id, credential_id=one.id, reason="Given by mistake", actor=ACTOR
    )


def _renewing_a_key() -> Prepared:
    taking = make_taking()
    taking.takes()
    return taking.id, lambda: renew_key(taking.id, actor=ACTOR)


def _opening() -> Prepared:
    academy = make_academy()
    return academy.id, lambda: academy.session(key="k")


def _staging() -> Prepared:
    academy = make_academy()
    academy.member("Ada Lovelace")
    return academy.id, lambda: _staged(academy)


def _practising() -> Prepared:
    academy = make_practice()
    ada = academy.member()
    return academy.id, lambda: plays(academy, ada, *BEST)


def _refreshing() -> Prepared:
    """Two who passed a scenario, and the rule it teaches changes."""
    academy = make_practice()
    for name in ("Ada", "Bo"):
        plays(academy, academy.member(name), *BEST)
    return academy.id, lambda: publish_learning(academy.id, "academy", teaching(changed()))


def _reminding() -> Prepared:
    """A session of tomorrow that somebody comes to, and a refresher of long ago."""
    academy, now = make_practice(), clock.now()
    ada = academy.member()
    with clock.frozen_at(now - timedelta(days=20)):
        plays(academy, ada, *BEST)
        publish_learning(academy.id, "academy", teaching(changed()))
    session = academy.session()
    with clock.frozen_at(now - timedelta(days=3)):
        academy.registers(session, ada)
    return academy.id, lambda: remind(academy.id)


FLOWS = [
    Flow("learning: publish", _publishing, (publish_learning,)),
    Flow("learning: practise", _practising, (practise,)),
    Flow("learning: ask for refreshers", _refreshing, (publish_learning,)),
    Flow("learning: remind", _reminding, (remind,)),
    Flow("learning: open a session", _opening, (open_session,)),
    Flow("learning: close a session", _closing, (close_session,)),
    Flow(
        "learning: call a session off",
        _of_a_session(
            lambda academy, session, _: cancel_session(
                academy.id, session_id=session.id, reason="Snow", actor=ACTOR
            )
        ),
        (cancel_session,),
    ),
    Flow("learning: register", _registering, (register,)),
    Flow(
        "learning: cancel a registration",
        _of_a_session(
            lambda academy, session, ada: cancel_registration(
                academy.id, session_id=session.id, member_id=ada, actor=ACTOR
            )
        ),
        (cancel_registration,),
    ),
    Flow(
        "learning: check in",
        _of_a_session(
            lambda academy, session, ada: check_in(
                academy.id, secret=session.secret, member_id=ada, actor=ACTOR
            )
        ),
        (check_in, mark_present),
    ),
    Flow(
        "learning: take a tick back",
        _of_a_session(
            lambda academy, session, ada: unmark(
                academy.id, session_id=session.id, member_id=ada, actor=ACTOR
            )
        ),
        (unmark,),
        done_again="a tick that is not there is taken back, which leaves it so",
    ),
    Flow(
        "learning: complete",
        _of_a_member(
            lambda academy, ada: academy.completes(ada, "listening", key="k", day=clock.now().date())
        ),
        (report_completion, refuse_if_steps),
    ),
    Flow("learning: withdraw", _withdrawing, (withdraw_completion,)),
    Flow(
        "learning: claim",
        _of_a_member(lambda academy, ada: academy.claims(ada, key="k", day=clock.now().date())),
        (claim, media_of),
    ),
    Flow("learning: decide a claim", _deciding, (decide_claim, claim_ref)),
    Flow("learning: fall due", _falling_due, (fall_due, forget_rows)),
    Flow("learning: look at a list", _staging, (stage_roll, counts_already)),
    Flow("learning: read a list again", _reading_again, (read_again,)),
    Flow("learning: keep a statement", _stating, (keep_statements,)),
    Flow(
        "learning: put a document",
        _keeping_a_document(
            lambda here, place, sent: put_document(
                here, replaced(place, name="more"), sent, Asked(), agent=MAILBOX, blindly=True
            )
        ),
        (put_document,),
    ),
    Flow(
        "learning: merge a document",
        _keeping_a_document(
            lambda here, place, sent: post_document(here, place, sent, Asked(), agent=MAILBOX)
        ),
        (post_document,),
    ),
    Flow(
        "learning: take a document away",
        _keeping_a_document(lambda here, place, _sent: delete_documents(here, place, Asked())),
        (delete_documents,),
    ),
    Flow("learning: choose of a list", _of_a_list(_choose), (choose_likely,)),
    Flow(
        "learning: count a list",
        _of_a_list(_count),
        (commit_roll, count_roll, roll_ref, roll_id_of),
    ),
    Flow("learning: stop counting a list", _stopping, (stop_roll,)),
    Flow(
        "credentials: take along",
        _taking_along,
        (give_credential, signing_key),
        ignoring=frozenset({"public", "number", "document", "token"}),
    ),
    Flow("credentials: revoke", _revoking, (revoke_credential,)),
    Flow(
        "credentials: renew the key",
        _renewing_a_key,
        (renew_key, opened),
        done_again="each time is another key, and one of them signs",
        ignoring=frozenset({"public", "details"}),
    ),
    Flow("learning: take a list back", _of_a_list(_take_back, counted=True), (reverse_roll, take_back_roll)),
]
