"""Conversations to practise in a programme file: what is refused, what is published, and what a change asks."""

from __future__ import annotations

import pytest

from plaudit.foundation.told import Reader, read_by, told_through
from plaudit.planning.programme_file.differences import changes_between
from plaudit.planning.programme_file.document import document_of
from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.programme_file.scenario_changes import refreshers
from plaudit.planning.programme_file.scenario_facts import learning_in_force
from plaudit.planning.programme_file.scenario_tongues import tongues_in_force
from plaudit.planning.programme_file.tests.factories import make_file, make_programme, problems_of
from plaudit.planning.programme_file.writing import write_programme

TALK = """
scenarios:
  missing:
    name: My points are missing
    intro: Points expire {{ expiry of points }}.
    teaches: purchases
    pass: 75
    earn: 5
    turns:
      hello:
        says: I paid 30 euros. Where are my points?
        choices:
          look: {say: "That makes {{ purchases: amount=30 }}.", points: 2, because: "{{ purchases }}", next: bye}
          wait: {say: Later., next: hello}
      bye:
        says: Thank you.
        choices:
          end-it: {say: You are welcome., points: 1, next: end}
"""

RULES = "\npurchases: {name: Buying, on: purchase, earn: floor(amount)}"


def told(old: str, new: str) -> list[str]:
    """How plain files with these scripts differ."""
    older, newer = (make_programme(learning=one, rules=RULES) for one in (old, new))
    return [one.sentence for one in changes_between(older, newer)]


@pytest.mark.parametrize(
    "was, now, said",
    [
        ("next: bye}", "next: buy}", "There is no turn `buy`"),
        ("next: bye}", "next: end}", "No answer leads here."),
        ("points: 1, next: end}", "points: 1, next: bye}", "From here the conversation goes round for ever."),
        ("points: 1, ", "", "No answer to it is worth points"),
        ("points: 1, ", "points: 11, ", "0 to 10"),
        ("points: 1, next: end", "points: 1", "next"),
        ("pass: 75", "pass: 101", "1 to 100"),
        ("teaches: purchases", "teaches: purchase", "There is no rule `purchase`"),
        ("{{ purchases: amount=30 }}", "{{ buying: amount=30 }}", "There is no rule `buying`"),
        ("{{ purchases: amount=30 }}", "{{ purchases: sum=30 }}", "`sum` is not a field of purchase"),
        ("{{ purchases: amount=30 }}", "{{ purchases: amount=x }}", "amount"),
        ("{{ purchases: amount=30 }}", "{{ purchases: amount }}", "is no fact"),
        ("{{ expiry of points }}", "{{ expiry of miles }}", "There is no unit `miles`"),
        ("earn: 5", "earn: 5.5", "The unit has no decimals."),
    ],
)
def test_what_cannot_be_played_or_would_say_what_is_not_so_is_refused(was, now, said):
    assert was in TALK
    found = [str(one) for one in problems_of(make_file(learning=TALK.replace(was, now), rules=RULES))]

    assert any(said in one for one in found), found


def test_the_file_that_these_are_changed_from_is_right_and_comes_back_the_same():
    programme = make_programme(learning=TALK, rules=RULES)

    assert parse_programme(write_programme(programme)).programme == programme
    document = document_of(programme)["learning"]["scenarios"]["missing"]
    assert document["turns"]["hello"]["choices"]["look"]["say"] == "That makes {{ purchases: amount=30 }}."
    assert document["turns"]["bye"]["choices"]["end-it"] == {
        "say": "You are welcome.",
        "points": 1,
        "next": "end",
    }
    assert (document["pass"], document["teaches"], "audience" in document) == (75, "purchases", False)


def test_texts_are_published_with_the_facts_in_force():
    learning = learning_in_force(make_programme(learning=TALK, rules=RULES))
    doubled = learning_in_force(make_programme(learning=TALK, rules=RULES.replace("amount)", "amount * 2)")))

    assert learning is not None and doubled is not None
    (one,), (other,) = learning.scenarios, doubled.scenarios
    assert (one.turns[0].choices[0].say, other.turns[0].choices[0].say) == (
        "That makes 30 points.",
        "That makes 60 points.",
    )
    assert one.turns[0].choices[0].because == "earns floor(amount) points"
    assert one.intro == "Points expire never."
    assert [rule.rule for rule in one.taught] == ["purchases"]
    assert one.taught[0].digest != other.taught[0].digest


@pytest.mark.parametrize(
    "now, asked",
    [
        (RULES.replace("amount)", "amount * 2)"), True),
        (RULES.replace("name: Buying", "name: Shopping"), False),
        (f"{RULES}\nmore: {{name: More, on: purchase, earn: 1}}", False),
    ],
)
def test_a_plan_says_who_is_asked_for_a_refresher(now, asked):
    older, newer = (make_programme(learning=TALK, rules=rules) for rules in (RULES, now))

    assert bool(list(refreshers(older, newer))) is asked


