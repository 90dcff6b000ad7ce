"""Tells people on their devices: hands over what they chose, sends it through push services, notes what came back.

As with webhooks, whoever takes a message up holds a lease on it, sends outside any transaction, and notes what came
back only while the lease is theirs. One whose worker died comes twice at worst, and the second replaces the first.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from plaudit.foundation import arrays, clock
from plaudit.foundation.exact import decode, encode
from plaudit.foundation.jobs import asked_to_stop
from plaudit.foundation.languages import spoken
from plaudit.foundation.reaching import Answer, post_json
from plaudit.foundation.sealing import key_for, unseal
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.actions.devices import TRY, forget_devices
from plaudit.outreach.models import Device, Push
from plaudit.outreach.push_messages import encrypted, read_browser, signed, text_of
from plaudit.outreach.queries.devices import key_of, sealed_for
from plaudit.outreach.queries.letters import Names, said
from plaudit.outreach.rules.letters import CATEGORY_OF, WAITS
from plaudit.outreach.rules.schedule import Verdict, after_try
from plaudit.people.choices import AT_WORK, IN_WORDS, news_by_push
from plaudit.people.models import Organisation

LIVES = timedelta(days=1)
"""How long a message waits for a device that is switched off; and what is older when it is told is not sent at all."""

LEASE = timedelta(minutes=2)
TRIES = 6
_AT_ONCE = 5
WORK = "work"
"""What a message is about that tells a colleague of what waits for them."""
_LONGEST_SENTENCE, _LONGEST_TITLE = 300, 100

Post = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class ForMember:
    """A piece of news with the facts that concern one member."""

    member_id: UUID
    topic: str
    facts: Mapping[str, Any]
    told_at: datetime


@dataclass(frozen=True, slots=True)
class ForColleague:
    """Something that waits for a colleague, by their sign-in."""

    user_id: int
    topic: str
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A message taken up to be sent to one device; `lease` proves that it is ours, `number` is which try it is."""

    device_id: UUID
    about: str
    lease: int
    number: int
    url: str
    body: bytes
    headers: Mapping[str, str]


# The newest of each kind for each device; what waits there of that kind is replaced.
_HAND_OVER = """
    insert into outreach_push (organisation_id, device_id, about, member_id, topic, facts, told_at, tries, due_at, lease)
    select distinct on (d.id, w.about) %(organisation)s, d.id, w.about, d.member_id, w.topic, w.facts::jsonb, w.told_at,
           0, %(now)s, 0
      from unnest(%(abouts)s::text[], %(names)s::text[], %(members)s::uuid[], %(topics)s::text[], %(facts)s::text[],
                  %(moments)s::timestamptz[])
           with ordinality as w (about, name, member_id, topic, facts, told_at, place)
      join people_choice c on c.organisation_id = %(organisation)s and c.member_id = w.member_id
                          and c.name = w.name and c.chosen and c.chosen_at <= w.told_at
      join people_member m on m.organisation_id = %(organisation)s and m.id = w.member_id and m.state = 'active'
      join outreach_device d on d.organisation_id = %(organisation)s and d.member_id = w.member_id
                            and d.added_at <= w.told_at
     where w.told_at > %(stale)s
     order by d.id, w.about, w.place desc
        on conflict (organisation_id, device_id, about) do update
       set topic = excluded.topic, facts = excluded.facts, told_at = excluded.told_at, tries = 0,
           due_at = excluded.due_at, lease = outreach_push.lease + 1, leased_until = null
"""


def hand_to_devices(organisation_id: int, told: Sequence[ForMember]) -> int:
    """Let each of these be sent to every device of its member who had chosen that by then; how many will be."""
    ours = [one for one in told if one.topic in CATEGORY_OF]
    if not ours:
        return 0
    now = clock.now()
    categories = [CATEGORY_OF[one.topic] for one in ours]
    with connection.cursor() as cursor:
        cursor.execute(
            _HAND_OVER,
            {
                "organisation": organisation_id,
                "now": now,
                "stale": now - LIVES,
                "abouts": arrays.texts(categories),
                "names": arrays.texts([news_by_push(category) for category in categories]),
                "members": arrays.uuids([one.member_id for one in ours]),
                "topics": arrays.texts([one.topic for one in ours]),
                "facts": arrays.texts([encode(dict(one.facts)) for one in ours]),
                "moments": arrays.times([one.told_at for one in ours]),
            },
        )
        return int(cursor.rowcount)


