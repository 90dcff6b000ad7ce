"""Gives every template the frame and the person's theme, density and motion."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from plaudit.surfaces.design.frame import Frame, NavGroup, NavItem, bar_items, grouped, with_current

THEME_COOKIE = "plaudit_theme"
DENSITY_COOKIE = "plaudit_density"
MOTION_COOKIE = "plaudit_motion"
THEMES = ("light", "dark")
DENSITIES = ("compact",)
MOTIONS = ("none",)


@dataclass(frozen=True)
class Appearance:
    """The theme, density and motion a person pinned; empty means follow the system, comfortable."""

    theme: str = ""
    density: str = ""
    motion: str = ""


@dataclass(frozen=True)
class Navigation:
    """The frame's items for this address: all, by group, and those in the phone's bar."""

    items: list[NavItem]
    groups: list[NavGroup]
    bar: list[NavItem]
    console_bar: list[NavItem]
    doors: list[NavItem]


def appearance_of(request: HttpRequest) -> Appearance:
    """What the person pinned in this browser; an unknown value counts as not pinned."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    density = request.COOKIES.get(DENSITY_COOKIE, "")
    motion = request.COOKIES.get(MOTION_COOKIE, "")
    return Appearance(
        theme=theme if theme in THEMES else "",
        density=density if density in DENSITIES else "",
        motion=motion if motion in MOTIONS else "",
    )


def design(request: HttpRequest) -> dict[str, object]:
    """Template context: ``frame``, ``navigation`` and ``appearance``."""
    frame = getattr(request, "frame", None) or Frame()
    items = with_current(frame.items, request.path)
    return {
        "frame": frame,
        "appearance": appearance_of(request),
        "navigation": Navigation(
            items=items,
            groups=grouped(items),
            bar=bar_items(items),
            # The console's fifth place is the menu that opens the whole rail.
            console_bar=bar_items(items, room=4),
            doors=with_current(frame.doors, request.path),
        ),
    }
