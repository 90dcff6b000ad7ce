"""Checks that a name says one thing of a member: ladders, segments and offers beside what others say of them."""

from __future__ import annotations

from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.problems import Problems
from plaudit.planning.programme_file.programme import Programme

# Said of every member, or by memberships, which another programme of the organisation may sell.
_SAID_BY_OTHERS = {
    "kind": worded("the member's kind"),
    "level": worded("the level of a membership"),
    "profession": worded("the profession that a membership keeps"),
    "member_since": worded("the day on which a membership began"),
}


def check_standing(programme: Programme, problems: Problems) -> None:
    """Note every ladder, segment and offer whose key says something else of a member, and attributes that do."""
    for name in sorted(programme.standing().keys() & programme.member_fields.keys()):
        said = worded("`{name}` is kept by this file's own practices already.", name=name)
        problems.note(("member_fields", name), said, "Give the attribute another name.", code="name_taken")
    names = dict(_SAID_BY_OTHERS)
    for place, noun, parts in (
        ("tiers", worded("ladder"), programme.tiers),
        ("segments", worded("segment"), programme.segments),
        ("offers", worded("offer"), programme.offers),
    ):
        for one in parts:
            name = one.standing[0]
            if name in names:
                said = worded("`member.{name}` is {what} already.", name=name, what=names[name])
                problems.note(
                    (place, one.key),
                    said,
                    worded("Give the {noun} another key.", noun=noun),
                    code="name_taken",
                )
            names.setdefault(name, worded("the {noun} `{key}`", noun=noun, key=one.key))
