"""A file spoilt in any way is read without a crash, and what can be applied means what it says."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.foundation.tests.examples import examples
from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.programme_file.tests.factories import shipped_files
from plaudit.planning.programme_file.writing import write_programme

JUNK = st.sampled_from(
    [
        *"{}[]:,-#&*!|>'\"%@`? \t0\x00é🎉~",
        "\n",
        "\n  ",
        "- ",
        "null",
        "a: b\n",
        "[[",
        "9" * 30,
        "1e999",
        "<<: ",
        "points",
    ]
)
SPOILINGS = st.lists(
    st.tuples(st.integers(0, 10_000), st.sampled_from([0, 1, 3, 20, 200]), st.just("") | JUNK),
    min_size=1,
    max_size=5,
)


@settings(max_examples=examples(50))
@given(st.sampled_from(list(shipped_files().values())), SPOILINGS)
def test_a_spoilt_file_is_refused_in_words_or_read_as_it_stands(source, spoilings):
    for place, length, junk in spoilings:
        start = place % (len(source) + 1)
        source = source[:start] + junk + source[start + length :]

    parsed = parse_programme(source)

    assert all(str(problem) for problem in parsed.problems)
    if not parsed.problems:
        assert parse_programme(write_programme(parsed.programme)).programme == parsed.programme
