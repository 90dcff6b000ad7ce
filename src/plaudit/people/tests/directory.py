"""A directory for tests: a program with a key for provisioning, and people as it tells of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import count
from typing import Any

from plaudit.foundation.exact import encode
from plaudit.people.scim.schemas import ENTERPRISE, GROUP, USER
from plaudit.people.tests.browsing import program
from plaudit.people.tests.factories import make_organisation

AT = "/scim/v2"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

_numbers = count(1)


def user(**more: Any) -> dict[str, Any]:
    """Somebody no other test knows, as RFC 7643, 8.2, tells of people."""
    number = next(_numbers)
    return {
        "schemas": [USER, ENTERPRISE],
        "externalId": f"7{number:05}",
        "userName": f"barbara-{number}@harbour.example",
        "name": {"familyName": "Jensen", "givenName": f"Barbara {number}"},
        "emails": [
            {"value": f"barbara-{number}@harbour.example", "type": "work", "primary": True},
            {"value": f"babs-{number}@home.example", "type": "home"},
        ],
        "active": True,
        ENTERPRISE: {"department": "Tour Operations", "employeeNumber": str(number)},
        **more,
    }


class Directory:
    """What keeps people and groups elsewhere, and tells of them here."""

    def __init__(self, organisation_id: int, scope: str = "scim") -> None:
        self.client = program(organisation_id, [scope])

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """One request; If-Match and the like as `If_Match`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        data = b"" if body is None else encode(body)
        return self.client.generic(
            method, f"{AT}{path}", data, content_type="application/scim+json", headers=sent
        )

    def get(self, path: str, **query: object) -> Any:
        return self.client.get(
            f"{AT}{path}", query_params={name: str(value) for name, value in query.items()}
        )

    def make(self, **more: Any) -> dict[str, Any]:
        """Somebody let in."""
        answer = self.send("POST", "/Users", user(**more))
        assert answer.status_code == 201, answer.content
        made: dict[str, Any] = answer.json()
        return made

    def group(self, name: str, members: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
        """A group of these people."""
        body = {"schemas": [GROUP], "displayName": name, "members": [{"value": one["id"]} for one in members]}
        answer = self.send("POST", "/Groups", body)
        assert answer.status_code == 201, answer.content
        made: dict[str, Any] = answer.json()
        return made

    def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> Any:
        return self.send("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, **headers)

    def found(self, wanted: str, kind: str = "Users", **more: object) -> list[str]:
        """The names of those a filter means, in the order of the list."""
        answer = self.get(f"/{kind}", filter=wanted, **more)
        assert answer.status_code == 200, answer.content
        name = "userName" if kind == "Users" else "displayName"
        return [one[name] for one in answer.json()["Resources"]]


@lru_cache(maxsize=1)
def made() -> tuple[int, Directory]:
    """An organisation and its directory, for tests that look at their own people alone."""
    at = make_organisation().id
    return at, Directory(at)
