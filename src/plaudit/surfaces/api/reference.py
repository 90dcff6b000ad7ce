"""The reference people read: every operation with who may call it, what it takes, and an example that was run."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from plaudit.foundation.exact import encode
from plaudit.surfaces.api.document import DESCRIPTION, Documented, Json, document, operations
from plaudit.surfaces.api.examples import Shown, examples_of
from plaudit.surfaces.api.problems_listed import problems_listed

HOST = "http://localhost:8000"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: where it stands, whether it must be there, what it is, what it means."""

    name: str
    where: str
    required: bool
    kind: str
    says: str


@dataclass(frozen=True, slots=True)
class Example:
    """A call as a command, and what it was answered."""

    says: str
    command: str
    status: int
    answer: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation as the reference shows it."""

    id: str
    method: str
    path: str
    summary: str
    paragraphs: list[str]
    needs_key: bool
    parameters: list[Parameter]
    fields: list[Parameter]
    statuses: str
    examples: list[Example]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The operations of one subject."""

    name: str
    entries: list[Entry]

    @property
    def anchor(self) -> str:
        """Its id on the page: ids hold no spaces."""
        return slugify(self.name)


def chapters() -> list[Chapter]:
    """The whole reference."""
    entries: dict[str, list[Entry]] = {tag["name"]: [] for tag in document()["tags"]}
    for one in operations():
        entries[(one.operation.tags or ["About"])[0]].append(_entry(one))
    return [Chapter(name, found) for name, found in entries.items()]


def markdown() -> str:
    """The reference as `docs/reference/api.md` has it."""
    lines = [
        "# API reference",
        "",
        "<!-- Written by `python -m plaudit.surfaces.api write`. Every example is run by a test. -->",
        "",
        *DESCRIPTION.splitlines(),
        "",
        "The same as OpenAPI 3.1: [openapi.json](openapi.json), served at `/api/v1/openapi.json`; as a page at",
        "`/api/v1/docs`. The examples are one story, told in the order in which they can be run.",
        "",
    ]
    for chapter in chapters():
        lines += [f"## {chapter.name}", ""]
        for entry in chapter.entries:
            lines += _lines(entry)
    lines += ["## Problems", "", "`type` is `urn:plaudit:problem:` and the code. Codes are stable.", ""]
    lines += ["| Code | Status | Says |", "| --- | --- | --- |"]
    lines += [f"| `{one.code}` | {one.status} | {one.sentence} |" for one in problems_listed()]
    return "\n".join(lines).rstrip() + "\n"


def _lines(entry: Entry) -> Iterator[str]:
    yield from (f"### {entry.summary}", "", f"`{entry.method} {entry.path}`", "")
    for paragraph in entry.paragraphs:
        yield from (paragraph, "")
    for title, parameters in (("Parameter", entry.parameters), ("Field", entry.fields)):
        if parameters:
            yield from (f"| {title} | In | | Meaning |", "| --- | --- | --- | --- |")
            for one in parameters:
                needed = "needed" if one.required else ""
                says = f"{one.kind}. {one.says}".rstrip(". ") + "."
                yield f"| `{one.name}` | {one.where} | {needed} | {says.replace('|', chr(92) + '|')} |"
            yield ""
    yield from (f"Answers: {entry.statuses}.", "")
    for example in entry.examples:
        yield from (f"{example.says}", "", "```sh", example.command, "```", "")
        language = "json" if example.answer.startswith(("{", "[")) else "text"
        yield from (f"```{language}", f"{example.answer}", "```", "")


def _entry(one: Documented) -> Entry:
    shown = document()["paths"][one.path][one.method.lower()]
    return Entry(
        id=one.id,
        method=one.method,
        path=one.path,
        summary=shown["summary"],
        paragraphs=[" ".join(part.split()) for part in shown["description"].split("\n\n")],
        needs_key=one.needs_key,
        parameters=[_parameter(parameter) for parameter in shown.get("parameters", [])],
        fields=list(_fields(shown)),
        statuses=", ".join(shown["responses"]),
        examples=[_example(one, example) for example in examples_of(one.id)],
    )


def _parameter(parameter: Json) -> Parameter:
    schema = parameter["schema"]
    says = parameter.get("description") or schema.get("description", "")
    return Parameter(
        parameter["name"], parameter["in"], parameter.get("required", False), _kind(schema), says
    )


def _fields(shown: Json) -> Iterator[Parameter]:
    """The fields of a JSON body, one level deep."""
    for media, content in shown.get("requestBody", {}).get("content", {}).items():
        schema = _resolved(content["schema"])
        needed = set(schema.get("required", ()))
        for name, field in schema.get("properties", {}).items():
            where = "form" if media == "multipart/form-data" else "body"
            yield Parameter(name, where, name in needed, _kind(field), field.get("description", ""))
        return


def _resolved(schema: Json) -> Json:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Json = document()["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def _kind(schema: Json) -> str:
    """What a value is, in a word or two."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    if choices:
        return " or ".join(dict.fromkeys(_kind(choice) for choice in choices))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"] if value != "")
    if "$ref" in schema:
        return _kind(_resolved(schema))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    names = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "object"}
    kind = schema.get("type", "value")
    named = names.get(kind, str(kind)) if isinstance(kind, str) else "value"
    return "moment" if schema.get("format") == "date-time" else named


def _example(one: Documented, example: Shown) -> Example:
    answer = example.answered.body
    text = "\n".join(answer.splitlines()) if isinstance(answer, str) else _pretty(answer)
    return Example(example.call.says, _command(one, example), example.answered.status, text)


def _command(one: Documented, example: Shown) -> str:
    """The call as curl makes it."""
    parts = [["curl", f"{HOST}{example.target(one.path)}"]]
    if one.method != "GET":
        parts[0][1:1] = ["-X", one.method]
    if not one.access.public:
        parts.append(["-H", "Authorization: Bearer $PLAUDIT_KEY"])
    if one.needs_key:
        parts.append(["-H", "Idempotency-Key: $(uuidgen)"])
    parts += [["-H", f"{name}: {value}"] for name, value in example.call.headers.items()]
    if example.call.upload is not None:
        parts += [["-F", f"{name}=@{name}"] for name in example.call.upload]
    elif example.call.body is not None:
        sent = example.sent()
        parts.append(["-H", f"Content-Type: {example.call.media}"])
        parts.append(["--data-binary", sent if isinstance(sent, str) else encode(sent)])
    return " \\\n  ".join(" ".join(_quoted(word) for word in words) for words in parts)


def _quoted(word: str) -> str:
    # What the shell itself must fill in stands in double quotes.
    return f'"{word}"' if "$" in word else shlex.quote(word)


def _pretty(value: Any) -> str:
    return json.dumps(json.loads(encode(value)), indent=2, ensure_ascii=False)
