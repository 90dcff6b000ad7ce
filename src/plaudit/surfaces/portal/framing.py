"""What stands round a member's page: the bar, the person's menu, the sandbox; and the time zone it is read in."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from plaudit.foundation import clock
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.problems import is_for_a_program
from plaudit.foundation.access.roles import COLLEAGUES, RoleName
from plaudit.surfaces.design.frame import NARROW, PORTAL, Frame, NavItem, Sandbox, counted

Respond = Callable[[HttpRequest], HttpResponseBase]

CONSOLE = "/console/"
HAS_A_CONSOLE = COLLEAGUES - {RoleName.SUPERVISOR}


class Framed:
    """Puts the portal's frame on every page that is not the console's, and reads pages in their own time zone.

    It stands inside `WhoIsAsking`, which has found out who asks by then. The frame asks the database
    nothing, names addresses as they are and is made only where a template shows it: it stands on the pages
    that say what went wrong, too.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_for_a_program(request):
            return self.get_response(request)
        actor = actor_of(request)
        if not request.path.startswith(CONSOLE):
            request.frame = SimpleLazyObject(lambda: frame_of(actor_of(request)))  # type: ignore[attr-defined]  # read by the design's context
        if actor.organisation is None:
            return self.get_response(request)
        with timezone.override(ZoneInfo(actor.organisation.time_zone)):
            return self.get_response(request)


def frame_of(actor: Actor) -> Frame:
    """The frame for whoever asks; a narrow and empty one for nobody known."""
    organisation = actor.organisation
    if not actor.is_known or organisation is None:
        return Frame(layout=NARROW)
    sandbox = Sandbox(organisation.name, clock.now()) if organisation.sandbox else None
    return Frame(
        organisation=organisation.name,
        items=_places(actor) if actor.member_id is not None else (),
        doors=_doors(actor),
        person=actor.name or _("You"),
        person_items=_own_pages(actor),
        sign_out_url="/sign-out",
        inbox_url="/me/inbox",
        unread=actor.unread,
        sandbox=sandbox,
        layout=PORTAL,
    )


def _places(actor: Actor) -> list[NavItem]:
    """Whoever leads a team has it in the bar; what they redeemed is then among their own pages."""
    leads = actor.has_role(RoleName.SUPERVISOR)
    team = [NavItem(_("My team"), "/team/", "users", short=_("Team"))] if leads else []
    return [
        NavItem(_("Home"), "/", "house"),
        *team,
        NavItem(_("Statement"), "/activity", "receipt-text", short=_("Points")),
        NavItem(_("Ways to earn"), "/earn", "target", short=_("Earn")),
        NavItem(_("Rewards"), "/rewards", "gift"),
        *([] if leads else [_redeemed()]),
    ]


def _redeemed() -> NavItem:
    return NavItem(_("My rewards"), "/redemptions", "ticket", short=_("Mine"))


def _doors(actor: Actor) -> list[NavItem]:
    """The surfaces this person has a key to; nothing to choose from where it is one."""
    if not actor.has_role(*HAS_A_CONSOLE):
        return []
    console = NavItem(_("Console"), CONSOLE, "layout-dashboard")
    if actor.member_id is None:
        return [console]
    return [NavItem(_("My points"), "/", "coins"), console]


def _own_pages(actor: Actor) -> list[NavItem]:
    items = [
        NavItem(_("Inbox"), "/me/inbox", "inbox", badge=counted(actor.unread)),
        NavItem(_("My details"), "/me/profile", "user"),
        NavItem(_("Where I am signed in"), "/me/security", "shield-check"),
        NavItem(_("Change organisation"), "/organisations", "users"),
    ]
    if actor.member_id is not None:
        items[:0] = [
            *([_redeemed()] if actor.has_role(RoleName.SUPERVISOR) else []),
            NavItem(_("Recognition"), "/recognition", "hand-heart"),
            NavItem(_("Challenges and badges"), "/challenges", "flame"),
            NavItem(_("Learning"), "/learning", "graduation-cap"),
            NavItem(_("Have your say"), "/have-your-say", "list-checks"),
            NavItem(_("My results"), "/my-results", "target"),
            NavItem(_("Help shape it"), "/have-your-say/ideas", "megaphone"),
            NavItem(_("What expires when"), "/expiry", "hourglass"),
            NavItem(_("My questions"), "/cases", "circle-question-mark"),
        ]
        items[-1:-1] = [
            NavItem(_("What reaches me"), "/me/notifications", "settings"),
            NavItem(_("Privacy"), "/me/privacy", "lock"),
        ]
    return items
