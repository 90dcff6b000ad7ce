"""The attributes of people and groups (RFC 7643, 4 and 8.7): what each is called, holds, and who may change it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from plaudit.people.scim.refusals import ValueNotTaken

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"

TEXT_MAX = 1_000
VALUES_MAX = 10_000

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute, as RFC 7643, 7, describes it."""

    name: str
    says: str = ""
    type: str = "string"
    many: bool = False
    parts: tuple[Attribute, ...] = ()
    required: bool = False
    exact: bool = False
    changes: str = "readWrite"
    unique: str = "none"

    def part(self, name: str) -> Attribute | None:
        """The part with this name, however its letters are written."""
        return next((one for one in self.parts if one.name.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Schema:
    """A set of attributes under a name of its own."""

    id: str
    name: str
    says: str
    attributes: tuple[Attribute, ...]

    def attribute(self, name: str) -> Attribute | None:
        """The attribute with this name, however its letters are written."""
        return next((one for one in self.attributes if one.name.lower() == name.lower()), None)


def _plain(*names: str) -> tuple[Attribute, ...]:
    return tuple(Attribute(name) for name in names)


def _listed(name: str, says: str, *more: Attribute) -> Attribute:
    usual = (
        Attribute("value"),
        Attribute("display"),
        Attribute("type"),
        Attribute("primary", type="boolean"),
    )
    return Attribute(name, says, type="complex", many=True, parts=(*more, *usual))


_NAME = Attribute(
    "name",
    "The parts of the name.",
    type="complex",
    parts=_plain("formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"),
)
_ADDRESSES = Attribute(
    "addresses",
    "Postal addresses.",
    type="complex",
    many=True,
    parts=(
        *_plain("formatted", "streetAddress", "locality", "region", "postalCode", "country", "type"),
        Attribute("primary", type="boolean"),
    ),
)
_GROUPS = Attribute(
    "groups",
    "The groups they are in; changed through the groups.",
    type="complex",
    many=True,
    changes="readOnly",
    parts=(Attribute("value", exact=True), Attribute("$ref", type="reference"), *_plain("display", "type")),
)
EXTERNAL_ID = Attribute("externalId", "The directory's own id.", exact=True)

USER_SCHEMA = Schema(
    USER,
    "User",
    "Somebody who works here.",
    (
        Attribute("userName", "The name they sign in by at the directory.", required=True, unique="server"),
        EXTERNAL_ID,
        _NAME,
        Attribute("displayName", "The name to show."),
        *_plain("nickName", "title", "userType", "preferredLanguage", "locale", "timezone"),
        Attribute("active", "Whether they may sign in.", type="boolean"),
        _listed("emails", "The primary one, or else the first, is where they are reached."),
        _listed("phoneNumbers", "Telephone numbers."),
        _listed("ims", "Instant messaging."),
        _ADDRESSES,
        _listed(
            "roles", "What they are here for: roles of Plaudit by their names; none given leaves them be."
        ),
        _GROUPS,
    ),
)
ENTERPRISE_SCHEMA = Schema(
    ENTERPRISE,
    "EnterpriseUser",
    "What a company knows of somebody who works for it.",
    (
        *_plain("employeeNumber", "costCenter", "organization", "division", "department"),
        Attribute(
            "manager",
            "Whom they report to.",
            type="complex",
            parts=(Attribute("value"), Attribute("$ref", type="reference"), Attribute("displayName")),
        ),
    ),
)
GROUP_SCHEMA = Schema(
    GROUP,
    "Group",
    "A team.",
    (
        Attribute("displayName", "Its name.", required=True, unique="server"),
        EXTERNAL_ID,
        Attribute(
            "members",
            "Who is in it: people by their id.",
            type="complex",
            many=True,
            parts=(
                Attribute("value", exact=True),
                Attribute("$ref", type="reference"),
                *_plain("type", "display"),
            ),
        ),
    ),
)
SCHEMAS = (USER_SCHEMA, ENTERPRISE_SCHEMA, GROUP_SCHEMA)


def normal(schema: Schema, body: Mapping[str, Any], *, extension: Schema | None = None) -> Json:
    """What of a body is ours, by our names; the rest is left out, and so is what only we may say.

    Raises `ValueNotTaken` for a value of another kind, and where something that must be there is missing.
    """
    found = _complex(schema.attributes, body, "")
    if extension is not None:
        more = _value_of(body, extension.id)
        if isinstance(more, Mapping) and (kept := _complex(extension.attributes, more, f"{extension.id}:")):
            found[extension.id] = kept
    for attribute in schema.attributes:
        if attribute.required and not found.get(attribute.name):
            raise ValueNotTaken(f"{attribute.name} must be given.")
    return found


def _complex(attributes: Iterable[Attribute], body: Mapping[str, Any], place: str) -> Json:
    found: Json = {}
    for attribute in attributes:
        said = _value_of(body, attribute.name)
        if said is None or attribute.changes == "readOnly":
            continue
        value = normal_value(attribute, said, place)
        if value not in ([], {}, None):
            found[attribute.name] = value
    return found


def can_be_kept(text: str) -> bool:
    """Whether a text is one a database takes: no NUL, no half of a character."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def _value_of(body: Mapping[str, Any], name: str) -> Any:
    return next((value for key, value in body.items() if str(key).lower() == name.lower()), None)


def normal_value(attribute: Attribute, said: Any, place: str = "") -> Any:
    """A value as it is kept. A list of one may come without its brackets."""
    if not attribute.many:
        return _one(attribute, said, place)
    listed = said if isinstance(said, list) else [said]
    if len(listed) > VALUES_MAX:
        raise ValueNotTaken(f"{place}{attribute.name} has more than {VALUES_MAX} values.")
    values: list[Any] = []
    for each in listed:
        value = _one(attribute, each, place)
        if value not in ({}, None) and value not in values:
            values.append(value)
    return values


def _one(attribute: Attribute, said: Any, place: str) -> Any:
    where = f"{place}{attribute.name}"
    if attribute.type == "complex":
        # Some directories give the bare value of a list.
        said = {"value": said} if isinstance(said, str) and attribute.part("value") else said
        if not isinstance(said, Mapping):
            raise ValueNotTaken(f"{where} is an object.")
        return _complex(attribute.parts, said, f"{where}.")
    if attribute.type == "boolean":
        # Some directories write true and false as words.
        said = {"true": True, "false": False}.get(said.lower(), said) if isinstance(said, str) else said
        if not isinstance(said, bool):
            raise ValueNotTaken(f"{where} is true or false.")
        return said
    if isinstance(said, int) and not isinstance(said, bool):
        said = str(said)
    if not isinstance(said, str) or len(said) > TEXT_MAX or not can_be_kept(said):
        raise ValueNotTaken(f"{where} is a text of at most {TEXT_MAX} characters.")
    return said
