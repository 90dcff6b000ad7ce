"""What tells an open page that it is out of date: a mark for each thing it shows, which changes when that does.

A mark says nothing of what it marks. Whoever follows one learns that something changed, and asks for it as ever.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from plaudit.foundation import ids
from plaudit.foundation.access.actors import Actor
from plaudit.foundation.access.roles import BUILDERS, EVERYBODY, READS_ALL_MEMBERS, RoleName
from plaudit.foundation.refusals import NotAllowed, NotFound
from plaudit.people.reach import must_reach

Thing = tuple[str, str]
"""What is followed: the name of a topic, and which of its things by our own id (empty for the whole house)."""

TOPICS_MAX = 8
"""As many as one page may follow."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of thing that pages show: who may follow it, which one a key means, and the statement of its marks.

    The statement is asked with `organisation` and `subjects` and answers (subject, anything that changes with it).
    """

    roles: Collection[RoleName]
    subject: Callable[[Actor, str], str]
    statement: str


def _member(actor: Actor, key: str) -> str:
    if key:
        return str(must_reach(actor, key))
    if actor.member_id is None:
        raise NotFound(kind="member", ref="you")
    return str(actor.member_id)


def _reader(actor: Actor, key: str) -> str:
    """The member and the sign-in whose inbox it is, either of which may be missing."""
    if key:
        raise NotFound(kind="topic", ref=key)
    return f"{actor.member_id or ''}+{actor.user_id or ''}"


def _house(_actor: Actor, key: str) -> str:
    if key:
        raise NotFound(kind="topic", ref=key)
    return ""


def _batch(_actor: Actor, key: str) -> str:
    number = key.removeprefix("imp_")
    if not (key.startswith("imp_") and number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound(kind="import", ref=key)
    return number


def _simulation(_actor: Actor, key: str) -> str:
    return str(ids.read("sim", key, kind="what-if"))


_POINTS = """
    select member_id::text, string_agg(concat_ws(':', unit_id, lines, available, pending, held), ' ' order by unit_id)
      from ledger_wallet
     where organisation_id = %(organisation)s and member_id = any(%(subjects)s::uuid[]) group by member_id
"""
# The newest of a member are what their pages show.
_REDEMPTIONS = """
    select s.id, (select string_agg(concat_ws(':', id, state, stage, tracking, delivered_at), ' ' order by id)
                    from (select r.id, r.state, a.stage, a.tracking, a.delivered_at
                            from rewards_redemption r left join rewards_arrangement a on a.redemption_id = r.id
                           where r.organisation_id = %(organisation)s and r.member_id = s.id::uuid
                           order by r.id desc limit 50) latest)
      from unnest(%(subjects)s::text[]) as s (id)
"""
_CASES = """
    select s.id, (select string_agg(concat_ws(':', c.id, c.state, c.owner, said.last), ' ' order by c.id)
                    from (select id, state, owner from cases_case
                           where organisation_id = %(organisation)s and member_id = s.id::uuid
                           order by id desc limit 50) c
                    left join lateral (select max(m.id) as last from cases_message m
                                        where m.organisation_id = %(organisation)s and m.case_id = c.id) said on true)
      from unnest(%(subjects)s::text[]) as s (id)
"""
_QUEUE = """
    select '', (select string_agg(concat_ws(':', id, owner), ' ' order by id) from cases_case
                 where organisation_id = %(organisation)s and state = 'open')
"""
_APPROVALS = """
    select '', concat_ws(' ', string_agg(id::text, ' ' order by id) filter (where state = 'waiting'), max(decided_at))
      from cases_request where organisation_id = %(organisation)s
"""
# Once a second is often enough for a bar that moves.
_IMPORTS = """
    select id::text, concat_ws(':', state, date_trunc('second', moved_at), finished_at) from activity_import_batch
     where organisation_id = %(organisation)s and id = any(%(subjects)s::int[])
"""
_SIMULATIONS = """
    select id::text, state from planning_simulation
     where organisation_id = %(organisation)s and id = any(%(subjects)s::uuid[])
"""
_CLOCK = """
    select '', (select concat_ws(':', id, stands_at, changed, ended_at) from people_clock_move
                 where organisation_id = %(organisation)s order by begun_at desc limit 1)
"""

_NOTICES = """
    select s.id, (select concat_ws(':', count(*), count(*) filter (where read_at is null)) from outreach_notice
                   where organisation_id = %(organisation)s
                     and (member_id = nullif(split_part(s.id, '+', 1), '')::uuid
                          or user_id = nullif(split_part(s.id, '+', 2), '')::int))
      from unnest(%(subjects)s::text[]) as s (id)
"""

_IMPORTERS = (
    RoleName.MANAGER,
    RoleName.DEVELOPER,
    RoleName.OPERATOR,
    RoleName.FINANCE,
    RoleName.AUDITOR,
)
_HELPS = (RoleName.MANAGER, RoleName.DESK)

TOPICS: Mapping[str, Topic] = {
    "points": Topic(EVERYBODY, _member, _POINTS),
    "redemptions": Topic(EVERYBODY, _member, _REDEMPTIONS),
    "cases": Topic(EVERYBODY, _member, _CASES),
    "inbox": Topic(EVERYBODY, _reader, _NOTICES),
    "queue": Topic(_HELPS, _house, _QUEUE),
    "approvals": Topic(READS_ALL_MEMBERS, _house, _APPROVALS),
    "import": Topic(_IMPORTERS, _batch, _IMPORTS),
    "simulation": Topic((RoleName.MANAGER, RoleName.FINANCE, RoleName.AUDITOR), _simulation, _SIMULATIONS),
    "clock": Topic(BUILDERS, _house, _CLOCK),
}
"""Every kind of thing that an open page can be told of."""

_WRITTEN = re.compile(r"([a-z]+)(?:/([a-z0-9_]{1,40}))?(?:=([0-9a-f]{0,12}))?")


@dataclass(frozen=True, slots=True)
class Followed:
    """One thing that a page follows, by the name the page has for it, and the mark of what it shows now."""

    name: str
    thing: Thing
    mark: str


def followed(actor: Actor, written: str) -> list[Followed]:
    """What a page says it follows: names, each with its mark where it has one, between spaces.

    Raises `NotFound` for what is no topic or out of reach, and `NotAllowed` where the actor's role shows no such page.
    """
    found = []
    for one in written.split()[:TOPICS_MAX]:
        match = _WRITTEN.fullmatch(one)
        topic = TOPICS.get(match[1]) if match else None
        if match is None or topic is None:
            raise NotFound(kind="topic", ref=one[:60])
        if not actor.has_role(*topic.roles):
            raise NotAllowed(act="follow this", needs=" or ".join(sorted(topic.roles)))
        key = match[2] or ""
        name = f"{match[1]}/{key}" if key else match[1]
        found.append(Followed(name, (match[1], topic.subject(actor, key)), match[3] or ""))
    return found


def marks_of(organisation_id: int, things: Iterable[Thing]) -> dict[Thing, str]:
    """The mark of each of these things as it is now: one statement a topic. Ask inside `in_organisation`."""
    subjects: dict[str, set[str]] = defaultdict(set)
    for topic, subject in things:
        subjects[topic].add(subject)
    marks = {}
    for topic, wanted in subjects.items():
        with connection.cursor() as cursor:
            cursor.execute(
                TOPICS[topic].statement, {"organisation": organisation_id, "subjects": sorted(wanted)}
            )
            said = dict(cursor.fetchall())
        for subject in wanted:
            marks[topic, subject] = hashlib.sha256((said.get(subject) or "").encode()).hexdigest()[:12]
    return marks
