"""Birthdays: where the member lives, once a calendar year, 29 February too, and nothing of the date anywhere else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from plaudit.engagement.actions.birthdays import celebrate
from plaudit.engagement.models import Birthday
from plaudit.engagement.rules.birthdays import month_days_of
from plaudit.engagement.tests.factories import Celebrating, make_celebrating
from plaudit.foundation import clock
from plaudit.foundation.due import what_will_happen
from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.actions.erasing import erase_identities
from plaudit.people.actions.members import suspend_member, update_member
from plaudit.people.models import Member
from plaudit.people.tests.factories import ACTOR


def test_the_day_begins_at_midnight_where_the_member_lives():
    celebrating = make_celebrating()
    celebrating.born("Ada", "1990-03-02")
    celebrating.born("Kiri", "1985-03-02", "Pacific/Auckland")
    celebrating.born("Odd", "1985-03-02", "Nowhere/Land")

    assert celebrating.given_at(
        "2026-03-01 10:59", "2026-03-01 11:00", "2026-03-02 04:59", "2026-03-02 05:00", "2026-03-03 05:00"
    ) == {
        "2026-03-01 10:59": [],
        "2026-03-01 11:00": ["Kiri"],
        "2026-03-02 04:59": [],
        "2026-03-02 05:00": ["Ada", "Odd"],
        "2026-03-03 05:00": [],
    }
    assert [celebrating.story.available(who) for who in ("Ada", "Kiri")] == [30, 30]


def test_it_is_given_from_some_days_before_to_some_days_after_it():
    celebrating = make_celebrating(before_days=3, after_days=2)
    celebrating.born("Ada", "1990-01-02")
    given = celebrating.given_at("2026-12-30 04:59", "2026-12-30 05:00", "2027-01-04 12:00")
    assert given["2026-12-30 05:00"] == ["Ada"]
    celebrating.born("Late", "1990-01-02")
    celebrating.born("Too late", "1990-01-01")
    assert celebrating.given_at("2027-01-05 04:59", "2027-01-05 05:00")["2027-01-05 04:59"] == ["Ada", "Late"]
    assert [celebrating.story.available(who) for who in ("Ada", "Late", "Too late")] == [30, 30, 0]


@pytest.mark.parametrize(
    "leap_day, common, leap",
    [("02-28", "2027-02-28 12:00", "2028-02-29 12:00"), ("03-01", "2027-03-01 12:00", "2028-02-29 12:00")],
)
def test_somebody_born_on_29_february_celebrates_every_year(leap_day, common, leap):
    celebrating = make_celebrating(leap_day=leap_day)
    celebrating.born("Leap", "2000-02-29")

    given = celebrating.given_at("2027-02-27 12:00", common, "2027-03-02 12:00", "2028-02-28 12:00", leap)
    assert given[common] == ["Leap"]
    assert given["2028-02-28 12:00"] == []
    assert given[leap] == ["Leap"]
    assert celebrating.story.available("Leap") == 60


def test_every_day_of_birth_is_celebrated_on_one_day_of_every_year():
    for year in (2027, 2028):
        days = [
            date.fromordinal(number)
            for number in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
        ]
        births = [birth for day in days for birth in month_days_of(day, "02-28")]
        assert len(births) == len(set(births)) == 366


def test_another_date_of_birth_earns_nothing_more_in_the_same_year():
    celebrating = make_celebrating()
    ada = celebrating.born("Ada", "1990-03-02")
    celebrating.given_at("2026-03-02 12:00")
    with clock.frozen_at(datetime(2026, 5, 1, tzinfo=UTC)):
        update_member(
            celebrating.organisation, member_id=ada, attributes={"birth_date": "1990-06-02"}, actor=ACTOR
        )
    celebrating.given_at("2026-06-02 12:00")
    assert celebrating.story.available("Ada") == 30
    celebrating.given_at("2027-06-02 12:00")
    assert celebrating.story.available("Ada") == 60


def test_nobody_is_celebrated_who_is_kept_out_not_meant_or_was_just_born():
    celebrating = make_celebrating(audience=("customer",))
    out = celebrating.born("Out", "1990-03-02")
    celebrating.born("Staff", "1990-03-02", kind="staff")
    celebrating.born("Baby", "2026-03-02")
    suspend_member(celebrating.organisation, member_id=out, reason="Asked", actor=ACTOR)

    assert celebrating.given_at("2026-03-02 12:00") == {"2026-03-02 12:00": []}


def test_a_date_that_is_none_is_refused_and_one_of_an_erased_member_is_nowhere():
    celebrating = make_celebrating()
    for wrong in ("02-03-1990", "1990-02-30", "1990-03-02T00:00"):
        with pytest.raises(Problem):
            celebrating.born("Ada", wrong)
    ada = celebrating.born("Ada", "1990-03-02")
    celebrating.given_at("2026-03-02 12:00")
    erase_identities(celebrating.organisation, member_id=ada, reason="Asked", actor=ACTOR)
    assert _rows_with(celebrating, "1990-03-02") == {}
    assert _rows_with(celebrating, "birthday.reached"), "the search can find"


def _rows_with(celebrating: Celebrating, word: str) -> dict[str, int]:
    with in_organisation(celebrating.organisation), connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.columns where column_name = 'organisation_id'"
            " and table_schema = 'public'"
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'select count(*) from "{table}" t where organisation_id = %s and t::text like %s',
                [celebrating.organisation, f"%{word}%"],
            )
            if count := cursor.fetchone()[0]:
                found[table] = count
        return found


def test_what_will_happen_lists_each_midnight_once_and_asks_the_same_of_many_as_of_one():
    celebrating = make_celebrating()
    for number in range(30):
        celebrating.born(f"m{number}", f"19{60 + number}-03-02")
    celebrating.born("Kiri", "1985-03-05", "Pacific/Auckland")
    with clock.frozen_at(datetime(2026, 3, 1, tzinfo=UTC)):
        due = what_will_happen(
            celebrating.organisation, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 30, tzinfo=UTC)
        )
    days = [one.at.isoformat() for one in due if one.happening == "engagement.celebrate"]
    assert days == ["2026-03-02T00:00:00-05:00", "2026-03-05T00:00:00+13:00"]
    with clock.frozen_at(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        assert celebrate(celebrating.organisation, at_most=7) == 30
        assert celebrate(celebrating.organisation) == 0


@rounds
def test_a_birthday_is_given_once_however_many_celebrate_it(round_: int):
    celebrating = make_celebrating(after_days=2)
    born = (clock.now() - timedelta(days=1)).date()  # in New York it is that day, or the one after
    for number in range(3):
        celebrating.born(f"m{number}", f"1990-{born:%m-%d}" if f"{born:%m-%d}" != "02-29" else "1992-02-29")

    at_once(CONTENDERS, lambda _: celebrate(celebrating.organisation, at_most=2))
    celebrate(celebrating.organisation)

    assert [celebrating.story.available(f"m{number}") for number in range(3)] == [30, 30, 30]
    with in_organisation(celebrating.organisation):
        assert Birthday.objects.filter(organisation_id=celebrating.organisation).count() == 3
        assert Member.objects.filter(organisation_id=celebrating.organisation).count() == 3
