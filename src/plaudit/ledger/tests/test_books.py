"""Every book in `books/` is true."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaudit.ledger.tests.reading_books import run_book

BOOKS = sorted((Path(__file__).parent / "books").glob("*.book"))


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_a_book_is_true(book):
    run_book(book)


def test_a_book_that_is_wrong_names_its_line(tmp_path):
    book = tmp_path / "wrong.book"
    book.write_text("unit plain\nearn ada 10\nbalance ada 11\n")
    with pytest.raises(AssertionError, match=r"line 3 of wrong\.book"):
        run_book(book)
    book.write_text("unit plain\nearn ada 10\nspend ada 10 not_enough_points\n")
    with pytest.raises(AssertionError, match=r"line 3 of wrong\.book"):
        run_book(book)
