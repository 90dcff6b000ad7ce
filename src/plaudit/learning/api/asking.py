"""How the Experience API is asked and answered: what stands in an address, in JSON and in headers (xAPI 1.0.3, part three)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from plaudit.foundation import clock
from plaudit.foundation.access.problems import XAPI_VERSION
from plaudit.foundation.exact import encode
from plaudit.learning.refusals import QuestionNotTaken, StatementNotTaken, VersionNotTaken
from plaudit.learning.rules import statement_values as values
from plaudit.learning.rules.statements import actor as check_actor
from plaudit.learning.rules.statements import identifier_of
from plaudit.learning.speaking import Json

JSON = "application/json"


def checked(query: QueryDict, name: str, check: Callable[[Any, str], None]) -> str:
    """What is asked, held to what a statement's own values must be (2.2)."""
    if name not in query:
        return ""
    said = str(query[name])
    check(said, name)
    return said


def uuid_of(query: QueryDict, name: str) -> UUID | None:
    """The id that is asked for; None where none is. Raises `StatementNotTaken`."""
    return UUID(said) if (said := checked(query, name, values.uuid)) else None


def flag(query: QueryDict, name: str) -> bool:
    """Whether it is asked so; not, where nothing is said. Raises `QuestionNotTaken`."""
    said = query.get(name, "false")
    if said not in ("true", "false"):
        raise QuestionNotTaken(name, "it is true or false")
    return said == "true"


def whole_number(query: QueryDict, name: str) -> int | None:
    """A number that is asked for; None where none is. Raises `QuestionNotTaken`."""
    said = query.get(name, "")
    if not re.fullmatch(r"[0-9]{0,15}", said):
        raise QuestionNotTaken(name, "it is a whole number")
    return int(said) if said else None


def agent_asked(query: QueryDict) -> Json | None:
    """The agent or group that is asked for; None where none is. Raises `QuestionNotTaken`."""
    if "agent" not in query:
        return None
    who: Json = read_json(str(query["agent"]).encode())
    check_actor(who, "agent")
    if not identifier_of(who):
        raise QuestionNotTaken("agent", "a group of its members alone is nobody to ask for")
    return who


def moment_asked(query: QueryDict, name: str) -> datetime | None:
    """The moment that is asked for; None where none is. Raises `StatementNotTaken`."""
    return values.moment_of(said) if (said := checked(query, name, values.moment)) else None


def refuse_unknown(query: Mapping[str, Any], known: Collection[str]) -> None:
    """Raise `QuestionNotTaken` for whatever else is asked."""
    for name in query:
        if name not in known:
            raise QuestionNotTaken(name, "it is not asked here")


def require_version(request: HttpRequest) -> None:
    """Raise `VersionNotTaken` unless the header names one that is spoken here."""
    version = request.headers.get("X-Experience-API-Version", "")
    if not re.fullmatch(r"1\.0(\.\d+)?", version):
        raise VersionNotTaken(version)


def read_json(text: bytes) -> Any:
    """What JSON says, numbers exactly; a property twice is refused (XAPI-00021)."""
    try:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_constant=partial(_not_json, "no number"),
            object_pairs_hook=_pairs,
        )
    except (ValueError, RecursionError):
        raise StatementNotTaken("", "it is no JSON") from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise StatementNotTaken("", "a property stands twice in it")
    if any("\0" in one for pair in pairs for one in pair if isinstance(one, str)):
        raise StatementNotTaken("", "it has a NUL character")
    return found


def _not_json(why: str, _said: str) -> Any:
    raise ValueError(why)


def answer(said: object) -> HttpResponse:
    """An answer of the store: JSON with its headers, or nothing to say (204)."""
    status = 200 if said is not None else 204
    response = HttpResponse(encode(said) if said is not None else b"", status=status, content_type=JSON)
    response["X-Experience-API-Version"] = XAPI_VERSION
    response["X-Experience-API-Consistent-Through"] = clock.now().isoformat()
    return response
