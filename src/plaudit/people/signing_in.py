"""A browser becomes somebody's, and nobody's again; links are asked for, and go out by mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from plaudit.foundation import clock, config
from plaudit.foundation.access.actors import Actor
from plaudit.foundation.access.limits import SIGN_IN_BY_ADDRESS, count
from plaudit.foundation.access.refusals import TooManyRequests
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.requests import client_address
from plaudit.people import passkeys, tasks
from plaudit.people.actions.signing_in import use_link
from plaudit.people.actions.ways_in import use_code, use_passkey
from plaudit.people.models import Organisation, User
from plaudit.people.providers import must_be_open, provider_of
from plaudit.people.queries import asks_for_code
from plaudit.people.refusals import (
    CodeNotRight,
    NoWayIn,
    OpensNothingElse,
    PasskeyNotAccepted,
    SignInAgain,
)
from plaudit.people.sessions import ADDRESS, DEVICE, ENDS_AT, IDLE, ORGANISATION
from plaudit.people.standing import person

# (idle, altogether): somebody who works on the programme, and a member with nothing but their own account.
COLLEAGUE_STAYS = (timedelta(minutes=30), timedelta(hours=12))
MEMBER_STAYS = (timedelta(days=14), timedelta(days=90))

HALF_WAY = timedelta(minutes=10)
TRIES = 5
VOUCHED = "vouched_in"
_HALF = "link_used"
_ASKED = "passkey_asked"


def ask_for_link(request: HttpRequest, *, email: str, slug: str = "") -> None:
    """Have links mailed to whoever has this address; say the same to everybody afterwards.

    With `slug` to that organisation only, whose members are then known by the address on record. Raises
    `TooManyRequests` for an address that asks or tries too often.
    """
    count_try(request)
    send_link(request, email=email, slug=slug)


def send_link(request: HttpRequest, *, email: str, slug: str = "") -> None:
    """Have links mailed to whoever has this address, because a colleague invites them."""
    # Django refuses a host that is not one of ours, so a forged one never gets into a link.
    tasks.ask_for_link(email=email, base_url=origin_of(request), slug=slug, language=get_language() or "")


def sign_in_by_link(request: HttpRequest, secret: str) -> Actor | None:
    """Use a one-time link up and sign this browser in; None where a code of the person's app comes next.

    Call it for a POST alone: what scans mail follows every link, and would use it up. Raises
    `LinkNotValid` and `TooManyRequests`.
    """
    count_try(request)
    actor = use_link(secret)
    assert actor.user_id is not None
    if asks_for_code(actor.user_id):
        request.session[_HALF] = {
            "user": actor.user_id,
            "organisation": actor.organisation_id,
            "until": (clock.wall() + HALF_WAY).isoformat(),
            "left": TRIES,
        }
        return None
    begin_session(request, actor)
    return actor


def is_half_way(request: HttpRequest) -> bool:
    """Whether a link was used in this browser and the code that belongs to it is still awaited."""
    half = request.session.get(_HALF)
    return half is not None and half["left"] > 0 and clock.wall() < datetime.fromisoformat(half["until"])


def sign_in_by_code(request: HttpRequest, code: str) -> Actor:
    """The second step: sign in with a code of the app, or a recovery code, in the browser that used the link.

    Raises `CodeNotRight`, after five of them or ten minutes `SignInAgain`, and `TooManyRequests`.
    """
    count_try(request)
    if not is_half_way(request):
        request.session.pop(_HALF, None)
        raise SignInAgain
    half = request.session[_HALF]
    try:
        use_code(half["user"], code)
    except CodeNotRight:
        request.session[_HALF] = {**half, "left": half["left"] - 1}
        raise
    actor = person(half["organisation"], half["user"])
    if not actor.is_known:
        raise NoWayIn
    begin_session(request, actor)
    return actor


def ask_for_passkey(request: HttpRequest) -> passkeys.Options:
    """What this browser is asked for to sign in by a passkey. Raises `TooManyRequests`."""
    count_try(request)
    options, state = passkeys.ask_to_prove(origin_of(request))
    keep_question(request, state)
    return options


def sign_in_by_passkey(request: HttpRequest, answer: str) -> Actor:
    """Sign in by a passkey, which is two factors by itself. Raises as `use_passkey` does, and `TooManyRequests`."""
    count_try(request)
    actor = use_passkey(origin_of(request), take_question(request), answer)
    begin_session(request, actor)
    return actor


def origin_of(request: HttpRequest) -> str:
    """Where this installation is reached, as browsers name it: scheme, host and port."""
    return config.load().base_url.rstrip("/") or f"{request.scheme}://{request.get_host()}"


def keep_question(request: HttpRequest, state: passkeys.State) -> None:
    """Remember what this browser was asked, for its answer."""
    request.session[_ASKED] = {**state, "until": (clock.wall() + HALF_WAY).isoformat()}


def take_question(request: HttpRequest) -> passkeys.State:
    """What this browser was asked, once. Raises `PasskeyNotAccepted` where nothing was, or long ago."""
    asked = request.session.pop(_ASKED, None)
    if asked is None or clock.wall() >= datetime.fromisoformat(asked.pop("until")):
        raise PasskeyNotAccepted
    return dict(asked)


def begin_session(request: HttpRequest, actor: Actor) -> None:
    """Make this browser the actor's, under a new session key. How they proved who they are comes before."""
    assert actor.user_id is not None
    user = User.objects.get(id=actor.user_id)
    # Django keeps the key where the same person signs in again; a key seen before must not become theirs.
    request.session.flush()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    idle, altogether = MEMBER_STAYS if actor.roles == {RoleName.MEMBER} else COLLEAGUE_STAYS
    request.session[ORGANISATION] = actor.organisation_id
    request.session[DEVICE] = request.headers.get("User-Agent", "")[:300]
    request.session[ADDRESS] = client_address(request)
    request.session[IDLE] = int(idle.total_seconds())
    request.session[ENDS_AT] = (clock.wall() + altogether).isoformat()


