"""A case from its question to its end: who has the word, what is posted, who is told."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import override_settings

from plaudit.cases.actions.answering import answer, reply, take, withdraw
from plaudit.cases.actions.asking import approve, decline
from plaudit.cases.correcting import Missing, Points
from plaudit.cases.mailing import mail_message
from plaudit.cases.models import ApprovalRequest, Case, CaseState, Message, MessageKind
from plaudit.cases.queries import case, cases, queue
from plaudit.cases.refusals import ApprovalWaits, CaseEnded, ClaimTooLate, NothingSaid
from plaudit.cases.tests.factories import Desk, make_desk, new_key
from plaudit.foundation.ids import show
from plaudit.foundation.jobs import run_due
from plaudit.foundation.models import Audit, News
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.membership.actions.erase import erase_member


def said(desk: Desk, one: Case) -> list[str]:
    with in_organisation(desk.id):
        return list(Message.objects.filter(case_id=one.id).order_by("id").values_list("kind", flat=True))


def topics(desk: Desk) -> list[str]:
    with in_organisation(desk.id):
        found = News.objects.filter(organisation_id=desk.id).order_by("id")
        return [one.topic for one in found if one.topic.startswith(("case.", "approval."))]


def test_a_question_has_a_day_and_waits_in_the_queue():
    desk = make_desk()
    one = desk.asks()

    assert one.state == CaseState.OPEN
    assert one.due_on > desk.today()
    with in_organisation(desk.id):
        assert [found.id for found in queue(desk.id)] == [one.id]
    assert topics(desk) == ["case.opened"]


def test_about_one_thing_one_case_runs_and_then_another_may():
    desk = make_desk()
    one = desk.asks()

    assert desk.asks().id == one.id
    withdraw(desk.id, one.id, actor=desk.mine, key=new_key())
    assert desk.asks().id != one.id


def test_who_asks_about_the_same_thing_again_adds_to_what_runs_once():
    desk = make_desk()
    one = desk.asks()
    answer(desk.id, one.id, words="It was refunded.", actor=desk.ravi, key=new_key())

    key = new_key()
    assert {desk.asks(key=key).id, desk.asks(key=key).id} == {one.id}
    assert said(desk, one) == [MessageKind.OPENED, MessageKind.ANSWERED, MessageKind.SAID]
    assert desk.read(one).state == CaseState.OPEN
    withdraw(desk.id, one.id, actor=desk.mine, key=new_key())
    assert desk.asks(key=key).id == one.id, "the key says what it said"


def test_a_question_without_words_is_refused():
    desk = make_desk()
    one = desk.asks()

    with pytest.raises(NothingSaid):
        answer(desk.id, one.id, words="  ", actor=desk.ravi, key=new_key())
    assert said(desk, one) == [MessageKind.OPENED]


def test_the_word_goes_to_and_fro_until_the_case_is_settled():
    desk = make_desk()
    one = desk.asks()

    take(desk.id, one.id, actor=desk.ravi, key=new_key())
    answer(desk.id, one.id, words="It was refunded.", actor=desk.ravi, key=new_key())
    assert desk.read(one).state == CaseState.ANSWERED
    reply(desk.id, one.id, words="Only half of it.", actor=desk.mine, key=new_key())
    assert desk.read(one).state == CaseState.OPEN
    answer(desk.id, one.id, words="You are right.", actor=desk.maya, key=new_key(), settles=True)

    assert desk.read(one).state == CaseState.SETTLED
    assert desk.read(one).owner == desk.ravi
    assert said(desk, one) == ["opened", "taken", "answered", "said", "settled"]
    assert topics(desk) == ["case.opened", "case.taken", "case.answered", "case.replied", "case.settled"]
    with in_organisation(desk.id):
        acts = set(Audit.objects.filter(subject=show("cse", one.id)).values_list("act", flat=True))
    assert acts == set(topics(desk))


def test_what_has_ended_takes_no_more_words():
    desk = make_desk()
    one = desk.asks()
    withdraw(desk.id, one.id, actor=desk.mine, key=new_key())

    with pytest.raises(CaseEnded):
        answer(desk.id, one.id, words="Too late.", actor=desk.ravi, key=new_key())
    with pytest.raises(CaseEnded):
        reply(desk.id, one.id, words="But still.", actor=desk.mine, key=new_key())


def test_points_given_with_an_answer_settle_it_once_however_often_it_is_sent():
    desk = make_desk()
    one, key = desk.asks(), new_key()

    for _ in range(2):
        answer(desk.id, one.id, words="Ours.", actor=desk.ravi, key=key, correction=Points("points", 40))

    assert desk.available() == 40
    assert desk.read(one).state == CaseState.SETTLED
    assert said(desk, one) == ["opened", "settled"]


def test_a_missing_purchase_is_recorded_and_its_own_rule_pays():
    desk = make_desk()
    one = desk.misses()

    answer(
        desk.id,
        one.id,
        words="Found it.",
        actor=desk.ravi,
        key=new_key(),
        correction=Missing({"amount": Decimal("75.50")}),
    )

    assert desk.available() == 75
    with in_organisation(desk.id):
        last = desk.read(one).messages.order_by("-id")[0]
    assert last.reference.startswith("act_")


def test_a_missing_purchase_that_its_type_does_not_allow_changes_nothing():
    desk = make_desk()
    one = desk.misses()

    with pytest.raises(Problem):
        answer(
            desk.id,
            one.id,
            words="Found it.",
            actor=desk.ravi,
            key=new_key(),
            correction=Missing({"amount": "a"}),
        )
    assert desk.read(one).state == CaseState.OPEN
    assert said(desk, one) == ["opened"]


def test_what_is_too_long_ago_or_nothing_that_can_be_missing_cannot_be_claimed():
    desk = make_desk()

    with pytest.raises(ClaimTooLate):
        desk.misses(days_ago=31)
    with pytest.raises(NotFound):
        desk.misses(activity="purchase.refunded")


def test_a_correction_above_the_limit_waits_for_a_second_person_who_settles_the_case():
    desk = make_desk()
    one = desk.asks()

    answer(desk.id, one.id, words="Both.", actor=desk.ravi, key=new_key(), correction=Points("points", 600))
    assert desk.available() == 0
    assert desk.read(one).state == CaseState.OPEN
    with pytest.raises(ApprovalWaits):
        answer(desk.id, one.id, words="Or.", actor=desk.ravi, key=new_key(), correction=Points("points", 1))
    with in_organisation(desk.id):
        asked = ApprovalRequest.objects.get(case_id=one.id)
    approve(desk.id, asked.id, actor=desk.maya)

    assert desk.available() == 600
    assert desk.read(one).state == CaseState.SETTLED
    assert said(desk, one) == ["opened", "asked", "settled"]


def test_a_correction_that_is_declined_leaves_the_case_open_with_the_reason():
    desk = make_desk()
    one = desk.asks()
    answer(desk.id, one.id, words="Both.", actor=desk.ravi, key=new_key(), correction=Points("points", 600))
    with in_organisation(desk.id):
        asked = ApprovalRequest.objects.get(case_id=one.id)

    decline(desk.id, asked.id, reason="One is enough.", actor=desk.maya)

    assert desk.read(one).state == CaseState.OPEN
    assert said(desk, one) == ["opened", "asked", "declined"]
    answer(desk.id, one.id, words="One.", actor=desk.ravi, key=new_key(), correction=Points("points", 300))
    assert desk.available() == 300


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_the_member_is_mailed_what_is_said_to_them():
    desk = make_desk()
    one = desk.asks()
    answer(desk.id, one.id, words="It was refunded on Monday.", actor=desk.ravi, key=new_key())

    mail.outbox = []
    with in_organisation(desk.id):
        for message in Message.objects.filter(case_id=one.id).order_by("id"):
            mail_message(desk.id, message_id=message.id)

    opened, answered = mail.outbox
    assert f"{one.due_on:%-d %B %Y}" in opened.body
    assert "It was refunded on Monday." in answered.body
    assert f"/cases/{show('cse', one.id)}" in answered.body
    assert answered.to == [f"ada-{desk.id}@harbour.example"]


def test_a_member_reads_their_own_cases_alone():
    desk, other = make_desk(), make_desk()
    one = desk.asks()
    with in_organisation(desk.id):
        with pytest.raises(NotFound):
            case(desk.id, show("cse", one.id), member_id=other.member_id)
        assert [found.id for found in cases(desk.id, member_id=desk.member_id)] == [one.id]
    with in_organisation(other.id), pytest.raises(NotFound):
        case(other.id, show("cse", one.id))


def test_the_queue_goes_on_where_a_page_ended():
    desk = make_desk()
    asked = [desk.asks(f"led_00000{number}-1") for number in range(1, 6)]
    with in_organisation(desk.id):
        first = queue(desk.id, limit=2)
        rest = queue(desk.id, after=(first[-1].due_on, first[-1].id))
    assert [one.id for one in [*first, *rest]] == [one.id for one in asked]
    assert first[0].due_on - desk.today() < timedelta(days=7)


def test_what_an_erased_member_wrote_is_forgotten_and_what_was_put_right_stays():
    desk = make_desk()
    ended, running, claimed = desk.asks(), desk.asks("led_000002-1"), desk.misses()
    answer(
        desk.id, ended.id, words="So, Ada.", actor=desk.ravi, key=new_key(), correction=Points("points", 40)
    )
    answer(desk.id, running.id, words="Hm.", actor=desk.ravi, key=new_key(), correction=Points("points", 600))
    assert not [one for one in run_due(desk.id) if "forgotten" in one]

    erase_member(desk.id, member_id=desk.member_id, reason="Asked for", actor=desk.maya)

    assert "what erased members wrote in 3 cases was forgotten" in run_due(desk.id)
    assert run_due(desk.id) == []
    for one in (ended, running, claimed):
        now = desk.read(one)
        assert now.ended_at is not None
        assert (now.about, now.proof) == ("(erased)", "")
        assert {message.words for message in now.messages.all()} == {""}
    with in_organisation(desk.id):
        assert Message.objects.filter(case_id=ended.id).exclude(reference="").exists()
        assert [one.state for one in ApprovalRequest.objects.filter(case_id=running.id)] == ["withdrawn"]


@rounds
def test_a_thing_questioned_by_many_at_once_is_one_case(round_: int):
    desk = make_desk()

    got = at_once(CONTENDERS, lambda _: desk.asks())

    assert len({one.id for one in got if isinstance(one, Case)}) == 1
    assert sum(isinstance(one, Case) for one in got) == CONTENDERS


@rounds
def test_a_case_corrected_by_many_at_once_is_put_right_once(round_: int):
    desk = make_desk()
    one = desk.asks()

    got = at_once(
        CONTENDERS,
        lambda number: answer(
            desk.id,
            one.id,
            words="Ours.",
            actor=desk.ravi if number % 2 else desk.maya,
            key=f"one-{number}",
            correction=Points("points", 40),
        ),
    )

    assert sum(isinstance(one, Case) for one in got) == 1
    assert desk.available() == 40


@rounds
def test_an_answer_sent_by_many_at_once_is_said_once(round_: int):
    desk = make_desk()
    one, key = desk.asks(), new_key()

    got = at_once(CONTENDERS, lambda _: answer(desk.id, one.id, words="So.", actor=desk.ravi, key=key))

    assert sum(isinstance(one, Case) for one in got) == CONTENDERS
    assert said(desk, one) == ["opened", "answered"]
