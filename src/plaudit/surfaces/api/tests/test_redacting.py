"""Not a word that anybody wrote is kept of a request; what a developer needs is."""

from __future__ import annotations

import json

import pytest

from plaudit.surfaces.api.redacting import BODY_CHARACTERS, redacted_body, redacted_target

WROTE = (
    "Ada Lovelace",
    "ada@home.example",
    "4111 1111 1111 1111",
    "plt_live_x_secret",
    "a long note",
    "C-0042",
)


def kept(body: object) -> str:
    return redacted_body(json.dumps(body).encode(), "application/json")


@pytest.mark.parametrize("word", WROTE)
def test_no_word_is_kept_wherever_it_stands(word: str):
    bodies = [
        word,
        {"name": word},
        {"data": {"note": word, "list": [word, {"x": word}]}},
        {word: 1},
        {"type": f"{word} {word}"},
        {"subject": word, "programme": f"{word} !"},
    ]

    assert all(word not in kept(body) for body in bodies)


def test_a_number_as_long_as_a_card_or_a_telephone_is_not_kept():
    assert "4111111111111111" not in kept({"amount": 4111111111111111, "phone": "4915112345678"})


def test_what_a_developer_needs_is_kept():
    data = {"amount": 50.25, "gift": True, "none": None, "items": [1, 2, 3, 4, 5]}
    body = {
        "specversion": "1.0",
        "type": "purchase",
        "time": "2026-03-02T12:00:00Z",
        "member": "mem_01jd0000000000000000000000",
        "data": data,
    }

    assert json.loads(kept(body)) == {**body, "data": {**data, "items": [1, 2, 3, "… 2 more"]}}


def test_what_is_not_json_is_kept_as_its_size():
    assert redacted_body(b"name\nAda", "text/csv") == "(text/csv, 8 bytes)"
    assert redacted_body(b"{Ada", "application/json") == "(not JSON, 4 bytes)"
    assert redacted_body(b"", "application/json") == ""


def test_no_more_is_kept_than_is_said():
    assert len(kept([{f"field{n}": n for n in range(60)}] * 50)) <= BODY_CHARACTERS + 1
    assert len(kept({f"field_{n}": "x" * 10 for n in range(9_000)})) <= BODY_CHARACTERS + 1


def test_an_address_keeps_references_and_loses_names():
    members = "/api/v1/members/<member>"

    assert redacted_target(members, {"member": "mem_01jd"}, "") == "/api/v1/members/mem_01jd"
    assert redacted_target(members, {"member": "ext:till:ada"}, "") == "/api/v1/members/…"
    assert redacted_target("/api/v1/members", {}, "search=Ada&limit=5") == "/api/v1/members?search=…&limit=5"
