"""Checks that a name says one thing of a member: ladders, segments and offers beside what others say of them."""

from __future__ import annotations

from plaudit.planning.programme_file.problems import Problems
from plaudit.planning.programme_file.programme import Programme

# Said of every member, or by memberships, which another programme of the organisation may sell.
_SAID_BY_OTHERS = {
    "kind": "the member's kind",
    "level": "the level of a membership",
    "profession": "the profession that a membership keeps",
    "member_since": "the day on which a membership began",
}


def check_standing(programme: Programme, problems: Problems) -> None:
    """Note every ladder, segment and offer whose key says something else of a member, and attributes that do."""
    for name in sorted(programme.standing().keys() & programme.member_fields.keys()):
        said = f"`{name}` is kept by this file's own practices already."
        problems.note(("member_fields", name), said, "Give the attribute another name.", code="name_taken")
    names = dict(_SAID_BY_OTHERS)
    for place, noun, parts in (
        ("tiers", "ladder", programme.tiers),
        ("segments", "segment", programme.segments),
        ("offers", "offer", programme.offers),
    ):
        for one in parts:
            name = one.standing[0]
            if name in names:
                said = f"`member.{name}` is {names[name]} already."
                problems.note((place, one.key), said, f"Give the {noun} another key.", code="name_taken")
            names.setdefault(name, f"the {noun} `{one.key}`")
