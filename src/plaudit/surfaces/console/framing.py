"""What stands round a console page: the rail with the places this person may go to, and their menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from plaudit.foundation import clock
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import declaration_of
from plaudit.surfaces.design.frame import CONSOLE, Frame, NavItem, Sandbox, counted

Respond = Callable[[HttpRequest], HttpResponseBase]

ADDRESS = "/console/"


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the rail, by the name of its address."""

    name: str
    label: str
    icon: str
    group: str = ""
    short: str = ""
    in_bar: bool = True


def places() -> list[Place]:
    """Every place of the console, in the order of the rail."""
    rules, books, building, running = _("Programme"), _("Books"), _("Developers"), _("Operation")
    return [
        Place("console:home", _("Home"), "layout-dashboard"),
        Place("console:desk", _("Desk"), "headset"),
        Place("console:cases", _("Cases"), "inbox", in_bar=False),
        Place("console:approvals", _("Approvals"), "list-checks", in_bar=False),
        Place("console:members", _("Members"), "users"),
        Place("console:programmes", _("Programmes"), "file-text", rules, _("Rules")),
        Place("console:imports", _("Imports"), "upload"),
        Place("console:rewards", _("Rewards"), "gift", rules, in_bar=False),
        Place("console:redemptions", _("Redemptions"), "package-check", rules, in_bar=False),
        Place("console:challenges", _("Challenges"), "flame", rules, in_bar=False),
        Place("console:segments", _("Segments"), "list-filter", rules, in_bar=False),
        Place("console:tiers", _("Tiers"), "award", rules, in_bar=False),
        Place("console:memberships", _("Memberships"), "badge-check", rules, in_bar=False),
        Place("console:learning", _("Learning"), "graduation-cap", rules, in_bar=False),
        Place("console:surveys", _("Surveys"), "list-checks", rules, in_bar=False),
        Place("console:reviews", _("Reviews"), "scale", rules, in_bar=False),
        Place("console:listening", _("Listening"), "megaphone", rules, in_bar=False),
        Place("console:noticing", _("Recognition"), "hand-heart", rules, in_bar=False),
        Place("console:simulate", _("What if"), "flask-conical", rules, in_bar=False),
        Place("console:ledger", _("Ledger"), "book-open", books, in_bar=False),
        Place("console:verification", _("Verification"), "shield-check", books, in_bar=False),
        Place("console:dev", _("Start building"), "rocket", building, _("Build")),
        Place("console:keys", _("Keys"), "lock", building),
        Place("console:webhooks", _("Webhooks"), "webhook", building, _("Hooks")),
        Place("console:requests", _("Requests"), "list-checks", building, in_bar=False),
        Place("console:events", _("Events"), "megaphone", building, in_bar=False),
        Place("console:types", _("Activity types"), "list-checks", building, in_bar=False),
        Place("console:sandboxes", _("Sandboxes"), "flask-conical", building, in_bar=False),
        Place("console:clock", _("Clock"), "fast-forward", building, in_bar=False),
        Place("console:health", _("Health"), "heart-pulse", running, in_bar=False),
        Place("console:jobs", _("Jobs"), "hourglass", running, in_bar=False),
        Place("console:people", _("People"), "users", running, in_bar=False),
    ]


class Framed:
    """Puts the console's frame on its pages. It stands inside `WhoIsAsking` and asks the database nothing."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(ADDRESS) and actor_of(request).is_known:
            request.frame = SimpleLazyObject(lambda: frame_of(actor_of(request)))  # type: ignore[attr-defined]  # read by the design's context
        return self.get_response(request)


def frame_of(actor: Actor) -> Frame:
    """The frame of somebody known: only the places they may open."""
    organisation = actor.organisation
    assert organisation is not None
    items = [
        NavItem(one.label, reverse(one.name), one.icon, one.short, in_bar=one.in_bar, group=one.group)
        for one in places()
        if _may_open(actor, one.name)
    ]
    doors = [NavItem(_("Console"), reverse("console:home"), "layout-dashboard")]
    if actor.member_id is not None:
        doors.insert(0, NavItem(_("My points"), reverse("portal:home"), "coins"))
    return Frame(
        organisation=organisation.name,
        home_url=reverse("console:home"),
        items=items,
        doors=doors if len(doors) > 1 else (),
        person=actor.name or _("You"),
        person_items=[
            NavItem(_("Inbox"), reverse("portal:inbox"), "inbox", badge=counted(actor.unread)),
            NavItem(_("My details"), reverse("portal:profile"), "user"),
            NavItem(_("Where I am signed in"), reverse("portal:security"), "shield-check"),
            NavItem(_("Change organisation"), reverse("portal:organisations"), "users"),
        ],
        sign_out_url=reverse("portal:sign-out"),
        inbox_url=reverse("portal:inbox"),
        unread=actor.unread,
        help_url=reverse("portal:help"),
        sandbox=_sandbox(actor) if organisation.sandbox else None,
        layout=CONSOLE,
    )


def _sandbox(actor: Actor) -> Sandbox:
    assert actor.organisation is not None
    moves = reverse("console:clock") if _may_open(actor, "console:clock") else ""
    return Sandbox(actor.organisation.name, clock.now(), moves)


def _may_open(actor: Actor, name: str) -> bool:
    access = declaration_of(resolve(reverse(name)).func, "GET")
    return access is not None and actor.has_role(*access.roles)
