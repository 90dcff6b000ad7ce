"""The OpenAPI 3.1 document: what ninja knows of every operation, and what each declares of itself.

Who may call it, which headers it takes and gives, and how it refuses are read from the declarations the
middleware itself obeys, so that the document cannot say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args

from ninja.operation import Operation

from plaudit.foundation.access.declarations import Access, declaration_of
from plaudit.foundation.access.scopes import SCOPES
from plaudit.foundation.api.marks import Marks, marks_of
from plaudit.foundation.api.strictness import parameters_of
from plaudit.surfaces.api.application import api
from plaudit.surfaces.api.examples import answers_shown, requests_shown

PREFIX = "/api/v1/"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PROBLEM = "application/problem+json"

Json = dict[str, Any]

_PROBLEMS = {
    400: "What was sent cannot be read, or a header that must be there is missing.",
    401: "There is no key, or one that is not accepted.",
    403: "The key, or the member, may not do that.",
    404: "There is no such thing, or it is not yours to see.",
    409: "That contradicts what is already recorded.",
    411: "The length of the body must be said beforehand.",
    412: "It was changed since you read it.",
    413: "The body is too large.",
    415: "Bodies of that kind are not taken here.",
    422: "What was sent is not as it must be; `errors` says where and why.",
    429: "Too many requests; `Retry-After` says when to come back.",
    500: "A fault of ours. Nothing was changed.",
    503: "Not now; `Retry-After` says when to come back.",
}

_ALWAYS = (429, 500, 503)

DESCRIPTION = """\
Activity in, points out, explained. One address for integrations and back office, under `/api/v1`.

