"""A shop whose customer is signed in to the portal, in a browser without script."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from plaudit.insights.tests.factories import Shop, make_shop
from plaudit.people.actions.signing_in import make_link
from plaudit.people.tests.browsing import browser
from plaudit.people.tests.factories import ACTOR


@dataclass(frozen=True)
class Visit:
    """The shop, and Mina's browser."""

    shop: Shop
    client: Client

    def page(self, path: str, **facts: str) -> str:
        """A page, which must be there."""
        answer = self.client.get(path, facts)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()


def signed_in(shop: Shop, user_id: int) -> Client:
    """A browser in which this person signed in by a link, as people do."""
    client = browser()
    link = make_link(shop.id, user_id=user_id, actor=ACTOR)
    assert client.post(f"/sign-in/{link}")["Location"] == "/"
    return client


def begin_visit() -> Visit:
    """A fresh shop, and its customer on the first page."""
    shop = make_shop()
    return Visit(shop, signed_in(shop, shop.mina_signs_in.id))
