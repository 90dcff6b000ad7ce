"""A browser goes to an organisation's provider to be vouched for, and comes back (OpenID Connect, code flow with PKCE).

What the browser was sent with is kept in its session here and good for one answer: `state` ties the answer
to this browser, `nonce` the token to this question, the verifier (RFC 7636) the code to whoever asked for
it. Each organisation has a return address of its own, and a provider that names itself in its answer
(RFC 9207) must be the one that was asked, so that no other provider's answer is taken for it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from cryptography.fernet import InvalidToken
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_noop

from plaudit.foundation import clock
from plaudit.foundation.access.actors import Actor
from plaudit.people import asking_provider as asking
from plaudit.people.actions.single_sign_on import sign_in_vouched
from plaudit.people.id_tokens import Expected, Vouched, read_id_token, vouched_in
from plaudit.people.models import Organisation
from plaudit.people.providers import Provider, provider_of, secret_of
from plaudit.people.refusals import (
    ProviderSaidNo,
    ProviderUnreachable,
    SingleSignOnExpired,
    SingleSignOnOff,
    VouchingNotAccepted,
)
from plaudit.people.signing_in import HALF_WAY, begin_vouched_session, count_try, origin_of

SCOPES = "openid email profile"
_ASKED = "provider_asked"


def ask_provider(request: HttpRequest, organisation: Organisation) -> str:
    """The address at the organisation's provider to which this browser goes now.

    Raises `SingleSignOnOff`, `ProviderUnreachable` and `TooManyRequests`.
    """
    count_try(request)
    provider = _provider(organisation)
    endpoints = asking.discover(provider.name, provider.issuer)
    asked = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    digest = hashlib.sha256(asked["verifier"].encode()).digest()
    request.session[_ASKED] = {
        **asked,
        "organisation": organisation.id,
        "issuer": provider.issuer,
        "client_id": provider.client_id,
        "endpoints": asdict(endpoints),
        "until": (clock.wall() + HALF_WAY).isoformat(),
    }
    question = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": return_address(request, organisation),
        "scope": SCOPES,
        "state": asked["state"],
        "nonce": asked["nonce"],
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in endpoints.authorization else "?"
    return f"{endpoints.authorization}{joint}{urlencode(question)}"


def sign_in_by_provider(request: HttpRequest, organisation: Organisation) -> Actor:
    """Sign this browser in by what it brings back from the organisation's provider.

    Raises `SingleSignOnExpired` for an answer to no question of this browser, `ProviderSaidNo`,
    `ProviderUnreachable`, `VouchingNotAccepted`, `TooManyRequests`, and as `sign_in_vouched` does.
    """
    count_try(request)
    asked = _take_question(request, organisation)
    provider = _provider(organisation)
    if (provider.issuer, provider.client_id) != (asked["issuer"], asked["client_id"]):
        raise SingleSignOnExpired
    endpoints = asking.Endpoints(**asked["endpoints"])
    said = request.GET
    if "iss" in said or endpoints.names_itself:
        _check_who_answers(provider, said.get("iss", ""))
    if "error" in said or "code" not in said:
        word = asking.in_plain_words(said.get("error", "")) or "nothing"
        raise ProviderSaidNo(provider=provider.name, said=word)
    tokens = asking.redeem_code(
        provider.name,
        endpoints,
        code=said["code"],
        client_id=provider.client_id,
        secret=_secret(provider),
        redirect_uri=return_address(request, organisation),
        verifier=asked["verifier"],
    )
    actor = sign_in_vouched(organisation.id, _vouched(provider, endpoints, tokens, asked["nonce"]))
    begin_vouched_session(request, actor)
    return actor


def return_address(request: HttpRequest, organisation: Organisation) -> str:
    """Where the provider sends browsers back to: what its administrators enter there."""
    return origin_of(request) + reverse("portal:provider-return", args=[organisation.slug])


def _provider(organisation: Organisation) -> Provider:
    provider = provider_of(organisation.id)
    if provider is None:
        raise SingleSignOnOff
    return provider


def _take_question(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    """What this browser was sent with, once. Raises `SingleSignOnExpired` where the answer is to something else."""
    asked = request.session.get(_ASKED)
    if asked is None or not hmac.compare_digest(
        asked["state"].encode(), request.GET.get("state", "").encode()
    ):
        raise SingleSignOnExpired
    del request.session[_ASKED]
    if asked["organisation"] != organisation.id or clock.wall() >= datetime.fromisoformat(asked["until"]):
        raise SingleSignOnExpired
    return dict(asked)


def _check_who_answers(provider: Provider, says: str) -> None:
    if says != provider.issuer:
        raise VouchingNotAccepted(provider=provider.name, why=gettext_noop("another provider answered"))


def _secret(provider: Provider) -> str:
    try:
        return secret_of(provider)
    except InvalidToken:
        raise ProviderUnreachable(
            provider=provider.name,
            why=gettext_noop("its secret was kept under a key that is gone; it has to be entered anew."),
        ) from None


def _vouched(provider: Provider, endpoints: asking.Endpoints, tokens: asking.Said, nonce: str) -> Vouched:
    """Whom the tokens are about. What the ID token leaves out is asked for, of the same person."""
    expected = Expected(provider.name, provider.issuer, provider.client_id, nonce)
    token = tokens.get("id_token")
    if not isinstance(token, str):
        raise VouchingNotAccepted(provider=provider.name, why=gettext_noop("it says nothing of you"))
    keys = asking.published_keys(provider.name, endpoints)
    claims = read_id_token(token, keys, expected, now=clock.wall())
    access = tokens.get("access_token")
    if "email" not in claims and endpoints.userinfo and isinstance(access, str):
        more = asking.userinfo(provider.name, endpoints, access)
        if more.get("sub") != claims["sub"]:
            raise VouchingNotAccepted(provider=provider.name, why=gettext_noop("it speaks of two people"))
        claims = {**more, **claims}
    return vouched_in(claims, issuer=provider.issuer)
