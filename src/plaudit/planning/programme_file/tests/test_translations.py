"""What a file says in further languages is written, read, checked and counted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.foundation.exact import decode, encode
from plaudit.foundation.tests.examples import examples
from plaudit.foundation.told import Reader, read_by, told
from plaudit.planning.programme_file.differences import changes_between
from plaudit.planning.programme_file.document import document_of
from plaudit.planning.programme_file.parse import parse_programme, programme_of
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.tests.factories import make_file, shipped_files
from plaudit.planning.programme_file.tests.programmes import TEXTS, programmes
from plaudit.planning.programme_file.translating import (
    coverage_of,
    notices,
    texts_of,
    tongues_of,
    untranslated,
)
from plaudit.planning.programme_file.writing import translations_text, write_programme

REWARDS = """
    coffee: {name: Coffee, price: 50 points, terms: While it lasts.}
"""


@st.composite
def translated(draw: st.DrawFn) -> Programme:
    """A programme in one language more, each text said by itself or by its place."""
    programme = draw(programmes())
    places = {text: place for place, text in texts_of(programme).items()}
    words = TEXTS.filter(lambda one: "{" not in one and "}" not in one)
    said = {
        places[text] if draw(st.booleans()) else text: draw(words)
        for text in draw(st.sets(st.sampled_from(sorted(places)), min_size=1, max_size=4))
    }
    return replace(programme, language=draw(st.sampled_from(["", "en"])), translations={"pt-br": said})


@settings(max_examples=examples(30))
@given(translated())
def test_translations_written_as_a_file_are_read_back_the_same(programme):
    parsed = parse_programme(write_programme(programme))

    assert [str(problem) for problem in parsed.problems] == []
    assert parsed.programme == programme
    assert programme_of(decode(encode(document_of(programme)))) == programme


@settings(max_examples=examples(20))
@given(translated())
def test_each_text_is_told_in_its_translation_or_as_it_is_written(programme):
    tongues = tongues_of(programme)
    said = programme.translations["pt-br"]
    places = {text: place for place, text in texts_of(programme).items()}
    with read_by(Reader(("pt-br",), lambda: tongues)):
        for text, place in places.items():
            assert told(text) == said.get(place, said.get(text, text))


def parsed(**sections: str) -> Programme:
    found = parse_programme(make_file(**sections))
    assert found.problems == ()
    return found.programme


def refused(**sections: str) -> list[str]:
    return [str(one) for one in parse_programme(make_file(**sections)).problems]


def test_what_people_read_is_found_wherever_it_stands():
    texts = texts_of(parsed(rewards=REWARDS))

    assert texts["/units/points/other"] == "points"
    assert texts["/rewards/coffee/terms"] == "While it lasts."
    assert "/time_zone" not in texts
    assert "/rules/purchases/earn" not in texts


def test_a_translation_is_found_by_its_text_and_by_its_place():
    programme = parsed(
        rewards=REWARDS, translations="{de: {Coffee: Kaffee, /rewards/coffee/terms: Solange er reicht.}}"
    )

    assert tongues_of(programme) == {"de": {"Coffee": "Kaffee", "While it lasts.": "Solange er reicht."}}


def test_the_language_of_the_file_is_read_as_it_is_written():
    programme = parsed(rewards=REWARDS, language="en", translations="{de: {Coffee: Kaffee}}")
    tongues = tongues_of(programme)

    for wanted, said in (("en-gb", "Coffee"), ("de", "Kaffee"), ("de-at", "Kaffee"), ("fr", "Kaffee")):
        with read_by(Reader((wanted, "de"), lambda: tongues)):
            assert told("Coffee") == said


def test_what_lacks_a_translation_stands_nowhere_or_is_unknown_is_a_notice():
    said = notices(
        parsed(
            rewards=REWARDS,
            translations="{de: {Coffee: Kaffee, Cofee: Kaffee, /rewards/tea/name: Tee}, qq: {Coffee: Q}}",
        )
    )

    assert said == [
        "`qq` is no language that is known here.",
        "German (de): 1 of 8 texts are translated; missing: “Corner shop”, “point”, “points” and 4 more.",
        "qq: 1 of 8 texts are translated; missing: “Corner shop”, “point”, “points” and 4 more.",
        "German (de): “Cofee” stands nowhere in the file; did you mean `Coffee`?",
        "German (de): “/rewards/tea/name” stands nowhere in the file; did you mean `/rewards/coffee/name`?",
    ]


def test_a_file_without_translations_says_nothing_of_them():
    assert notices(parsed(rewards=REWARDS)) == []
    assert coverage_of(parsed(rewards=REWARDS)) == []


def test_what_is_missing_is_printed_as_it_goes_into_the_file():
    programme = parsed(rewards=REWARDS, translations="{de: {Coffee: Kaffee}}")
    text = translations_text("de", untranslated(programme, "de"))
    whole = parse_programme(make_file(rewards=REWARDS) + text)

    assert "    point: point\n" in text
    assert "Coffee" not in text
    assert whole.problems == ()
    assert notices(whole.programme)[0].startswith("German (de): 7 of 8")


@pytest.mark.parametrize("source", shipped_files().values(), ids=shipped_files())
def test_a_shipped_file_says_everything_in_german(source):
    programme = parse_programme(source).programme

    assert [(one.language, one.missing) for one in coverage_of(programme)] == [("de", ())]
    assert notices(programme) == []


def test_questions_may_say_it_beside_themselves():
    survey = '{call: {name: Our call, kind: csat, questions: {score: {ask: "How was it?", in: {de: {ask: "Wie war es?"}}}}}}'
    missing = coverage_of(parsed(surveys=survey, translations="{de: {Our call: Unser Anruf}}"))[0].missing

    assert [place for place, _ in missing if place.startswith("/surveys")] == []


BECAUSE = """
    purchases: {name: Points, on: purchase, earn: floor(amount), because: "You spent {amount}."}
