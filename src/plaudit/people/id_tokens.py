"""What an ID token says of a person, once all of it was held against what it must be (OpenID Connect Core 1.0, 3.1.3.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop
from joserfc import jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import Key, import_key

from plaudit.people.refusals import VouchingNotAccepted

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a key that the provider alone has. One made with a shared secret, or none, proves nothing."""
SLACK = timedelta(minutes=2)
"""How far a provider's clock may be off ours."""
LIFE = timedelta(hours=1)
"""The oldest token taken: it was made for the question that was just asked."""
_KEYS_MAX = 50
_PROVES_NOTHING = gettext_noop("it is signed in a way that proves nothing")
_SUBJECT_MAX = 255  # Core 1.0, 2

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say: who made it, for whom, and to which question."""

    provider: str
    issuer: str
    client_id: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """A person as a provider knows them. `verified`: it says that the address is theirs."""

    issuer: str
    subject: str
    email: str
    verified: bool
    name: str


class _NotRight(Exception):
    """Why a token is not taken, in a few words."""


def read_id_token(token: str, keys: Claims, expected: Expected, *, now: datetime) -> Claims:
    """The claims of a token that is right in everything. Raises `VouchingNotAccepted`, and says what is not.

    `keys` is the provider's key set (RFC 7517), fetched just now.
    """
    try:
        claims = _signed(token, keys)
        _check_parties(claims, expected)
        _check_times(claims, now)
    except _NotRight as why:
        raise VouchingNotAccepted(provider=expected.provider, why=str(why)) from None
    return claims


def vouched_in(claims: Claims, *, issuer: str) -> Vouched:
    """Whom the claims are about. Some providers write true as a word."""
    email = claims.get("email")
    name = claims.get("name")
    return Vouched(
        issuer=issuer,
        subject=str(claims["sub"]),
        email=email.strip().lower() if isinstance(email, str) else "",
        verified=claims.get("email_verified") in (True, "true"),
        name=name.strip()[:200] if isinstance(name, str) else "",
    )


def _signed(token: str, keys: Claims) -> Claims:
    try:
        return dict(jwt.decode(token, lambda found: _key_for(found.headers(), keys), list(ALGORITHMS)).claims)
    except _NotRight:
        raise
    except UnsupportedAlgorithmError:
        raise _NotRight(_PROVES_NOTHING) from None
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        raise _NotRight(gettext_noop("its signature is not right")) from None


def _key_for(header: Mapping[str, Any], keys: Claims) -> Key:
    """The one key that a header names; where it names none, the only one that fits (Core 1.0, 10.1)."""
    algorithm = str(header.get("alg", ""))
    if algorithm not in ALGORITHMS:
        raise _NotRight(_PROVES_NOTHING)
    kind = "EC" if algorithm.startswith("ES") else "RSA"
    published = keys.get("keys")
    fitting = [one for one in _listed(published) if one.get("kty") == kind and one.get("use", "sig") == "sig"]
    if "kid" in header:
        fitting = [one for one in fitting if one.get("kid") == header["kid"]]
    if len(fitting) != 1:
        raise _NotRight(gettext_noop("it is signed with a key that is not published"))
    return import_key({name: value for name, value in fitting[0].items() if name not in {"alg", "key_ops"}})


def _listed(published: object) -> Iterable[dict[str, Any]]:
    return (
        [one for one in published[:_KEYS_MAX] if isinstance(one, dict)] if isinstance(published, list) else []
    )


def _check_parties(claims: Claims, expected: Expected) -> None:
    subject, audience = claims.get("sub"), claims.get("aud")
    if claims.get("iss") != expected.issuer:
        raise _NotRight(gettext_noop("it comes from another issuer"))
    if audience not in (expected.client_id, [expected.client_id]):
        raise _NotRight(gettext_noop("it was made for another program"))
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise _NotRight(gettext_noop("it was made for another program"))
    if claims.get("nonce") != expected.nonce:
        raise _NotRight(gettext_noop("it answers another question"))
    if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT_MAX or not subject.isprintable():
        raise _NotRight(gettext_noop("it does not say whom it is about"))


def _check_times(claims: Claims, now: datetime) -> None:
    made, ends, begins = (_moment(claims, name) for name in ("iat", "exp", "nbf"))
    if made is None or ends is None:
        raise _NotRight(gettext_noop("it does not say how long it is good"))
    if made > now + SLACK or (begins is not None and begins > now + SLACK):
        raise _NotRight(gettext_noop("it is of a moment to come: one of the two clocks is wrong"))
    if ends <= now - SLACK or made < now - LIFE:
        raise _NotRight(gettext_noop("it has ended"))


def _moment(claims: Claims, name: str) -> datetime | None:
    """Seconds since 1970, with or without a fraction."""
    said = claims.get(name)
    if said is None:
        return None
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said < 1 << 37:
        raise _NotRight(gettext_noop("it does not say how long it is good"))
    return datetime.fromtimestamp(int(said), UTC)
