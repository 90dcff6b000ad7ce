"""The documented examples: one story of calls, from an empty organisation to a redemption and a proof.

`story/calls.yaml` holds what is asked, `story/answers.json` what was answered when a test last ran it all
in order. Ids differ from run to run, so answers are kept with sample ids, and a call names what an earlier
answer gave by a word in angle brackets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any
from urllib.parse import quote, urlencode

import yaml

from plaudit.foundation.exact import decode, encode

STORY = "plaudit.surfaces.api.story"
CALLS, ANSWERS = "calls.yaml", "answers.json"
JSON = "application/json"

_NAME = re.compile(r"<([a-z][a-z-]*)>")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the story. `names` says what its answer gives later calls, as word: place in the answer.

    `key` is the secret of the key that calls, where it is not the one the story begins with. One that `waits` is
    made when the jobs of those before it are done.
    """

    operation: str
    says: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = ""
    body: Any = None
    upload: Mapping[str, str] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    waits: bool = False

    @property
    def body_text(self) -> str:
        """The body as it is sent, its names not yet resolved."""
        return self.body if isinstance(self.body, str) else encode(self.body)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a call was answered: its status, media type and body, as JSON data or text."""

    status: int
    media: str
    body: Any


@lru_cache(maxsize=1)
def calls() -> tuple[Call, ...]:
    """The story, call by call."""
    text = (resources.files(STORY) / CALLS).read_text(encoding="utf-8")
    return tuple(_call(entry) for entry in yaml.safe_load(text))


def _call(entry: dict[str, Any]) -> Call:
    body = entry.get("body")
    media = entry.get("media", JSON if body is not None else "")
    return Call(**{**entry, "media": media})


@lru_cache(maxsize=1)
def answers() -> tuple[Answered, ...]:
    """What each call was answered, in the same order, with sample ids."""
    text = (resources.files(STORY) / ANSWERS).read_text(encoding="utf-8")
    return tuple(Answered(**entry) for entry in decode(text))


def resolve(text: str, known: Mapping[str, str]) -> str:
    """The text with every word in angle brackets replaced by what an earlier answer gave."""
    return _NAME.sub(lambda match: known[match[1]], text)


def named_by(call: Call, body: Any) -> dict[str, str]:
    """What an answer gives to later calls."""
    found = {}
    for word, place in call.names.items():
        value = body
        for part in place.split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]
        found[word] = str(value)
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """One call and its answer, as the reference shows them."""

    call: Call
    answered: Answered
    known: Mapping[str, str]

    def target(self, template: str) -> str:
        """The address, path and query, as it is asked for."""
        path = template
        for name, value in self.call.path.items():
            path = path.replace(f"{{{name}}}", quote(resolve(value, self.known), safe=":"))
        query = {name: resolve(str(value), self.known) for name, value in self.call.query.items()}
        return f"{path}?{urlencode(query)}" if query else path

    def sent(self) -> Any:
        """The body as data where it is JSON, as text where it is not."""
        text = resolve(self.call.body_text, self.known)
        return decode(text) if self.call.media.endswith("json") else text


@lru_cache(maxsize=1)
def shown() -> tuple[Shown, ...]:
    """The whole story with its answers."""
    known: dict[str, str] = {}
    told = []
    for call, answered in zip(calls(), answers(), strict=True):
        told.append(Shown(call, answered, dict(known)))
        known |= named_by(call, answered.body)
    return tuple(told)


def examples_of(operation_id: str) -> list[Shown]:
    """Every example of an operation."""
    return [one for one in shown() if one.call.operation == operation_id]


def requests_shown(operation_id: str) -> dict[str, dict[str, Any]]:
    """Example bodies for the OpenAPI document: {media type: {name: {summary, value}}}."""
    found: dict[str, dict[str, Any]] = {}
    for number, one in enumerate(examples_of(operation_id), start=1):
        if one.call.body is not None:
            example = {"summary": one.call.says, "value": one.sent()}
            found.setdefault(one.call.media, {})[f"example{number}"] = example
    return found


def answers_shown(operation_id: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Example answers for the OpenAPI document: {(status, media type): {name: {summary, value}}}."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for number, one in enumerate(examples_of(operation_id), start=1):
        place = (str(one.answered.status), one.answered.media)
        example = {"summary": one.call.says, "value": one.answered.body}
        found.setdefault(place, {})[f"example{number}"] = example
    return found
