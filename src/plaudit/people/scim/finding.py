"""Filters and orders as conditions of the database: one statement finds whom a filter means, however many there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from plaudit.people.scim.filters import Both, Compare, Either, Filter, Not, Path, Present, Within
from plaudit.people.scim.refusals import FilterNotTaken
from plaudit.people.scim.schemas import ENTERPRISE, USER, Attribute, Schema

Values = list[Any]
Condition = tuple[str, Values]

_META = Attribute(
    "meta",
    type="complex",
    parts=(
        Attribute("created", type="dateTime"),
        Attribute("lastModified", type="dateTime"),
        Attribute("resourceType"),
        Attribute("location", type="reference", exact=True),
    ),
)
_ID = Attribute("id", exact=True)
_SCHEMAS = Attribute("schemas", exact=True)


def searchable(schema: Schema) -> Schema:
    """A schema with what every resource has besides."""
    return Schema(schema.id, schema.name, schema.says, (*schema.attributes, _ID, _META, _SCHEMAS))


# How each attribute that is no part of `said` is written in SQL. Aliases: p a person, g a group, t its team.
_PERSON = {
    "id": "p.id::text",
    "externalId": "nullif(p.external_id, '')",
    "userName": "p.user_name",
    "active": "p.active",
    "meta.created": "p.created_at",
    "meta.lastModified": "p.changed_at",
    "meta.resourceType": "'User'",
}
_GROUP = {
    "id": "g.id::text",
    "externalId": "nullif(g.external_id, '')",
    "displayName": "t.name",
    "meta.created": "g.created_at",
    "meta.lastModified": "g.changed_at",
    "meta.resourceType": "'Group'",
}
# The values of a list that has tables of its own: what to ask, and how each part is written.
_LISTS = {
    "groups": (
        (
            "people_provisioned_stay s join people_provisioned_team g on g.id = s.group_id join people_team t"
            " on t.id = g.team_id where s.organisation_id = p.organisation_id and s.person_id = p.id"
        ),
        {"value": "g.id::text", "display": "t.name"},
    ),
    "members": (
        (
            "people_provisioned_stay s join people_provisioned_person m on m.id = s.person_id"
            " where s.organisation_id = g.organisation_id and s.group_id = g.id"
        ),
        {"value": "m.id::text", "display": "coalesce(m.said ->> 'displayName', m.user_name)"},
    ),
    "schemas": (
        (
            f"unnest(case when p.said ? '{ENTERPRISE}' then array['{USER}', '{ENTERPRISE}'] else array['{USER}'] end)"
            " as s (id) where true"
        ),
        {"": "s.id"},
    ),
}


def people_where(wanted: Filter) -> Condition:
    """The condition that people meet."""
    return _Writing(_PERSON).condition(wanted)


def groups_where(wanted: Filter) -> Condition:
    """The condition that groups meet."""
    return _Writing(_GROUP).condition(wanted)


def people_order(path: Path) -> str:
    """What people are put in order by."""
    return _Writing(_PERSON).order(path)


def groups_order(path: Path) -> str:
    """What groups are put in order by."""
    return _Writing(_GROUP).order(path)


class _Writing:
    """Writes one filter."""

    def __init__(self, columns: dict[str, str]) -> None:
        self._columns = columns

    def condition(self, wanted: Filter) -> Condition:
        """Every comparison is true or false and never unknown, so that not turns it round."""
        match wanted:
            case Both(left, right):
                return _joined(self.condition(left), "and", self.condition(right))
            case Either(left, right):
                return _joined(self.condition(left), "or", self.condition(right))
            case Not(inside):
                text, values = self.condition(inside)
                return f"not ({text})", values
            case Within(path, inside):
                return self._some(path, lambda value_of: _over(inside, value_of))
            case Present(path) | Compare(path, _, _) if (
                path.attribute.many or path.attribute.name == "schemas"
            ):
                return self._some(path, lambda value_of: _over(wanted, value_of))
            case Present(path) | Compare(path, _, _):
                return _over(wanted, lambda _leaf: self._single(path))

    def order(self, path: Path) -> str:
        """A list counts by its primary value, or else the first (RFC 7644, 3.4.2.3)."""
        if path.attribute.many or path.attribute.name == "schemas":
            if path.attribute.name in _LISTS:
                raise FilterNotTaken(f"Nothing is put in order by {path.attribute.name}.")
            best = "order by (e.one ->> 'primary') is not distinct from 'true' desc, e.place limit 1"
            part = path.leaf.name
            return f"lower((select e.one ->> '{part}' from {_elements(path)} with ordinality as e (one, place) {best}))"
        if path.leaf.type == "complex":
            raise FilterNotTaken(f"{path.leaf.name} has parts: put in order by one of them.")
        written = self._single(path)
        return written if path.leaf.type in ("dateTime", "boolean") else f"lower({written})"

    def _single(self, path: Path) -> str:
        name = f"{path.attribute.name}.{path.part.name}" if path.part else path.attribute.name
        if name in self._columns:
            return self._columns[name]
        if path.attribute.name == "meta" or self._columns is _GROUP:
            raise FilterNotTaken(f"Nothing is found by {name}.")
        place = f"p.said -> '{path.extension}'" if path.extension else "p.said"
        if path.part is not None:
            return f"{place} -> '{path.attribute.name}' ->> '{path.part.name}'"
        return f"{place} ->> '{path.attribute.name}'"

    def _some(self, path: Path, met: Callable[[Callable[[Attribute], str]], Condition]) -> Condition:
        """Whether some value of a list meets it."""
        if path.attribute.name in _LISTS:
            source, parts = _LISTS[path.attribute.name]
            if path.attribute.name == "schemas" and self._columns is _GROUP:
                raise FilterNotTaken("All groups have one schema.")
            joint = "and"

            def value_of(leaf: Attribute) -> str:
                found = parts.get(leaf.name, parts.get(""))
                if found is None:
                    raise FilterNotTaken(f"Nothing is found by {path.attribute.name}.{leaf.name}.")
                return found
        else:
            source, joint = f"{_elements(path)} as e (one)", "where"

            def value_of(leaf: Attribute) -> str:
                return f"e.one ->> '{leaf.name}'"

        text, values = met(value_of)
        return f"exists (select 1 from {source} {joint} ({text}))", values


def _elements(path: Path) -> str:
    place = f"p.said -> '{path.extension}'" if path.extension else "p.said"
    return f"jsonb_array_elements(coalesce({place} -> '{path.attribute.name}', '[]'))"


def _joined(left: Condition, how: str, right: Condition) -> Condition:
    return f"({left[0]} {how} {right[0]})", [*left[1], *right[1]]


def _over(wanted: Filter, value_of: Callable[[Attribute], str]) -> Condition:
    """A filter over one value, each leaf written as told."""
    match wanted:
        case Both(left, right):
            return _joined(_over(left, value_of), "and", _over(right, value_of))
        case Either(left, right):
            return _joined(_over(left, value_of), "or", _over(right, value_of))
        case Not(inside):
            text, values = _over(inside, value_of)
            return f"not ({text})", values
        case Present(path):
            return _present(path.leaf, value_of(path.leaf))
        case Compare(path, how, value):
            return _compared(path.leaf, value_of(path.leaf), how, value)
        case Within():
            raise FilterNotTaken("A list has no lists in it.")


def _present(leaf: Attribute, written: str) -> Condition:
    blank = "" if leaf.type in ("boolean", "dateTime", "complex") else f" and {written} <> ''"
    return f"({written} is not null{blank})", []


_TEXT = {
    "eq": "{said} = {value}",
    "ne": "{said} <> {value}",
    "co": "position({value} in {said}) > 0",
    "sw": "starts_with({said}, {value})",
    "ew": "right({said}, length({value})) = {value}",
    "gt": '{said} collate "C" > {value}',
    "ge": '{said} collate "C" >= {value}',
    "lt": '{said} collate "C" < {value}',
    "le": '{said} collate "C" <= {value}',
}
_ORDERED = {"eq": "=", "ne": "<>", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}


def _compared(leaf: Attribute, written: str, how: str, value: Any) -> Condition:
    if value is None:
        return f"({written} is {'not ' if how == 'ne' else ''}null)", []
    otherwise = "true" if how == "ne" else "false"
    if leaf.type == "boolean":
        return f"coalesce(({written})::boolean {_ORDERED[how]} %s, {otherwise})", [value]
    if leaf.type == "dateTime":
        if how not in _ORDERED:
            raise FilterNotTaken(f"{leaf.name} is a moment; {how} does not tell.")
        return f"coalesce({written} {_ORDERED[how]} %s, {otherwise})", [_moment(leaf, value)]
    said, asked = (written, "%s::text") if leaf.exact else (f"lower({written})", "lower(%s::text)")
    text = _TEXT[how].format(said=said, value=asked)
    return f"coalesce({text}, {otherwise})", [value] * text.count("%s")


def _moment(leaf: Attribute, value: str) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise FilterNotTaken(f"{leaf.name} is compared with a moment such as 2026-05-13T04:42:34Z.")
    return found
