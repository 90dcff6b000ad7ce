"""Streams and answers over HTTP: whose things one may follow, and what a page is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from plaudit.foundation import ids
from plaudit.insights.tests.factories import Shop, make_shop
from plaudit.people.tests.browsing import browser, signed_in
from plaudit.people.tests.factories import make_member, make_user
from plaudit.surfaces.live.views import streams


@pytest.fixture(scope="module")
def shop():
    return make_shop()


@pytest.fixture
def mina(shop):
    return signed_in(shop.id, shop.mina_signs_in.id)


def marks(page: str) -> dict[str, str]:
    """What a page says it shows, with its marks."""
    found = re.findall(r'data-live="([^"]+)"', page)
    return dict(one.split("=") for words in found for one in words.split())


def first_news(chunks: Iterator[bytes]) -> str:
    """The next that is told; signs of life tell nothing."""
    return next(chunk for chunk in chunks if b"data: " in chunk).decode()


def asked(client: Client, **of: str) -> str:
    answer = client.get("/live/asked", {"of": " ".join(f"{name}={mark}" for name, mark in of.items())})
    assert answer.status_code in (200, 204)
    return answer.content.decode()


def test_a_page_is_told_what_changed_after_it_was_made_and_the_browser_that_comes_back_misses_nothing(
    shop, mina
):
    shown = marks(mina.get("/").content.decode())
    stream = mina.get("/live", {"of": f"points={shown['points']}"})
    chunks = iter(stream.streaming_content)
    assert next(chunks).startswith(b"retry: ")
    assert connection.connection is None  # a stream that waits holds none

    shop.buys("12.00")

    told = first_news(chunks)
    stream.close()
    mark = re.search(r"id: (points=[0-9a-f]+)\ndata: \1\n", told)
    assert mark
    assert stream["Content-Type"].startswith("text/event-stream")
    assert stream["Cache-Control"] == "no-store"

    shop.buys("13.00")
    again = mina.get("/live", {"of": f"points={shown['points']}"}, headers={"Last-Event-ID": mark[1]})
    assert mark[1] not in first_news(iter(again.streaming_content))
    again.close()


def test_what_is_shown_without_a_mark_is_followed_from_its_first(mina):
    """So do jobs: what they show has no mark yet when the page is made."""
    assert re.fullmatch("points=[0-9a-f]{12}", asked(mina, points=""))


def test_what_has_changed_is_answered_once_and_by_its_mark(shop, mina):
    shown = marks(mina.get("/").content.decode())
    assert asked(mina, points=shown["points"]) == ""

    shop.buys("14.00")

    fresh = dict(one.split("=") for one in asked(mina, points=shown["points"]).split())
    assert fresh["points"] != shown["points"]
    assert asked(mina, **fresh) == ""


def test_what_others_do_is_not_told(shop, mina):
    bo = make_member(shop.id, external_ids=[("till", "bo")])
    shown = marks(mina.get("/").content.decode())

    shop.happens("purchase", {"amount": 20}, who="bo")

    assert asked(mina, points=shown["points"]) == ""
    desk = signed_in(shop.id, make_user(shop.id, roles=["desk"]).id)
    assert asked(desk, **{f"points/{ids.show('mem', bo.id)}": "0"}) != ""


@pytest.mark.parametrize(
    "of", ["weather", "points/mem_nobody", "import/imp_x", "queue/all", "points=zz", "'"]
)
def test_what_is_no_topic_is_not_there(shop, of):
    manager = signed_in(shop.id, shop.manager.id)

    assert manager.get("/live/asked", {"of": of}).status_code == 404
    assert manager.get("/live", {"of": of}).status_code == 404


def test_nobody_follows_what_their_role_does_not_show(shop, mina):
    bo = ids.show("mem", make_member(shop.id).id)
    elsewhere = make_shop()
    manager_elsewhere = signed_in(elsewhere.id, elsewhere.manager.id)

    for of in ("approvals", "queue", "import/imp_1", "clock"):
        assert mina.get("/live/asked", {"of": of}).status_code == 403
    for client in (mina, manager_elsewhere):
        assert client.get("/live/asked", {"of": f"points/{bo}"}).status_code == 404
    assert browser().get("/live", {"of": "points"}).status_code == 302


def test_where_there_are_too_many_streams_a_browser_is_told_not_to_come_back(shop, mina, monkeypatch):
    monkeypatch.setattr(streams, "_most", 0)

    answer = mina.get("/live", {"of": "points"})

    assert answer.status_code == 204
    assert asked(mina, points="0") != ""


def test_every_topic_has_a_mark_that_changes_with_what_it_marks(shop: Shop, mina):
    manager = signed_in(shop.id, shop.manager.id)

    assert asked(manager, queue="0", approvals="0").split()
    assert asked(mina, redemptions="0", cases="0").split()
