"""Statements sent together: carried out in order, and every error is told."""

from __future__ import annotations

import pytest
from django.db import DataError, transaction

from plaudit.foundation.prepared import prepared, rows_are, sent_together


def test_what_is_sent_together_is_answered_at_the_end():
    with transaction.atomic(), prepared() as first, prepared() as second:
        with sent_together():
            first.execute("select %s::int", [1])
            second.execute("select %s::int", [2])

        assert (first.fetchall(), second.fetchall()) == ([(1,)], [(2,)])


def test_what_is_read_in_between_is_there_at_once():
    with transaction.atomic(), sent_together(), prepared() as cursor:
        cursor.execute("create temporary table sent (n int) on commit drop")
        cursor.execute("insert into sent values (%s)", [7])
        cursor.execute("select n from sent")

        assert cursor.fetchall() == [(7,)]


def divide_by_zero_and_go_on() -> None:
    with prepared() as cursor:
        cursor.execute("select 1 / %s::int", [0])
        cursor.execute("select 1")


def test_an_error_is_told_as_of_a_statement_by_itself_and_the_connection_goes_on():
    with pytest.raises(DataError, match="division by zero"), transaction.atomic(), sent_together():
        divide_by_zero_and_go_on()

    with transaction.atomic(), prepared() as cursor:
        cursor.execute("select 1")
        assert cursor.fetchall() == [(1,)]


def change_nobody() -> None:
    with prepared() as cursor:
        cursor.execute("update people_organisation set name = name where id = %s", [-1])
        rows_are(cursor, 1, "somebody is changed")


def test_too_few_rows_changed_is_a_bug_that_is_heard_of():
    with transaction.atomic(), pytest.raises(AssertionError, match="somebody is changed"):
        change_nobody()
    with pytest.raises(AssertionError, match="somebody is changed"), transaction.atomic(), sent_together():
        change_nobody()