def test_each_difference_is_a_plain_sentence():
    assert told(
        "{offerings: {a: {name: A, kind: book}}}", f"offerings: {{a: {{name: A, kind: book}}}}{TALK}"
    ) == [
        (
            "New to practise: My points are missing (missing), a conversation of 2 turns for staff, passed with 75"
            " percent, for 5 points the first time, on purchases."
        )
    ]
    for was, now, said in (
        ("Thank you.", "Thanks.", "In My points are missing the customer says otherwise: Thanks. (bye)."),
        (
            "name: My points",
            "name: Points",
            "My points are missing (missing) is now called Points are missing.",
        ),
        (
            "say: Later.",
            "say: Soon.",
            "My points are missing has other answers to: I paid 30 euros. Where are my points? (hello).",
        ),
    ):
        assert told(TALK, TALK.replace(was, now)) == [said]
    assert told(TALK, "{offerings: {a: {name: A, kind: book}}}")[-1] == (
        "My points are missing (missing) is no longer practised; who passed it stays."
    )


SPOKEN = """
de:
  /learning/scenarios/missing/intro: "Punkte verfallen {{ expiry of points }}."
  "That makes {{ purchases: amount=30 }}.": "Das macht {{purchases: amount=30}}."
  "{{ purchases }}": "Die Regel {{ purchases }}."
  points: Punkte
  Thank you.: Danke.
"""


def test_texts_are_read_in_further_languages_with_the_facts_in_force_in_their_words():
    programme = make_programme(learning=TALK, rules=RULES, translations=SPOKEN)
    learning = learning_in_force(programme)
    with read_by(Reader(("de",), lambda: tongues_in_force(programme))):
        read = told_through(learning)
    assert read is not None
    (one,) = read.scenarios
    doubled = make_programme(
        learning=TALK, rules=RULES.replace("amount)", "amount * 2)"), translations=SPOKEN
    )

    hello, bye = one.turns
    assert (one.intro, hello.choices[0].say, hello.choices[0].because) == (
        "Punkte verfallen nie.",
        "Das macht 30 Punkte.",
        "Die Regel bringt floor(amount) Punkte.",
    )
    assert (bye.says, hello.says) == ("Danke.", "I paid 30 euros. Where are my points?")
    assert one.taught[0].does == "purchase bringt floor(amount) Punkte"
    assert tongues_in_force(doubled)["de"]["That makes 60 points."] == "Das macht 60 Punkte."


def test_a_file_in_german_says_its_facts_in_german_and_reads_so_where_another_language_is_asked_for():
    source = {"learning": TALK, "rules": RULES, "language": "de"}
    programme = make_programme(**source, translations="{pt: {Thank you.: Obrigado.}}")
    learning, tongues = learning_in_force(programme), tongues_in_force(programme)

    assert learning is not None
    assert learning.scenarios[0].turns[0].choices[0].because == "bringt floor(amount) points"
    assert tongues["pt"]["Thank you."] == "Obrigado."
    assert tongues["de"]["That makes 30 points."] == "That makes 30 points."


@pytest.mark.parametrize(
    "expiry, said, in_german",
    [
        ("after 1 month of inactivity", "after 1 month of inactivity", "nach 1 Monat ohne Bewegung"),
        ("after 3 years at the end of the quarter",) * 2 + ("nach 3 Jahren am Ende des Quartals",),
        ("after 10 days", "after 10 days", "nach 10 Tagen"),
        ("after 2 weeks", "after 2 weeks", "nach 2 Wochen"),
        ("at the end of the year", "at the end of the year", "am Ende des Jahres"),
        ("on 2027-12-31", "on 31 December 2027", "am 31. Dezember 2027"),
    ],
)
def test_when_points_expire_is_said_in_each_language(expiry, said, in_german):
    units = f"{{points: {{one: point, other: points, expires: {expiry}}}}}"
    found = []
    for language in ("", "de"):
        learning = learning_in_force(
            make_programme(learning=TALK, rules=RULES, units=units, language=language)
        )
        assert learning is not None
        found.append(learning.scenarios[0].intro)

    assert found == [f"Points expire {said}.", f"Points expire {in_german}."]


@pytest.mark.parametrize(
    "was, now, said",
    [
        ("{{purchases: amount=30}}", "{{purchases: amount=40}}", "`{{ purchases: amount=40 }}` is not in"),
        ("{{purchases: amount=30}}", "30 Punkte", "`{{ purchases: amount=30 }}` is missing."),
        ("{{ expiry of points }}", "nie", "`{{ expiry of points }}` is missing."),
    ],
)
def test_a_translation_keeps_the_facts_of_its_text(was, now, said):
    found = problems_of(make_file(learning=TALK, rules=RULES, translations=SPOKEN.replace(was, now)))

    assert any(said in str(one) for one in found), found
