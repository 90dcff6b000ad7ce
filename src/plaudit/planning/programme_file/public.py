"""What anybody may see of a programme: as values, as its file spells it, and what changes in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from plaudit.foundation.worded import worded


@dataclass(frozen=True, slots=True)
class Public:
    """That a programme has public pages; whether anybody may enrol on them, whom to ask, and the consent."""

    is_open: bool = False
    contact: str = ""
    consent: str = ""


def public_document(public: Public | None) -> dict[str, Any]:
    """The section as its file spells it; empty where there is none."""
    if public is None:
        return {}
    said = {
        "join": "open" if public.is_open else "closed",
        "contact": public.contact,
        "consent": public.consent,
    }
    return {key: text for key, text in said.items() if text}


def public_changes(was: Public | None, now: Public | None) -> Iterator[str]:
    """What becomes of the public pages, in sentences."""
    if was is None and now is not None:
        yield worded(
            "The programme has public pages: anybody can read its rules, and joining is {joining}.",
            joining=_joining(now),
        )
    elif was is not None and now is None:
        yield worded("The programme has no public pages any more; nobody can enrol by themselves.")
    elif was is not None and now is not None:
        if was.is_open != now.is_open:
            yield worded(
                "Joining on the public pages is {joining}, not {joining_was}.",
                joining=_joining(now),
                joining_was=_joining(was),
            )
        if was.contact != now.contact:
            yield worded(
                "The public pages say to ask {contact}, not {was_contact}.",
                contact=now.contact or worded("nobody"),
                was_contact=was.contact or worded("nobody"),
            )
        if was.consent != now.consent:
            yield worded("Whoever enrols agrees to other words; who has agreed already stays so.")


def _joining(public: Public) -> str:
    return worded("open to anybody") if public.is_open else worded("closed")
