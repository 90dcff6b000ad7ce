"""What is limited about learning, fought over: places, completions, claims, lists, versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from plaudit.activity.models import Event
from plaudit.foundation.exact import decode, encode
from plaudit.foundation.models import News
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.learning.actions.attendance import check_in
from plaudit.learning.actions.claiming import decide_claim
from plaudit.learning.actions.documents import (
    DOCUMENTS_MAX,
    Asked,
    Sent,
    post_document,
    put_document,
)
from plaudit.learning.actions.publish_learning import publish_learning
from plaudit.learning.actions.registering import cancel_registration
from plaudit.learning.actions.rolls import commit_roll, count_roll, reverse_roll, take_back_roll
from plaudit.learning.actions.sessions import close_session
from plaudit.learning.actions.statements import ATTACHED_BYTES_MAX, keep_statements
from plaudit.learning.document_models import AttachedFile, Document, Resource
from plaudit.learning.models import Claim, Completion, Published, Registration, Session
from plaudit.learning.queries.documents import Place
from plaudit.learning.refusals import TooManyDocuments, TooMuchAttached
from plaudit.learning.scenario_models import ScenarioStanding
from plaudit.learning.statement_models import SpokenOf, Statement
from plaudit.learning.tests.conversing import BEST, changed, make_practice, plays, teaching
from plaudit.learning.tests.factories import ACTOR, LEARNING, make_academy, without
from plaudit.learning.tests.keeping import fill
from plaudit.learning.tests.saying import COURSE, FILE, attached, said

Result = TypeVar("Result")


def _done(got: Sequence[Result | Refusal]) -> list[Result]:
    return [one for one in got if not isinstance(one, Refusal)]


@rounds
def test_of_twenty_who_register_for_five_places_five_have_one_and_the_others_wait(round_: int):
    academy = make_academy()
    session = academy.session(places=5)
    members = [academy.member(f"m{number}") for number in range(CONTENDERS)]

    got = _done(at_once(CONTENDERS, lambda number: academy.registers(session, members[number])))
    assert [one.state for one in got].count("registered") == 5

    at_once(
        CONTENDERS,
        lambda number: cancel_registration(
            academy.id, session_id=session.id, member_id=members[number], actor=ACTOR
        ),
    )
    with in_organisation(academy.id):
        assert Session.objects.get().taken == 0
        assert set(Registration.objects.values_list("state", flat=True)) == {"cancelled"}


@rounds
def test_a_member_checked_in_by_many_at_once_is_there_once(round_: int):
    academy = make_academy()
    session, ada = academy.session(places=3), academy.member()

    at_once(
        CONTENDERS,
        lambda number: (
            check_in(academy.id, secret=session.secret, member_id=ada, actor=ACTOR)
            if number % 2
            else academy.registers(session, ada)
        ),
    )

    with in_organisation(academy.id):
        assert Registration.objects.get().state == "present"
        assert Session.objects.get().taken == 1


@rounds
def test_a_session_closed_by_many_at_once_counts_everybody_once(round_: int):
    academy = make_academy()
    session = academy.session()
    members = [academy.member(f"m{number}") for number in range(3)]
    for member in members:
        academy.comes(session, member)

    at_once(CONTENDERS, lambda _: close_session(academy.id, session_id=session.id, actor=ACTOR))

    assert [academy.available(member) for member in members] == [1_000] * 3


@rounds
def test_a_completion_reported_by_many_at_once_counts_once_a_period(round_: int):
    academy = make_academy()
    ada = academy.member()

    got = at_once(CONTENDERS, lambda number: academy.completes(ada, key=f"k{number}"))

    assert len(_done(got)) == 1
    assert academy.available(ada) == 1_000


@rounds
def test_the_last_steps_of_a_certification_taken_at_once_certify_once(round_: int):
    academy = make_academy()
    ada = academy.member()

    at_once(CONTENDERS, lambda number: academy.completes(ada, ("basics", "listening")[number % 2]))

    assert academy.standing(ada).count("professional") == 1
    assert academy.available(ada) == 16_100


@rounds
def test_a_session_opened_with_one_key_by_many_at_once_is_one_session(round_: int):
    academy = make_academy()

    got = at_once(CONTENDERS, lambda _: academy.session(key="k"))

    with in_organisation(academy.id):
        assert {one.id for one in _done(got)} == {Session.objects.get().id}


@rounds
def test_a_claim_made_and_decided_by_many_at_once_counts_once(round_: int):
    academy = make_academy()
    ada = academy.member()

    made = _done(at_once(CONTENDERS, lambda _: academy.claims(ada, key="k")))
    at_once(
        CONTENDERS,
        lambda number: decide_claim(
            academy.id, claim_id=made[0].id, approve=bool(number % 2), answer="", actor=ACTOR
        ),
    )

    with in_organisation(academy.id):
        decided = Claim.objects.get()
        assert Completion.objects.count() == (decided.state == "approved")
    assert academy.available(ada) == (1_000 if decided.state == "approved" else 0)


@rounds
def test_a_list_counted_and_taken_back_by_many_at_once_is_so_once(round_: int):
    academy = make_academy()
    members = [academy.member(f"Member {letter}") for letter in "ABCDE"]
    roll = academy.stages("Name", *(f"Member {letter}" for letter in "ABCDE"))
    commit_roll(academy.id, roll_id=roll.id, actor=ACTOR)

    at_once(CONTENDERS, lambda _: count_roll(academy.id, roll_id=roll.id, at_a_time=2))
    assert [academy.available(member) for member in members] == [1_000] * 5

    reverse_roll(academy.id, roll_id=roll.id, reason="Wrong", actor=ACTOR)
    at_once(CONTENDERS, lambda _: take_back_roll(academy.id, roll_id=roll.id, at_a_time=2))
    assert [academy.available(member) for member in members] == [0] * 5


@rounds
def test_an_offer_published_by_many_at_once_is_one_version(round_: int):
    academy = make_academy()

    at_once(CONTENDERS, lambda _: publish_learning(academy.id, "academy", without(LEARNING, "law")))

    with in_organisation(academy.id):
        assert list(Published.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


@rounds
def test_a_statement_sent_by_many_at_once_is_kept_and_counted_once(round_: int):
    listening = LEARNING.offering("listening")
    assert listening is not None
    academy = make_academy(learning=replace(LEARNING, offerings=(replace(listening, activity=COURSE),)))
    ada = academy.member(email="ada@people.example")
    statement = said(id="6690e6c9-3ef0-4ed3-8b37-7f3964730bee")

    at_once(CONTENDERS, lambda _number: keep_statements(academy.id, [statement], key="key_0"))

    assert academy.available(ada) == 1_000
    with in_organisation(academy.id):
        assert (Statement.objects.count(), SpokenOf.objects.count()) == (1, 2)


@rounds
def test_the_room_for_one_more_file_is_taken_by_one_of_many_at_once(round_: int):
    academy = make_academy()

    def send(number: int) -> None:
        one = said(id=f"6690e6c9-3ef0-4ed3-8b37-7f39647{30_000 + number}", attachments=[attached()])
        keep_statements(academy.id, [one], key="key_0", files={FILE.sha2: FILE})

    send(-1)
    with in_organisation(academy.id):
        AttachedFile.objects.update(length=ATTACHED_BYTES_MAX - len(FILE.content))
    got = at_once(CONTENDERS, send)

    assert sum(isinstance(one, TooMuchAttached) for one in got) == CONTENDERS - 1
    with in_organisation(academy.id):
        assert (AttachedFile.objects.count(), Statement.objects.count()) == (2, 2)


@rounds
def test_a_document_changed_by_many_at_once_takes_in_what_each_of_them_says(round_: int):
    academy = make_academy()
    place = Place(Resource.STATE, activity=COURSE, agent="somebody", name="bookmark")

    def say(number: int) -> None:
        sent = Sent("application/json", encode({f"page-{number}": number}).encode())
        post_document(academy.id, place, sent, Asked(), agent=None)

    at_once(CONTENDERS, say)

    with in_organisation(academy.id):
        said = decode(bytes(Document.objects.get().content))
        assert said == {f"page-{number}": number for number in range(CONTENDERS)}


@rounds
def test_the_last_document_of_a_place_is_put_by_one_of_many_at_once(round_: int):
    academy = make_academy()

    def put(number: int) -> None:
        place = Place(Resource.ACTIVITY, activity=COURSE, name=f"part-{number}")
        put_document(academy.id, place, Sent("text/plain", b"x"), Asked(), agent=None, blindly=False)

    put(-1)
    fill(academy.id, DOCUMENTS_MAX - 2)
    got = at_once(CONTENDERS, put)

    assert sum(isinstance(one, TooManyDocuments) for one in got) == CONTENDERS - 1
    with in_organisation(academy.id):
        assert Document.objects.count() == DOCUMENTS_MAX


@rounds
def test_a_scenario_passed_by_one_member_many_times_at_once_is_passed_once(round_: int):
    academy = make_practice()
    ada = academy.member()

    got = _done(at_once(CONTENDERS, lambda number: plays(academy, ada, *BEST)))

    assert len(got) == CONTENDERS
    with in_organisation(academy.id):
        assert ScenarioStanding.objects.get().revision == 1
        assert Event.objects.filter(key__startswith="scenario:").count() == 1


@rounds
def test_whoever_passes_while_a_rule_changes_has_passed_the_new_one_or_is_asked_for_a_refresher(round_: int):
    academy = make_practice()
    members = [academy.member(f"m{number}") for number in range(CONTENDERS - 1)]

    def contend(number: int) -> None:
        if number == CONTENDERS - 1:
            publish_learning(academy.id, "academy", teaching(changed()))
        else:
            plays(academy, members[number], *BEST)

    at_once(CONTENDERS, contend)

    with in_organisation(academy.id):
        behind = ScenarioStanding.objects.filter(revision=1)
        assert all(one.refresher_since is not None for one in behind)
        assert News.objects.filter(topic="scenario.refresher").count() == behind.count()
