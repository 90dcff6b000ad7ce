"""Challenges, streaks, competitions, achievements and badges as the data their file spells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from plaudit.earning.definitions import Every
from plaudit.planning.programme_file.engaging import Badge, Goal, Pursuit
from plaudit.planning.programme_file.phrases import count_text, moment_text, per_member_text
from plaudit.planning.programme_file.programme import Programme

Document = dict[str, Any]


def challenge_document(programme: Programme, one: Pursuit) -> Document:
    """A challenge as its file spells it."""
    return _said(
        {
            **_head(one),
            "sum": one.sum,
            **_goals(one, "target", "targets"),
            "every": one.every.value if one.every is not Every.LIFETIME else "",
            **_tail(programme, one),
        }
    )


def streak_document(programme: Programme, one: Pursuit) -> Document:
    """A streak as its file spells it."""
    return _said(
        {
            **_head(one),
            "in": f"{one.spans}s",
            **_goals(one, "length", "lengths"),
            "again": one.again,
            "rest": per_member_text(one.rest, one.rest_every) if one.rest else "",
            "midnight": "member" if one.members_midnight else "",
            "edition": one.edition,
            "cancelled": list(one.cancelled),
            "multiply": one.multiply,
            **_tail(programme, one),
        }
    )


def competition_document(programme: Programme, one: Pursuit) -> Document:
    """A competition as its file spells it."""
    return _said(
        {
            **_head(one),
            "sum": one.sum,
            "every": one.every.value if one.every is not Every.LIFETIME else "",
            "prizes": [_goal(goal) for goal in one.goals],
            "ties": one.ties if one.ties != "first" else "",
            "wait": count_text(one.wait_days, "day") if one.wait_days else "",
            **_tail(programme, one),
        }
    )


def achievement_document(programme: Programme, one: Pursuit) -> Document:
    """An achievement as its file spells it."""
    goals = _goals(one, "target", "targets") if one.goals else {}
    return _said({**_head(one), "sum": one.sum, **goals, **_tail(programme, one)})


def badge_document(one: Badge) -> Document:
    """A badge as its file spells it."""
    return _said({"name": one.name, "description": one.description, "when": one.when})


def _said(entries: Mapping[str, Any]) -> Document:
    return {key: value for key, value in entries.items() if value is not None and value not in ("", [], {})}


def _head(one: Pursuit) -> Document:
    return {"name": one.name, "description": one.description, "on": one.on, "when": one.when}


def _tail(programme: Programme, one: Pursuit) -> Document:
    audience = list(one.audience)
    return {
        "unit": one.unit if len(programme.units) > 1 else "",
        "audience": audience[0] if len(audience) == 1 else audience,
        "from": moment_text(one.starts) if one.starts is not None else "",
        **_end(one.ends),
    }


def _end(ends: datetime | None) -> Document:
    if ends is None:
        return {}
    if ends.time() == time():
        return {"through": (ends - timedelta(days=1)).date().isoformat()}
    return {"until": moment_text(ends)}


def _goals(one: Pursuit, single: str, several: str) -> Document:
    if len(one.goals) == 1:
        goal = _goal(one.goals[0])
        return {single: goal.pop("at"), **goal}
    return {several: [_goal(goal) for goal in one.goals]}


def _goal(goal: Goal) -> Document:
    return _said({"at": plain_number(goal.at), "earn": plain_number(goal.earn), "badge": goal.badge})


def plain_number(number: Decimal | None) -> Decimal | int | None:
    """The number as YAML spells it: without decimals where it has none."""
    return int(number) if number is not None and number == int(number) else number
