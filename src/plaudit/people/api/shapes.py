"""Members, teams and keys, as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from plaudit.foundation.access.scopes import SCOPES
from plaudit.foundation.api.shapes import Answer, Asked, MemberRef, Moment, Text
from plaudit.foundation.ids import show
from plaudit.people.actions.keys import key_ref
from plaudit.people.models import ApiKey, Member, Team, TeamStay
from plaudit.people.rules import ATTRIBUTES_MAX, EXTERNAL_ID_MAX

Kind = Literal["customer", "staff", "partner"]
State = Literal["active", "suspended", "merged", "erased"]
TeamKey = Annotated[
    str,
    Field(min_length=1, max_length=50, pattern="^[a-z0-9][a-z0-9-]*$", description="A team, by its key."),
]
KeyRef = Annotated[str, Field(max_length=100, description="An API key, `key_…`; never the key itself.")]

_ATTRIBUTE = {"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}, {"type": "null"}]}
Attributes = Annotated[
    dict[str, str | int | bool | Decimal | None],
    Field(max_length=ATTRIBUTES_MAX),
    WithJsonSchema({"type": "object", "additionalProperties": _ATTRIBUTE, "maxProperties": ATTRIBUTES_MAX}),
]
"""What rules may know of a member: plain values under names of small letters."""


class ExternalId(Asked):
    """The id that another system has for a member."""

    source: Annotated[str, Field(min_length=1, max_length=200)]
    id: Annotated[str, Field(min_length=1, max_length=EXTERNAL_ID_MAX)]


class ShownExternalId(Answer):
    """The id that another system has for a member."""

    source: str
    id: str


class NewMember(Asked):
    """A member to enrol."""

    kind: Kind = "customer"
    name: Text = ""
    email: Annotated[str, Field(max_length=254)] = ""
    external_ids: Annotated[list[ExternalId], Field(max_length=100, default_factory=list)]
    attributes: Annotated[Attributes, Field(default_factory=dict)]
    joined_at: Moment | None = None


class MemberChange(Asked):
    """What to change of a member; what is left out stays. An attribute set to null is removed."""

    kind: Kind | None = None
    name: Text | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    attributes: Annotated[Attributes, Field(default_factory=dict)]


class ShownMember(Answer):
    """A member. `mem_…` never changes; external ids come and go."""

    id: str
    kind: Kind
    state: State
    name: str
    email: str
    external_ids: list[ShownExternalId]
    attributes: dict[str, Any]
    joined_at: datetime
    links: dict[str, str]


class NewTeam(Asked):
    """A team to make. Its key stays for ever, its name may change."""

    key: TeamKey
    name: Annotated[str, Field(min_length=1, max_length=200)]


class TeamChange(Asked):
    """A team's new name."""

    name: Annotated[str, Field(min_length=1, max_length=200)]


class ShownTeam(Answer):
    """A set of members that share a goal, a limit or a supervisor."""

    key: str
    name: str


class Joining(Asked):
    """Who joins, since when (now, if nothing is said), and whether they lead."""

    member: MemberRef
    began_at: Moment | None = None
    leads: bool = False


class Leaving(Asked):
    """Who leaves, and when (now, if nothing is said)."""

    member: MemberRef
    ended_at: Moment | None = None


class ShownStay(Answer):
    """A member's time in a team, from `began_at` up to, not including, `ended_at`; null while it lasts."""

    team: str
    member: str
    leads: bool
    began_at: datetime
    ended_at: datetime | None


class NewKey(Asked):
    """A key to make: what it is for, what it may do, and until when, if it ends."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    scopes: Annotated[
        list[str],
        Field(min_length=1, max_length=len(SCOPES)),
        WithJsonSchema(
            {
                "type": "array",
                "items": {"enum": list(SCOPES)},
                "minItems": 1,
                "maxItems": len(SCOPES),
                "uniqueItems": True,
            }
        ),
    ]
    expires_at: Moment | None = None


class ShownKey(Answer):
    """An API key without its secret. `beginning` is enough to tell it from others."""

    id: str
    name: str
    beginning: str
    scopes: list[str]
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    replaces: str | None


class MadeKey(ShownKey):
    """A key just made. `secret` is the whole key: it is shown in this answer only, in no retry's either."""

    secret: str | None


def shown_member(member: Member) -> ShownMember:
    """A member with every name they have."""
    reference = show("mem", member.id)
    at = f"/api/v1/members/{reference}"
    return ShownMember(
        id=reference,
        kind=member.kind,  # type: ignore[arg-type]  # one of the choices
        state=member.state,  # type: ignore[arg-type]  # one of the choices
        name=member.name,
        email=member.email,
        external_ids=sorted(
            (ShownExternalId(source=i.source, id=i.external_id) for i in member.identities.all()),
            key=lambda one: (one.source, one.id),
        ),
        attributes=dict(sorted(member.attributes.items())),
        joined_at=member.joined_at,
        links={"balances": f"{at}/balances", "statement": f"{at}/statement", "teams": f"{at}/teams"},
    )


def shown_team(team: Team) -> ShownTeam:
    return ShownTeam(key=team.key, name=team.name)


def shown_stay(stay: TeamStay) -> ShownStay:
    return ShownStay(
        team=stay.team.key,
        member=show("mem", stay.member_id),
        leads=stay.leads,
        began_at=stay.began_at,
        ended_at=stay.ended_at,
    )


def shown_key(key: ApiKey) -> ShownKey:
    return ShownKey(**_key_facts(key))


def made_key(key: ApiKey) -> MadeKey:
    """A key just made, without its secret."""
    return MadeKey(**_key_facts(key), secret=None)


def _key_facts(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key_ref(key.id),
        "name": key.name,
        "beginning": key.prefix,
        "scopes": key.scopes,
        "created_at": key.created_at,
        "created_by": key.created_by,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
        "replaces": key_ref(key.replaces_id) if key.replaces_id is not None else None,
    }
