"""Asks an OpenID provider: where its pages are, what a code is worth, its keys, and whom a token is about.

Every request goes through the one door to the outside (`foundation.reaching`): to the address that was
checked, never redirected, in bounded time, and only so much of the answer is read.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from plaudit.foundation.addresses import UrlRefused, read_url
from plaudit.foundation.reaching import post_json
from plaudit.people.refusals import ProviderSaidNo, ProviderUnreachable

TIMEOUT_SECONDS = 5.0
_READ_BYTES = 200_000
_WORD_MAX = 100

Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider is asked for what, and how it wants to be asked (OpenID Connect Discovery 1.0, 3)."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    names_itself: bool
    takes_basic: bool


def discover(name: str, issuer: str) -> Endpoints:
    """What a provider says of itself. Raises `ProviderUnreachable`, also where it says it is another one."""
    said = _asked(name, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if said.get("issuer") != issuer:
        raise ProviderUnreachable(provider=name, why="it says it is somebody else.")
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Endpoints(
        authorization=_address(name, issuer, said, "authorization_endpoint"),
        token=_address(name, issuer, said, "token_endpoint"),
        keys=_address(name, issuer, said, "jwks_uri"),
        userinfo=_address(name, issuer, said, "userinfo_endpoint") if said.get("userinfo_endpoint") else "",
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        takes_basic=isinstance(methods, list) and "client_secret_basic" in methods,
    )


def redeem_code(
    name: str,
    endpoints: Endpoints,
    *,
    code: str,
    client_id: str,
    secret: str,
    redirect_uri: str,
    verifier: str,
) -> Said:
    """What a code is worth: tokens. Raises `ProviderSaidNo` and `ProviderUnreachable`."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    headers = {"content-type": "application/x-www-form-urlencoded"}
    if endpoints.takes_basic:
        # Each half is encoded as in a form before the two are joined (RFC 6749, 2.3.1).
        pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
        headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": client_id, "client_secret": secret}
    return _asked(name, endpoints.token, method="POST", body=urlencode(form), headers=headers)


def published_keys(name: str, endpoints: Endpoints) -> Said:
    """The keys a provider signs with now. They are never kept, so one that was replaced counts at once."""
    return _asked(name, endpoints.keys)


def userinfo(name: str, endpoints: Endpoints, token: str) -> Said:
    """What a provider says of whom this token is about (OpenID Connect Core 1.0, 5.3)."""
    return _asked(name, endpoints.userinfo, headers={"authorization": f"Bearer {token}"})


def in_plain_words(text: object) -> str:
    """A word of the protocol as a page may show it: short, and nothing in it but letters, digits and _."""
    return "".join(one for one in str(text)[:_WORD_MAX] if one.isascii() and (one.isalnum() or one == "_"))


def _asked(
    name: str, url: str, *, method: str = "GET", body: str = "", headers: Mapping[str, str] | None = None
) -> Said:
    answer = post_json(
        url,
        body,
        {"accept": "application/json", "user-agent": "Plaudit/1", **(headers or {})},
        method=method,
        timeout_seconds=TIMEOUT_SECONDS,
        keep_bytes=_READ_BYTES,
    )
    if answer.status is None:
        raise ProviderUnreachable(provider=name, why=answer.error)
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        said = None
    if answer.status == 400 and isinstance(said, dict) and (word := in_plain_words(said.get("error", ""))):
        raise ProviderSaidNo(provider=name, said=word)
    if answer.status != 200:
        raise ProviderUnreachable(provider=name, why=f"it answered {answer.status}.")
    if not isinstance(said, dict):
        raise ProviderUnreachable(provider=name, why="what it said cannot be read.")
    return said


def _address(name: str, issuer: str, said: Said, which: str) -> str:
    """One of its addresses. Nobody is sent anywhere in the clear, unless the issuer itself is."""
    url = said.get(which)
    try:
        destination = read_url(url) if isinstance(url, str) else None
    except UrlRefused:
        destination = None
    if destination is None or not (destination.secure or urlsplit(issuer).scheme == "http"):
        raise ProviderUnreachable(provider=name, why=f"it does not say where its {which} is.")
    return destination.url