"""


def test_only_what_the_text_fills_in_can_be_filled_in():
    assert refused(rules=BECAUSE, translations='{de: {"You spent {amount}.": "{sum} ausgegeben."}}') == [
        "line 19, translations › de › You spent {amount}.: `{sum}` is not in “You spent {amount}.”. Fill in only what the text itself fills in."
    ]
    assert refused(rules=BECAUSE, translations='{de: {"You spent {amount}.": "{amount} ausgegeben."}}') == []


def test_one_text_is_not_translated_in_two_ways():
    said = refused(rewards=REWARDS, translations="{de: {Coffee: Kaffee, /rewards/coffee/name: Café}}")

    assert [one.partition(": ")[2] for one in said] == ["The same text is translated in two ways. Keep one."]


def test_the_language_of_the_file_is_not_translated_into():
    said = refused(language="de", translations="{de: {point: Punkt}}")

    assert [one.partition(": ")[2] for one in said] == [
        "The file is written in `de` already. Leave this out."
    ]


def test_a_language_is_a_code():
    assert "`German` is not the code of a language." in refused(language="German")[0]
    assert "`German` cannot be a key." in refused(translations="{German: {point: Punkt}}")[0]


def test_a_plan_says_what_changes_in_translations():
    was = parsed(rewards=REWARDS, translations="{de: {Coffee: Kaffe, point: Punkt}, fr: {point: point}}")
    now = parsed(
        rewards=REWARDS,
        language="en",
        translations="{de: {Coffee: Kaffee, points: Punkte}, pl: {point: punkt}}",
    )

    assert [one.sentence for one in changes_between(was, now)] == [
        "The texts are written in English (en), not in the organisation's language.",
        "German (de): “points” is “Punkte”.",
        "German (de): “Coffee” is “Kaffee”, not “Kaffe”.",
        "German (de): “point” is not translated any more.",
        "New language Polish (pl): 1 text.",
        "French (fr) is gone: those who read it read the texts as they are written.",
    ]
