"""Claims about surveys: once answered is answered, what is paid, what is kept and shown, and what time does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plaudit.activity.models import Event
from plaudit.activity.types import declared_types
from plaudit.foundation import clock
from plaudit.foundation.models import News
from plaudit.foundation.tenancy import in_organisation
from plaudit.surveys.actions.answering import save_draft
from plaudit.surveys.actions.fall_due import remind, settle
from plaudit.surveys.actions.invite import invite_everyone
from plaudit.surveys.links import invitation_behind, secret_of
from plaudit.surveys.models import Answer, Invitation, Urn, Voice
from plaudit.surveys.queries.own import own_results
from plaudit.surveys.refusals import (
    AboutNobody,
    AnsweredAlready,
    LinkNotValid,
    NotAskedOfMany,
    NotTakenInFromOutside,
    SurveyClosed,
    SurveyFull,
)
from plaudit.surveys.tests.factories import ACTOR, LATER, Asking, make_asking


def events(asking: Asking, name: str) -> list[dict[str, object]]:
    """What the book holds of one type."""
    with in_organisation(asking.id):
        declared = declared_types(asking.id)[name]
        return list(Event.objects.filter(type_id=declared.id).values_list("data", flat=True))


def told(asking: Asking, topic: str) -> int:
    with in_organisation(asking.id):
        return News.objects.filter(organisation_id=asking.id, topic=topic).count()


def test_whoever_answers_and_whoever_served_are_paid_by_two_rules():
    asking = make_asking()
    ada, tim = asking.member("Ada"), asking.member("Tim", "staff")
    asked = asking.invites(ada, about=tim, contact="call 1")

    asking.answers(asked, score=5, words="Patient")

    assert (asking.points("Ada"), asking.points("Tim")) == (10, 20)
    assert events(asking, "survey.answered") == [{"programme": "main", "survey": "call"}]
    (rated,) = events(asking, "survey.rated")
    assert (rated["score"], rated["contact"], rated["words"]) == (5, "call 1", "Patient")


def test_completing_earns_the_same_whatever_the_answer():
    asking = make_asking()
    asking.answers(asking.invites(asking.member("Ada")), score=1, why=["price"])
    asking.answers(asking.invites(asking.member("Bob")), score=5)

    assert (asking.points("Ada"), asking.points("Bob"), asking.points("Tim")) == (10, 10, 20)


def test_once_answered_is_answered():
    asking = make_asking()
    asked = asking.invites(asking.member("Ada"))
    asking.answers(asked)

    with pytest.raises(AnsweredAlready):
        asking.answers(asked, score=1, why=["price"])

    assert asking.kept(Answer, "call") == [{"score": 5}]
    assert asking.points("Ada") == 10


def test_who_is_asked_again_has_the_same_link():
    asking = make_asking()
    ada = asking.member("Ada")

    first, again = asking.invites(ada, contact="one"), asking.invites(ada, contact="one")
    other = asking.invites(ada, contact="two")

    assert first.id == again.id != other.id


def test_a_link_leads_to_its_own_invitation_in_its_own_organisation():
    asking, other = make_asking(), make_asking()
    asked = asking.invites(asking.member("Ada"))
    secret = secret_of(asking.id, asked.id)

    assert invitation_behind(asking.id, secret) == asked.id
    for wrong in (secret[:-1], f"{secret}0", secret.replace("-", ""), "nothing", "svi_-"):
        with pytest.raises(LinkNotValid):
            invitation_behind(asking.id, wrong)
    with pytest.raises(LinkNotValid):
        invitation_behind(other.id, secret)


def test_what_is_about_somebody_says_about_whom():
    asking = make_asking()
    ada = asking.member("Ada")
    with pytest.raises(AboutNobody):
        asking.invites(ada, about=ada)
    with pytest.raises(NotAskedOfMany):
        invite_everyone(asking.id, programme="main", survey="call", actor=ACTOR)


def test_a_quota_takes_so_many_answers_and_no_more():
    asking = make_asking()
    asked = [asking.invites(asking.member(f"m{number}"), "loyal") for number in range(6)]
    for one in asked[:5]:
        asking.answers(one, likely=9)

    with pytest.raises(SurveyFull):
        asking.answers(asked[5], likely=9)

    assert len(asking.kept(Answer, "loyal")) == 5


def test_what_was_answered_on_the_way_is_there_again_and_gone_once_it_is_sent():
    asking = make_asking()
    asked = asking.invites(asking.member("Ada"))
    save_draft(asking.id, asked.id, {"score": 2})
    with in_organisation(asking.id):
        assert Invitation.objects.get().draft == {"score": 2}

    asking.answers(asked, score=5)

    with in_organisation(asking.id):
        assert Invitation.objects.get().draft is None


def test_of_an_anonymous_survey_nothing_is_kept_on_the_way():
    asking = make_asking()
    asked = asking.invites(asking.member("Tim", "staff"), "mood")

    save_draft(asking.id, asked.id, {"mood": 1})

    with in_organisation(asking.id):
        assert Invitation.objects.get().draft is None


def test_a_link_is_open_for_so_long():
    asking = make_asking()
    asked = asking.invites(asking.member("Ada"))
    with clock.frozen_at(asked.ends_at), pytest.raises(SurveyClosed):
        asking.answers(asked)


def test_whoever_has_not_answered_is_reminded_once():
    asking = make_asking()
    ada, bob = (asking.invites(asking.member(name), "loyal") for name in ("Ada", "Bob"))
    asking.answers(bob, likely=9)
    assert remind(asking.id) == 0

    with clock.frozen_at(ada.invited_at + timedelta(days=3)):
        assert (remind(asking.id), remind(asking.id)) == (1, 0)

    assert told(asking, "survey.reminded") == 1
    assert told(asking, "survey.invited") == 2


def test_everybody_it_is_for_is_asked_once():
    asking = make_asking()
    asking.team("Floor", 3)
    asking.member("Ada")

    def ask() -> int:
        return invite_everyone(asking.id, programme="main", survey="mood", actor=ACTOR)

    assert (ask(), ask()) == (3, 0)
    asking.member("New", "staff")
    assert ask() == 1


def test_answers_given_elsewhere_are_taken_in_once_and_rate_whom_they_are_about():
    asking = make_asking()

    assert asking.takes_in(("c1", "Tim", 5), ("c2", "Tim", 2)) == 2
    assert asking.takes_in(("c2", "Tim", 5), ("c3", "Tim", 5)) == 1

    assert asking.points("Tim") == 40
    assert len(events(asking, "survey.rated")) == 3
    assert events(asking, "survey.answered") == []
    with pytest.raises(NotTakenInFromOutside):
        asking.takes_in(("c1", "Tim", 5), survey="mood")


def test_results_count_answers_and_groups_of_eight():
    asking = make_asking()
    for number in range(8):
        asking.takes_in((f"t{number}", "Tim", 5), (f"a{number}", "Ann", 2))
    asking.takes_in(("p", "Pat", 3), ("t8", "Tim", 5))

    found = asking.results("call")

    score, why, words = found.questions
    assert (found.answers, found.elsewhere, found.answered, score.of, why.of, words.of) == (
        18,
        18,
        0,
        18,
        8,
        0,
    )
    assert [(one.name, one.count) for one in why.options] == [("price", 0), ("waiting", 8), ("advice", 0)]
    assert score.good is not None and score.good.value * 18 == 9
    # Pat has one answer: with Tim's and Ann's figures hers would be known from the total.
    assert [(one.name, one.of) for one in found.about] == [("Ann", 0), ("Pat", 0), ("Tim", 9)]


def test_who_differs_by_more_than_chance_is_told_apart():
    asking = make_asking()
    for number in range(8):
        asking.takes_in((f"t{number}", "Tim", 4 + number % 2), (f"a{number}", "Ann", 2 + number % 2))
        asking.takes_in((f"p{number}", "Pat", 2 + number % 2))
    assert asking.results("call").apart

    alike = make_asking()
    for number in range(8):
        alike.takes_in((f"t{number}", "Tim", 4 + number % 2), (f"a{number}", "Ann", 3 + number % 3))
    assert not alike.results("call").apart


def test_response_is_told_of_teams_of_eight_and_more():
    asking = make_asking()
    floor, night = asking.team("Floor", 9), asking.team("Night", 3)
    others = asking.team("Others", 8)
    for person in (*floor, *night, *others):
        asking.invites(person, "mood")
    for person in floor[:3]:
        asking.answers(asking.invites(person, "mood"), mood=4)

    found = asking.results("mood")

    assert (found.asked, found.answered, found.hidden) == (20, 3, True)
    # The night's three are not to be had by taking the others from all: the next smallest is hidden with them.
    assert [(one.name, one.asked, one.share is not None) for one in found.response] == [
        ("Floor", 9, True), ("Night", 0, False), ("Others", 0, False),
    ]  # fmt: skip


def test_somebody_has_a_figure_of_their_own_from_twenty_answers_on():
    asking = make_asking()
    asking.takes_in(*((f"c{number}", "Tim", 4) for number in range(19)))
    tim = asking.member("Tim", "staff")
    with in_organisation(asking.id):
        (before,) = own_results(asking.id, tim)
    assert (before.of, before.missing, before.figure) == (19, 1, None)

    asking.takes_in(("c19", "Tim", 5))

    with in_organisation(asking.id):
        (after,) = own_results(asking.id, tim)
    assert after.figure is not None and after.figure.of == 20
    assert len(after.latest) == 5


def test_a_survey_that_closed_takes_no_answer_even_where_its_last_day_is_moved():
    asking = make_asking()
    asked = asking.invites(asking.member("Tim", "staff"), "mood")
    with clock.frozen_at(LATER):
        assert settle(asking.id) == 1

    with pytest.raises(SurveyClosed):
        asking.answers(asked, mood=3)

    with in_organisation(asking.id):
        assert not Urn.objects.exists()
        assert not Voice.objects.exists()
