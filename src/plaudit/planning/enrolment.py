"""What somebody asks who wants to join by themselves: where that is possible, and how the wish travels.

Nothing is kept of an address until whoever reads its mail says yes. What was asked travels in the link itself,
encrypted, and is good for a day.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken

from plaudit.foundation import clock
from plaudit.foundation.exact import decode, encode
from plaudit.foundation.sealing import seal, unseal
from plaudit.planning.models import ProgrammeState, ProgrammeVersion
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.queries import newest_public
from plaudit.planning.refusals import EnrolmentNotValid, JoiningClosed

GOOD_FOR = timedelta(days=1)
_PURPOSE = "enrolment"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks: to be a member under this name and address, and of which kind where fees are paid."""

    organisation_id: int
    programme: str
    name: str
    email: str
    agreed: str
    term: str = ""
    role: str = ""
    level: str = ""


def digest_of_consent(words: str) -> str:
    """What a consent is recorded by: the SHA-256 of the words that were agreed to."""
    return hashlib.sha256(words.encode()).hexdigest()


def sealed_wish(wish: Wish) -> str:
    """The wish as the secret part of a link: nobody but this installation reads or makes it."""
    until = (clock.wall() + GOOD_FOR).isoformat()
    # Fernet's own text is base 64 already; its padding has no place in an address.
    return seal(_PURPOSE, encode({**asdict(wish), "until": until})).decode().rstrip("=")


def opened_wish(secret: str, *, organisation_id: int, programme: str) -> Wish:
    """The wish behind a link. Raises `EnrolmentNotValid`."""
    try:
        told = decode(unseal(_PURPOSE, _padded(secret)))
    except (InvalidToken, ValueError) as error:
        raise EnrolmentNotValid from error
    until = datetime.fromisoformat(told.pop("until"))
    wish = Wish(**told)
    if clock.wall() >= until or (wish.organisation_id, wish.programme) != (organisation_id, programme):
        raise EnrolmentNotValid
    return wish


def _padded(secret: str) -> bytes:
    """The base 64 of a link with its padding. Raises `ValueError` for letters that cannot be of one."""
    return secret.encode("ascii") + b"=" * (-len(secret) % 4)


def open_to_join(organisation_id: int, key: str) -> tuple[ProgrammeVersion, Programme]:
    """The programme somebody may enrol in by themselves. Raises `NotPublic` and `JoiningClosed`."""
    version, programme = newest_public(organisation_id, key)
    assert programme.public is not None
    if not programme.public.is_open or version.programme.state != ProgrammeState.LIVE:
        raise JoiningClosed(programme=programme.name)
    return version, programme
