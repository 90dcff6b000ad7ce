"""Registering, coming, completing and taking back: what it earns, certifies and leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest

from plaudit.foundation import clock
from plaudit.foundation.models import News
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.actions.attendance import check_in, unmark
from plaudit.learning.actions.claiming import decide_claim
from plaudit.learning.actions.completions import withdraw_completion
from plaudit.learning.actions.fall_due import fall_due
from plaudit.learning.actions.publish_learning import publish_learning
from plaudit.learning.actions.registering import cancel_registration
from plaudit.learning.actions.sessions import cancel_session, close_session
from plaudit.learning.models import Certificate, Claim, Registration
from plaudit.learning.offered import all_learning, learning_of
from plaudit.learning.queries.gaps import coverage, lacking
from plaudit.learning.queries.learned import credits_of_members, proofs_sent_twice
from plaudit.learning.refusals import (
    AlreadyDecided,
    CountedAlready,
    DayToCome,
    FirstLearn,
    KeyUsed,
    MadeOfSteps,
    NoPlaces,
    NotClaimed,
    NothingToLearn,
    NotOpen,
    NotRegistered,
    OwnClaim,
    ProofNotReadable,
    ProofTooLarge,
)
from plaudit.learning.tests.factories import ACTOR, LEARNING, NOON, PDF, TODAY, Academy, make_academy, without
from plaudit.ledger.actions.adjust import adjust


@pytest.fixture
def academy() -> Iterator[Academy]:
    with clock.frozen_at(NOON):
        yield make_academy()


def states(academy: Academy) -> dict[str, int]:
    with in_organisation(academy.id):
        rows = Registration.objects.values_list("state", flat=True)
        return {state: list(rows).count(state) for state in set(rows)}


def told(academy: Academy, topic: str) -> int:
    with in_organisation(academy.id):
        return News.objects.filter(topic=topic).count()


def test_whoever_came_completes_a_session_when_it_is_closed_and_nobody_else_does(academy):
    session = academy.session()
    ada, bo, cy = (academy.member(name) for name in ("Ada", "Bo", "Cy"))
    for member in (ada, bo):
        academy.registers(session, member)
    academy.comes(session, ada)
    academy.comes(session, cy)

    assert academy.available(ada) == 0
    assert close_session(academy.id, session_id=session.id, actor=ACTOR) == 2
    assert close_session(academy.id, session_id=session.id, actor=ACTOR) == 0

    assert [academy.available(member) for member in (ada, bo, cy)] == [1_000, 0, 1_000]
    assert states(academy) == {"present": 2, "missed": 1}
    with pytest.raises(NotOpen):
        academy.registers(session, academy.member("Di"))
    with pytest.raises(NotOpen):
        cancel_session(academy.id, session_id=session.id, reason="Late", actor=ACTOR)


def test_who_waits_gets_the_place_that_comes_free_in_the_order_of_asking(academy):
    session = academy.session(places=1)
    ada, bo, cy = (academy.member(name) for name in ("Ada", "Bo", "Cy"))

    assert [academy.registers(session, one).state for one in (ada, bo, cy)] == [
        "registered",
        "waiting",
        "waiting",
    ]
    cancel_registration(academy.id, session_id=session.id, member_id=ada, actor=ACTOR)
    cancel_registration(academy.id, session_id=session.id, member_id=ada, actor=ACTOR)

    assert academy.registers(session, bo).state == "registered"
    assert academy.registers(session, cy).state == "waiting"
    assert academy.registers(session, ada).state == "waiting"
    assert told(academy, "session.place_free") == 1
    with pytest.raises(NotRegistered):
        cancel_registration(academy.id, session_id=session.id, member_id=academy.member("Di"), actor=ACTOR)


def test_what_comes_first_must_be_completed_first(academy):
    session, ada = academy.session("law"), academy.member()

    with pytest.raises(FirstLearn, match="Law comes after Basics"):
        academy.registers(session, ada)
    academy.completes(ada, "basics")

    assert academy.registers(session, ada).state == "registered"


def test_a_walk_in_who_comes_late_counts_what_was_left(academy):
    session, ada, bo = academy.session(), academy.member(), academy.member("Bo")
    academy.registers(session, bo)
    with clock.frozen_at(session.starts_at + timedelta(minutes=60)):
        assert academy.comes(session, ada).walked_in
        check_in(academy.id, secret=session.secret, member_id=bo, actor=ACTOR)
    close_session(academy.id, session_id=session.id, actor=ACTOR)

    with in_organisation(academy.id):
        for member in (ada, bo):
            credits = credits_of_members(academy.id, [member], year=2026)
            assert (credits.whole, credits.minutes_beside) == (1, 10)
    with pytest.raises(NotFound):
        check_in(academy.id, secret=session.secret, member_id=ada, actor=ACTOR)


def test_a_tick_on_the_roster_is_taken_back(academy):
    session, ada = academy.session(places=1), academy.member()
    academy.registers(session, ada)
    academy.comes(session, ada)
    academy.comes(session, academy.member("Bo"))  # nobody who stands in the door is sent away

    assert unmark(academy.id, session_id=session.id, member_id=ada, actor=ACTOR).state == "registered"
    close_session(academy.id, session_id=session.id, actor=ACTOR)
    assert academy.available(ada) == 0


def test_a_session_called_off_is_told_to_everybody_who_had_a_place_or_waited(academy):
    session = academy.session(places=1)
    for name in ("Ada", "Bo"):
        academy.registers(session, academy.member(name))

    cancel_session(academy.id, session_id=session.id, reason="Snow", actor=ACTOR)
    cancel_session(academy.id, session_id=session.id, reason="Snow", actor=ACTOR)

    assert states(academy) == {"cancelled": 2}
    assert told(academy, "session.cancelled") == 2


def test_the_same_key_opens_one_session_and_no_session_ends_before_it_begins(academy):
    first = academy.session(key="k")
    assert academy.session(key="k").id == first.id
    with pytest.raises(KeyUsed):
        academy.session("basics", key="k")
    with pytest.raises(MadeOfSteps):
        academy.session("professional")
    with pytest.raises(NoPlaces):
        academy.session(places=0)


def test_completing_the_same_thing_counts_once_in_its_period(academy):
    ada = academy.member()
    last_year = date(2025, 12, 30)
    first = academy.completes(ada, key="k")

    assert academy.completes(ada, key="k").id == first.id
    with pytest.raises(CountedAlready):
        academy.completes(ada)
    academy.completes(ada, day=last_year)
    with pytest.raises(DayToCome):
        academy.completes(ada, day=TODAY + timedelta(days=1))

    assert academy.available(ada) == 2_000


def test_a_certification_follows_its_last_step_and_goes_with_any_of_them(academy):
    ada = academy.member()
    step = academy.completes(ada, "basics")
    assert academy.standing(ada) == ["basics"]
    with pytest.raises(MadeOfSteps):
        academy.completes(ada, "professional")

    academy.completes(ada, "listening")
    assert academy.standing(ada) == ["basics", "listening", "professional"]
    assert academy.available(ada) == 100 + 1_000 + 15_000

    withdraw_completion(academy.id, completion_id=step.id, reason="Copied", actor=ACTOR)
    withdraw_completion(academy.id, completion_id=step.id, reason="Copied", actor=ACTOR)
    assert academy.standing(ada) == ["listening"]
    assert academy.available(ada) == 1_000
    with in_organisation(academy.id):
        assert Certificate.objects.get(member_id=ada).revoked_at is not None

    academy.completes(ada, "basics")
    assert academy.available(ada) == 16_100


def test_a_certification_is_renewed_by_its_renewal_and_goes_on_from_its_end(academy):
    ada = academy.member()
    academy.completes(ada, "basics", day=date(2025, 6, 1))
    academy.completes(ada, "listening", day=date(2025, 6, 1))
    academy.completes(ada, "law")

    with in_organisation(academy.id):
        held = Certificate.objects.filter(offering="professional").order_by("id")
        assert [one.last_day for one in held] == [date(2026, 5, 31), date(2027, 5, 31)]
    assert academy.available(ada) == 100 + 1_000 + 200 + 2 * 15_000


def test_points_that_were_spent_are_owed_when_what_earned_them_is_taken_back(academy):
    ada = academy.member()
    done = academy.completes(ada)
    adjust(academy.id, member_id=ada, unit="points", amount=-900, reason="Mug", key="m", actor=ACTOR)

    withdraw_completion(academy.id, completion_id=done.id, reason="Not there", actor=ACTOR)

    assert academy.available(ada) == -900


def test_the_end_of_a_certificate_is_announced_three_times_and_then_comes(academy):
    ada = academy.member()
    academy.completes(ada, "first-aid")
    ends = date(2028, 3, 2)

    for day, expected in (
        (ends - timedelta(days=61), {}),
        (ends - timedelta(days=60), {"ending": 1}),
        (ends - timedelta(days=59), {}),
        (ends - timedelta(days=30), {"ending": 1}),
        (ends - timedelta(days=7), {"ending": 1}),
        (ends - timedelta(days=1), {}),
        (ends, {"ended": 1}),
        (ends + timedelta(days=9), {}),
    ):
        with clock.frozen_at(NOON.replace(year=day.year, month=day.month, day=day.day)):
            assert dict(fall_due(academy.id)) == expected
    assert (told(academy, "certificate.ending"), told(academy, "certificate.ended")) == (3, 1)


def test_a_certificate_that_is_looked_at_late_has_its_end_announced_once(academy):
    ada = academy.member()
    academy.completes(ada, "first-aid")
    for days, expected in ((20, {"ending": 1}), (19, {}), (7, {"ending": 1})):
        day = date(2028, 3, 2) - timedelta(days=days)
        with clock.frozen_at(NOON.replace(year=day.year, month=day.month, day=day.day)):
            assert dict(fall_due(academy.id)) == expected


def test_a_claim_counts_once_somebody_else_approves_it(academy):
    ada = academy.member()
    made = academy.claims(ada, key="k")
    assert academy.claims(ada, key="k").id == made.id
    assert academy.available(ada) == 0

    def decide(*, approve: bool = True, decider: UUID | None = None) -> Claim:
        return decide_claim(
            academy.id, claim_id=made.id, approve=approve, answer="", actor=ACTOR, decider_id=decider
        )

    with pytest.raises(OwnClaim):
        decide(decider=ada)
    assert decide().state == "approved"
    assert decide().state == "approved"
    with pytest.raises(AlreadyDecided):
        decide(approve=False)
    assert academy.available(ada) == 1_000

    again = academy.claims(ada)
    with pytest.raises(CountedAlready):
        decide_claim(academy.id, claim_id=again.id, approve=True, answer="", actor=ACTOR)
    declined = decide_claim(academy.id, claim_id=again.id, approve=False, answer="Twice", actor=ACTOR)
    assert (declined.state, academy.available(ada)) == ("declined", 1_000)
    with in_organisation(academy.id):
        assert proofs_sent_twice(academy.id, [made.digest]) == {made.digest}


def test_only_what_may_be_claimed_is_and_only_with_a_pdf_or_a_picture(academy):
    ada = academy.member()
    with pytest.raises(ProofNotReadable):
        academy.claims(ada, proof=b"<script>")
    with pytest.raises(ProofTooLarge):
        academy.claims(ada, proof=PDF + b" " * 2 * 1024**2)
    with pytest.raises(DayToCome):
        academy.claims(ada, day=TODAY + timedelta(days=1))
    publish_learning(academy.id, "academy", without(LEARNING, "listening"))
    with pytest.raises(NothingToLearn):
        academy.claims(ada)
    assert NotClaimed(name="Law").status == 409


def test_what_is_not_offered_any_more_can_still_be_taken_back(academy):
    ada = academy.member()
    done = academy.completes(ada)
    publish_learning(academy.id, "academy", None)
    with in_organisation(academy.id):
        assert all_learning(academy.id) == []
        assert learning_of(academy.id, "academy") == LEARNING

    withdraw_completion(academy.id, completion_id=done.id, reason="Not there", actor=ACTOR)
    assert academy.available(ada) == 0


def test_who_still_needs_what_is_told_by_role(academy):
    people = {
        name: academy.member(name, attributes={"level": level})
        for name, level in (("Ada", "new"), ("Bo", "new"), ("Cy", "lead"), ("Di", "old"))
    }
    academy.completes(people["Ada"])
    academy.completes(people["Cy"], "first-aid", day=date(2024, 4, 1))

    listening, first_aid = LEARNING.offering("listening"), LEARNING.offering("first-aid")
    assert listening is not None and first_aid is not None
    soon = TODAY + timedelta(days=60)
    with in_organisation(academy.id):
        new, lead = sorted(
            coverage(academy.id, LEARNING, listening, today=TODAY, soon=soon),
            key=lambda one: one.needing * -1,
        )
        assert (new.role, new.needing, new.covered, new.lacking, new.percent) == ("new", 2, 1, 1, 50)
        assert (lead.role, lead.needing, lead.covered, lead.percent) == ("lead", 1, 0, 0)
        found = lacking(academy.id, LEARNING, listening, soon=soon)
        assert {one.name for one in found} == {"Bo", "Cy"}
        (ending,) = coverage(academy.id, LEARNING, first_aid, today=TODAY, soon=soon)
        assert (ending.covered, ending.ending) == (1, 1)
        (cy,) = lacking(academy.id, LEARNING, first_aid, soon=soon)
        assert (cy.name, cy.last_day) == ("Cy", date(2026, 3, 31))
