"""Runs the documented story against the API, and writes its answers with sample ids instead of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from django.core.files.uploadedfile import SimpleUploadedFile

from plaudit.foundation.exact import decode, encode
from plaudit.surfaces.api.document import PREFIX, Documented, operations
from plaudit.surfaces.api.examples import JSON, Answered, Call, calls, named_by, resolve
from plaudit.surfaces.api.tests.calling import Program, Response

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_TAKING_TIME = {"milliseconds", "took_ms", "seconds"}
_STANDS = {
    "slug": "corner-shop",
    "issuer": "8k3v9m2p4q",
    "place": "4711",
    "subject": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
}
_FORMS = {"proof": "{}", "address": "8k3v9m2p4q_{}", "code": "f4{}", "digest": "{}"}
_DRAWN = {"salt": "5e1d0c", "statusListIndex": "4711"}
"""What is drawn by lot, by its name, and what stands for it."""

# What differs from run to run: ids with their prefixes, numbers from sequences, secrets and digests.
_OWN = re.compile(
    r"(?P<id>\b(?:act|apr|bsl|cdg|chg|cse|fnd|cpl|crd|crt|dlv|fcg|hook|ide|inv|key|lcl|lnk|mbs|mem|mom|mrg|nom|nte|ntc|ord|pay|rcg|rdm|req|rmc|sgk|sim|ssn|svi)_[0-9a-z]{26}\b|\bmsg_[\w-]{20,})"
    r"|(?P<line>\b(?:led|hld)_[0-9a-z]{6,13}(?=-\d))"
    r"|(?P<number>\b(?:imp|rul|rwd)_\d+\b)"
    r"|(?P<secret>\b(?:plt_(?:live|test)_[0-9a-z]+_[\w-]+|whsec_[\w+/=]+))"
    r"|(?P<proof>(?<=-)[0-9a-f]{24}\b)"
    r"|(?P<slug>(?<=/public/)[a-z0-9-]+)"
    r"|(?P<digest>\b[0-9a-f]{64}\b)"
    r"|(?P<code>(?<=friend=)[2-9a-z]{8}\b)"
    r"|(?P<address>(?:(?<=/thanks/)|(?<=/credentials/))[0-9a-z]{10}_[\w-]{43})"
    r"|(?P<issuer>(?<=/issuers/)[0-9a-z]{10}\b)"
    r"|(?P<place>(?<=/status/1#)\d+)"
    r"|(?P<subject>(?<=urn:uuid:)[0-9a-f-]{36})"
    r"|(?P<signed>\beyJ[\w-]+\.[\w-]+\.[\w-]+|\bz[1-9A-HJ-NP-Za-km-z]{46,})"
    r"|(?P<organisation>\borg_[0-9a-z]{10}\b|\bHarbour Coffee \d+)"
)


class Samples:
    """Sample ids: the first id of a kind is always written alike, the second too, whatever they were."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._counted: dict[str, int] = {}

    def shown(self, value: Any, key: str = "") -> Any:
        """The value with samples instead of what is this run's own."""
        if isinstance(value, dict) and value.keys() >= {"code", "link"}:
            value = {**value, "code": self._sample(value["code"], "code", "f4{}")}
        if isinstance(value, dict):
            return {self._text(name): self.shown(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [self.shown(item) for item in value]
        if key in _TAKING_TIME and isinstance(value, int):
            return 1
        if key == "next" and isinstance(value, str):
            return self._sample(value, "cursor", "eyJzYW1wbGUiOiJ{}")
        if key in _DRAWN:
            return _DRAWN[key]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        return _OWN.sub(self._of, text)

    def _of(self, match: re.Match[str]) -> str:
        text = match[0]
        if match["organisation"]:
            return "org_8k3v9m2p4q" if text.startswith("org_") else "Corner shop"
        for name, stands in _STANDS.items():
            if match[name]:
                return stands
        for name, form in _FORMS.items():
            if match[name]:
                return self._sample(text, name, form)
        if match["signed"]:
            return self._sample(text, "signed", ("eyJ" if text.startswith("eyJ") else "z") + "…sample-{}")
        if match["secret"]:
            return self._sample(text, "secret", text[:6] + "…sample-{}")
        if match["line"]:
            # A hold is named by the transfer that made it, so both show the same wallet.
            return text[:4] + self._sample(text[4:], "wallet", "{}")
        prefix, _, _ = text.partition("_")
        return self._sample(text, prefix, prefix + "_{}")

    def _sample(self, own: str, kind: str, form: str) -> str:
        if own not in self._known:
            number = self._counted[kind] = self._counted.get(kind, 0) + 1
            self._known[own] = form.format(_letters(kind, number))
        return self._known[own]


def _letters(kind: str, number: int) -> str:
    """What stands for the own part of the nth id of a kind."""
    if kind in {"imp", "rul", "rwd"}:
        return str(number)
    if kind == "code":
        return f"m7k{number:03}"
    if kind == "wallet":
        return f"00k7q{_LETTERS[number]}"
    if kind == "digest":
        return f"{number:x}5c9e07" * 9 + f"{number:x}"
    return f"01m80dt{_LETTERS[number // 32]}{_LETTERS[number % 32]}6df5pb3en0hyck0s2v"


def tell(program: Program, do_jobs: Callable[[], object]) -> list[tuple[Call, Response]]:
    """Run the whole story; every call with its answer as it was."""
    documented = {one.id: one for one in operations()}
    known: dict[str, str] = {}
    told = []
    for call in calls():
        if call.waits:
            do_jobs()
        response = _make(program, documented[call.operation], call, known)
        told.append((call, response))
        assert response.status_code < 400, (call.operation, call.says, response.content.decode())
        if call.names:
            known |= named_by(call, decode(response.content))
    return told


def _make(program: Program, one: Documented, call: Call, known: Mapping[str, str]) -> Response:
    if call.key:
        program = Program(resolve(call.key, known))
    path = one.path.removeprefix(PREFIX.rstrip("/"))
    for name, value in call.path.items():
        path = path.replace(f"{{{name}}}", quote(resolve(value, known), safe=":"))
    if call.query:
        path += "?" + urlencode({name: resolve(value, known) for name, value in call.query.items()})
    if call.upload is not None:
        files = {
            "file": SimpleUploadedFile("sales.csv", call.upload["file"].encode()),
            "mapping": call.upload["mapping"],
        }
        return program.client.post(f"/api/v1{path}", files)
    body = resolve(call.body_text, known) if call.body is not None else b""
    return program.send(
        one.method,
        path,
        body,
        key="" if one.needs_key else None,
        media=call.media or JSON,
        headers=call.headers,
    )


def answered(response: Response, samples: Samples) -> Answered:
    """An answer as it is kept."""
    media = response["Content-Type"].partition(";")[0]
    text = response.content.decode()
    body = decode(text) if media.endswith("json") else text
    if isinstance(body, dict) and "$defs" in body:
        # The schema of programme files has a reference of its own.
        body = {name: body[name] for name in ("$schema", "title", "description")} | {"…": "and so on"}
    return Answered(response.status_code, media, samples.shown(body))


def kept(answers: list[Answered]) -> str:
    """The answers as `story/answers.json` holds them, one a line."""
    lines = ",\n".join(
        encode({"status": one.status, "media": one.media, "body": one.body}) for one in answers
    )
    return f"[\n{lines}\n]\n"
