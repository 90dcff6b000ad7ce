"""Opens the program's pages as somebody who is signed in, and reads what stands on them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from uuid import UUID

from django.test import Client

from plaudit.people.actions.roles import bind_user, invite_user
from plaudit.people.actions.signing_in import make_link

ACTOR = "usr_0"
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}


@dataclass
class Page(HTMLParser):
    """A page: the words of everything that has an id, the cells of each table's rows by its id, and its stats.

    `stats` are figures by the words they stand under; of figures under the same words it is the last.
    """

    by_id: dict[str, str] = field(default_factory=dict)
    stats: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[list[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []
        self._table = self._under = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go into something."""
        id = dict(attrs).get("id") or ""
        if tag == "table":
            self._table = id
        elif tag == "tr":
            self.rows.setdefault(self._table, []).append([])
        elif tag in {"td", "th"}:
            self.rows[self._table][-1].append("")
        elif tag == "dt":
            self._under = ""
        elif tag == "dd":
            self.stats[self._under] = ""
        if tag not in _VOID:
            self._open.append((tag, id))

    def handle_endtag(self, tag: str) -> None:
        """Come out of it, and of whatever was left open in it."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Read on."""
        tags = {tag for tag, _ in self._open}
        for _, id in self._open:
            if id:
                self.by_id[id] = self.by_id.get(id, "") + data
        if tags & {"td", "th"}:
            self.rows[self._table][-1][-1] += data
        elif "dt" in tags:
            self._under += data.strip()
        elif "dd" in tags:
            self.stats[self._under] += data.strip()

    def table(self, id: str) -> list[list[str]]:
        """What stands in the rows of a table below its head."""
        return [[" ".join(cell.split()) for cell in row] for row in self.rows.get(id, [])[1:]]

    def says(self, id: str) -> str:
        """The words of whatever has this id; "" where nothing has."""
        return " ".join(self.by_id.get(id, "").split())


def signed_in(organisation_id: int, *roles: str, member_id: UUID | None = None) -> Client:
    """A browser of somebody with these roles, as that member where one is given, who came by a link."""
    email = f"{'-'.join(roles)}-{time.monotonic_ns()}@example.org"
    user = invite_user(organisation_id, email=email, name=roles[0].title(), roles=roles, actor=ACTOR)
    if member_id is not None:
        bind_user(organisation_id, user_id=user.id, member_id=member_id, actor=ACTOR)
    client = Client(SERVER_NAME="localhost")
    client.post(f"/sign-in/{make_link(organisation_id, user_id=user.id, actor=ACTOR)}")
    return client


def opened(client: Client, address: str, **query: str) -> Page:
    """The page at an address."""
    answer = client.get(address, query_params=query)
    assert answer.status_code == 200, (address, answer.status_code, answer.content[:300])
    page = Page()
    page.feed(answer.content.decode())
    return page
