"""In which language somebody is spoken to: their own choice, their organisation's, English."""

from __future__ import annotations

from django.conf import settings

ENGLISH = "en-gb"
"""What programs are always answered in, and people where nothing else is known."""


def languages() -> dict[str, str]:
    """Every language there is, by its code, with the name it has in itself: {"de": "Deutsch"}."""
    return dict(settings.LANGUAGES)


def spoken(*wanted: str) -> str:
    """The first of these languages that there is; English where there is none of them."""
    there = languages()
    return next((code for code in wanted if code in there), ENGLISH)
