"""What customers wrote is taken in once, found by its words, and sampled the same way by the same seed."""

from __future__ import annotations

import gzip

import pytest

from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.listening.actions.coding import code_texts
from plaudit.listening.definitions import Written
from plaudit.listening.files import remarks_in
from plaudit.listening.models import Coded, CodedText, Collection, Remark
from plaudit.listening.queries.coding import State, coding, states_of, texts
from plaudit.listening.queries.remarks import categories, count_remarks, place_after, remarks
from plaudit.listening.refusals import CodingDone, TitleTaken, TwoCoders
from plaudit.listening.rules.agreement import thousandths
from plaudit.listening.rules.sampling import drawn
from plaudit.listening.tests.factories import Company, make_company
from plaudit.people.tests.factories import ACTOR


def _found(one: Collection, search: str, **more: object) -> list[int]:
    with in_organisation(one.organisation_id):
        return [found.number for found in remarks(one, search=search, **more)]  # type: ignore[arg-type]


def test_words_find_remarks_in_any_of_their_forms_the_most_fitting_first():
    one = make_company().takes_in()
    assert _found(one, "delivery late") == [3, 2]
    assert _found(one, "calling") == [2, 4], "nobody called, and was called back"
    assert _found(one, '"delivery was late"') == [2]
    assert _found(one, "delivery -nobody") == [3]
    assert _found(one, "good or back") == [1, 4, 5]
    assert _found(one, "zebra") == []
    assert _found(one, "", category="Order") == [2, 3]
    assert _found(one, "late", category="Returns") == []


def test_what_was_found_is_told_apart_and_nothing_of_it_is_markup():
    one = make_company().takes_in()
    with in_organisation(one.organisation_id):
        (found,) = remarks(one, search="quick")
    assert [(part.words, part.found) for part in found.parts] == [
        ("<b>Good</b> & ", False),
        ("quick", True),
    ]
    assert found.words == "<b>Good</b> & quick"


def test_words_written_together_are_found_each_and_shown_as_they_were_written():
    rows = [
        Written("Not refunded.Worst service/App, see help.example.org or 4.5 stars"),
        Written("App. Fine"),
    ]
    one = make_company().takes_in(remarks=rows)
    assert _found(one, "refund") == _found(one, "worst") == _found(one, '"worst service"') == [1]
    assert _found(one, "help.example.org") == _found(one, "refunded.Worst") == _found(one, "4.5") == [1]
    assert _found(one, "app -service") == [2]
    with in_organisation(one.organisation_id):
        (found,) = remarks(one, search="worst")
    assert found.words == rows[0].words
    assert [part.words for part in found.parts if part.found] == ["Worst"]


def test_pages_follow_one_another_without_a_gap_or_a_repeat():
    rows = [Written("late " * (1 + number % 3), "Order") for number in range(25)]
    one = make_company().takes_in(remarks=rows)
    seen: list[int] = []
    place = None
    with in_organisation(one.organisation_id):
        while page := remarks(one, search="late", after=place, limit=4):
            seen += [found.number for found in page]
            place = place_after(page[-1])
        assert seen == [found.number for found in remarks(one, search="late", limit=100)]
        assert sorted(seen) == list(range(1, 26))
        assert count_remarks(one, search="late") == 25
        assert categories(one.organisation_id, one.id) == [("Order", 25)]


def test_german_is_read_as_german():
    rows = [Written("Die Lieferungen kamen spät"), Written("Danke für die schnelle Antwort")]
    one = make_company().takes_in(remarks=rows, language="german")
    assert _found(one, "Lieferung") == [1]
    assert _found(one, "schnell antworten") == [2]


def test_a_search_of_signs_alone_or_of_a_language_of_its_own_finds_nothing_and_breaks_nothing():
    one = make_company().takes_in()
    for search in ("!!", "the", "' or 1=1 --", "\0", '"', "a" * 300, "\x02\x03"):
        assert _found(one, search) == [] or search == "' or 1=1 --"


