"""Reads what anybody may see of a programme."""

from __future__ import annotations

import re

from plaudit.planning.programme_file.format_public import JOIN, PUBLIC
from plaudit.planning.programme_file.public import Public
from plaudit.planning.programme_file.reading import Place

_ADDRESS = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")


def read_public(place: Place) -> Public | None:
    """The section; None where the programme is nobody's business but its members'."""
    if place.is_absent:
        return None
    place = place.section(PUBLIC)
    contact = place.at("contact").text()
    if contact and not _ADDRESS.fullmatch(contact):
        place.at("contact").note("This is not an e-mail address.", "Write one, such as hello@shop.example.")
    return Public(
        is_open=place.at("join").choice(JOIN, "closed") == "open",
        contact=contact,
        consent=place.at("consent").text(),
    )
