"""An OpenID provider on this machine that vouches as one should, and misbehaves in named ways when told to."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from plaudit.foundation import clock, config
from plaudit.people import asking_provider

CLIENT_ID, CLIENT_SECRET = "plaudit", "s3cret: kept"
MOST_REQUESTS = 500

# What is said of each of these when it is met: words of the refusal.
MISBEHAVIOURS = {
    "wrong nonce": "it answers another question",
    "no nonce": "it answers another question",
    "wrong audience": "it was made for another program",
    "several audiences": "it was made for another program",
    "authorised party is another": "it was made for another program",
    "another issuer": "it comes from another issuer",
    "ended": "it has ended",
    "made long ago": "it has ended",
    "clock ahead": "one of the two clocks is wrong",
    "no end": "it does not say how long it is good",
    "no subject": "it does not say whom it is about",
    "alg none": "it is signed in a way that proves nothing",
    "signed with the secret": "it is signed in a way that proves nothing",
    "signed with the public key as a secret": "it is signed in a way that proves nothing",
    "key not published": "it is signed with a key that is not published",
    "key replaced by another of its name": "its signature is not right",
    "changed on the way": "its signature is not right",
    "not a token": "its signature is not right",
    "no token": "it says nothing of you",
    "address not verified": "does not say that your e-mail address is yours",
    "no address": "does not say that your e-mail address is yours",
    "another domain": "Addresses at elsewhere.example do not open this organisation",
    "speaks of two people": "it speaks of two people",
    "says no": "it says “access_denied”",
    "code unknown": "it says “invalid_grant”",
    "says it is somebody else": "it says it is somebody else",
    "answers nonsense": "what it said cannot be read",
    "broken": "it answered 500",
    "sends elsewhere": "it answered 302",
    "slow": "No answer within",
    "keys in the clear": "it does not say where its jwks_uri is",
}
# These show before anybody was sent to it.
AT_ONCE = frozenset(
    {"says it is somebody else", "answers nonsense", "broken", "sends elsewhere", "slow", "keys in the clear"}
)


@lru_cache(maxsize=2)
def _key(name: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": name, "use": "sig"})


@lru_cache(maxsize=1)
def _rsa() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "rsa"})


@dataclass
class Person:
    """Whom it vouches for."""

    subject: str = "sub-1"
    email: str = "grace@harbour.example"
    name: str = "Grace Hopper"


@dataclass
class MisbehavingProvider:
    """Vouches for one person at a time. Each code is good once, for whoever asked, with the verifier that fits."""

    misbehaviour: str = ""
    person: Person = field(default_factory=Person)
    keeps_address_back: bool = False
    basic: bool = True
    names_itself: bool = True
    algorithm: str = "ES256"
    requests: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        assert self.misbehaviour in ("", *MISBEHAVIOURS)
        self._codes: dict[str, dict[str, str]] = {}
        self._released = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def authorise(self, address: str) -> str:
        """What the person's browser does there: sign in, and be sent back. The query of the way back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.asked.append(asked)
        back = {"state": asked["state"]}
        if self.misbehaviour == "says no":
            back["error"] = "access_denied"
        else:
            back["code"] = f"code-{len(self.asked)}"
            self._codes[back["code"]] = asked
        if self.names_itself:
            back["iss"] = self.issuer
        return urlencode(back)

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        """The status and what is said, for every address it has."""
        if path == "/.well-known/openid-configuration":
            return self._about()
        if path == "/keys":
            published = _key(
                "key replaced by another of its name" if "replaced" in self.misbehaviour else "now"
            )
            keys = [{**published.as_dict(private=False), "kid": "now"}, _rsa().as_dict(private=False)]
            return 200, {"keys": [*keys, {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"}]}
        if path == "/userinfo" and authorization == "Bearer access":
            subject = "somebody else" if self.misbehaviour == "speaks of two people" else self.person.subject
            return 200, {**self._personal(), "sub": subject}
        if path == "/token":
            return self._redeem(form, authorization)
        return 404, {}

    def _about(self) -> tuple[int, Any]:
        if self.misbehaviour == "slow":
            self._released.wait(10)
        status = {"broken": 500, "sends elsewhere": 302}.get(self.misbehaviour, 200)
        if self.misbehaviour == "answers nonsense":
            return 200, "nonsense"
        keys = "ftp://keys.example/" if self.misbehaviour == "keys in the clear" else f"{self.issuer}/keys"
        about = {
            "issuer": "https://else.example" if "somebody else" in self.misbehaviour else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": keys,
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "authorization_response_iss_parameter_supported": self.names_itself,
        }
        if not self.basic:
            about["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
        return status, about

    def _redeem(self, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        asked = self._codes.pop(form["code"], None)
        if self.basic:
            told = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
            client = unquote_plus(told[0]), unquote_plus(told[2])
        else:
            client = form["client_id"], form["client_secret"]
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        fits = (
            asked is not None
            and client == (CLIENT_ID, CLIENT_SECRET)
            and asked["code_challenge"] == challenge
            and asked["code_challenge_method"] == "S256"
            and asked["redirect_uri"] == form["redirect_uri"]
        )
        if not fits or asked is None or self.misbehaviour == "code unknown":
            return 400, {"error": "invalid_grant", "error_description": "<b>No.</b>"}
        tokens = {"access_token": "access", "token_type": "Bearer", "id_token": self._token(asked["nonce"])}
        if self.misbehaviour == "no token":
            del tokens["id_token"]
        return 200, tokens

    def _personal(self) -> dict[str, Any]:
        email = "grace@elsewhere.example" if self.misbehaviour == "another domain" else self.person.email
        said: dict[str, Any] = {"email": email, "email_verified": True, "name": self.person.name}
        if self.misbehaviour == "address not verified":
            said["email_verified"] = False
        if self.misbehaviour == "no address":
            del said["email"]
        return said

    def _claims(self, nonce: str) -> dict[str, Any]:
        now = int(clock.wall().timestamp())
        claims: dict[str, Any] = {
            "iss": self.issuer, "aud": CLIENT_ID, "sub": self.person.subject, "nonce": nonce, "iat": now, "exp": now + 300,
        }  # fmt: skip
        if not self.keeps_address_back and self.misbehaviour != "speaks of two people":
            claims |= self._personal()
        wrong: dict[str, dict[str, Any]] = {
            "wrong nonce": {"nonce": "another"},
            "wrong audience": {"aud": "another"},
            "several audiences": {"aud": [CLIENT_ID, "another"]},
            "authorised party is another": {"azp": "another"},
            "another issuer": {"iss": "https://else.example"},
            "ended": {"exp": now - 200},
            "made long ago": {"iat": now - 90_000},
            "clock ahead": {"iat": now + 600, "exp": now + 900},
        }
        claims |= wrong.get(self.misbehaviour, {})
        left_out = {"no nonce": "nonce", "no end": "exp", "no subject": "sub"}.get(self.misbehaviour)
        return {name: value for name, value in claims.items() if name != left_out}

    def _token(self, nonce: str) -> str:
        claims, name = self._claims(nonce), self.misbehaviour
        if name == "not a token":
            return "a.b.c"
        if name == "alg none":
            parts = [{"alg": "none"}, claims]
            return (
                ".".join(
                    base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts
                )
                + "."
            )
        if name == "signed with the secret":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET * 4))
        if name == "signed with the public key as a secret":
            shared = OctKey.import_key(_rsa().as_pem(private=False).hex())
            return jwt.encode({"alg": "HS256", "kid": "rsa"}, claims, shared)
        if self.algorithm == "RS256":
            return jwt.encode({"alg": "RS256", "kid": "rsa"}, claims, _rsa())
        key = _key("key replaced by another of its name" if name == "key not published" else "now")
        token = jwt.encode(
            {"alg": "ES256", "kid": "old" if name == "key not published" else "now"}, claims, key
        )
        if name == "changed on the way":
            head, _, mark = token.split(".")
            changed = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "root"}).encode()).rstrip(b"=")
            return f"{head}.{changed.decode()}.{mark}"
        return token

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 20

            def do_GET(self) -> None:
                self._say({})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                self._say({name: values[0] for name, values in parse_qs(body).items()})

            def _say(self, form: dict[str, str]) -> None:
                provider.requests += 1
                assert provider.requests < MOST_REQUESTS
                if self.path.startswith("/authorize?"):
                    back = provider.authorise(self.path)
                    return self._send(302, "", f"{provider.asked[-1]['redirect_uri']}?{back}")
                status, said = provider.answer(self.path, form, self.headers.get("authorization", ""))
                return self._send(status, said, f"{provider.issuer}/keys")

            def _send(self, status: int, said: Any, elsewhere: str) -> None:
                body = said.encode() if isinstance(said, str) else json.dumps(said).encode()
                self.send_response(status)
                if status == 302:
                    self.send_header("location", elsewhere)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def release(self) -> None:
        """Let go of whoever was kept waiting."""
        self._released.set()


@contextmanager
def provider(misbehaviour: str = "", **how: Any) -> Iterator[MisbehavingProvider]:
    """A provider, running."""
    running = MisbehavingProvider(misbehaviour, **how)
    thread = threading.Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield running
    finally:
        running.release()
        running.server.shutdown()
        running.server.server_close()
        thread.join(10)


@contextmanager
def loopback_opened() -> Iterator[None]:
    """Let this machine be reached, as an operator would open it, and have time to answer while it is busy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking_provider, "TIMEOUT_SECONDS", 30.0)
        patch.setenv("PLAUDIT_WEBHOOK_NETWORKS", "127.0.0.0/8")
        config.load.cache_clear()
        yield
    config.load.cache_clear()
