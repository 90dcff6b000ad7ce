"""The short way for single events answers as the framework does, and hands on whatever is not quite that."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from plaudit.activity.models import Event
from plaudit.earning.tests.factories import make_limit, make_rule, make_story
from plaudit.foundation.access.limits import BY_KEY, Limit
from plaudit.foundation.exact import decode, encode
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import at_once
from plaudit.surfaces.api.door import EventsDoor
from plaudit.surfaces.api.tests.calling import EVENT, program, purchase

_OWN = {"x-request-id", "location", "content-length", "ratelimit", "date"}
"""Headers whose values differ from one answer to the next."""


class Caller:
    """A program that calls a WSGI application directly, as a server would."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.framework_calls = 0
        self.framework = WSGIHandler()
        self.door = EventsDoor(self._counted)

    def _counted(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.framework_calls += 1
        return self.framework(environ, start_response)

    def call(self, through: Any, body: bytes, **more: str) -> tuple[int, dict[str, str], Any]:
        """Status, headers by name in lower case, and the body read as JSON."""
        environ = {
            "REQUEST_METHOD": "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": "/api/v1/events",
            "QUERY_STRING": "",
            "CONTENT_TYPE": EVENT,
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": "localhost",
            "HTTP_AUTHORIZATION": f"Bearer {self.secret}",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": BytesIO(),
            **more,
        }
        begun: list[Any] = []
        answer = through(environ, lambda status, headers, *_: begun.append((status, headers)))
        content = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        ((status, headers),) = begun
        return int(status[:3]), {name.lower(): value for name, value in headers}, decode(content)


def make_caller(*rules: Any) -> tuple[Any, Caller]:
    story = make_story(*rules)
    return story, Caller(program(story.organisation.id).secret)


def both_ways(caller: Caller, first: object, second: object, **more: str) -> list[Any]:
    """What two like events are answered, one through the door and one by the framework alone."""
    return [
        caller.call(caller.door, encode(first).encode(), **more),
        caller.call(caller.framework, encode(second).encode(), **more),
    ]


def test_an_event_is_answered_alike_both_ways():
    _, caller = make_caller()
    door, framework = both_ways(caller, purchase("ada", "5"), purchase("ben", "5"))

    assert caller.framework_calls == 0
    assert door[0] == framework[0] == 201
    assert door[1].keys() >= framework[1].keys() - {"vary", "content-language"}
    same = door[1].keys() & framework[1].keys() - _OWN
    assert {name: door[1][name] for name in same} == {name: framework[1][name] for name in same}
    own = {"id", "key", "member", "links"}
    assert {k: v for k, v in door[2].items() if k not in own} == {
        k: v for k, v in framework[2].items() if k not in own
    }
    assert door[1]["location"] == door[2]["links"]["event"]


def test_a_repeated_event_and_a_conflict_are_answered_alike_both_ways():
    _, caller = make_caller()
    sale = purchase("ada", "5", id="sale-1")
    caller.call(caller.door, encode(sale).encode())

    door, framework = both_ways(caller, sale, sale)
    assert (door[0], door[2]) == (framework[0], framework[2])
    assert door[1]["idempotency-replayed"] == framework[1]["idempotency-replayed"] == "true"

    other = purchase("ada", "6", id="sale-1")
    door, framework = both_ways(caller, other, other)
    assert door[0] == framework[0] == 409
    for told in (door[2], framework[2]):
        told.pop("instance", None)
        told.pop("request_id", None)
    assert door[2] == framework[2]
    assert door[1]["content-type"] == framework[1]["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "more, status",
    [
        ({"QUERY_STRING": "explain=all"}, 201),
        ({"HTTP_IDEMPOTENCY_KEY": "key-of-mine"}, 201),
        ({"CONTENT_TYPE": "application/json"}, 201),
        ({"HTTP_AUTHORIZATION": "Basic abc"}, 401),
        ({"HTTP_AUTHORIZATION": "Bearer plt_live_nobody_knowsthiskey"}, 401),
        ({"HTTP_HOST": "elsewhere.example"}, 400),
        ({"CONTENT_LENGTH": "99999999999"}, 413),
    ],
)
def test_what_is_not_quite_that_request_is_answered_by_the_framework(more, status):
    _, caller = make_caller()
    assert caller.call(caller.door, encode(purchase("ada", "5")).encode(), **more)[0] == status
    assert caller.framework_calls == 1


def test_a_faulty_event_is_refused_in_the_framework_s_words():
    _, caller = make_caller()
    faulty = {**purchase("ada", "5"), "time": "yesterday"}
    door, framework = both_ways(caller, faulty, faulty)
    assert door[0] == framework[0] == 422
    assert door[2]["errors"] == framework[2]["errors"]


def test_a_key_without_the_scope_opens_no_door():
    story = make_story()
    caller = Caller(program(story.organisation.id, "activity:read").secret)
    assert caller.call(caller.door, encode(purchase("ada", "5")).encode())[0] == 403
    assert story.available("ada") == 0


@override_settings(RATE_LIMITS={BY_KEY.name: Limit(BY_KEY.name, quota=60, window=60, burst=1)})
def test_who_asks_too_often_is_told_when_to_ask_again():
    _, caller = make_caller()
    first = caller.call(caller.door, encode(purchase("ada", "5")).encode())
    second = caller.call(caller.door, encode(purchase("ada", "5")).encode())
    assert (first[0], second[0]) == (201, 429)
    assert int(second[1]["retry-after"]) >= 1


def test_twenty_at_once_are_all_recorded_and_a_limit_holds():
    story, caller = make_caller(make_rule(limits=(make_limit(15),)))
    answers = at_once(
        20, lambda number: caller.call(caller.door, encode(purchase("ada", "1", id=f"e{number}")).encode())
    )
    assert [answer[0] for answer in answers if isinstance(answer, tuple)] == [201] * 20
    assert story.available("ada") == 15
    with in_organisation(story.organisation.id):
        assert Event.objects.filter(organisation_id=story.organisation.id).count() == 20
