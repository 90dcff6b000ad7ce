"""Members by the thousand: enrolled, changed, refused one by one, and exported as they can come back."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from plaudit.foundation import clock
from plaudit.foundation.exact import decode
from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.actions.importing import import_members
from plaudit.people.actions.teams import leave_team
from plaudit.people.exporting import as_csv, as_ndjson, export_members
from plaudit.people.models import Identity, Member, TeamStay
from plaudit.people.resolving import find_members, find_or_enrol
from plaudit.people.rows import MemberRow, RowOutcome, row_of
from plaudit.people.teams import teams_at
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_team


def _import(organisation_id: int, *rows: MemberRow) -> list[RowOutcome]:
    return import_members(organisation_id, rows, actor=ACTOR)


def _statuses(outcomes: list[RowOutcome]) -> list[str]:
    return [outcome.status.value for outcome in outcomes]


def _teams_now(organisation_id: int, member_id: UUID) -> tuple[str, ...]:
    with in_organisation(organisation_id):
        return teams_at(organisation_id, [(0, member_id, clock.now())]).get(0, ())


def test_members_are_enrolled_changed_or_left_and_a_second_time_nothing_happens():
    at = make_organisation().id
    ada = make_member(at, external_ids=[("crm", "1")], attributes={"city": "Porto"})
    rows = [
        MemberRow(external_ids=(("crm", "1"),), name="Ada L.", attributes={"city": None, "vip": True}),
        MemberRow(
            external_ids=(("crm", "2"), ("till", "2")), kind="staff", name="Bob", email="B@Home.example"
        ),
        MemberRow(external_ids=(("till", "3"),)),
    ]

    first = _import(at, *rows)
    second = _import(at, *rows)

    assert _statuses(first) == ["updated", "enrolled", "enrolled"]
    assert _statuses(second) == ["unchanged"] * 3
    assert [one.member_id for one in second] == [one.member_id for one in first]
    with in_organisation(at):
        ada.refresh_from_db()
        assert (ada.name, ada.attributes) == ("Ada L.", {"vip": True})
        bob = Member.objects.get(name="Bob")
        assert (bob.kind, bob.email) == ("staff", "b@home.example")
        assert find_members(at, [("till", "2")]) == {("till", "2"): bob.id}
        assert Member.objects.count() == 3


def test_a_member_known_by_one_id_gains_the_others_of_its_row():
    at = make_organisation().id
    ada = make_member(at, external_ids=[("crm", "1")])

    (outcome,) = _import(at, MemberRow(external_ids=(("till", "9"), ("crm", "1"))))

    assert (outcome.status, outcome.member_id) == ("updated", ada.id)
    with in_organisation(at):
        assert find_members(at, [("till", "9")]) == {("till", "9"): ada.id}


def test_rows_of_one_person_are_one_member_and_the_last_word_counts():
    at = make_organisation().id

    outcomes = _import(
        at,
        MemberRow(external_ids=(("crm", "1"),), name="A"),
        MemberRow(external_ids=(("till", "1"),), name="T"),
        MemberRow(external_ids=(("crm", "1"), ("till", "1")), name="Ada"),
        MemberRow(external_ids=(("till", "1"),), name="Ada"),
    )

    assert _statuses(outcomes) == ["enrolled", "updated", "updated", "unchanged"]
    with in_organisation(at):
        assert Member.objects.get().name == "Ada"
        assert Identity.objects.count() == 2


def test_ids_that_mean_two_members_are_refused_and_the_rest_is_kept():
    at = make_organisation().id
    make_member(at, external_ids=[("crm", "1")], name="Ada")
    make_member(at, external_ids=[("crm", "2")], name="Bob")

    outcomes = _import(
        at,
        MemberRow(external_ids=(("crm", "1"), ("crm", "2")), name="Both"),
        MemberRow(external_ids=(("crm", "3"),), name="Cy"),
        MemberRow(external_ids=(), name="Nobody"),
        MemberRow(external_ids=(("crm", "4"),), email="nowhere"),
    )

    assert _statuses(outcomes) == ["refused", "enrolled", "refused", "refused"]
    assert [one.refusal.code for one in outcomes if one.refusal] == ["external_ids_disagree"] + [
        "invalid"
    ] * 2
    assert isinstance(outcomes[3].refusal, Problem)
    assert outcomes[3].refusal.errors[0]["pointer"] == "/email"
    with in_organisation(at):
        assert sorted(Member.objects.values_list("name", flat=True)) == ["Ada", "Bob", "Cy"]


def test_teams_told_are_all_the_teams_from_then_on_and_not_told_stay():
    at = make_organisation().id
    ada = make_member(at, external_ids=[("hr", "1")])
    make_team(at, key="north", members=[ada], since=datetime(2026, 1, 1, tzinfo=UTC))

    _import(at, MemberRow(external_ids=(("hr", "1"),), teams=("north", "night-shift")))
    assert _teams_now(at, ada.id) == ("night-shift", "north")

    assert _statuses(_import(at, MemberRow(external_ids=(("hr", "1"),), teams=("night-shift", "north")))) == [
        "unchanged"
    ]
    _import(at, MemberRow(external_ids=(("hr", "1"),), name="Ada L."))
    assert _teams_now(at, ada.id) == ("night-shift", "north")

    _import(at, MemberRow(external_ids=(("hr", "1"),), teams=("south",)))
    assert _teams_now(at, ada.id) == ("south",)
    with in_organisation(at):
        north = TeamStay.objects.filter(team__key="north").get()
    assert north.began_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert north.ended_at is not None


def test_a_new_member_is_in_their_teams_since_they_joined():
    at = make_organisation().id
    joined_at = datetime(2024, 5, 1, tzinfo=UTC)

    (outcome,) = _import(
        at, MemberRow(external_ids=(("hr", "1"),), kind="staff", teams=("north",), joined_at=joined_at)
    )

    assert outcome.member_id is not None
    with in_organisation(at):
        assert teams_at(at, [(0, outcome.member_id, joined_at)]) == {0: ("north",)}


@rounds
def test_twenty_imports_of_the_same_people_and_live_activity_at_once_enrol_each_once(round_: int):
    at = make_organisation().id
    rows = [MemberRow(external_ids=(("crm", str(number)),)) for number in range(50)]

    def contend(number):
        if number % 2:
            return _import(at, *rows)
        wanted = [("crm", str(one)) for one in range(25, 75)]
        with in_organisation(at):
            return find_or_enrol(at, wanted, kind="customer", joined_at=clock.now())

    at_once(CONTENDERS, contend)

    with in_organisation(at):
        assert Member.objects.count() == 75
        assert Identity.objects.count() == 75


def test_an_export_imports_elsewhere_as_it_was():
    here, there = make_organisation().id, make_organisation().id
    ada = make_member(
        here,
        kind="staff",
        name='Ada "the Countess", L.',
        email="ada@home.example",
        external_ids=[("crm", "=1+1"), ("till", "0042")],
        attributes={"level": 3, "rate": Decimal("1.10"), "vip": True, "city": "Évora"},
        joined_at=datetime(2024, 5, 1, 8, 30, tzinfo=UTC),
    )
    make_team(here, key="north", members=[ada], since=datetime(2024, 5, 1, 8, 30, tzinfo=UTC))
    make_team(here, key="south", members=[ada], since=datetime(2024, 6, 1, tzinfo=UTC))
    leave_team(here, key="south", member_id=ada.id, ended_at=datetime(2024, 7, 1, tzinfo=UTC), actor=ACTOR)

    lines = list(as_ndjson(export_members(here, actor=ACTOR)))
    _import(there, *(row_of(decode(line)) for line in lines))

    (before,), (after,) = list(export_members(here, actor=ACTOR)), list(export_members(there, actor=ACTOR))
    south = {
        "team": "south",
        "leads": False,
        "from": "2024-06-01T00:00:00+00:00",
        "until": "2024-07-01T00:00:00+00:00",
    }
    assert before["teams"][1:] == [south]
    assert after == {**before, "id": after["id"], "teams": before["teams"][:1]}


def test_a_spreadsheet_shows_a_name_that_looks_like_a_formula_as_text():
    at = make_organisation().id
    make_member(at, name='=HYPERLINK("http://evil.example")', external_ids=[("crm", "1")])
    make_member(at, name="Ada, L.", external_ids=[("crm", "2"), ("till", "7")])

    heading, formula, ada = csv.reader("".join(as_csv(export_members(at, actor=ACTOR))).splitlines())

    assert heading[:4] == ["id", "kind", "name", "email"]
    assert formula[2] == '\'=HYPERLINK("http://evil.example")'
    assert (ada[2], ada[6]) == ("Ada, L.", "crm:2|till:7")


def test_an_export_reads_every_member_once_page_by_page(monkeypatch):
    monkeypatch.setattr("plaudit.people.exporting.PAGE", 10)
    at = make_organisation().id
    _import(at, *(MemberRow(external_ids=(("crm", str(number)),)) for number in range(31)))

    exported = [one["external_ids"][0]["id"] for one in export_members(at, actor=ACTOR)]

    assert exported == [str(number) for number in range(31)]


def test_one_persons_data_is_exported_without_anyone_elses():
    at = make_organisation().id
    ada, _ = make_member(at), make_member(at, name="Bob")

    assert [one["name"] for one in export_members(at, actor=ACTOR, only=[ada.id])] == ["Ada"]


@pytest.mark.parametrize("count", [1, 5000])
def test_the_number_of_statements_does_not_grow_with_the_rows(count, monkeypatch):
    at = make_organisation().id
    rows = [
        MemberRow(external_ids=(("crm", str(number)),), name="N", teams=("north", f"t-{number % 7}"))
        for number in range(count)
    ]
    statements = []

    def note(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    from django.db import connection  # noqa: PLC0415  # this one test looks over its shoulder

    with connection.execute_wrapper(note):
        assert set(_statuses(_import(at, *rows))) == {"enrolled"}
    assert len(statements) <= 14
