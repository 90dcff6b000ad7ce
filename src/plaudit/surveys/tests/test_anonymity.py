"""Claims about answers without names: that nothing leads from an answer to a person, nor from a person to an answer."""

from __future__ import annotations

import json
from fractions import Fraction

from django.db import connection

from plaudit.activity.models import Event
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.surveys.actions.fall_due import settle
from plaudit.surveys.models import Answer, Urn, Voice
from plaudit.surveys.tests.factories import LATER, Asking, make_asking
from plaudit.surveys.urns import mixed


def say_all(asking: Asking, team: str, size: int) -> None:
    """Let a team answer one after the other, each in words of their own."""
    for number, person in enumerate(asking.team(team, size)):
        asking.answers(asking.invites(person, "mood"), mood=1 + number % 5, words=f"{team} {number:02}")


def spoken(asking: Asking) -> list[str]:
    """What came out, in the order of the table itself."""
    with in_organisation(asking.id), connection.cursor() as cursor:
        cursor.execute("select answers ->> 'words' from survey_voice order by ctid")
        return [words for (words,) in cursor.fetchall()]


def close(asking: Asking) -> None:
    with clock.frozen_at(LATER):
        settle(asking.id)


def test_a_row_of_an_answer_has_nothing_of_time_order_or_person():
    assert {field.name for field in Voice._meta.get_fields()} == {
        "id", "organisation_id", "programme", "survey", "team", "answers",
    }  # fmt: skip
    asking = make_asking()
    say_all(asking, "Floor", 16)
    with in_organisation(asking.id):
        # Made at random (version 4), where other ids say when they were made.
        assert {one.id.version for one in Voice.objects.all()} == {4}


def test_answers_come_out_eight_at_a_time_and_the_rest_when_the_survey_closes():
    asking = make_asking()
    counts = []
    for number, person in enumerate(asking.team("Floor", 27)):
        asking.answers(asking.invites(person, "mood"), mood=1 + number % 5)
        counts.append(len(asking.kept(Voice, "mood")))

    assert counts == [0] * 15 + [8] * 8 + [16] * 4
    close(asking)
    assert len(asking.kept(Voice, "mood")) == 27
    assert asking.kept(Answer, "mood") == []


def test_each_eight_come_out_in_one_transaction_that_many_have_a_part_in():
    asking = make_asking()
    say_all(asking, "Floor", 24)
    with in_organisation(asking.id), connection.cursor() as cursor:
        cursor.execute("select count(*) from survey_voice group by xmin")
        assert [count for (count,) in cursor.fetchall()] == [8, 8]


def test_fewer_than_eight_are_never_opened():
    asking = make_asking()
    say_all(asking, "Floor", 7)
    close(asking)

    with in_organisation(asking.id):
        assert not Voice.objects.exists()
        assert not Urn.objects.exists()
    assert asking.results("mood").hidden


def test_a_small_team_stands_under_no_name_of_its_own():
    asking = make_asking()
    for team, size in (("Floor", 12), ("Night", 9), ("Desk", 3)):
        say_all(asking, team, size)
    close(asking)

    with in_organisation(asking.id):
        teams = sorted(Voice.objects.values_list("team", flat=True))
    assert teams == [""] * 12 + ["Floor"] * 12
    assert [one.name for one in asking.results("mood").teams if one.figure] == ["Floor"]


def test_what_waits_is_sealed_and_of_one_length():
    asking = make_asking()
    lengths = set()
    for number, person in enumerate(asking.team("Floor", 5)):
        asking.answers(asking.invites(person, "mood"), mood=3, words="x" * (1 + number * 150))
        with in_organisation(asking.id):
            sealed = bytes(Urn.objects.get().sealed)
        assert b"mood" not in sealed
        lengths.add(len(sealed))
    assert len(lengths) == 1


def test_the_order_in_which_answers_came_is_not_that_in_which_they_wait():
    """Of thirty times 15 answers the ranks before and after agree in nothing (Spearman), but for one in 10⁹."""
    correlations: list[Fraction] = []
    for _ in range(30):
        squares = sum((place - rank) ** 2 for place, rank in enumerate(mixed(range(15))))
        correlations.append(1 - Fraction(6 * squares, 15 * (15**2 - 1)))

    # Of one such correlation the variance is 1/14; of the mean of thirty the deviation is 0.049.
    assert abs(sum(correlations, Fraction(0)) / 30) < Fraction(3, 10)


def test_neither_the_book_nor_any_other_table_holds_what_was_said():
    asking = make_asking()
    (person,) = asking.team("Floor", 1)
    asking.answers(asking.invites(person, "mood"), mood=2, words="CANARY of the night shift")

    with in_organisation(asking.id), connection.cursor() as cursor:
        cursor.execute(
            "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where c.relkind in ('r', 'p') and n.nspname = 'public'"
            " and has_table_privilege(c.oid, 'select') and not c.relispartition"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'select 1 from "{table}" t where t::text like %s limit 1', ["%CANARY of the night%"]
            )
            assert cursor.fetchone() is None, table
        (said,) = Event.objects.values_list("data", flat=True)
        assert said == {"programme": "main", "survey": "mood"}


def test_who_answered_is_known_and_when_is_not():
    asking = make_asking()
    (person,) = asking.team("Floor", 1)
    asked = asking.invites(person, "mood")
    asking.answers(asked, mood=2)

    with in_organisation(asking.id), connection.cursor() as cursor:
        cursor.execute("select to_jsonb(i) from survey_invitation i")
        row = json.loads(cursor.fetchone()[0])
    assert row["answered"] is True
    assert {name for name in row if name.endswith("_at")} == {"invited_at", "ends_at", "remind_at"}
    assert asking.points("Floor-0") == 5
