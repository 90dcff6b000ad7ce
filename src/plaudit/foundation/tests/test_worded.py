"""Sentences that remember how they were made: English everywhere, and another language where somebody reads."""

from __future__ import annotations

import pickle
from datetime import date

from django.utils import translation

from plaudit.foundation.access.wording import translated
from plaudit.foundation.exact import encode
from plaudit.foundation.worded import dated, figure, joined, listed, recalled, tongue, worded, worded_count


def test_a_sentence_is_english_for_programs_and_told_in_the_language_of_whoever_reads():
    said = worded("`{name}` is written twice.", name="rules")

    assert said == "`rules` is written twice."
    assert encode({"detail": said}) == '{"detail":"`rules` is written twice."}'
    with translation.override("de"):
        assert translated(said) == "`rules` ist zweimal geschrieben."
        assert translated(pickle.loads(pickle.dumps(said))) == "`rules` ist zweimal geschrieben."  # noqa: S301  # our own


def test_facts_that_are_worded_are_told_too_and_numbers_are_grouped_where_their_place_asks():
    names = listed(["`a`", "`b`", "`c`"], by="or")
    many = worded("There are more than {items_max:,} entries.", items_max=2000)
    line = worded("There is a rule `{key}` in line {line} already.", key="r", line=2000)

    assert worded("One of {names} is missing.", names=names) == "One of `a`, `b` or `c` is missing."
    assert many == "There are more than 2,000 entries."
    with translation.override("de"):
        assert (
            translated(worded("One of {names} is missing.", names=names))
            == "Es fehlt eines von `a`, `b` oder `c`."
        )
        assert translated(many) == "Es gibt mehr als 2.000 Einträge."
        assert translated(line) == "In Zeile 2000 gibt es schon eine Regel `r`."


def test_a_message_without_facts_keeps_its_braces_and_pieces_are_told_one_by_one():
    braces = worded("Write {amount: 5, channel: web}.")
    pieces = joined([braces, "Keep {one}", worded("a day")], by=" {} ")

    assert pieces == "Write {amount: 5, channel: web}. {} Keep {one} {} a day"
    with translation.override("de"):
        assert translated(pieces) == "Schreiben Sie {amount: 5, channel: web}. {} Keep {one} {} ein Tag"


def test_what_is_counted_is_told_in_the_form_of_its_count():
    forms = ("The programme file has one problem.", "The programme file has {n} problems.")

    assert worded_count(3, *forms) == "The programme file has 3 problems."
    with translation.override("de"):
        assert translated(worded_count(1, *forms)) == "Die Programmdatei hat ein Problem."
        assert translated(worded_count(3, *forms)) == "Die Programmdatei hat 3 Probleme."
        assert translated("Shorten it.") == "Kürzen Sie ihn."
        assert translated("") == ""


def test_numbers_days_and_languages_are_written_as_the_reader_writes_them():
    parts = (
        figure("12500"),
        figure("1234.50"),
        dated(date(2026, 3, 1), "1 March 2026"),
        tongue("de", "German"),
    )

    assert list(parts) == ["12,500", "1234.50", "1 March 2026", "German (de)"]
    with translation.override("de"):
        assert [translated(part) for part in parts] == ["12.500", "1.234,50", "1. März 2026", "Deutsch (de)"]


def test_a_sentence_that_was_kept_in_english_is_told_by_the_message_that_made_it():
    message = "{level}, because its list has the role {role}."
    kept = str(worded(message, level="Management", role="guide"))

    with translation.override("de"):
        assert (
            translated(recalled(kept, message))
            == "Management, weil die Rolle guide auf der Liste dieser Stufe steht."
        )
        assert recalled("Something else.", message) == "Something else."
