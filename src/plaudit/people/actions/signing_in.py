"""One-time links that sign a person in, and the sessions they begin and end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import connection
from django.db.models import Q

from plaudit.foundation import audit, clock, ids
from plaudit.foundation.access.actors import Actor
from plaudit.foundation.access.tokens import new_link, read_link
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.people.actions.roles import bind_user
from plaudit.people.models import Member, MemberState, Organisation, Session, SignInLink, User
from plaudit.people.providers import other_way_is_open
from plaudit.people.queries import organisations_of
from plaudit.people.refusals import LinkNotValid, NoWayIn
from plaudit.people.standing import organisation_of_code, person, user_ref

GOOD_FOR = timedelta(minutes=15)
LINKS_AN_HOUR = 3


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link made for a person to one organisation: its secret, which nobody can see again."""

    organisation: str
    token: str


def make_link(organisation_id: int, *, user_id: int, actor: str, good_for: timedelta = GOOD_FOR) -> str:
    """Make a one-time link for somebody who has a role here; the secret that goes into `/sign-in/<secret>`.

    Raises `NoWayIn`.
    """
    with in_organisation(organisation_id):
        if not person(organisation_id, user_id).is_known:
            raise NoWayIn
        organisation = Organisation.objects.get(id=organisation_id)
        token = new_link(organisation.code)
        SignInLink.objects.create(
            organisation_id=organisation_id,
            user_id=user_id,
            secret_hash=token.hash,
            created_at=clock.wall(),
            expires_at=clock.wall() + good_for,
        )
        audit.note(actor=actor, act="sign_in_link.made", subject=user_ref(user_id))
    return token.text


_USE = """
    update people_sign_in_link set used_at = %(now)s
     where organisation_id = %(organisation)s and secret_hash = %(hash)s
       and used_at is null and expires_at > %(now)s
    returning user_id
"""


def use_link(secret: str) -> Actor:
    """Use a one-time link up, and tell whom it signs in. Raises `LinkNotValid`, whatever is wrong with it.

    One statement finds the link unused and marks it used, so of two that come together one is refused.
    """
    token = read_link(secret)
    organisation = organisation_of_code(token.organisation_code) if token else None
    if token is None or organisation is None:
        raise LinkNotValid
    organisation_id = organisation[0]
    with in_organisation(organisation_id):
        with connection.cursor() as cursor:
            cursor.execute(_USE, {"organisation": organisation_id, "hash": token.hash, "now": clock.wall()})
            used = cursor.fetchone()
        if used is None:
            raise LinkNotValid
        actor = person(organisation_id, used[0])
        if not actor.is_known:
            raise LinkNotValid
        audit.note(actor=actor.ref, act="signed_in", details={"by": "link"})
    return actor


def invite_by_email(*, email: str, slug: str = "", actor: str) -> list[Invitation]:
    """Links for whoever has this address, one for each organisation they may enter; none for a stranger.

    With `slug` only for that organisation, whose members are then known by their address too. A person
    gets at most three an hour in an organisation: further ones are silently not made.
    """
    email = email.strip().lower()
    user = User.objects.filter(email=email, is_active=True).first()
    if slug:
        organisation = Organisation.objects.filter(slug=slug).first()
        organisations = [organisation] if organisation else []
    else:
        organisations = organisations_of(user.id) if user else []
    made = []
    for organisation in organisations:
        token = act(organisation.id, partial(_link_for, organisation.id, email, user, actor, bind=bool(slug)))
        if token is not None:
            made.append(Invitation(organisation.name, token))
    return made


