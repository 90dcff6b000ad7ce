"""The table of the ASVS is whole, and its check finds what it is there to find."""

from __future__ import annotations

from dataclasses import replace

from scripts.security import PAGE, counts, faults, items, levels, names_of_tests

FOUND = items(PAGE.read_text(encoding="utf-8"))
TESTS = names_of_tests()


def test_every_item_asked_for_is_there_once_with_what_proves_it():
    assert faults(FOUND, TESTS) == []
    assert [list(levels().values()).count(level) for level in (1, 2, 3)] == [70, 183, 24]
    assert counts(FOUND).splitlines()[-1].endswith("277")


def test_a_line_left_out_or_doubled_is_found():
    assert faults(FOUND[1:], TESTS) == ["1.1.1 is missing."]
    assert faults([*FOUND, FOUND[0]], TESTS) == ["1.1.1 stands 2 times."]


def test_a_test_that_is_not_there_is_found():
    tested = next(one for one in FOUND if one.how == "test")
    others = [one for one in FOUND if one is not tested]

    assert faults([*others, replace(tested, says="`test_that_was_dreamt_up`")], TESTS) == [
        f"{tested.id} names test_that_was_dreamt_up, which is not there."
    ]
    assert faults([*others, replace(tested, says="somebody looked")], TESTS) == [
        f"{tested.id} names no test."
    ]


def test_a_line_that_says_nothing_is_found():
    (said,) = faults([replace(FOUND[0], how="surely"), *FOUND[1:]], TESTS)
    assert said.startswith("1.1.1 is neither tested, reviewed")