Send your key as `Authorization: Bearer plt_…`. Keys that begin with `plt_test_` are of a sandbox.
Amounts are integers in a unit's smallest part; decimals are text or exact numbers, never floats. Moments
are RFC 3339 in UTC. Lists have `items`, `has_more` and `next`; send `next` as `after` to go on, any time
later. Writes need an `Idempotency-Key` of your own: sent again with the same request it gets the first
answer, marked `Idempotency-Replayed: true`, and changes nothing. Errors are problem documents (RFC 9457)
with a stable `code`, a sentence, what to do about it, and the `request_id` to quote."""


@dataclass(frozen=True, slots=True)
class Documented:
    """One operation and everything it says of itself."""

    id: str
    method: str
    path: str
    operation: Operation
    access: Access
    marks: Marks

    @property
    def needs_key(self) -> bool:
        """Whether an Idempotency-Key must be sent."""
        if self.method in SAFE:
            return False
        return not self.access.keyless or self.marks.idempotency_key == "needed"

    @property
    def takes_key(self) -> bool:
        """Whether an Idempotency-Key may be sent."""
        return self.needs_key or self.marks.idempotency_key == "taken"


def operations() -> Iterator[Documented]:
    """Every operation of the API, in the order in which addresses are tried."""
    for bound in api._get_bound_routers():  # noqa: SLF001  # ninja lists its operations nowhere else
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    access = declaration_of(operation.view_func, method)
                    assert access is not None, f"{path} does not say who may use it"
                    assert operation.operation_id, f"{operation.view_func} has no operation_id"
                    yield Documented(
                        operation.operation_id,
                        method,
                        f"{PREFIX}{path.lstrip('/')}",
                        operation,
                        access,
                        marks_of(operation.view_func),
                    )


@lru_cache(maxsize=1)
def document() -> Json:
    """The whole document. Made once: nothing about it changes while a process runs."""
    made: Json = dict(api.get_openapi_schema(path_prefix=PREFIX))
    made["info"] = {
        "title": "Plaudit",
        "version": "1",
        "description": DESCRIPTION,
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }
    made["servers"] = [{"url": "/"}]
    made["tags"] = [{"name": name} for name in _tags()]
    for one in operations():
        _finish(made["paths"][one.path][one.method.lower()], one)
    made["components"] = _components(made["components"])
    named = {name: _plain_name(name) for name in made["components"]["schemas"]}
    finished = _renamed(made, named)
    assert isinstance(finished, dict)
    return finished


def _tags() -> list[str]:
    return list(dict.fromkeys(tag for one in operations() for tag in one.operation.tags or ()))


def _finish(shown: Json, one: Documented) -> None:
    """Complete what ninja says of one operation."""
    shown["description"] = f"{shown.get('description', '')}\n\n{_who(one.access)}".strip()
    shown["security"] = [] if one.access.public else [{"key": []}]
    shown["x-scopes"] = sorted(one.access.scopes)
    parameters = [_parameter(one, parameter) for parameter in shown.pop("parameters", [])]
    if found := parameters + _headers_in(one):
        shown["parameters"] = found
    responses = {str(status): response for status, response in shown["responses"].items()}
    for response in responses.values():
        response["headers"] = _headers_out(one)
    for status in _refused_with(one, shown):
        responses.setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})
    shown["responses"] = dict(sorted(responses.items()))
    _add_examples(shown, one.id)


def _add_examples(shown: Json, operation_id: str) -> None:
    """What was asked and answered in the story, beside the shapes."""
    for media, examples in requests_shown(operation_id).items():
        shown["requestBody"]["content"][media]["examples"] = examples
    for (status, media), examples in answers_shown(operation_id).items():
        response = shown["responses"][status]
        if "$ref" not in response:
            response["content"][media]["examples"] = examples


def _parameter(one: Documented, parameter: Json) -> Json:
    """A parameter with its meaning, which ninja loses, and without null, which no address can say."""
    schema = {name: value for name, value in parameter["schema"].items() if name != "title"}
    while "anyOf" in schema:
        (schema,) = (choice for choice in schema["anyOf"] if choice.get("type") != "null")
    finished = {"in": parameter["in"], "name": parameter["name"], "required": parameter["required"]}
    says = schema.pop("description", "") or _meaning(one.operation, parameter["name"])
    return {**finished, **({"description": says} if says else {}), "schema": schema}


def _meaning(operation: Operation, name: str) -> str:
    """What the annotation of an argument says of it."""
    waiting: list[Any] = [operation.signature.signature.parameters[name].annotation]
    while waiting:
        annotation = waiting.pop()
        for said in getattr(annotation, "__metadata__", ()):
            if getattr(said, "description", None):
                return str(said.description)
        waiting += get_args(annotation)
    return ""


def _who(access: Access) -> str:
    if access.public:
        return "Open to everybody."
    if access.scopes >= SCOPES.keys():
        return "Any key may."
    return f"Needs a key with {' or '.join(f'`{scope}`' for scope in sorted(access.scopes))}."


def _headers_in(one: Documented) -> list[Json]:
    headers: list[Json] = []
    if one.takes_key:
        headers.append(
            {
                "in": "header",
                "name": "Idempotency-Key",
                "required": one.needs_key,
                "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
                "description": "Any text of your own, new for each act and the same again for a retry.",
            }
        )
    if one.marks.if_match:
        headers.append(
            {
                "in": "header",
                "name": "If-Match",
                "required": False,
                "schema": {"type": "string", "maxLength": 200},
                "description": "The ETag of what you have read; refused with 412 if it is not like that now.",
            }
        )
    return headers


def _headers_out(one: Documented) -> Json:
    names = ["X-Request-Id", "RateLimit", "RateLimit-Policy"]
    names += ["Idempotency-Replayed"] if one.takes_key else []
    names += ["ETag"] if one.marks.etag else []
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _refused_with(one: Documented, shown: Json) -> list[int]:
    """The statuses of refusals that this operation can meet."""
    statuses = {404, 422, *_ALWAYS} if "{" in one.path or parameters_of(one.operation) else set(_ALWAYS)
    if not one.access.public:
        statuses |= {401, 403, 422}
    if one.method not in SAFE:
        statuses |= {400, 404, 409, 411, 413, 422}
    if "requestBody" in shown:
        statuses |= {415}
    if one.marks.if_match:
        statuses |= {412}
    return sorted(statuses)


def _components(made: Json) -> Json:
    schemas = {"Problem": _PROBLEM_SCHEMA, "Fault": _FAULT, **made["schemas"]}
    return {
        "schemas": dict(sorted(schemas.items())),
        "securitySchemes": {
            "key": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "plt_live_… or plt_test_…",
                "description": "An API key. Its scopes: "
                + " ".join(f"`{name}`: {meaning}" for name, meaning in SCOPES.items()),
            }
        },
        "responses": {
            f"Problem{status}": {
                "description": says,
                "headers": {
                    name: {"$ref": f"#/components/headers/{name}"}
                    for name in ("X-Request-Id", *(("Retry-After",) if status in {429, 503} else ()))
                },
                "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
            for status, says in _PROBLEMS.items()
        },
        "headers": _HEADERS,
    }


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """The same document with its schemas under their plain names, and without titles that repeat a name."""
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        head, _, name = value["$ref"].rpartition("/")
        return {**value, "$ref": f"{head}/{names.get(name, name)}"}
    return {
        names.get(key, key): _renamed(item, names)
        for key, item in value.items()
        if not (key == "title" and isinstance(item, str) and ("type" in value or "anyOf" in value))
    }


def _plain_name(name: str) -> str:
    return re.sub(r"^Page_(\w+?)_?$", lambda match: f"PageOf{match[1]}", name)


_HEADERS: Json = {
    "X-Request-Id": {"description": "The reference to quote.", "schema": {"type": "string"}},
    "RateLimit": {
        "description": 'What is left: `"key";r=9999;t=1`, requests and seconds.',
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": 'What there is: `"key";q=60000;w=60`, requests in seconds.',
        "schema": {"type": "string"},
    },
    "Idempotency-Replayed": {
        "description": "`true` on the answer to a retry.",
        "schema": {"type": "string", "const": "true"},
    },
    "ETag": {"description": "What to name in If-Match.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string", "pattern": "^[0-9]+$"}},
}

_FAULT: Json = {
    "type": "object",
    "description": "One thing that is wrong, and where: a JSON pointer into the body, the query or the path.",
    "required": ["pointer", "code", "detail"],
    "properties": {
        "in": {"type": "string"},
        "pointer": {"type": "string"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
}

_PROBLEM_SCHEMA: Json = {
    "type": "object",
    "description": "Why not (RFC 9457). `code` and `type` are stable; the sentences may be reworded.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:plaudit:problem:not_enough_points"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
        "way_forward": {"type": "string"},
        "facts": {"type": "object"},
        "request_id": {"type": "string"},
    },
}
