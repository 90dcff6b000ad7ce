"""The documented story told in two organisations: in one as it stands, in the other with words of its own.

The other's every name, note, reason, code and id begins with the canary, so that a word of it seen anywhere
else was leaked, and none of its references means anything here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from importlib import resources
from typing import Any
from urllib.parse import quote, urlencode

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile

from plaudit.foundation.exact import decode
from plaudit.surfaces.api.document import PREFIX, operations
from plaudit.surfaces.api.examples import CALLS, JSON, STORY, Call, named_by, resolve
from plaudit.surfaces.api.tests.calling import Program, Response

# Ids are written without i, l, o and u, so that no id holds it by chance.
CANARY = "qulo"

# Words that name something: with the canary before them wherever they stand alone.
_NAMES = "corner-shop|street|academy|fairday|regulars|till|ada|bo|carol|dan|eva|finn|purchase|purchases|five-a-month|top-three|coffee|voucher|mug|breakfast|tasting|roaster|channel|shop|web|city|guests|friend|insider|shoppers|visits|springtime|friday|kindness|big-basket|latte-art|missing-points|how-was-it|praise|blame"
_NAMED = re.compile(
    rf"(?<![\w/<&*-])(?:{_NAMES}|sale-\d|refund-1|4711|LISBON-\d|9001|9002)(?![\w:>-])|\b(?:{_NAMES})(?=:)"
)
# What people write: free text comes after these words.
_WRITTEN = re.compile(
    r"\b((?:reason|name|title|because|description|charity|reference|one|other|words|means|said|did): )(?=[A-Za-z0-9])"
)
_PLACES = re.compile(r"(?<=city: )\w+|(?<=\.14/)plaudit")

OPERATIONS = {one.id: one for one in operations()}


def story(word: str = "") -> tuple[Call, ...]:
    """The story's calls; with a word before every name and text of its own, where one is given."""
    text = (resources.files(STORY) / CALLS).read_text(encoding="utf-8")
    told = yaml.safe_load(text)
    if word:
        twisted = yaml.safe_load("\n".join(_twisted(line, word) for line in text.splitlines()))
        told = [{**new, "names": old.get("names", {})} for old, new in zip(told, twisted, strict=True)]
    return tuple(_call(entry) for entry in told)


def _twisted(line: str, word: str) -> str:
    if re.match(r"\s*(?:- operation|says|media|names|headers|key: <|#)", line):
        return line
    for pattern in (_PLACES, _NAMED):
        line = pattern.sub(lambda match: f"{word}{match[0]}", line)
    return _WRITTEN.sub(rf"\1{word} ", line)


def _call(entry: dict[str, Any]) -> Call:
    known = {one.name for one in fields(Call)}
    media = entry.get("media", JSON if entry.get("body") is not None else "")
    return Call(**{name: value for name, value in {**entry, "media": media}.items() if name in known})


@dataclass
class Teller:
    """Tells a story call by call, and keeps what its answers named."""

    program: Program
    known: dict[str, str] = field(default_factory=dict)

    def make(self, call: Call, *, program: Program | None = None) -> Response:
        """One call, by this program or by another with the same references."""
        one = OPERATIONS[call.operation]
        path = target(call, self.known)
        caller = program or self.program
        if call.upload is not None:
            files = {
                "file": SimpleUploadedFile("sales.csv", call.upload["file"].encode()),
                "mapping": call.upload["mapping"],
            }
            return caller.client.post(f"/api/v1{path}", files)
        body = resolve(call.body_text, self.known) if call.body is not None else b""
        return caller.send(
            one.method,
            path,
            body,
            key="" if one.needs_key else None,
            media=call.media or JSON,
            headers=call.headers,
        )

    def tell(self, call: Call) -> Response:
        """One call that must succeed, by the key it names where it names one."""
        caller = Program(resolve(call.key, self.known)) if call.key else None
        response = self.make(call, program=caller)
        assert response.status_code < 400, (call.operation, call.says, response.content.decode())
        if call.names:
            self.known |= named_by(call, decode(response.content))
        return response


def target(call: Call, known: Mapping[str, str]) -> str:
    """The call's address below the API's, with its query."""
    path = OPERATIONS[call.operation].path.removeprefix(PREFIX.rstrip("/"))
    for name, value in call.path.items():
        path = path.replace(f"{{{name}}}", quote(resolve(value, known), safe=":"))
    query = {name: resolve(value, known) for name, value in call.query.items()}
    return f"{path}?{urlencode(query)}" if query else path


def absent(known: Mapping[str, str]) -> dict[str, str]:
    """References of the same kinds that mean nothing anywhere."""
    return {word: _absent(value) for word, value in known.items()}


def _absent(reference: str) -> str:
    prefix, _, rest = reference.partition("_")
    if rest.isdigit():
        return f"{prefix}_999999"
    if prefix in {"led", "hld"}:
        return f"{prefix}_zzzzzz-1"
    # The last letters of an id are random, and never all alike.
    return f"{prefix}_{rest[:-12]}{'0' * 12}"


# A word of ours in an address, the same for everybody.
_WORDS = {"kind"}

# What an address or a body may name somebody's thing by.
_REFERENCES = {"member", "team", "endpoint", "programme", "type", "rule", "transfer"}


def _written(value: Any, known: Mapping[str, str]) -> Any:
    return resolve(value, known) if isinstance(value, str) and value.startswith("<") else value


def settled(call: Call, known: Mapping[str, str]) -> Call:
    """The call with its references written out."""
    body = call.body
    if isinstance(body, dict):
        body = {
            name: [_written(one, known) for one in value]
            if isinstance(value, list)
            else _written(value, known)
            for name, value in body.items()
        }
    return replace(
        call,
        path={name: resolve(value, known) for name, value in call.path.items()},
        query={name: resolve(value, known) for name, value in call.query.items()},
        body=body,
    )


def strays(call: Call, other: Call) -> Iterator[tuple[str, Call]]:
    """The settled call with one of its references at a time replaced by that of another, and which it was."""
    for name in call.path.keys() - _WORDS:
        yield name, replace(call, path={**call.path, name: other.path[name]})
    for name in call.query.keys() & _REFERENCES:
        yield name, replace(call, query={**call.query, name: other.query[name]})
    for name in referring(call):
        yield name, replace(call, body={**call.body, name: other.body[name]})


def referring(call: Call) -> list[str]:
    """The fields of a body that name a thing."""
    if not isinstance(call.body, dict):
        return []
    return [
        name
        for name in ("member", "members", "reward", "absorbed", "code", "giver", "recipients")
        if name in call.body
    ]