def _link_for(organisation_id: int, email: str, user: User | None, actor: str, *, bind: bool) -> str | None:
    """A link for whoever has this address here.

    None for a stranger, for one who had three this hour, and for one who gets in by the provider alone.
    """
    invited = bind_by_address(organisation_id, email, user, actor) if bind else user
    known = person(organisation_id, invited.id) if invited else None
    if invited is None or known is None or not known.is_known:
        return None
    if not other_way_is_open(organisation_id, known.roles):
        return None
    # Counted under the person's lock, so that of many requests at once each counts those before it.
    User.objects.select_for_update(no_key=True).get(id=invited.id)
    if _links_lately(organisation_id, invited.id) >= LINKS_AN_HOUR:
        return None
    return make_link(organisation_id, user_id=invited.id, actor=actor)


def take_back(invitations: Iterable[Invitation]) -> None:
    """Remove links that never reached anybody, so that they do not count among those made in an hour."""
    for one in invitations:
        token = read_link(one.token)
        organisation = organisation_of_code(token.organisation_code) if token else None
        assert token is not None and organisation is not None, "it was made here a moment ago"
        with in_organisation(organisation[0]):
            SignInLink.objects.filter(organisation_id=organisation[0], secret_hash=token.hash).delete()


def forget_signing_in(organisation_id: int, *, older_than: datetime) -> int:
    """Remove links past their time, and sessions that ended; how many went. Nobody's sessions go with them."""
    with in_organisation(organisation_id):
        links, _ = SignInLink.objects.filter(
            organisation_id=organisation_id, expires_at__lte=older_than
        ).delete()
        ended = Session.objects.filter(Q(signed_in_to_id=organisation_id) | Q(signed_in_to_id__isnull=True))
        sessions, _ = ended.filter(Q(ends_at__lte=older_than) | Q(idle_until__lte=older_than)).delete()
    return links + sessions


def end_session(user_id: int, *, session_id: UUID, only_in: int | None = None) -> None:
    """End one session of a person, at once, with `only_in` only if they work in that organisation in it.

    Raises `NotFound` for one that is not theirs.
    """
    sessions = Session.objects.filter(user_id=user_id, id=session_id)
    ended, _ = (sessions.filter(signed_in_to_id=only_in) if only_in else sessions).delete()
    if not ended:
        raise NotFound(kind="session", ref=ids.show("ses", session_id))


def end_other_sessions(user_id: int, *, but: UUID | None = None, only_in: int | None = None) -> int:
    """End every session of a person but this one, with `only_in` those in that organisation; how many ended."""
    sessions = Session.objects.filter(user_id=user_id)
    sessions = sessions.filter(signed_in_to_id=only_in) if only_in else sessions
    ended, _ = (sessions.exclude(id=but) if but else sessions).delete()
    return ended


def end_sessions_here(organisation_id: int, *, user_id: int, actor: str) -> int:
    """Sign a person out of this organisation in every browser, and spend the links that would let them in.

    How many sessions ended. Where they work in another organisation, they stay signed in.
    """
    with in_organisation(organisation_id):
        ended, _ = Session.objects.filter(user_id=user_id, signed_in_to_id=organisation_id).delete()
        SignInLink.objects.filter(organisation_id=organisation_id, user_id=user_id, used_at=None).delete()
        audit.note(actor=actor, act="sessions.ended", subject=user_ref(user_id), details={"sessions": ended})
    return ended


def _links_lately(organisation_id: int, user_id: int) -> int:
    since = clock.wall() - timedelta(hours=1)
    links = SignInLink.objects.filter(organisation_id=organisation_id, user_id=user_id, created_at__gt=since)
    return links.count()


def bind_by_address(organisation_id: int, email: str, user: User | None, actor: str) -> User | None:
    """The person with this address here: one with a role, or the one active member who has it."""
    if user is not None and person(organisation_id, user.id).is_known:
        return user
    members = list(
        Member.objects.filter(organisation_id=organisation_id, email=email, state=MemberState.ACTIVE)[:2]
    )
    if not email or len(members) != 1 or members[0].user_id is not None:
        return None
    user = user or User.objects.create_user(email, members[0].name)
    bind_user(organisation_id, user_id=user.id, member_id=members[0].id, actor=actor)
    return user