# The newest of all that waits, on each device of a colleague; one who is a member too has chosen it.
_HAND_OVER_AT_WORK = """
    insert into outreach_push (organisation_id, device_id, about, member_id, topic, facts, told_at, tries, due_at, lease)
    select distinct on (d.id) %(organisation)s, d.id, %(about)s, d.member_id, w.topic, '{}'::jsonb, w.told_at, 0,
           %(now)s, 0
      from unnest(%(users)s::int[], %(topics)s::text[], %(moments)s::timestamptz[])
           with ordinality as w (user_id, topic, told_at, place)
      join outreach_device d on d.organisation_id = %(organisation)s and d.user_id = w.user_id
                            and d.added_at <= w.told_at
      left join people_choice c on c.organisation_id = %(organisation)s and c.member_id = d.member_id
                               and c.name = %(choice)s and c.chosen and c.chosen_at <= w.told_at
     where w.told_at > %(stale)s and (d.member_id is null or c.id is not null)
       and exists (select from people_role r where r.organisation_id = %(organisation)s and r.user_id = w.user_id
                      and r.name <> 'member')
     order by d.id, w.place desc
        on conflict (organisation_id, device_id, about) do update
       set topic = excluded.topic, facts = excluded.facts, told_at = excluded.told_at, tries = 0,
           due_at = excluded.due_at, lease = outreach_push.lease + 1, leased_until = null
"""


def hand_to_colleagues(organisation_id: int, told: Sequence[ForColleague]) -> int:
    """Let every device of each of these colleagues be told that something waits; how many will be."""
    if not told:
        return 0
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _HAND_OVER_AT_WORK,
            {
                "organisation": organisation_id,
                "about": WORK,
                "choice": AT_WORK,
                "now": now,
                "stale": now - LIVES,
                "users": arrays.numbers([one.user_id for one in told]),
                "topics": arrays.texts([one.topic for one in told]),
                "moments": arrays.times([one.told_at for one in told]),
            },
        )
        return int(cursor.rowcount)


def push_due(organisation_id: int, *, post: Post = post_json, for_seconds: float = 60) -> int:
    """Send all that is due to devices, a few at a time, for about a minute; how many messages were tried."""
    assert not connection.in_atomic_block, "nobody waits for a push service with a transaction open"
    until, tried = clock.wall() + timedelta(seconds=for_seconds), 0
    while clock.wall() < until and not asked_to_stop():
        taken = take_up_pushes(organisation_id)
        if not taken:
            break
        note_pushes(organisation_id, send_pushes(taken, post=post))
        tried += len(taken)
    return tried


# Materialized, for a plan that ran the inner query once more for each row would lock and take too many.
_TAKE_UP = """
    with due as materialized (
        select p.device_id, p.about
          from outreach_push p
          join outreach_device d on d.organisation_id = p.organisation_id and d.id = p.device_id
         where p.organisation_id = %(organisation)s and p.due_at <= %(now)s
           and (p.leased_until is null or p.leased_until <= %(wall)s)
           and (d.paused_until is null or d.paused_until <= %(now)s)
         order by p.due_at, p.device_id, p.about limit %(limit)s
           for update of p skip locked)
    update outreach_push p set lease = p.lease + 1, leased_until = %(leased_until)s
      from due
      join outreach_device d on d.organisation_id = %(organisation)s and d.id = due.device_id
      left join people_member m on m.organisation_id = %(organisation)s and m.id = d.member_id
      left join people_user u on u.id = coalesce(m.user_id, d.user_id)
      left join people_choice c on c.organisation_id = %(organisation)s and c.member_id = m.id and c.name = %(in_words)s
     where p.organisation_id = %(organisation)s and p.device_id = due.device_id and p.about = due.about
 returning p.device_id, p.about, p.lease, p.tries + 1, d.url, p.topic, p.facts::text, d.public, d.sealed_secret,
           coalesce(u.language, ''), coalesce(c.chosen, false)
"""


