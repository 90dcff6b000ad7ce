"""Finds whoever somebody at the desk is asked about: by any id, e-mail address, or the beginning of a name.

Every way of looking is an index lookup of its own, so that a million members cost what ten do. An expression
of a name cannot be looked up under row security (its function could leak what it is given), so the beginning
of a name is asked for as it may be written: as typed, in small letters, in capitals, each word capitalised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.activity.queries import booked_event
from plaudit.cases.queries import case, request
from plaudit.foundation import ids
from plaudit.foundation.refusals import NotFound
from plaudit.ledger.statements import transfer_chain
from plaudit.people.queries import member
from plaudit.rewards.queries import redemption

FOUND_MAX = 20
TEXT_MAX = 200

_LAST_LETTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who was found. `about` is what the search named: `led_…`, `act_…`, `rdm_…`, `cse_…` or nothing.

    `exact` says whether it can mean nobody else.
    """

    member_id: UUID
    name: str
    known_as: str
    about: str = ""
    exact: bool = False


_WHOSE: dict[str, Callable[[int, str], UUID | None]] = {
    "mem": lambda at, text: member(at, text).id,
    "led": lambda at, text: transfer_chain(at, text).member_id,
    "act": lambda at, text: booked_event(at, ids.read("act", text, kind="activity")).member_id,
    "rdm": lambda at, text: redemption(at, ids.read("rdm", text, kind="redemption")).member_id,
    "cse": lambda at, text: case(at, text).member_id,
    "apr": lambda at, text: request(at, text).member_id,
}

# Sources are few: each is stepped to in the index of external ids, which begins with them.
_SEARCH = """
    with recursive known (source) as (
        (select i.source from people_identity i where i.organisation_id = %(at)s order by i.source limit 1)
        union all
        select (select i.source from people_identity i
                 where i.organisation_id = %(at)s and i.source > k.source order by i.source limit 1)
          from known k where k.source is not null),
    found (place, member_id, known_as, event_id) as (
        (select 1, e.member_id, s.name || ' ' || e.key, e.id
           from activity_source s
           join activity_event e on e.organisation_id = %(at)s and e.source_id = s.id and e.key = %(text)s
          where s.organisation_id = %(at)s and e.member_id is not null limit %(most)s)
        union all
        (select 1, i.member_id, i.source || ' ' || i.external_id, null
           from known k
           join people_identity i on i.organisation_id = %(at)s and i.source = k.source
                                 and i.external_id = %(text)s limit %(most)s)
        union all
        (select 1, m.id, m.email, null from people_member m
          where m.organisation_id = %(at)s and m.email = %(lower)s and m.email <> '' limit %(most)s)
        union all
        (select 2, i.member_id, i.source || ' ' || i.external_id, null
           from known k
          cross join lateral (
                select * from people_identity i
                 where i.organisation_id = %(at)s and i.source = k.source
                   and i.external_id > %(text)s and i.external_id < %(text)s || %(last)s
                 order by i.external_id limit %(most)s) i
          where length(%(text)s) > 2 limit %(most)s)
        union all
        (select 3, m.id, '', null
           from unnest(%(written)s::text[]) as w (name)
          cross join lateral (
                select m.id from people_member m
                 where m.organisation_id = %(at)s and m.name >= w.name and m.name < w.name || %(last)s
                 order by m.name, m.id limit %(most)s) m
          where length(%(text)s) > 1))
    select f.place, f.known_as, f.event_id, m.id, m.name
      from (select distinct on (member_id, event_id) * from found
             order by member_id, event_id, place) f
      join people_member m on m.organisation_id = %(at)s and m.id = f.member_id
     where m.state in ('active', 'suspended')
     order by f.place, m.name, m.id limit %(most)s
"""


def find(organisation_id: int, text: str) -> list[Found]:
    """At most twenty who are meant, those named exactly first: by what has a reference, else by the words."""
    plain = text.replace("\0", "").strip()[:TEXT_MAX]
    if not plain:
        return []
    return _referred(organisation_id, plain) or _searched(organisation_id, plain)


def _referred(organisation_id: int, text: str) -> list[Found]:
    """Whoever a reference of our own, or of the form `ext:source:id`, is about."""
    prefix = text.lower().partition("_")[0]
    try:
        if text.startswith("ext:"):
            member_id: UUID | None = member(organisation_id, text).id
        elif prefix in _WHOSE and "_" in text:
            member_id = _WHOSE[prefix](organisation_id, text.lower())
        else:
            return []
    except NotFound:
        return []
    if member_id is None:
        return []
    whose = member(organisation_id, member_id)
    about = "" if prefix in ("mem", "apr") or text.startswith("ext:") else text.lower()
    return [Found(whose.id, whose.name, text, about, exact=True)]


def _searched(organisation_id: int, text: str) -> list[Found]:
    written = sorted({text, text.lower(), text.upper(), text.title()})
    asked: dict[str, Any] = {
        "at": organisation_id,
        "text": text,
        "lower": text.lower(),
        "written": written,
        "last": _LAST_LETTER,
        "most": FOUND_MAX,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEARCH, asked)
        return [
            Found(member_id, name, known_as, ids.show("act", event_id) if event_id else "", exact=place == 1)
            for place, known_as, event_id, member_id, name in cursor.fetchall()
        ]
