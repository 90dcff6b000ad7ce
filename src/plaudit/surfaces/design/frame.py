"""What stands round a page: doors, navigation, the person, the sandbox. Plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

PORTAL = "design/portal.html"
CONSOLE = "design/console.html"
NARROW = "design/narrow.html"


@dataclass(frozen=True)
class NavItem:
    """One place to go. ``short`` (at most 8 letters) is used in the phone's bar."""

    label: str
    url: str
    icon: str
    short: str = ""
    badge: str = ""
    in_bar: bool = True
    group: str = ""
    current: bool = False


@dataclass(frozen=True)
class Sandbox:
    """The sandbox a page shows: its name, the moment its clock stands at, and where to move it."""

    name: str
    clock: datetime | None = None
    url: str = ""


@dataclass(frozen=True)
class Frame:
    """Everything a layout shows besides the page itself. ``unread`` counts what waits in the inbox, to a hundred.

    A middleware or view puts one on ``request.frame``; a page without one gets an empty frame.
    """

    organisation: str = "Plaudit"
    home_url: str = "/"
    items: Sequence[NavItem] = ()
    doors: Sequence[NavItem] = ()
    person: str = ""
    person_items: Sequence[NavItem] = ()
    sign_out_url: str = ""
    inbox_url: str = ""
    unread: int = 0
    help_url: str = "/help"
    accessibility_url: str = ""
    sandbox: Sandbox | None = None
    layout: str = PORTAL
    version: str = ""

    @property
    def unread_badge(self) -> str:
        """What the bell shows."""
        return counted(self.unread)


@dataclass(frozen=True)
class NavGroup:
    """Navigation items under one heading; the heading may be empty."""

    name: str
    items: list[NavItem]


def with_current(items: Sequence[NavItem], path: str) -> list[NavItem]:
    """The same items, the one whose address is the longest beginning of ``path`` marked current."""
    holding = [item.url for item in items if path == item.url or path.startswith(item.url.rstrip("/") + "/")]
    best = max(holding, key=len, default=None)
    # A home address of "/" begins every path, so it is current only on itself.
    if best == "/" and path != "/":
        best = None
    return [replace(item, current=item.url == best) for item in items]


def grouped(items: Sequence[NavItem]) -> list[NavGroup]:
    """Items gathered under their group headings, in order of first appearance."""
    groups: dict[str, list[NavItem]] = {}
    for item in items:
        groups.setdefault(item.group, []).append(item)
    return [NavGroup(name, members) for name, members in groups.items()]


MOST_COUNTED = 99


def counted(number: int) -> str:
    """A count as a badge shows it: nothing for none, and no exact number where it is no matter."""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number or "")


BAR_MAX = 5


def bar_items(items: Sequence[NavItem], *, room: int = BAR_MAX) -> list[NavItem]:
    """The items that fit a phone's bottom bar."""
    return [item for item in items if item.in_bar][:room]
