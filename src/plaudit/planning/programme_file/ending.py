"""Ends one part of a programme file at a moment, and leaves every other letter of the file as it is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from plaudit.foundation.refusals import NotFound
from plaudit.planning.programme_file.engaging import Pursuit
from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.programme_file.phrases import moment_text
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.writing import write_programme

ENDED = ("challenges", "streaks", "competitions", "offers")
"""The sections whose entries run for a time."""

_END = re.compile(r"\s*(?:through|until):")


def ended(source: str, section: str, key: str, *, at: datetime) -> str:
    """The file with this entry ending at a local moment of the programme. Raises `NotFound`.

    Where the entry is written on one line, or in another way that cannot be edited by lines, the file is
    written anew: it means the same, without its comments.
    """
    parsed = parse_programme(source)
    programme = parsed.programme
    wanted = _with_end(programme, section, key, at)
    edited = _edited(source, parsed.lines.get((section, key), 0), at)
    return edited if edited and parse_programme(edited).programme == wanted else write_programme(wanted)


def _with_end(programme: Programme, section: str, key: str, at: datetime) -> Programme:
    if section not in ENDED or key not in {one.key for one in getattr(programme, section)}:
        raise NotFound(kind=section.removesuffix("s") or "entry", ref=key)
    if section == "offers":
        offers = [replace(one, ends=at) if one.key == key else one for one in programme.offers]
        return replace(programme, offers=tuple(offers))
    pursuits: tuple[Pursuit, ...] = getattr(programme, section)
    changed = tuple(replace(one, ends=at) if one.key == key else one for one in pursuits)
    return _with_pursuits(programme, section, changed)


def _with_pursuits(programme: Programme, section: str, pursuits: tuple[Pursuit, ...]) -> Programme:
    if section == "challenges":
        return replace(programme, challenges=pursuits)
    if section == "streaks":
        return replace(programme, streaks=pursuits)
    return replace(programme, competitions=pursuits)


def _edited(source: str, number: int, at: datetime) -> str:
    """The lines with the entry's own end replaced, or added under its key; "" where it is not written in lines."""
    lines = source.split("\n")
    head = lines[number - 1]
    if not number or not re.fullmatch(r"\s*[^:#]+:\s*(?:#.*)?", head):
        return ""
    own = _indent(head)
    last = number
    while last < len(lines) and (not lines[last].strip() or _indent(lines[last]) > own):
        last += 1
    inside = lines[number:last]
    first = next((line for line in inside if line.strip() and not line.lstrip().startswith("#")), "")
    depth = _indent(first)
    kept = [line for line in inside if not (_END.match(line) and _indent(line) == depth)]
    return "\n".join([*lines[:number], f"{' ' * depth}until: {moment_text(at)}", *kept, *lines[last:]])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
