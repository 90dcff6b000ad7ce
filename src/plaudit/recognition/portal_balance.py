"""A supervisor's own fairness mirror: whom they noticed, by what is known of their people. Nobody else sees it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.roles import RoleName
from plaudit.people.reach import themselves
from plaudit.recognition.portal_posts import me
from plaudit.recognition.published import standards
from plaudit.recognition.queries.balance import ENOUGH, Field, Group, balance_of
from plaudit.recognition.rules.mirror import GROUP_MIN, OTHERS

_FIELDS = {
    "shift": gettext_lazy("Shift"),
    "contract": gettext_lazy("Contract"),
    "site": gettext_lazy("Site"),
    "tenure": gettext_lazy("Time with us"),
}
_GROUPS = {
    OTHERS: gettext_lazy("all others"),
    "": gettext_lazy("not known"),
    "under 1 year": gettext_lazy("under 1 year"),
    "1 to 3 years": gettext_lazy("1 to 3 years"),
    "over 3 years": gettext_lazy("over 3 years"),
}


@require_GET
@allows(roles=[RoleName.SUPERVISOR], objects=themselves(), to="see your own mirror")
def balance(request: HttpRequest) -> HttpResponse:
    """Of each group that is large enough, how many one noticed; and whether that can be told apart from chance."""
    organisation_id = actor_of(request).organisation_id
    known = standards(organisation_id)
    found = balance_of(organisation_id, me(request), known[0] if known else None)
    shown = {
        "title": _("My mirror"),
        "found": found,
        "fields": [_field(one) for one in found.fields],
        "left_out": [_FIELDS[name] for name in found.left_out],
        "enough": ENOUGH,
        "group_min": GROUP_MIN,
    }
    return render(request, "recognition/team_balance.html", shown)


def _field(one: Field) -> dict[str, Any]:
    return {
        "name": _FIELDS[one.name],
        "id": f"of-{one.name}",
        "groups": [_group(each) for each in one.groups],
        "most": _group(one.most),
        "least": _group(one.least),
        "is_clear": one.is_clear,
    }


def _group(one: Group) -> dict[str, Any]:
    return {"name": _GROUPS.get(one.name, one.name), "share": one.share, "times": one.times}
