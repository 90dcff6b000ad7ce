"""Challenges, streaks and competitions in a member's words: how far, what is next, until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plaudit.earning.definitions import Every
from plaudit.engagement.definitions import Kind, Span
from plaudit.foundation import clock
from plaudit.insights.pursuits import Seen, SeenGoal, said_count
from plaudit.insights.wording import last_day, month_words
from plaudit.surfaces.design.writing import day, number

_NOW = {
    Every.DAY: gettext_lazy("today"),
    Every.WEEK: gettext_lazy("this week"),
    Every.MONTH: gettext_lazy("this month"),
    Every.QUARTER: gettext_lazy("this quarter"),
    Every.YEAR: gettext_lazy("this year"),
    Every.LIFETIME: "",
}
_KINDS = {
    Kind.CHALLENGE: (gettext_lazy("Challenge"), "target"),
    Kind.STREAK: (gettext_lazy("Streak"), "flame"),
    Kind.COMPETITION: (gettext_lazy("Competition"), "award"),
}


def drawn(seen: Seen) -> dict[str, Any]:
    """One of them for a card or a page: words, and how much of the way to the next goal is done."""
    kind, icon = _KINDS[seen.part.kind]
    return {
        "id": seen.id,
        "seen": seen,
        "kind": kind,
        "icon": icon,
        "name": seen.part.name,
        "url": reverse("portal:challenge", args=[seen.id]),
        "sentence": _sentence(seen),
        "next": _next(seen),
        "share": str(seen.share) if seen.part.kind is not Kind.COMPETITION else "",
        "rest": _rest(seen),
        "when": _when(seen),
        "goals": [_goal(seen, goal) for goal in seen.goals],
        "done": seen.next_goal is None and seen.part.kind is Kind.CHALLENGE,
    }


def badge_words(key: str, name: str = "") -> str:
    """What people call a badge: its name, or where the programme gives it none its key as words."""
    if name and name != key:
        return name
    return key.replace("-", " ").replace("_", " ").capitalize()


def brings(earns: str, badge: str, badge_name: str = "") -> str:
    """What a goal brings, in words; nothing for a goal that is its own reward."""
    named = _("the badge “{badge}”").format(badge=badge_words(badge, badge_name)) if badge else ""
    return _("{points} and {badge}").format(points=earns, badge=named) if earns and badge else earns or named


def period_words(period: str) -> str:
    """A period of the past, such as "March 2026" or "week 9 of 2026"; as it is where it has no words."""
    if len(period) == 7 and period[4] == "-" and period[5:].isdigit():
        return month_words(date(int(period[:4]), int(period[5:]), 1))
    if "-W" in period:
        return _("week {week} of {year}").format(week=int(period[6:]), year=period[:4])
    if "-Q" in period:
        return _("quarter {quarter} of {year}").format(quarter=period[6:], year=period[:4])
    return period or _("all time")


def _sentence(seen: Seen) -> str:
    if seen.part.kind is Kind.STREAK:
        return _row_words(seen)
    done, when = _count(seen, seen.done), _NOW[seen.part.every]
    if seen.part.kind is Kind.COMPETITION:
        return _("You have {done} {when}.").format(done=done, when=when).replace(" .", ".")
    last = seen.goals[-1].at if seen.goals else 0
    target = _count(seen, (seen.next_goal or seen.goals[-1]).at) if seen.goals else "0"
    if seen.done >= last:
        return (
            _("You have {done} {when}, and {target} were asked.")
            .format(done=done, target=target, when=when)
            .replace(" ,", ",")
        )
    return _("{done} of {target} {when}.").format(done=done, target=target, when=when).replace(" .", ".")


def _row_words(seen: Seen) -> str:
    row = seen.row
    assert row is not None, "a streak has a row"
    if row.length:
        return _in_a_row(seen.part.span, row.length)
    if row.best:
        return _("Paused. Your best is {best}. Start again any day.").format(
            best=_spans(seen.part.span, row.best)
        )
    return _("Not begun. Start any day.")


def _in_a_row(span: Span, length: int) -> str:
    return {
        Span.DAY: ngettext("{n} day in a row.", "{n} days in a row.", length),
        Span.WEEK: ngettext("{n} week in a row.", "{n} weeks in a row.", length),
        Span.EDITION: ngettext("{n} edition in a row.", "{n} editions in a row.", length),
    }[span].format(n=number(length))


def _spans(span: Span, length: int) -> str:
    return {
        Span.DAY: ngettext("{n} day", "{n} days", length),
        Span.WEEK: ngettext("{n} week", "{n} weeks", length),
        Span.EDITION: ngettext("{n} edition", "{n} editions", length),
    }[span].format(n=number(length))


def _count(seen: Seen, amount: int) -> str:
    return number(said_count(seen.part.kind, amount))


def _next(seen: Seen) -> str:
    goal = seen.next_goal
    if goal is None:
        return ""
    missing = goal.at - seen.done
    more = _spans(seen.part.span, missing) if seen.part.kind is Kind.STREAK else _count(seen, missing)
    what = brings(goal.earns, goal.badge, goal.badge_name)
    if what:
        return _("{missing} more for {what}.").format(missing=more, what=what)
    if seen.multiplies is not None and not seen.done >= seen.part.steps[0].at:
        return _("{missing} more, and everything counts {times} times.").format(
            missing=more, times=number(seen.multiplies)
        )
    return _("{missing} more to reach it.").format(missing=more)


def _rest(seen: Seen) -> str:
    """How many may still be missed, where the streak has rests."""
    row = seen.row
    if row is None or not seen.part.rest:
        return ""
    when = _NOW[seen.part.rest_every]
    if not row.length:
        return _("Rest days: {n} {every}, and they break nothing.").format(
            n=number(seen.part.rest), every=when
        )
    return ngettext(
        "{n} rest left {when}: missing it breaks nothing.",
        "{n} rests left {when}: missing them breaks nothing.",
        row.rests_left,
    ).format(n=number(row.rests_left), when=when)


def _when(seen: Seen) -> str:
    zone = get_current_timezone()
    if seen.begins_at is not None:
        return format_html(_("Begins {}"), day(seen.begins_at))
    if seen.ends_at is None:
        return ""
    if seen.ends_at <= clock.now():
        return format_html(_("Ended {}"), day(last_day(seen.ends_at, zone)))
    return format_html(_("Until {}"), day(last_day(seen.ends_at, zone)))


def _goal(seen: Seen, goal: SeenGoal) -> Mapping[str, Any]:
    if seen.part.kind is Kind.COMPETITION:
        at = _("Place {place}").format(place=number(goal.at))
    elif seen.part.kind is Kind.STREAK:
        at = _spans(seen.part.span, goal.at)
    else:
        at = _count(seen, goal.at)
    return {
        "at": at,
        "reached": goal.reached,
        "next": goal == seen.next_goal,
        "brings": brings(goal.earns, goal.badge, goal.badge_name),
    }
