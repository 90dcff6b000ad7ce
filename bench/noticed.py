"""A company whose people have noticed one another for two years, made by few statements, for measuring pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection, connections
from django.test import Client

from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.declare_unit import declare_unit
from plaudit.people.actions.organisations import create_organisation
from plaudit.people.actions.roles import bind_user, invite_user
from plaudit.people.actions.signing_in import make_link
from plaudit.recognition.actions.publish_standard import publish_standard
from plaudit.recognition.definitions import Behaviour, Standard

TEAM = 12
MONTHS = 24
WATCHERS = 5
"""So many who lead a team are signed in, to ask in turns."""
BEHAVIOURS = tuple(
    Behaviour(key, name, "Seen by others.", (), 20)
    for key, name in (("calm", "Stays calm"), ("helps", "Helps others"), ("solves", "Solves it"))
)

_PEOPLE = """
    insert into people_member (id, organisation_id, kind, name, email, attributes, state, joined_at)
    select gen_random_uuid(), %(organisation)s, 'staff',
           (array['Ada','Ben','Cleo','Dev','Eva','Finn','Gia','Hal','Ina','Jo'])[1 + i %% 10] || ' ' ||
           (array['Abe','Bly','Cole','Dunn','Eck','Ford','Gray','Holt','Ives','Jarl'])[1 + i / 10 %% 10] || ' ' || i,
           '', jsonb_build_object('shift', (array['early','late'])[1 + i %% 2]), 'active',
           now() - interval '800 days'
      from generate_series(0, %(people)s - 1) i
"""
_NUMBERED = """
    create temp table bench_person on commit drop as
    select row_number() over (order by id) - 1 as i, id from people_member where organisation_id = %(organisation)s
"""
_TEAMS = """
    insert into people_team (organisation_id, key, name)
    select %(organisation)s, 'team-' || t, 'Team ' || t from generate_series(0, (%(people)s - 1) / %(team)s) t
"""
_STAYS = """
    insert into people_team_stay (organisation_id, team_id, member_id, leads, began_at)
    select %(organisation)s, t.id, p.id, p.i %% %(team)s = 0, now() - interval '800 days'
      from bench_person p
      join people_team t on t.organisation_id = %(organisation)s and t.key = 'team-' || p.i / %(team)s
"""
# Each is recognised once a month: three times of four by a teammate in turn, else by somebody anywhere.
_GIVEN = """
    create temp table bench_given on commit drop as
    select (lpad(to_hex((extract(epoch from given_at) * 1000)::bigint), 12, '0') || '70008'
            || lpad(to_hex(got.i), 15, '0'))::uuid as id, got.id as member_id, giver.id as giver_id, given_at, same,
           same and giver.i %% %(team)s = 0 as led, (got.i + month) %% 10 = 0 as public, got.i / %(team)s as team
      from (select p.id, p.i, m.month, m.month %% 4 <> 3 as same,
                   now() - m.month * interval '30 days' - (p.i %% 2592000) * interval '1 second' - interval '1 minute'
                   as given_at,
                   case when m.month %% 4 <> 3
                        then least(p.i / %(team)s * %(team)s + (p.i + 1 + m.month %% (%(team)s - 1)) %% %(team)s,
                                   %(people)s - 1)
                        else (p.i * 7919 + 104729 * (m.month + 1)) %% %(people)s end as by
              from bench_person p cross join generate_series(0, %(months)s - 1) m (month)) got
      join bench_person giver on giver.i = got.by and giver.i <> got.i
"""
_RECOGNITIONS = """
    insert into recognition_recognition (id, organisation_id, programme, giver_id, behaviour, unit, points, period, key,
                                         given_at, ended_by, reason, hidden_by, hidden_for)
    select id, %(organisation)s, 'main', giver_id, 'calm', '', 0, '', '', given_at, '', '', '', '' from bench_given order by id
"""
_RECEIVED = """
    insert into recognition_received (organisation_id, recognition_id, member_id, giver_id, team_id, source, behaviour,
                                      words, visible, chosen, hidden, given_at, deed_at, stands)
    select %(organisation)s, g.id, g.member_id, g.giver_id, t.id, case when g.led then 'supervisor' else 'peer' end, 'calm',
           'You kept them on the line until it was solved.', case when g.public then 2 else 1 end, false, false, g.given_at,
           case when g.led then g.given_at - interval '5 hours' end, true
      from bench_given g
      join people_team t on t.organisation_id = %(organisation)s and t.key = 'team-' || g.team
     order by g.id
"""
_MOMENTS = """
    insert into recognition_moment (id, organisation_id, programme, watch, name, behaviour, member_id, event_id, happened_at,
                                    proposed_at, evidence, state)
    select gen_random_uuid(), %(organisation)s, 'main', 'five-stars', 'Five stars', 'calm', p.id, gen_random_uuid(),
           now() - n * interval '1 day', now() - n * interval '1 day', '{"rating": 5}', 'open'
      from bench_person p cross join generate_series(1, 5) n
"""
TABLES = "people_member, people_team, people_team_stay, recognition_recognition, recognition_received, recognition_moment"


@dataclass(frozen=True, slots=True)
class Noticed:
    """A company, how many recognitions it has, and browsers in which some who lead a team are signed in."""

    organisation_id: int
    recognitions: int
    leaders: list[Client]
    manager: Client


def make_noticed(slug: str, people: int, *, months: int = MONTHS) -> Noticed:
    """So many people in teams of twelve, each recognised once a month, and with five moments that wait."""
    here = create_organisation(slug, name="Noticed", actor="bench").id
    declare_unit(here, key="points", names={"one": "point", "other": "points"}, may_owe=True)
    publish_standard(
        here,
        "main",
        Standard(
            "main", "UTC", "Thanks", "points", BEHAVIOURS, supervisors=1_000, colleagues=100,
            member_fields={"shift": {"kind": "text"}},
        ),
    )  # fmt: skip
    values = {"organisation": here, "people": people, "team": TEAM, "months": months}
    with in_organisation(here), connection.cursor() as cursor:
        for statement in (_PEOPLE, _NUMBERED, _TEAMS, _STAYS, _GIVEN, _RECOGNITIONS, _RECEIVED, _MOMENTS):
            cursor.execute(statement, values)
        cursor.execute("select count(*) from bench_given")
        recognitions = int(cursor.fetchone()[0])
        cursor.execute(
            "select member_id from people_team_stay where organisation_id = %s and leads order by team_id",
            [here],
        )
        leads = [one for (one,) in cursor.fetchall()]
    watchers = min(WATCHERS, len(leads))
    leaders = [
        _signed_in(
            here,
            f"leader-{number}@{slug}.example",
            "supervisor",
            leads[number * len(leads) // watchers],
        )
        for number in range(watchers)
    ]
    return Noticed(here, recognitions, leaders, _signed_in(here, f"manager@{slug}.example", "manager"))


def tidy() -> None:
    """Let the planner know what there is, as it would after two years."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"vacuum (analyze) {TABLES}")


def _signed_in(organisation_id: int, email: str, role: str, member_id: UUID | None = None) -> Client:
    user = invite_user(organisation_id, email=email, name=role.title(), roles=[role], actor="bench")
    if member_id is not None:
        bind_user(organisation_id, user_id=user.id, member_id=member_id, actor="bench")
    link = make_link(organisation_id, user_id=user.id, actor="bench", good_for=timedelta(days=1))
    client = Client(SERVER_NAME="localhost")
    client.post(f"/sign-in/{link}")
    return client