def test_the_same_is_taken_in_once_and_another_under_its_title_not():
    company = make_company()
    first = company.takes_in()
    assert company.takes_in().id == first.id
    with in_organisation(company.id):
        assert Remark.objects.count() == 5
    with pytest.raises(TitleTaken):
        company.takes_in(remarks=[Written("Else")])


@pytest.mark.parametrize("words", ["", "  ", "a\0b", "a\x02b", "a\x04b", "x" * 10_001])
def test_a_remark_is_a_text(words: str):
    with pytest.raises(Problem, match="Remark 1"):
        make_company().takes_in(remarks=[Written(words)])


def test_a_file_is_read_by_its_headings_plain_or_packed():
    content = b'Customer Remarks,category\r\n"Good, ""very""",Returns\n,Order\n Late ,\n'
    expected = [Written('Good, "very"', "Returns"), Written(" Late ", "")]
    assert remarks_in(content, words="Customer Remarks", category="category") == expected
    assert remarks_in(gzip.compress(content), words="Customer Remarks", category="category") == expected
    with pytest.raises(Problem, match="no column words; it has Customer Remarks, category"):
        remarks_in(content, words="words")
    for broken in (b"", b"\x1f\x8bxx", b"\xff\xfe\x00", b'a\n"b'):
        with pytest.raises(Problem):
            remarks_in(broken, words="a")


def _state(company: Company, coding_id: object) -> State:
    with in_organisation(company.id):
        (state,) = states_of(company.id, [coding(company.id, coding_id)])  # type: ignore[arg-type]
        return state


def test_the_database_draws_what_the_rule_draws():
    company = make_company()
    one = company.takes_in(remarks=[Written(f"No {number}") for number in range(1, 201)])
    made = company.draws(one, size=40, seed="Frühling")
    assert company.draws(one, size=40, seed="Frühling").id == made.id
    with in_organisation(company.id):
        origins = list(CodedText.objects.order_by("number").values_list("origin", flat=True))
    assert origins == drawn("Frühling", range(1, 201), 40)
    with pytest.raises(TitleTaken):
        company.draws(one, size=40, seed="Herbst")


def test_two_code_blindly_and_see_how_far_they_agree_once_both_are_through():
    company = make_company()
    made = company.draws(company.takes_in(), size=4)

    def code(actor: str, *codes: str) -> None:
        code_texts(company.id, coding_id=made.id, codes=dict(enumerate(codes, 1)), actor=actor)

    code("usr_1", "praise", "praise", "blame", "blame")
    code("usr_2", "praise", "blame", "blame")
    state = _state(company, made.id)
    assert (state.agreement, [count for _, count in state.coders]) == (None, [4, 3])
    with in_organisation(company.id):
        assert {text.other for text in texts(made, state, actor="usr_2")} == {""}
        assert [text.mine for text in texts(made, state, actor="usr_2")] == ["praise", "blame", "blame", ""]
        assert {text.mine for text in texts(made, state, actor="usr_3")} == {""}

    code("usr_2", "praise", "praise", "blame", "praise")
    state = _state(company, made.id)
    assert state.agreement is not None
    assert state.agreement.alpha is not None
    # Coincidences: 2 × praise twice, blame once, and one pair apart: Do = 2/8, De = (64 - 25 - 9) / 56.
    assert thousandths(state.agreement.alpha) == "0.533"
    with in_organisation(company.id):
        assert texts(made, state, actor="usr_2")[3].other == "blame"
    with pytest.raises(CodingDone):
        code("usr_2", "blame", "praise", "blame", "praise")
    code("usr_2", "praise", "praise", "blame", "praise")
    with pytest.raises(TwoCoders):
        code("usr_3", "praise")


def test_what_is_coded_is_of_the_code_book_and_of_the_texts():
    company = make_company()
    made = company.draws(company.takes_in())
    for codes in ({}, {1: "else"}, {0: "praise"}, {4: "praise"}):
        with pytest.raises(Problem):
            code_texts(company.id, coding_id=made.id, codes=codes, actor=ACTOR)
    with in_organisation(company.id):
        assert not Coded.objects.exists()
    with pytest.raises(NotFound):
        code_texts(make_company().id, coding_id=made.id, codes={1: "praise"}, actor=ACTOR)
