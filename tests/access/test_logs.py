"""What a line of the log says, and what nobody can make it say."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import structlog

from plaudit.foundation import clock
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import make_organisation
from plaudit.surfaces.api.tests.calling import program


def test_a_line_of_the_log_says_when_who_where_and_what(capsys):
    key = program(make_organisation().id, "members:read")
    answer = key.post("/members", {"name": "Ada"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if '"request.refused"' in line]

    (line,) = lines
    assert answer.status_code == 403
    assert (line["event"], line["level"], line["status"], line["method"]) == (
        "request.refused",
        "info",
        403,
        "POST",
    )
    assert line["actor"].startswith("key_")
    assert line["address"] == "127.0.0.1"
    assert line["route"] == "/api/v1/members"
    assert line["request"] == answer["X-Request-Id"]
    assert line["at"].endswith("Z")
    assert abs(datetime.fromisoformat(line["at"]) - clock.wall()) < timedelta(minutes=1)


def test_a_stranger_is_nobody_in_the_log_and_the_address_asked_for_is_not_repeated(capsys):
    browser().get("/sign-in/to/somebody-elses-secret")
    (line,) = [json.loads(one) for one in capsys.readouterr().err.splitlines() if '"request.refused"' in one]

    assert (line["actor"], line["status"]) == ("nobody", 404)
    assert "somebody-elses-secret" not in json.dumps(line)


def test_words_with_line_ends_stay_in_their_line(capsys):
    structlog.get_logger("test").info("something", said='x"}\n{"event": "invented", "level": "critical"}\r\n')
    lines = capsys.readouterr().err.splitlines()

    assert [json.loads(line)["event"] for line in lines] == ["something"]