def begin_vouched_session(request: HttpRequest, actor: Actor, *, vouched_in: int | None = None) -> None:
    """The same for somebody whom an organisation's provider vouches for: it opens that organisation alone.

    Whoever runs a provider can have it say anything of any address. So its word is worth nothing in another
    organisation, and nobody who came by it changes the ways in by which a person gets into all of theirs.
    """
    begin_session(request, actor)
    request.session[VOUCHED] = vouched_in or actor.organisation_id


def is_vouched_for(request: HttpRequest) -> bool:
    """Whether this browser was signed in by an organisation's provider."""
    return VOUCHED in request.session


def opens(request: HttpRequest, organisation: Organisation) -> bool:
    """Whether this session may go on to an organisation: by a provider's word only to its own, and its sandboxes."""
    vouched_in = request.session.get(VOUCHED)
    return vouched_in is None or vouched_in in (organisation.id, organisation.copied_from_id)


def must_be_their_own(request: HttpRequest) -> None:
    """Raises `OpensNothingElse` for whoever came by a provider's word: their ways in elsewhere are not its to change."""
    vouched_in = request.session.get(VOUCHED)
    if vouched_in is not None:
        provider = provider_of(vouched_in) if vouched_in == request.session.get(ORGANISATION) else None
        raise OpensNothingElse(provider=provider.name if provider else "Your organisation")


def enter_organisation(request: HttpRequest, organisation_id: int) -> Actor:
    """Go on in another organisation in which this person has a role.

    Raises `NoWayIn`, and `SingleSignOnNeeded` where they get in by its provider alone.
    """
    user_id = request.session.get("_auth_user_id")
    organisation = Organisation.objects.filter(id=organisation_id).first()
    actor = person(organisation_id, int(user_id)) if user_id is not None else None
    if actor is None or not actor.is_known or organisation is None or not opens(request, organisation):
        raise NoWayIn
    vouched_in = request.session.get(VOUCHED)
    if vouched_in is not None:
        begin_vouched_session(request, actor, vouched_in=vouched_in)
        return actor
    must_be_open(organisation_id, actor.roles)
    begin_session(request, actor)
    return actor


def current_session(request: HttpRequest) -> UUID | None:
    """Which of a person's sessions this browser's is; None where nobody is signed in."""
    found: UUID | None = getattr(request.session, "id", None)
    return found


def sign_out(request: HttpRequest) -> None:
    """End this browser's session."""
    logout(request)


def forget_browser(response: HttpResponseBase) -> HttpResponseBase:
    """Have the browser drop what it kept of the person who signs out."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def count_try(request: HttpRequest) -> None:
    """Count a try to get in, by whatever way. Raises `TooManyRequests`."""
    standing = count(SIGN_IN_BY_ADDRESS, client_address(request))
    if not standing.allowed:
        raise TooManyRequests(retry_after=standing.seconds)
