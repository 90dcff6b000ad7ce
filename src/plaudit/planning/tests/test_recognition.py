"""Recognition from the programme file: planned in words, published, granted by its rules, given back."""

from __future__ import annotations

import pytest

from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.balances import balances
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation
from plaudit.planning.actions.apply import apply
from plaudit.planning.actions.lifecycle import pause, resume
from plaudit.planning.plans import plan
from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.queries import export, regenerate
from plaudit.recognition.actions.recognise import Giving, recognise
from plaudit.recognition.published import standard_for
from plaudit.recognition.refusals import NoStandard

FILE = """
plaudit: 1
programme: desk
name: Desk
audience: staff
time_zone: UTC
units:
  stars: {one: star, other: stars, precision: 1}
activities:
  rated: {title: Rating, fields: {rating: integer, channel: [phone, mail]}}
rules: {rated: {name: A star, on: rated, earn: 1}}
recognition:
  name: Well done
  supervisors: 300
  colleagues: 30
  every: week
  per_pair: 6 times a month
  per_day: 9
  undo_minutes: 5
  visible: private
  promptly: 2 days
  notice: 2 weeks
  audience: [staff, partner]
  behaviours:
    calm: {name: Stays calm, means: Keeps calm., examples: [Calmed a caller], earn: 2.5}
    listens: {name: Listens}
  moments:
    five: {name: Five stars, on: rated, when: rating = 5, behaviour: calm, shows: [rating]}
"""


def test_the_plan_says_what_comes_changes_and_goes():
    at = make_organisation().id
    said = apply(at, FILE, actor=ACTOR).plan.sentences()

    assert (
        "New: people recognise one another (Well done), with 300 stars a week for supervisors and 30 stars a week for"
        " colleagues, points 6 times a month to the same person, 9 times a day, undone for 5 minutes, private, within"
        " 2 days of the deed, everybody noticed every 14 days, among staff and partners."
    ) in said
    assert "New behaviour calm (Stays calm): 2.5 stars." in said
    assert "New behaviour listens (Listens): words alone." in said
    assert "New moment five (Five stars): rated where rating = 5." in said
    other = FILE.replace("earn: 2.5", "earn: 3").replace("rating = 5", "rating >= 4")
    with in_organisation(at):
        changed = plan(at, other.replace("    listens: {name: Listens}\n", "")).sentences()
        gone = plan(at, FILE[: FILE.index("recognition:")]).sentences()
    assert "Behaviour calm (Stays calm) gives 3 stars, not 2.5 stars." in changed
    assert "Behaviour listens (Listens) is gone." in changed
    assert "Moment five (Five stars) now is rated where rating >= 4, from now on." in changed
    assert "Nobody is recognised any more; what was given stays." in gone
    assert "Moment five (Five stars) is proposed no more." in gone


def test_the_file_is_given_back_and_written_anew_the_same():
    at = make_organisation().id
    apply(at, FILE, actor=ACTOR)

    with in_organisation(at):
        assert export(at, "desk") == FILE
        again = regenerate(at, "desk")
    assert parse_programme(again).programme == parse_programme(FILE).programme


def test_what_the_file_says_is_given_granted_and_rests_with_the_programme():
    at = make_organisation().id
    apply(at, FILE, actor=ACTOR)
    tim, ann = (make_member(at, name=name, kind="staff").id for name in ("Tim", "Ann"))
    giving = Giving(recipients=[ann], behaviour="calm")

    recognise(at, giving, giver_id=tim, actor=ACTOR)

    with in_organisation(at):
        assert [one.available for one in balances(at, ann)] == [25]
        assert standard_for(at).colleagues == 300
    pause(at, "desk", actor=ACTOR)
    with pytest.raises(NoStandard):
        recognise(at, giving, giver_id=tim, actor=ACTOR)
    resume(at, "desk", actor=ACTOR)
    recognise(at, giving, giver_id=tim, actor=ACTOR)


@pytest.mark.parametrize(
    "was, now, said",
    [
        ("earn: 2.5", "earn: 2.55", "The unit has 1 decimals."),
        ("earn: 2.5", "earn: -1", "This is not a possible number."),
        ("6 times a month", "6 times a year", "This is counted by the month."),
        ("notice: 2 weeks", "notice: 200 days", "By then nobody remembers."),
        ("behaviour: calm", "behaviour: clam", "There is no behaviour `clam`; did you mean `calm`?"),
        ("on: rated, when: rating = 5", "on: rate, when: rating = 5", "There is no activity `rate` to watch"),
        ("shows: [rating]", "shows: [ratings]", "`rated` has no field `ratings`"),
        ("rating = 5", "ratings = 5", "ratings"),
        ("  rated: {title", "  recognition.received: {title: R}\n  rated: {title", "is what Plaudit reports"),
    ],
)
def test_what_cannot_be_is_said_at_its_place(was, now, said):
    problems = [str(problem) for problem in parse_programme(FILE.replace(was, now)).problems]

    assert any(said in problem for problem in problems), problems
