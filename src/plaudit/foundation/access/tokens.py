"""Secrets that people and programs carry: random, shown once, kept only as a hash."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

_KEY = re.compile(r"plt_(live|test)_([0-9a-z]{4,20})_([A-Za-z0-9_-]{43})")
_LINK = re.compile(r"([0-9a-z]{4,20})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Token:
    """A secret and the organisation it names. The hash covers the whole text, so no part can be swapped."""

    text: str
    organisation_code: str
    sandbox: bool = False

    @property
    def hash(self) -> bytes:
        """What is kept. A plain SHA-256 is enough: there are 256 random bits behind it, not a password."""
        return hashlib.sha256(self.text.encode()).digest()

    @property
    def beginning(self) -> str:
        """What may be shown to tell keys apart: 39 of the secret's 43 characters stay hidden."""
        return self.text[:-39]


def new_key(organisation_code: str, *, sandbox: bool) -> Token:
    """An API key: `plt_live_<organisation>_<43 characters>`, `plt_test_…` for a sandbox."""
    kind = "test" if sandbox else "live"
    return Token(f"plt_{kind}_{organisation_code}_{secrets.token_urlsafe(32)}", organisation_code, sandbox)


def read_key(text: str) -> Token | None:
    """The key behind this text; None where it has not even the form of one."""
    match = _KEY.fullmatch(text)
    return Token(text, match[2], match[1] == "test") if match else None


def new_link(organisation_code: str) -> Token:
    """The secret of a one-time link."""
    return Token(f"{organisation_code}_{secrets.token_urlsafe(32)}", organisation_code)


def read_link(text: str) -> Token | None:
    """The link's secret behind this text; None where it has not even the form of one."""
    match = _LINK.fullmatch(text)
    return Token(text, match[1]) if match else None
