"""What is limited about surveys, fought over: one answer a link, the quota, invitations, versions, urns."""

from __future__ import annotations

from plaudit.foundation import clock
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.surveys.actions.fall_due import settle
from plaudit.surveys.actions.publish_surveys import publish_surveys
from plaudit.surveys.definitions import Surveys
from plaudit.surveys.models import Answer, Invitation, Published, Standing, Voice
from plaudit.surveys.tests.factories import LATER, LOYAL, SURVEYS, make_asking


@rounds
def test_a_link_used_by_many_at_once_is_answered_once(round_: int):
    asking = make_asking()
    asked = asking.invites(asking.member("Ada"))

    got = at_once(CONTENDERS, lambda number: asking.answers(asked, score=3 + number % 3))

    assert sum(not isinstance(one, Refusal) for one in got) == 1
    assert len(asking.kept(Answer, "call")) == 1
    assert asking.points("Ada") == 10


@rounds
def test_of_twenty_who_answer_with_five_wanted_five_are_taken(round_: int):
    asking = make_asking()
    asked = [asking.invites(asking.member(f"m{number}"), "loyal") for number in range(CONTENDERS)]

    got = at_once(CONTENDERS, lambda number: asking.answers(asked[number], likely=9))

    assert sum(not isinstance(one, Refusal) for one in got) == LOYAL.quota == 5
    with in_organisation(asking.id):
        assert Standing.objects.get(survey="loyal").taken == Answer.objects.count() == 5
        assert Invitation.objects.filter(answered=True).count() == 5


@rounds
def test_a_member_asked_by_many_at_once_is_asked_once(round_: int):
    asking = make_asking()
    ada = asking.member("Ada")
    asking.member("Tim", "staff")

    got = at_once(CONTENDERS, lambda _: asking.invites(ada, contact="one"))

    assert len({one.id for one in got if isinstance(one, Invitation)}) == 1
    with in_organisation(asking.id):
        assert Invitation.objects.count() == 1


@rounds
def test_an_answer_taken_in_by_many_at_once_counts_once(round_: int):
    asking = make_asking()
    asking.member("Tim", "staff")

    at_once(CONTENDERS, lambda _: asking.takes_in(("one", "Tim", 5)))

    assert len(asking.kept(Answer, "call")) == 1
    assert asking.points("Tim") == 20


def _close(organisation_id: int) -> int:
    with clock.frozen_at(LATER):
        return settle(organisation_id)


@rounds
def test_answers_without_names_given_at_once_all_wait_in_the_urn_and_all_come_out(round_: int):
    asking = make_asking()
    asked = [asking.invites(one, "mood") for one in asking.team("Floor", CONTENDERS)]

    at_once(CONTENDERS, lambda number: asking.answers(asked[number], mood=1 + number % 5))
    at_once(3, lambda _: _close(asking.id))

    assert sorted(one["mood"] for one in asking.kept(Voice, "mood")) == sorted(
        1 + n % 5 for n in range(CONTENDERS)
    )


@rounds
def test_surveys_published_by_many_at_once_are_one_version(round_: int):
    asking = make_asking()

    at_once(
        CONTENDERS, lambda _: publish_surveys(asking.id, "main", Surveys("main", "UTC", SURVEYS.surveys[:2]))
    )

    with in_organisation(asking.id):
        assert list(Published.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
