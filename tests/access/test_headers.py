"""What every answer carries, whatever was asked and whoever asked it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from plaudit.foundation.access.routes import ANY, routes
from plaudit.people.tests.browsing import browser
from tests.access.companies import make_peopled, without_limits

MUST = {
    "Content-Security-Policy": r"default-src 'none'; .*object-src 'none'.*base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=",
    "X-Request-Id": "req_",
    "Cache-Control": "no-store|public|max-age",
}


@pytest.fixture(autouse=True)
def _unlimited() -> Iterator[None]:
    with without_limits():
        yield


def addresses() -> Iterator[str]:
    """Every route's address with nothing particular in it, and some that are none."""
    for route in routes():
        yield re.sub(
            r"<(?:\w+:)?(\w+)>", lambda match: "1" if match[1] in {"number", "reward_id"} else "x", route.path
        )
    yield from (
        "/no-such-page",
        "/api/v1/no-such-thing",
        "/static/no-such-file.js",
        "/.git/config",
        "/.env",
        "/admin/",
    )


@pytest.mark.parametrize(
    "method",
    [
        "GET",
        *(
            pytest.param(method, marks=pytest.mark.at_length)
            for method in ("POST", "OPTIONS", "TRACE", "PUT")
        ),
    ],
)
def test_every_answer_of_every_address_has_strict_headers(method: str):
    missing, manager = {}, make_peopled("headed-points").client("manager")
    for client, who in ((browser(), "nobody"), (manager, "manager")):
        # A method that nobody serves is answered by what all pages share: of those, a fourth is asked.
        for path in sorted(set(addresses()))[:: 1 if method in ("GET", "POST") else 4]:
            answer = client.generic(method, path)
            lacks = [name for name, says in MUST.items() if not re.search(says, answer.headers.get(name, ""))]
            if answer.content and "Content-Type" not in answer.headers:
                lacks.append("Content-Type")
            # The API's description is everybody's, and says nothing of anybody.
            shared = {"Access-Control-Allow-Origin"} - (
                {"Access-Control-Allow-Origin"} if "openapi" in path else set()
            )
            if {"Server", "X-Powered-By", *shared} & set(answer.headers):
                lacks.append("says too much")
            if answer.status_code >= 500 or lacks:
                missing[f"{who} {method} {path}"] = (answer.status_code, lacks)
    assert missing == {}


def test_no_script_or_style_may_come_from_anywhere_else():
    policy = dict(
        part.split(" ", 1) for part in browser().get("/help")["Content-Security-Policy"].split("; ")
    )

    for kind in ("script-src", "style-src", "connect-src", "font-src", "form-action"):
        assert policy[kind] == "'self'", kind
    assert "unsafe" not in str(policy)
    assert "http" not in str(policy)


def test_a_method_nobody_serves_runs_nothing():
    client = make_peopled("method-points").client("manager")
    pages = [route for route in routes() if route.method == ANY and "<" not in route.path]
    for turn, method in enumerate(("TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "NONSENSE")):
        ran = {
            route.path: status
            for route in pages[turn % 3 :: 3]
            if (status := client.generic(method, route.path).status_code) not in (403, 404, 405)
        }
        assert ran == {}, method


def test_what_is_not_to_be_served_is_not_there():
    for path in ("/.git/HEAD", "/.env", "/settings.py", "/static/", "/static/../settings.py", "/var/secret-key",
                 "/static/%2e%2e/%2e%2e/pyproject.toml", "/server-status", "/debug", "/metrics", "/console/dev"):  # fmt: skip
        answer = browser().get(path)
        assert answer.status_code in (302, 404), path
        assert "SECRET" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/help", "/api/v1/health", "/sign-in"])
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "127.0.0.1.evil"]
)
def test_a_host_that_is_not_ours_is_refused(host: str, path: str):
    answer = Client(raise_request_exception=False).get(path, headers={"Host": host})

    assert answer.status_code == 400
    assert host not in answer.content.decode()


def test_over_https_browsers_are_told_to_stay_there():
    with override_settings(SECURE_HSTS_SECONDS=365 * 24 * 3600, SECURE_HSTS_INCLUDE_SUBDOMAINS=True):
        answer = Client(SERVER_NAME="localhost").get("/help", secure=True)

    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


_ASK = """
import json
from plaudit import settings as s
names = [n for n in dir(s) if n.startswith(("SESSION_COOKIE", "CSRF_COOKIE", "SECURE_"))]
print(json.dumps({n: getattr(s, n) for n in names}))
"""


def _settings_at(**environment: str) -> subprocess.CompletedProcess[str]:
    given = {"PLAUDIT_DATABASE_URL": "host=/nowhere dbname=none", **environment}
    return subprocess.run(
        [sys.executable, "-c", _ASK], env={**os.environ, **given}, capture_output=True, text=True, check=False
    )


def test_behind_https_cookies_are_bound_to_the_host_and_go_nowhere_in_the_clear():
    told = json.loads(_settings_at(PLAUDIT_BASE_URL="https://points.example").stdout)

    for cookie in ("SESSION", "CSRF"):
        assert told[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert told[f"{cookie}_COOKIE_SECURE"] is True
        assert told[f"{cookie}_COOKIE_HTTPONLY"] is True
    assert told["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert told["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert told["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True


@pytest.mark.parametrize(
    "secret",
    [
        "change-me",
        *(
            pytest.param(one, marks=pytest.mark.at_length)
            for one in ("secret", "a" * 64, "change-me-" * 5, "abcabc" * 12)
        ),
    ],
)
def test_a_secret_that_could_be_guessed_is_refused_at_the_start(secret: str):
    refused = _settings_at(PLAUDIT_SECRET_KEY=secret)

    assert refused.returncode != 0
    assert "PLAUDIT_SECRET_KEY" in refused.stderr
    assert secret not in refused.stderr


def test_a_random_secret_is_taken():
    assert _settings_at(PLAUDIT_SECRET_KEY="t7Jq0vY2mXw9Rk4LzP8sNc1FbHd6UgEa3ToV5iZyWx").returncode == 0
