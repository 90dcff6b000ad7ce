"""Changes a resource as RFC 7644, 3.5.2, says, and as directories in use write it. Pure.

The form is read generously where the meaning is plain: operations by any case, several attributes in one value
by their paths, members to remove by their values. What a change may not touch is refused, and then nothing of
it is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from plaudit.people.scim.filters import Both, Compare, Filter, Target, meets, read_target
from plaudit.people.scim.refusals import BodyNotTaken, NothingThere, NotToBeChanged, ValueNotTaken
from plaudit.people.scim.schemas import Attribute, Json, Schema, normal_value

OPERATIONS_MAX = 1_000
_KINDS = ("add", "replace", "remove")
_NOBODYS = frozenset({"schemas", "id", "meta"})


def patched(resource: Mapping[str, Any], operations: object, *schemas: Schema) -> Json:
    """The resource after these operations, one after another. Raises a `ScimRefusal` for the first that cannot be."""
    if not isinstance(operations, list) or not 0 < len(operations) <= OPERATIONS_MAX:
        raise BodyNotTaken(f"Operations is a list of one to {OPERATIONS_MAX} changes.")
    changed = deepcopy(dict(resource))
    for operation in operations:
        if not isinstance(operation, Mapping):
            raise BodyNotTaken("Each of Operations is an object.")
        said = {str(name).lower(): value for name, value in operation.items()}
        kind, path, value = str(said.get("op", "")).lower(), said.get("path"), said.get("value")
        if kind not in _KINDS:
            raise BodyNotTaken("op is add, replace or remove.")
        if path is None or path == "":
            _without_path(changed, kind, value, schemas)
        elif isinstance(path, str):
            _at(changed, kind, path, value, schemas)
        else:
            raise BodyNotTaken("path is a text.")
    return changed


def _without_path(resource: Json, kind: str, value: Any, schemas: tuple[Schema, ...]) -> None:
    if kind == "remove":
        raise NothingThere("What is to be removed needs a path.")
    if not isinstance(value, Mapping):
        raise ValueNotTaken("Without a path, value is an object.")
    for name, each in value.items():
        if str(name).lower() not in _NOBODYS:
            _at(resource, kind, str(name), each, schemas)


def _at(resource: Json, kind: str, path: str, value: Any, schemas: tuple[Schema, ...]) -> None:
    extension = next((one for one in schemas[1:] if one.id.lower() == path.lower()), None)
    if extension is not None:
        _whole_extension(resource, kind, extension, value, schemas)
        return
    if path.lower() in _NOBODYS:
        raise NotToBeChanged(f"{path} is not the caller's to change.")
    target = read_target(path, *schemas)
    if target.path.attribute.changes == "readOnly":
        raise NotToBeChanged(f"{target.path.attribute.name} is not the caller's to change.")
    if kind != "remove" and value is None:
        kind = "remove"  # null is nothing (RFC 7643, 2.5)
    place = resource.setdefault(target.path.extension, {}) if target.path.extension else resource
    if target.path.attribute.many:
        _listed(place, kind, target, value)
    else:
        _single(place, kind, target, value)
    if target.path.extension and not place:
        del resource[target.path.extension]


def _whole_extension(
    resource: Json, kind: str, extension: Schema, value: Any, schemas: tuple[Schema, ...]
) -> None:
    if kind == "remove":
        resource.pop(extension.id, None)
        return
    if not isinstance(value, Mapping):
        raise ValueNotTaken("The value of an extension is an object.")
    for name, each in value.items():
        _at(resource, kind, f"{extension.id}:{name}", each, schemas)


def _single(place: Json, kind: str, target: Target, value: Any) -> None:
    attribute, part = target.path.attribute, target.path.part
    if kind == "remove":
        if part is None:
            _forbid_without(attribute)
            place.pop(attribute.name, None)
        else:
            inner = place.get(attribute.name, {})
            inner.pop(part.name, None)
            if not inner:
                place.pop(attribute.name, None)
        return
    if part is not None:
        place.setdefault(attribute.name, {})[part.name] = normal_value(part, value)
    elif attribute.type == "complex":
        place.setdefault(attribute.name, {}).update(normal_value(attribute, value))
    else:
        place[attribute.name] = normal_value(attribute, value)


def _forbid_without(attribute: Attribute) -> None:
    if attribute.required:
        raise NotToBeChanged(f"{attribute.name} must be given.")


def _listed(place: Json, kind: str, target: Target, value: Any) -> None:
    attribute = target.path.attribute
    values: list[Json] = place.get(attribute.name, [])
    if target.path.part is not None or target.where is not None:
        values = _chosen(values, kind, target, value)
    elif kind == "remove":
        values = _without(values, attribute, value)
    else:
        given = normal_value(attribute, value)
        values = [*values, *(one for one in given if one not in values)] if kind == "add" else given
        values = _one_primary(values, given)
    if values:
        place[attribute.name] = values
    else:
        place.pop(attribute.name, None)


def _without(values: list[Json], attribute: Attribute, value: Any) -> list[Json]:
    """All of them, or only those that the change names by their value."""
    if value is None:
        return []
    named = {one.get("value") for one in normal_value(attribute, value)}
    return [one for one in values if one.get("value") not in named]


def _chosen(values: list[Json], kind: str, target: Target, value: Any) -> list[Json]:
    attribute, part, where = target.path.attribute, target.path.part, target.where
    meant = [one for one in values if where is None or meets(one, where)]
    if (not meant and kind == "add") or (not meant and where is None and kind == "replace"):
        meant = [_made_for(where)]
        values = [*values, *meant]
    if not meant and kind == "replace":
        raise NothingThere(f"No value of {attribute.name} is meant by that path.")
    if kind == "remove":
        if part is None:
            return [one for one in values if one not in meant]
        for one in meant:
            one.pop(part.name, None)
        return [one for one in values if one]
    for one in meant:
        if part is not None:
            one[part.name] = normal_value(part, value)
        else:
            one.update(_as_one(attribute, value))
    return _one_primary(values, meant)


def _as_one(attribute: Attribute, value: Any) -> Json:
    given = normal_value(attribute, value)
    if len(given) != 1:
        raise ValueNotTaken(f"One value of {attribute.name} is needed.")
    return dict(given[0])


def _made_for(where: Filter | None) -> Json:
    """A new value that meets a filter of equalities, such as type eq "work"."""
    match where:
        case Compare(path, "eq", str() | bool() as value):
            return {path.leaf.name: value}
        case Both(left, right):
            return {**_made_for(left), **_made_for(right)}
        case _:
            return {}


def _one_primary(values: list[Json], latest: list[Json]) -> list[Json]:
    """Where the latest is the primary one, no other is (RFC 7643, 2.4)."""
    if not any(one.get("primary") for one in latest):
        return values
    return [
        one
        if any(one is each or one == each for each in latest) or not one.get("primary")
        else {**one, "primary": False}
        for one in values
    ]