def take_up_pushes(organisation_id: int) -> list[Taken]:
    """Take up some of what is due, each in its member's language and encrypted for its device.

    Where the organisation's key is lost its devices are forgotten: nothing can reach them any more.
    """
    with in_organisation(organisation_id):
        wall = clock.wall()
        key = key_of(organisation_id)
        if key is None:
            forget_devices(organisation_id)
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                _TAKE_UP,
                {
                    "organisation": organisation_id,
                    "now": clock.now(),
                    "wall": wall,
                    "leased_until": wall + LEASE,
                    "limit": 4 * _AT_ONCE,
                    "in_words": IN_WORDS,
                },
            )
            rows = [(*row[:6], decode(row[6]), *row[7:]) for row in cursor.fetchall()]
        if not rows:
            return []
        organisation = Organisation.objects.get(id=organisation_id)
        names = Names(organisation_id, [(row[5], row[6]) for row in rows])
        taken = []
        for device_id, about, lease, number, url, topic, facts, public, sealed, language, in_words in rows:
            browser = read_browser(public, unseal(sealed_for(organisation_id), bytes(sealed)))
            assert browser is not None, "a device is kept with keys that were read"
            with translation.override(spoken(language, "", organisation.language)):
                said_ = _words(names, about, topic, facts, in_words=in_words)
                message = {
                    "title": organisation.name[:_LONGEST_TITLE],
                    **said_,
                    "tag": about,
                    "lang": translation.get_language(),
                }
            headers = _headers(key, url, _topic(device_id, about), wall)
            body = encrypted(encode(message).encode(), browser)
            taken.append(Taken(device_id, about, lease, number, url, body, headers))
    return taken


def _words(
    names: Names, about: str, topic: str, facts: Mapping[str, Any], *, in_words: bool
) -> dict[str, str]:
    """What appears on a screen that others may see: no more than that there is something, unless more was chosen."""
    if about == TRY:
        return {"body": _("This is how news reaches you here."), "path": "/me/notifications"}
    if about == WORK:
        # What waits is about somebody else, so that no locked screen ever says more.
        return {"body": _("Something waits for you."), "path": WAITS[topic]}
    if not in_words:
        return {"body": _("There is something new for you."), "path": "/me/inbox?show=unread"}
    sentence, path = said(names, topic, facts)
    return {"body": sentence[:_LONGEST_SENTENCE], "path": path}


def _topic(device_id: UUID, about: str) -> str:
    """By what a push service replaces what still waits there: 32 letters that tell it nothing (RFC 8030, 5.4)."""
    return text_of(hmac.digest(key_for("push topics"), f"{device_id} {about}".encode(), "sha256"))[:32]


def _headers(key: str, url: str, topic: str, at: datetime) -> dict[str, str]:
    return {
        "authorization": signed(key, url, contact=f"mailto:{settings.DEFAULT_FROM_EMAIL}", at=at),
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": str(int(LIVES.total_seconds())),
        "topic": topic,
        "urgency": "normal",
        "user-agent": "Plaudit-Push/1",
    }


def send_pushes(taken: Sequence[Taken], *, post: Post = post_json) -> list[tuple[Taken, Answer]]:
    """Send what was taken up, up to five at a time. The database connection goes back to its pool meanwhile."""
    connection.close()
    with ThreadPoolExecutor(min(_AT_ONCE, len(taken))) as hands:
        trying = [hands.submit(copy_context().run, post, one.url, one.body, one.headers) for one in taken]
        return [(one, answer.result()) for one, answer in zip(taken, trying, strict=True)]


def note_pushes(organisation_id: int, tried: Sequence[tuple[Taken, Answer]]) -> None:
    """Note what came back. A device that is no more (404, 410) is forgotten; one that asks for time is given it."""
    with in_organisation(organisation_id):
        now = clock.now()
        for one, answer in sorted(tried, key=lambda pair: (pair[0].device_id, pair[0].about)):
            device = Device.objects.filter(organisation_id=organisation_id, id=one.device_id)
            waiting = Push.objects.filter(organisation_id=organisation_id, device_id=one.device_id)
            following = after_try(
                number=one.number,
                status=answer.status,
                retry_after=answer.retry_after,
                now=now,
                delivery_id=one.device_id,
                tries=TRIES,
            )
            if following.verdict is Verdict.GONE or answer.status == 404:
                waiting.delete()
                device.delete()
                continue
            if following.pause_until is not None:
                device.update(paused_until=following.pause_until)
            # What replaced it meanwhile is another's to send, or nobody's yet.
            ours = waiting.filter(about=one.about, lease=one.lease)
            if following.verdict is Verdict.AGAIN:
                ours.update(tries=one.number, due_at=following.at, leased_until=None)
                continue
            ours.delete()
            if following.verdict is Verdict.DELIVERED:
                device.update(reached_at=now, paused_until=None)
